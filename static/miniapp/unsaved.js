// Text in a form that keeps no draft: whoever leaves or closes is asked first, until it was sent or typed back to what it was.
import { post, supports } from "./bridge.js";
import { confirm } from "./feedback.js";
import { guardLeaving } from "./screens.js";
import { say } from "./texts.js";

let asks = false;

const plain = (form) => form && !("draft" in form.dataset) && !("composer" in form.dataset) && !("atOnce" in form.dataset);
const typed = (field) => field.defaultValue !== undefined && field.type !== "search" && field.value !== field.defaultValue;

function ask(wanted) {
  if (asks === wanted) return;
  asks = wanted;
  if (supports("6.2")) post("web_app_setup_closing_behavior", { need_confirmation: wanted });
}

export function startUnsaved() {
  document.addEventListener("screen-shown", () => {
    ask(false);
    if (document.querySelector("form[data-draft]")) return;
    guardLeaving(async () => !asks || confirm(say("leave_unsaved"), say("leave"), true));
  });
  document.addEventListener("input", ({ target }) => {
    const form = target.closest("form[data-act]");
    if (plain(form)) ask([...form.elements].some((field) => field.matches("input:not([type=hidden]), textarea") && typed(field)));
  });
}
