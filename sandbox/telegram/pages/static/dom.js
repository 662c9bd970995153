/** Builds elements: el("button.name", {onclick}, child, …). Text children are never read as HTML. */

export function el(spec, props = {}, ...children) {
  const [tag, ...classes] = spec.split(".");
  const node = document.createElement(tag || "div");
  node.className = classes.join(" ");
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "dataset") Object.assign(node.dataset, value);
    else if (name in node && name !== "list") node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const COLORS = ["#e17076", "#7bc862", "#e5ca77", "#65aadd", "#a695e7", "#ee7aae", "#6ec9cb", "#faa774"];

export function avatar(id, name) {
  const letters = (name || "?").trim().split(/\s+/u).map((word) => [...word][0]).slice(0, 2).join("").toUpperCase();
  return el("span.avatar", { style: `--tint:${COLORS[Math.abs(Number(id)) % COLORS.length]}`, "aria-hidden": "true" }, letters);
}

export const clockTime = (seconds) =>
  new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });

export function toast(host, text, alert = false) {
  const note = el(alert ? "div.toast.toast--alert" : "div.toast", { role: "alert" }, text);
  if (alert) note.append(el("button.toast__ok", { type: "button", onclick: () => note.remove() }, "OK"));
  else setTimeout(() => note.remove(), 3500);
  host.append(note);
}
