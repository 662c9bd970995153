// Trades the launch data for a short-lived pass and keeps it fresh. The pass lives in memory only.
import { initData } from "./bridge.js";

let pass = "";
let staleAt = 0;
let renewing = null;

export class Refused extends Error {}

async function renew() {
  const answer = await fetch("/app/session", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ init_data: initData }),
  });
  if (answer.status === 401 || answer.status === 403) throw new Refused();
  if (!answer.ok) throw new Error(`session ${answer.status}`);
  const session = await answer.json();
  pass = session.token;
  staleAt = Date.now() + session.expires_in * 800;
  return session;
}

export async function open() {
  renewing ??= renew().finally(() => {
    renewing = null;
  });
  return renewing;
}

export async function fresh() {
  if (Date.now() >= staleAt) await open();
  return pass;
}

function forget() {
  staleAt = 0;
}

export function current() {
  return pass;
}

// One request with the pass; a refused pass is renewed once, a lost connection is the caller's to handle.
export async function call(path, options = {}) {
  const send = async () => fetch(path, { ...options, headers: { ...options.headers, "X-Session": await fresh() } });
  const answer = await send();
  if (answer.status !== 401) return answer;
  forget();
  return send();
}
