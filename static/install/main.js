// The installation page: shows the worker's progress and, at the end, tells the portal that the installation is finished.
import "./install.css";
import { connect, finishInstallation } from "../placements/frame.js";

const PAUSE_MS = 800;
const LONGEST_MS = 60_000;
const expired = new Error("the page was open for too long");
const page = document.getElementById("install");
const place = document.getElementById("progress");
const said = document.getElementById("said");
const connected = connect(document.body);
let shown = "";
let following = 0;

async function ask(path, method, body) {
  const answer = await fetch(path, { method, body, headers: { "X-Page-Token": page.dataset.token }, signal: AbortSignal.timeout(LONGEST_MS) });
  if (answer.status === 403) throw expired;
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

// What did not change is not drawn anew: a button that is replaced under the finger would not be pressed.
function show({ html }) {
  said.textContent = "";
  if (html === shown) return;
  shown = html;
  place.innerHTML = html;
  document.getElementById("again")?.addEventListener("click", again);
  document.getElementById("questions")?.addEventListener("submit", begin);
  place.querySelector(".problem")?.scrollIntoView({ block: "center" });
}

// A press that fails says so beside its button, which can be pressed once more.
async function press(button, path, body) {
  const beside = button.parentElement.querySelector("[data-said]");
  beside.textContent = "";
  button.disabled = true;
  try {
    const seen = await ask(path, "POST", body);
    shown = "";
    show(seen);
    if (seen.state !== "asking") await follow();
  } catch (error) {
    button.disabled = false;
    beside.textContent = error === expired ? page.dataset.expired : page.dataset.unsent;
  }
}

function begin(event) {
  event.preventDefault();
  press(event.target.querySelector("button"), "/install/begin", new URLSearchParams(new FormData(event.target)));
}

const again = ({ target }) => press(target, "/install/again");

async function finish() {
  await connected;
  try {
    await finishInstallation();
  } catch {
    said.textContent = page.dataset.unfinished;
  }
}

// Of two that follow, the one that began later goes on.
async function follow() {
  const mine = ++following;
  while (mine === following) {
    try {
      const seen = await ask("/install/progress", "GET");
      if (mine !== following) return undefined;
      show(seen);
      if (seen.state === "done") return finish();
      if (seen.state === "failed" || seen.state === "asking") return undefined;
    } catch (error) {
      said.textContent = error === expired ? page.dataset.expired : page.dataset.lost;
      if (error === expired) return undefined;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return undefined;
}

follow();
