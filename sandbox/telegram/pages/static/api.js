/** Talks to the control interface; refusals become errors with the server's words. */

async function read(answer) {
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(body.error || `${answer.status} ${answer.statusText}`);
  return body;
}

export const get = async (path) => read(await fetch(path, { cache: "no-store" }));

export const post = async (path, body = {}) =>
  read(await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }));

/** Posts files together with fields; structured fields travel as JSON texts. */
export async function postForm(path, fields) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || value === null || value === "") continue;
    form.append(name, value instanceof Blob || typeof value === "string" ? value : JSON.stringify(value));
  }
  return read(await fetch(path, { method: "POST", body: form }));
}

export const act = (personId, what, body) => post(`/sandbox/users/${personId}/${what}`, body);

/** Calls back on every change of the world; the browser reconnects by itself. */
export function watch(onChange) {
  const source = new EventSource("/sandbox/stream");
  source.onmessage = (event) => onChange(JSON.parse(event.data));
  source.onopen = () => onChange({ kind: "open" });
  return source;
}
