/** Live updates: when the portal has changed, the page is fetched again and its live parts are replaced. */

import { get, t } from "./dom.js";

let seen = document.body.dataset.changes;
let running = null;
let pause = 1000;

function busy(part) {
  const focus = document.activeElement;
  const typing = focus && part.contains(focus) && focus.matches("input:not([type=checkbox]), textarea, select");
  return typing || part.matches("[data-busy]") || part.querySelector("[data-busy], dialog[open]");
}

function focusKey(part) {
  const focus = document.activeElement;
  return focus && part.contains(focus) ? focus.id || focus.dataset.key : "";
}

function replace(part, fresh) {
  const key = focusKey(part);
  const opened = [...part.querySelectorAll("details[open][id]")].map((node) => node.id);
  const bottom = part.scrollHeight - part.scrollTop - part.clientHeight < 40;
  const top = part.scrollTop;
  for (const name of fresh.getAttributeNames()) part.setAttribute(name, fresh.getAttribute(name));
  part.replaceChildren(...fresh.childNodes);
  part.scrollTop = bottom && part.dataset.live === "end" ? part.scrollHeight : top;
  for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
  if (key) (document.getElementById(key) || part.querySelector(`[data-key="${CSS.escape(key)}"]`))?.focus();
  part.dispatchEvent(new CustomEvent("live", { bubbles: true }));
}

/** Looks at the page again now. */
export function refresh() {
  running ??= load().finally(() => { running = null; });
  return running;
}

async function load() {
  const started = performance.now();
  const answer = await fetch(location.href, { cache: "no-store" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-live]")) {
    const fresh = page.getElementById(part.id);
    if (!fresh || busy(part)) continue;
    if ((part.source ?? part.innerHTML) !== fresh.innerHTML) {
      const source = fresh.innerHTML;
      replace(part, fresh);
      part.source = source;
    }
  }
  seen = page.body.dataset.changes ?? seen;
  // A page that is dear to make is looked at less often.
  pause = Math.min(Math.max(1000, (performance.now() - started) * 10), 15000);
}

async function look() {
  try {
    if (!document.hidden) {
      const { changes } = await get("/pages/pulse");
      if (changes !== seen) await refresh();
    }
    delete document.body.dataset.offline;
  } catch {
    document.body.dataset.offline = t("The portal does not answer.");
  }
  setTimeout(look, pause);
}

for (const part of document.querySelectorAll("[data-live]")) part.source = part.innerHTML;
setTimeout(look, 1000);
