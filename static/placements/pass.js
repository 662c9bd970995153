// The page token: sent with each request, exchanged for a fresh one while the portal still vouches for the visitor.
import { freshAccessToken } from "./frame.js";

const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";
let token = meta("page-token");
let issuedAt = Date.now();
let renewing = null;

export const headers = () => ({ "X-Page-Token": token, "X-Page-Language": document.documentElement.lang });

export const isStale = () => Date.now() - issuedAt > Number(meta("page-token-seconds")) * 800;

export function renew() {
  renewing ??= exchange().finally(() => {
    renewing = null;
  });
  return renewing;
}

async function exchange() {
  const body = new URLSearchParams({ access_token: await freshAccessToken() });
  const answer = await fetch("/placements/renew", { method: "POST", body, headers: headers() });
  if (!answer.ok) throw new Error("not renewed");
  token = (await answer.json()).token;
  issuedAt = Date.now();
}
