// A conversation: what is said appears at once, marked as on its way, and can be sent again when the line broke.
import htmx from "htmx.org";
import { call } from "./session.js";
import { LARGEST } from "./uploads.js";
import { say } from "./texts.js";

const NEAR_END_PX = 160;
const log = () => document.getElementById("log");
const nearEnd = () => window.innerHeight + window.scrollY > document.body.scrollHeight - NEAR_END_PX;
const toEnd = () => window.scrollTo(0, document.body.scrollHeight);

function bubble(text) {
  const item = document.createElement("li");
  item.className = "bubble mine waiting";
  const words = document.createElement("p");
  words.textContent = text;
  const mark = document.createElement("span");
  mark.className = "mark";
  item.append(words, mark);
  document.getElementById("waiting").append(item);
  toEnd();
  return { item, mark };
}

// The bytes go first; a second try after a broken line does not send them again.
async function stored(kept) {
  if (!kept.file) return "";
  if (!kept.id) {
    const body = new FormData();
    body.append("file", kept.file);
    const answer = await call("/app/files", { method: "POST", body });
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new NotTaken(said.message || say("trouble"));
    kept.id = said.id;
  }
  return kept.id;
}

class NotTaken extends Error {}

async function send(form, text, key, shown, kept = {}) {
  shown.item.classList.remove("wrong");
  shown.mark.textContent = say("on_its_way");
  shown.item.onclick = null;
  try {
    const file = await stored(kept);
    const body = new URLSearchParams({ conversation_id: form.elements.conversation_id.value, text, key });
    if (file) body.set("file_id", file);
    const answer = await call(form.getAttribute("action"), { method: "POST", body });
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) {
      refuse(shown, said.message || said.fields?.text?.join(" ") || say("trouble"), null);
      return;
    }
    shown.item.remove();
    htmx.trigger(log(), "refresh");
  } catch (error) {
    if (error instanceof NotTaken) refuse(shown, error.message, null);
    else refuse(shown, say("tap_to_retry"), () => send(form, text, key, shown, kept));
  }
}

function refuse({ item, mark }, message, again) {
  item.classList.add("wrong");
  mark.textContent = message;
  item.onclick = again;
}

export function startChat() {
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-composer]");
    if (!form) return;
    event.preventDefault();
    const text = form.elements.text.value.trim();
    if (!text) return;
    form.elements.text.value = "";
    form.elements.text.dispatchEvent(new Event("input", { bubbles: true }));
    form.elements.text.focus();
    send(form, text, crypto.randomUUID(), bubble(text));
  });
  document.addEventListener("change", ({ target }) => {
    if (!target.matches("[data-chat-file]") || !target.files.length) return;
    const [file] = target.files;
    const shown = bubble(file.name);
    target.value = "";
    if (file.size > LARGEST) refuse(shown, say("too_large"), null);
    else send(target.form, "", crypto.randomUUID(), shown, { file });
  });
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("form[data-composer] textarea");
    if (!field || event.key !== "Enter" || event.shiftKey || event.isComposing || matchMedia("(pointer: coarse)").matches) return;
    event.preventDefault();
    field.form.requestSubmit();
  });
  let atEnd = true;
  document.addEventListener("htmx:beforeSwap", () => {
    atEnd = nearEnd();
  });
  document.addEventListener("htmx:afterSwap", () => atEnd && log() && toEnd());
  document.addEventListener("screen-shown", () => log() && requestAnimationFrame(toEnd));
}
