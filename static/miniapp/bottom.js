// The bottom button is *the* action of a screen. A template marks its own button with `data-bottom`; where the host has a
// bottom button it takes over that button's text, disabled and waiting states, elsewhere the marked one sticks to the foot.
import { hosted, on, post } from "./bridge.js";

let button = null;
let observer = null;
let shown = "";

function mirror() {
  const visible = Boolean(button?.isConnected) && !button.hidden;
  const state = {
    is_visible: visible,
    is_active: visible && !button.disabled,
    is_progress_visible: visible && button.getAttribute("aria-busy") === "true",
    text: visible ? button.textContent.trim() : "",
    color: colour("--button"),
    text_color: colour("--button-text"),
  };
  const line = JSON.stringify(state);
  if (line === shown) return;
  shown = line;
  post("web_app_setup_main_button", state);
}

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export function adoptBottom(screen) {
  observer?.disconnect();
  button = screen.querySelector("[data-bottom]");
  document.body.classList.toggle("has-foot", Boolean(button) && !hosted);
  if (button) {
    observer = new MutationObserver(mirror);
    observer.observe(button, { attributes: true, childList: true, characterData: true, subtree: true });
  }
  if (hosted) mirror();
}

export function startBottom() {
  document.body.classList.toggle("hosted", hosted);
  on("main_button_pressed", () => {
    if (button && !button.disabled && button.getAttribute("aria-busy") !== "true") button.click();
  });
  on("theme_changed", () => setTimeout(mirror));
}
