// Keeps what is being typed: on the server as a draft, and on this device for as long as the server cannot be reached.
import { post, supports } from "./bridge.js";
import { answersOf, changedSince, naming } from "./changes.js";
import { showFaults } from "./faults.js";
import { guardLeaving } from "./screens.js";
import { call } from "./session.js";
import { say } from "./texts.js";

const QUIET_MS = 700;
const RETRY_MS = 5000;
let form = null;
let timer = 0;
let unsaved = false;
let saving = Promise.resolve();
let opened = new Map();
let changed = new Set();

const copyName = () => `draft:${form.dataset.person}:${form.dataset.form}:${form.dataset.step}`;
const entries = () => [...new FormData(form)].filter(([, value]) => typeof value === "string");

// Another device may have answered the same step meanwhile: only what was touched here is ours to keep.
function body() {
  for (const code of changedSince(opened, form)) changed.add(code);
  return new URLSearchParams([...entries(), ...naming(changed)]);
}

// What a whole form sends along besides its fields.
export const touchedOf = (sent) => (sent === form ? [...body()].filter(([name]) => name === "changed") : []);

function note(name) {
  const line = document.querySelector("[data-saved]");
  if (line) line.textContent = name ? say(name) : "";
}

function mark(value) {
  unsaved = value;
  if (supports("6.2")) post("web_app_setup_closing_behavior", { need_confirmation: value });
}

function keepCopy() {
  try {
    localStorage.setItem(copyName(), JSON.stringify(entries()));
  } catch {
    // A full or forbidden store leaves only the server's copy.
  }
}

function dropCopy() {
  try {
    localStorage.removeItem(copyName());
  } catch {
    // As above.
  }
}

// What could not be saved last time comes back into the fields it was typed into.
function restoreCopy() {
  let kept;
  try {
    kept = JSON.parse(localStorage.getItem(copyName()) ?? "null");
  } catch {
    kept = null;
  }
  if (!kept) return;
  const values = new Map();
  for (const [name, value] of kept) values.set(name, [...(values.get(name) ?? []), value]);
  for (const field of form.elements) {
    if (!field.name || field.type === "hidden" || field.type === "file" || !values.has(field.name)) continue;
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.get(field.name).includes(field.value);
    else [field.value] = values.get(field.name);
  }
  touched();
}

export function touched() {
  if (!form) return;
  mark(true);
  keepCopy();
  note("saving");
  clearTimeout(timer);
  timer = setTimeout(save, QUIET_MS);
}

async function save(keepalive = false) {
  clearTimeout(timer);
  if (!form || !unsaved) return;
  const mine = form;
  const typed = body();
  mark(false);
  saving = saving.then(async () => {
    try {
      const answer = await call("/app/act/save_draft", { method: "POST", body: typed, keepalive });
      if (!answer.ok) throw new Error(`draft ${answer.status}`);
      if (mine !== form) return;
      const { faults } = await answer.json();
      if (unsaved) return;
      dropCopy();
      note("saved");
      showFaults(form, faults, { onlyTouched: true });
    } catch {
      if (mine !== form) return;
      mark(true);
      note("not_saved");
      timer = setTimeout(save, RETRY_MS);
    }
  });
  await saving;
}

export async function settle() {
  await save();
  await saving;
}

export function submitted() {
  clearTimeout(timer);
  if (form) dropCopy();
  mark(false);
  form = null;
}

export function startDrafts() {
  document.addEventListener("screen-shown", () => {
    clearTimeout(timer);
    form = document.querySelector("form[data-draft]");
    mark(false);
    if (!form) return;
    guardLeaving(async () => {
      await save();
      return true;
    });
    opened = answersOf(form);
    changed = new Set();
    restoreCopy();
  });
  document.addEventListener("input", (event) => {
    const field = event.target.closest("[data-field]");
    if (form?.contains(event.target) && event.target.type !== "file") {
      if (field) field.dataset.touched = "";
      touched();
    }
  });
  window.addEventListener("online", () => save());
  document.addEventListener("visibilitychange", () => document.hidden && save(true));
}
