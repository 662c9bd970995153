// The installation page: shows the worker's progress and, at the end, tells the portal that the installation is finished.
import "./install.css";
import { initializeB24Frame } from "@bitrix24/b24jssdk";

const PAUSE_MS = 800;
const page = document.getElementById("install");
const place = document.getElementById("progress");
const said = document.getElementById("said");
const frame = initializeB24Frame().catch(() => null);

async function ask(path, method, body) {
  const answer = await fetch(path, { method, body, headers: { "X-Page-Token": page.dataset.token } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

function show({ html }) {
  place.innerHTML = html;
  document.getElementById("again")?.addEventListener("click", again);
  document.getElementById("questions")?.addEventListener("submit", begin);
  place.querySelector(".problem")?.scrollIntoView({ block: "center" });
}

async function begin(event) {
  event.preventDefault();
  const button = event.target.querySelector("button");
  button.disabled = true;
  try {
    const seen = await ask("/install/begin", "POST", new URLSearchParams(new FormData(event.target)));
    said.textContent = "";
    show(seen);
    if (seen.state !== "asking") await follow();
  } catch {
    button.disabled = false;
    said.textContent = page.dataset.lost;
  }
}

async function again() {
  show(await ask("/install/again", "POST"));
  follow();
}

async function finish() {
  const portal = await frame;
  try {
    // A portal that counts the application as installed already needs to be told nothing.
    if (portal?.isInstallMode) await portal.installFinish();
  } catch {
    said.textContent = page.dataset.unfinished;
  }
}

async function follow() {
  for (;;) {
    try {
      const seen = await ask("/install/progress", "GET");
      said.textContent = "";
      show(seen);
      if (seen.state === "done") return finish();
      if (seen.state === "failed" || seen.state === "asking") return undefined;
    } catch {
      said.textContent = page.dataset.lost;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

follow();
