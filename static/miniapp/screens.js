// Moves between screens: each address is a fragment of the server, shown after a skeleton, with the host's back button inside.
import htmx from "htmx.org";
import { on, post, supports } from "./bridge.js";
import { adoptBottom } from "./bottom.js";
import { call, Refused } from "./session.js";
import { say } from "./texts.js";

const SKELETON_AFTER_MS = 120;
const screen = () => document.getElementById("screen");
let latest = 0;
let leaving = async () => true;

// A form registers what must be true before its screen may be left.
export function guardLeaving(check) {
  leaving = check;
}

export async function go(path, { replace = false, force = false } = {}) {
  if (!force && !(await leaving())) return;
  history[replace ? "replaceState" : "pushState"]({ app: true }, "", path);
  await show(path);
}

export async function show(path, { keepScroll = false } = {}) {
  const mine = ++latest;
  const slow = keepScroll ? 0 : setTimeout(() => mine === latest && skeleton(), SKELETON_AFTER_MS);
  let html;
  try {
    const answer = await call(path, { headers: { Accept: "text/html" } });
    const moved = answer.headers.get("X-Go");
    if (moved) {
      clearTimeout(slow);
      history.replaceState({ app: true }, "", moved);
      return show(moved);
    }
    html = answer.ok || answer.headers.get("X-Fragment") ? await answer.text() : trouble("trouble");
  } catch (error) {
    html = trouble(error instanceof Refused ? "reopen" : "offline");
  }
  clearTimeout(slow);
  if (mine === latest) place(html, keepScroll);
}

function place(html, keepScroll) {
  leaving = async () => true;
  const target = screen();
  target.innerHTML = html;
  target.removeAttribute("aria-busy");
  htmx.process(target);
  adopt();
  if (!keepScroll) window.scrollTo(0, 0);
}

function adopt() {
  const view = screen().querySelector("[data-view]");
  if (supports("6.1")) post("web_app_setup_back_button", { is_visible: Boolean(view?.dataset.back) });
  document.body.dataset.screen = view?.dataset.view ?? "";
  adoptBottom(screen());
  screen().dispatchEvent(new CustomEvent("screen-shown", { bubbles: true }));
}

export async function back() {
  const target = screen().querySelector("[data-view]")?.dataset.back;
  if (target) await go(target, { replace: true });
}

function skeleton() {
  screen().setAttribute("aria-busy", "true");
  screen().innerHTML = document.getElementById("skeleton").innerHTML;
}

function trouble(name) {
  const view = document.getElementById("trouble").content.cloneNode(true);
  view.querySelector("[data-say]").textContent = say(name);
  view.querySelector("button").textContent = say("retry");
  const holder = document.createElement("div");
  holder.append(view);
  return holder.innerHTML;
}

export function startScreens() {
  window.addEventListener("popstate", () => show(location.pathname + location.search));
  on("back_button_pressed", back);
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-go]");
    if (link) {
      event.preventDefault();
      await go(link.getAttribute("href"), { replace: link.dataset.go === "replace" });
    }
    if (event.target.closest("[data-retry]")) await show(location.pathname + location.search);
    if (event.target.closest("[data-back-link]")) await back();
  });
}
