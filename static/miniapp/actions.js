// Sends forms marked `data-act` and does what the server's answer says: go somewhere, say something, show what is wrong.
import { openOutside } from "./bridge.js";
import { post } from "./bridge.js";
import { onlyChanged } from "./changes.js";
import { confirm, hush, toast, touch } from "./feedback.js";
import { settle, submitted, touchedOf } from "./drafts.js";
import { showFaults } from "./faults.js";
import { go, show } from "./screens.js";
import { call } from "./session.js";
import { learn, say } from "./texts.js";

async function act(form, submitter) {
  const question = submitter?.dataset.confirm ?? form.dataset.confirm;
  if (question && !(await confirm(question, submitter.textContent.trim(), "destructive" in submitter.dataset))) return;
  const busy = [...form.querySelectorAll("[type=submit]")];
  busy.forEach((button) => button.setAttribute("aria-busy", "true"));
  hush();
  try {
    if ("draft" in form.dataset) await settle();
    const typed = [...new FormData(form, submitter)].filter(([, value]) => typeof value === "string");
    const body = new URLSearchParams([...onlyChanged(form, typed), ...touchedOf(form)]);
    const answer = await call(form.getAttribute("action"), { method: "POST", body });
    await obey(await answer.json().catch(() => ({})), answer, form);
  } catch {
    toast(say("offline"), "bad");
  } finally {
    busy.forEach((button) => button.removeAttribute("aria-busy"));
  }
}

async function obey(answer, { ok }, form) {
  if (!ok) {
    touch("error");
    const placed = showFaults(form, answer.fields, { focus: true });
    if (answer.message || !placed) toast(answer.message || say("trouble"), "bad");
    return;
  }
  if (answer.done) touch("success");
  if (answer.toast) toast(answer.toast, "good");
  // Nothing is left to show: the words stay for a moment, then Telegram closes us.
  if (answer.close) setTimeout(() => post("web_app_close"), 1500);
  if (answer.texts) {
    learn(answer.texts);
    document.documentElement.lang = answer.language;
  }
  if (answer.open) openOutside(answer.open);
  if (answer.go) {
    submitted();
    await go(answer.go, { replace: answer.replace ?? false, force: true });
  } else if (answer.again) {
    await show(location.pathname + location.search, { keepScroll: true });
  }
}

export function startActions() {
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-act]");
    if (!form) return;
    event.preventDefault();
    const submitter = event.submitter ?? form.querySelector("[type=submit]");
    if (submitter?.getAttribute("aria-busy") !== "true") act(form, submitter);
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-at-once]");
    if (form) form.requestSubmit();
  });
}
