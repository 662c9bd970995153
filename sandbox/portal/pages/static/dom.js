/** Elements, words, requests and short notices: what every script of the pages uses. */

const words = JSON.parse(document.getElementById("words")?.textContent || "{}");

export const t = (text) => words[text] ?? text;
export const userId = () => document.body.dataset.user;

export function el(spec, props = {}, ...children) {
  const [tag, ...classes] = spec.split(".");
  const node = document.createElement(tag || "div");
  if (classes.length) node.className = classes.join(" ");
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "dataset") Object.assign(node.dataset, value);
    else if (name in node && name !== "list" && name !== "form") node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

async function read(answer) {
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(body.error || `${answer.status} ${answer.statusText}`);
  return body;
}

export const get = async (path) => read(await fetch(path, { cache: "no-store" }));

export const post = async (path, body = {}) =>
  read(await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }));

/** A REST method as the signed-in person. */
export const rest = async (method, params = {}) => (await post("/pages/call", { method, params })).result;

/** An address of the control interface, acting as the signed-in person. */
export const control = (path, body = {}) => post(path, { user_id: userId(), ...body });

export function toast(text, bad = false) {
  const note = el(bad ? "div.toast.toast--bad" : "div.toast", {}, text);
  document.getElementById("toasts").append(note);
  setTimeout(() => note.remove(), bad ? 8000 : 3500);
}

/** Runs an action, shows its refusal; answers its value, or undefined when it was refused. */
export async function attempt(action, done = "") {
  try {
    const value = await action();
    if (done) toast(done);
    return value ?? true;
  } catch (error) {
    toast(error.message, true);
    return undefined;
  }
}

export function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve([file.name, reader.result.split(",", 2)[1] || ""]);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
