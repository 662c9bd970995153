// The form of a robot's settings: every change goes into the rule at once, so that its "Save" keeps what is seen here.
import { setRule } from "./frame.js";

const form = document.querySelector("form[data-robot]");
let last = form?.querySelector("[data-fill]");

function limited() {
  const number = form.querySelector("[data-limit] input[type=number]");
  if (number) number.disabled = form.elements.all.value === "yes";
}

// What cannot stand in a field is not sent: the rule keeps the value before.
function chosen() {
  const fields = [...form.elements].filter((one) => one.name && !("beside" in one.dataset) && (one.type !== "radio" || one.checked));
  return Object.fromEntries(fields.filter((one) => one.disabled || !one.validity.badInput && !one.validity.rangeOverflow && !one.validity.rangeUnderflow)
    .map((one) => [one.name, one.disabled ? "0" : one.value]));
}

function show() {
  for (const output of form.querySelectorAll("[data-shows]")) output.textContent = form.elements[output.dataset.shows].value;
  for (const count of form.querySelectorAll("[data-count]")) {
    const text = form.elements[count.dataset.count];
    count.textContent = text.value ? `${text.value.length} / ${text.maxLength}` : "";
  }
  for (const button of form.querySelectorAll("[data-hours]")) {
    const same = button.dataset.hours === form.elements.hours?.value && Number(form.elements.minutes?.value ?? 0) === 0;
    button.setAttribute("aria-pressed", same);
  }
}

function changed() {
  limited();
  show();
  setRule(chosen());
}

function put(text) {
  if (!text || !last) return;
  last.setRangeText(text, last.selectionStart, last.selectionEnd, "end");
  last.focus();
  changed();
  form.inert = false;
}

function pressed({ target }) {
  const button = target.closest("button");
  if (button && "withoutFile" in button.dataset) {
    form.elements.file.value = "";
    button.parentElement.remove();
    changed();
  }
  if (button?.dataset.put) put(button.dataset.put);
  if (button?.dataset.hours) {
    form.elements.hours.value = button.dataset.hours;
    if (form.elements.minutes) form.elements.minutes.value = 0;
    changed();
  }
}

export function followRule() {
  if (!form) return;
  form.addEventListener("focusin", ({ target }) => {
    if ("fill" in target.dataset) last = target;
  });
  form.addEventListener("input", ({ target }) => {
    if (!("putChosen" in target.dataset)) changed();
  });
  form.addEventListener("change", ({ target }) => {
    if (!("putChosen" in target.dataset)) return;
    put(target.value);
    target.value = "";
  });
  form.addEventListener("click", pressed);
  // A file that was just given came with its number.
  document.body.addEventListener("htmx:oobAfterSwap", changed);
  form.addEventListener("submit", (event) => event.preventDefault());
  changed();
  form.inert = false;
}
