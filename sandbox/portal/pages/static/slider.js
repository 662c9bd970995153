/** Side panels over the page: a page of the portal, or a frame of an application. */

import { el, t } from "./dom.js";

const open = [];

/** Puts `body` into a panel. Answers {close, setTitle}; `onClose` is told when it goes. */
export function panel({ title = "", width = 0, body, onClose }) {
  const before = document.activeElement;
  const heading = el("span.panel__title", {}, title);
  const close = () => {
    if (!back.isConnected) return;
    back.remove();
    open.splice(open.indexOf(close), 1);
    before?.focus?.();
    onClose?.();
  };
  const button = el("button.button", { type: "button", onclick: close, "aria-label": t("Close") }, "✕");
  const sheet = el("section.panel", { role: "dialog", "aria-modal": "true", "aria-label": title || t("Panel") },
    el("div.panel__head", {}, heading, button), el("div.panel__body", {}, body));
  if (width) sheet.style.width = `min(${width}px, 100vw)`;
  const back = el("div.panel-back", { onclick: (event) => { if (event.target === back) close(); } }, sheet);
  document.body.append(back);
  button.focus();
  open.push(close);
  return { close, setTitle: (text) => { heading.textContent = text; } };
}

/** Opens a page of the portal in a panel. */
export function openPage(path, onClose) {
  const url = new URL(path, location.origin);
  if (url.origin !== location.origin) {
    window.open(url, "_blank", "noopener");
    return onClose?.();
  }
  url.searchParams.set("IFRAME", "Y");
  url.searchParams.set("IFRAME_TYPE", "SIDE_SLIDER");
  const frame = el("iframe.app", { src: url.href, title: t("Page") });
  const sheet = panel({ body: frame, onClose });
  frame.addEventListener("load", () => sheet.setTitle(frame.contentDocument?.title ?? ""));
  return sheet;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && open.length) open.at(-1)();
});
