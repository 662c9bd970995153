// The page token: sent with each request, exchanged for a fresh one while the portal still vouches for the visitor.
import { freshAccessToken } from "./frame.js";

const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";
let token = meta("page-token");
let issuedAt = Date.now();
let renewing = null;

// What `renew` throws when the portal does not vouch for the visitor; anything else means that nobody answered.
export const expired = new Error("the portal does not vouch for the visitor");

export const headers = () => ({ "X-Page-Token": token, "X-Page-Language": document.documentElement.lang });

export const isStale = () => Date.now() - issuedAt > Number(meta("page-token-seconds")) * 800;

export function renew(longest) {
  renewing ??= Promise.race([exchange(), silence(longest)]).finally(() => {
    renewing = null;
  });
  return renewing;
}

function silence(longest) {
  return new Promise((_, refuse) => setTimeout(refuse, longest, new Error("no answer")));
}

async function exchange() {
  const fresh = await freshAccessToken().catch(() => {
    throw expired;
  });
  const body = new URLSearchParams({ access_token: fresh });
  const answer = await fetch("/placements/renew", { method: "POST", body, headers: headers() });
  if (!answer.ok) throw answer.status < 500 && answer.headers.has("HX-Reswap") ? expired : new Error("not renewed");
  token = (await answer.json()).token;
  issuedAt = Date.now();
}
