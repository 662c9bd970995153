// Puts what is wrong beside the field it is about, in the words the server chose.

const lineOf = (field) => field.querySelector(":scope > .under > [data-fault], :scope > [data-fault]");
const blank = (row) => [...row.querySelectorAll("input, select, textarea")].every((input) => !input.value);

// Entries of a group are numbered by what the server received: in order, empty ones left out.
function keyOf(field) {
  const row = field.closest("[data-row]");
  if (!row) return field.dataset.field;
  const group = row.closest("[data-group]");
  const filled = [...group.querySelectorAll("[data-rows] > [data-row]")].filter((each) => !blank(each));
  return `${group.dataset.group}.${filled.indexOf(row)}.${field.dataset.field.split(".").pop()}`;
}

export function showFaults(form, faults, { onlyTouched = false, focus = false } = {}) {
  let first = null;
  for (const field of form.querySelectorAll("[data-field]")) {
    if (onlyTouched && !("touched" in field.dataset)) continue;
    const messages = faults?.[keyOf(field)] ?? [];
    write(field, messages);
    if (messages.length) first ??= field;
  }
  if (focus && first) {
    first.scrollIntoView({ block: "center", behavior: "smooth" });
    first.querySelector("input:not([type=hidden]), textarea, select, button")?.focus({ preventScroll: true });
  }
  return first !== null;
}

function write(field, messages) {
  const line = lineOf(field);
  if (!line) return;
  line.textContent = messages.join(" ");
  line.hidden = messages.length === 0;
  field.classList.toggle("wrong", messages.length > 0);
  for (const input of field.querySelectorAll("input:not([type=hidden]), textarea, select")) {
    if (input.closest("[data-field]") !== field) continue;
    if (messages.length) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
}

// Typing takes the blame away at once; the server says within a second whether it comes back.
export function startFaults() {
  document.addEventListener("input", (event) => {
    const field = event.target.closest("[data-field].wrong");
    if (field) write(field, []);
  });
}
