// No press vanishes silently: it shows that it works, then what came of it, or what went wrong with one press to try again.
import htmx from "htmx.org";
import { fit } from "./frame.js";
import { expired, headers, isStale, renew } from "./pass.js";

const SLOW_MS = 10_000;
const LONGEST_MS = 60_000;
const NEAR_PX = 8;
const page = document.getElementById("page");
const renewing = new WeakSet();
const repeated = new WeakSet();

const placeOf = (pressed) => document.getElementById(`${pressed?.id}-error`) ?? document.getElementById("page-error");

// Beside what was pressed, where the eye is: the top of a long page is out of sight.
export function say(text, pressed, again) {
  const place = placeOf(pressed);
  if (!place) return;
  place.textContent = text;
  if (again) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-small", textContent: page.dataset.again });
    button.addEventListener("click", () => {
      place.replaceChildren();
      again();
    });
    place.append(" ", button);
  }
  place.scrollIntoView({ block: "nearest" });
  fit();
}

function pressAgain(element) {
  const byKind = element.tagName === "FORM" ? "submit" : element.matches("input, select, textarea") ? "change" : "click";
  htmx.trigger(element, element.dataset.again || byKind);
}

function failed(element, text) {
  const own = element.querySelector?.(":scope > .load-failed");
  if (own) {
    own.hidden = false;
    element.querySelector(":scope > .skeleton").hidden = true;
    fit();
  } else {
    say(text, element, element.isConnected && (() => pressAgain(element)));
  }
}

// A pass that runs out is renewed; what the portal does not vouch for any more cannot be tried again here.
async function withFreshPass(element, goOn) {
  if (renewing.has(element)) return;
  renewing.add(element);
  const button = element.tagName === "FORM" ? element.querySelector("button:not([type=button])") : element;
  element.classList.add("htmx-request");
  if (button) button.disabled = true;
  try {
    await renew(LONGEST_MS);
  } catch (error) {
    if (error === expired) say(page.dataset.expired, element);
    else failed(element, page.dataset.unanswered);
    return;
  } finally {
    renewing.delete(element);
    element.classList.remove("htmx-request");
    if (button) button.disabled = false;
  }
  goOn();
}

// A stale token is renewed before the request leaves, so that nothing typed into a form is lost.
function beforeLeaving(event) {
  if (!isStale()) return;
  event.preventDefault();
  withFreshPass(event.detail.elt, () => event.detail.issueRequest(true));
}

// Words after a while, and an end: a connection that hangs is no answer. Files on their way up are a sign of life.
function watch({ detail: { elt, xhr, requestConfig } }) {
  let slow, late;
  const hush = () => [slow, late].forEach(clearTimeout);
  const begin = () => {
    hush();
    if (requestConfig.verb !== "get") slow = setTimeout(() => say(page.dataset.slow, elt), SLOW_MS);
    late = setTimeout(() => {
      xhr.abort();
      failed(elt, page.dataset.unanswered);
    }, LONGEST_MS);
  };
  xhr.upload.addEventListener("progress", begin);
  xhr.addEventListener("loadend", hush);
  begin();
}

// The portal's clock or a sleeping laptop may still let a token run out on the way: once renewed, the same element asks again.
function answeredBadly({ detail: { elt, xhr } }) {
  const ours = xhr.getResponseHeader("HX-Reswap");
  if (ours && xhr.status === 401 && !repeated.has(elt)) {
    repeated.add(elt);
    withFreshPass(elt, () => pressAgain(elt));
  } else if (!ours) {
    failed(elt, page.dataset.failed);
  }
}

// The fields that the server found fault with are marked until they are touched; the first of them is where one goes on.
function markFaults({ target, detail }) {
  const fields = [...(target.closest("form")?.elements ?? [])];
  const shown = fields.filter((field) => detail.fields?.includes(field.name) && field.type !== "hidden");
  for (const field of shown) {
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-errormessage", placeOf(target)?.id ?? "");
  }
  shown[0]?.focus({ preventScroll: true });
}

function forget(field) {
  field.removeAttribute("aria-invalid");
  field.removeAttribute("aria-errormessage");
}

// The page may move under the finger when a part arrives above: the press counts for what was there when it went down.
function followFingers() {
  let down = null;
  const release = (event) => {
    const { button, x, y } = down ?? {};
    down = null;
    if (!event.detail || !button?.isConnected || button.contains(event.target)) return;
    if (Math.hypot(event.screenX - x, event.screenY - y) < NEAR_PX) button.click();
  };
  addEventListener("pointerdown", ({ target, screenX: x, screenY: y }) => {
    const button = target.closest?.("button, summary, a[href], label");
    down = button && { button, x, y };
  }, true);
  addEventListener("click", release, true);
}

export function followPresses() {
  const heard = {
    "htmx:confirm": beforeLeaving,
    "htmx:configRequest": ({ detail }) => Object.assign(detail.headers, headers()),
    "htmx:beforeRequest": ({ detail }) => {
      document.getElementById("page-error")?.replaceChildren();
      document.getElementById(`${detail.elt.id}-error`)?.replaceChildren();
      detail.elt.closest("form")?.querySelectorAll("[aria-invalid]").forEach(forget);
    },
    "htmx:beforeSend": watch,
    // A server between us answers with pages of its own, which are never shown in ours.
    "htmx:beforeSwap": ({ detail }) => {
      if (detail.xhr.status >= 400 && !detail.xhr.getResponseHeader("HX-Reswap")) detail.shouldSwap = false;
    },
    "htmx:beforeOnLoad": ({ detail }) => {
      placeOf(detail.elt)?.replaceChildren();
      if (detail.xhr.status < 400) repeated.delete(detail.elt);
    },
    "desk:faults": markFaults,
    input: ({ target }) => forget(target),
    "htmx:responseError": answeredBadly,
    "htmx:sendError": ({ detail }) => failed(detail.elt, page.dataset.lost),
  };
  for (const [name, listener] of Object.entries(heard)) document.body.addEventListener(name, listener);
  followFingers();
}
