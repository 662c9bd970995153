// Which questions of a form were answered otherwise since it was opened: only those are sent, or named, so that what a colleague or
// another device answered meanwhile stays. `q.<code>` and its parts belong together.
let opened = new Map();
let of = null;

const entries = (form) => [...new FormData(form)].filter(([, value]) => typeof value === "string");

export function answersOf(form) {
  const found = new Map();
  for (const [name, value] of entries(form)) {
    const [kind, code] = name.split(".");
    if (kind === "q") found.set(code, `${found.get(code) ?? ""}\n${name}=${value}`);
  }
  return found;
}

export function changedSince(before, form) {
  const now = answersOf(form);
  return [...new Set([...before.keys(), ...now.keys()])].filter((code) => before.get(code) !== now.get(code));
}

export const naming = (codes) => ["", ...codes].map((code) => ["changed", code]);

// Of a form marked `data-changes` nothing is sent but what was changed in it; of any other everything.
export function onlyChanged(form, typed) {
  if (form !== of) return typed;
  const changed = changedSince(opened, form);
  const wanted = ([name]) => !name.startsWith("q.") || changed.includes(name.split(".")[1]);
  return [...typed.filter(wanted), ...naming(changed)];
}

export function startChanges() {
  document.addEventListener("screen-shown", () => {
    of = document.querySelector("form[data-changes]");
    opened = of ? answersOf(of) : new Map();
  });
}
