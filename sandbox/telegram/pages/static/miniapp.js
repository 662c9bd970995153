/** A Mini App on the screen: the frame, its buttons, popups, and the wire to it. */

import { act } from "./api.js";
import { EVENTS } from "./bridge.js";
import { el, toast } from "./dom.js";

const isLight = (hex) => {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return red * 0.299 + green * 0.587 + blue * 0.114 > 150;
};
const LABELS = { ok: "OK", close: "Close", cancel: "Cancel" };

export class MiniApp {
  constructor(pane, opened) {
    this.pane = pane;
    this.opened = opened;
    this.personId = pane.person.id;
    this.botId = opened.bot_id;
    this.confirmClose = false;
    this.log = [];
    this.colors = {};
    this.frame = el("iframe.app__frame", { src: opened.url, title: "Mini App", allow: "clipboard-read; clipboard-write" });
    this.back = el("button.app__back", { type: "button", hidden: true, "aria-label": "Back", onclick: () => this.send("back_button_pressed", {}) }, "‹ Back");
    this.settings = el("button", { type: "button", hidden: true, onclick: () => { this.menu.open = false; this.send("settings_button_pressed", {}); } }, "Settings");
    this.menu = el("details.menu.menu--head", {}, el("summary", { "aria-label": "Mini App menu" }, "⋮"), el("div.menu__list", {}, this.settings,
      el("button", { type: "button", onclick: () => { this.menu.open = false; this.send("reload_iframe", {}); } }, "Reload")));
    this.head = el("header.app__head", {}, this.back,
      el("button.app__close", { type: "button", "aria-label": "Close Mini App", onclick: () => this.close(false) }, "✕"),
      el("b.app__title", {}, pane.chat()?.title || "Mini App"), this.menu);
    this.buttons = { main: this.bottom("main"), secondary: this.bottom("secondary") };
    this.bar = el("div.app__bar", { hidden: true }, this.buttons.secondary, this.buttons.main);
    this.wait = el("div.app__wait", {}, "Loading…");
    this.node = el("section.app", { "aria-label": "Mini App" }, this.head, el("div.app__body", {}, this.frame, this.wait), this.bar);
    this.listener = (event) => this.receive(event);
    window.addEventListener("message", this.listener);
    this.observer = new ResizeObserver(() => this.sendViewport());
    this.observer.observe(this.frame);
    this.frame.addEventListener("load", () => setTimeout(() => this.ready(), 1500));
  }

  bottom(name) {
    return el(`button.app__button.app__button--${name}`, { type: "button", hidden: true, onclick: () => this.send(`${name}_button_pressed`, {}) });
  }

  receive(event) {
    if (event.source !== this.frame.contentWindow || typeof event.data !== "string") return;
    let parsed;
    try { parsed = JSON.parse(event.data); } catch { return; }
    const { eventType, eventData } = parsed || {};
    if (typeof eventType !== "string") return;
    this.log.push({ eventType, eventData });
    const handler = Object.hasOwn(EVENTS, eventType) ? EVENTS[eventType] : null;
    if (!handler) return;
    Promise.resolve(handler(this, eventData || {})).catch((error) => toast(this.node, error.message));
  }

  send(eventType, eventData) {
    this.frame.contentWindow?.postMessage(JSON.stringify({ eventType, eventData }), "*");
  }

  sendAll() { this.sendTheme(); this.sendViewport(); }

  sendTheme() {
    // Colours that the app named by a key follow the theme.
    for (const [part, data] of Object.entries(this.colors)) if (!data.color) this.setColor(part, data);
    this.send("theme_changed", { theme_params: this.pane.page.themeParams() });
  }

  sendViewport() {
    const { width, height } = this.frame.getBoundingClientRect();
    this.send("viewport_changed", { width: Math.round(width), height: Math.round(height), is_expanded: true, is_state_stable: true });
  }

  ready() { this.wait.hidden = true; }
  waitAgain() { this.wait.hidden = false; }
  expand() { this.node.classList.add("app--expanded"); this.sendViewport(); }

  fullscreen(on) {
    this.node.classList.toggle("app--full", on);
    this.send("fullscreen_changed", { is_fullscreen: on });
  }

  setButton(name, data) {
    const button = this.buttons[name];
    const theme = this.pane.page.themeParams();
    button.hidden = !(data.is_visible && (data.text || "").trim());
    button.disabled = data.is_active === false;
    button.replaceChildren(data.is_progress_visible ? el("span.spinner", { "aria-label": "Working" }) : data.text || "");
    button.style.background = data.color || (name === "main" ? theme.button_color : theme.bottom_bar_bg_color);
    button.style.color = data.text_color || (name === "main" ? theme.button_text_color : theme.button_color);
    if (name === "secondary") this.bar.dataset.position = data.position || "left";
    const hidden = this.buttons.main.hidden && this.buttons.secondary.hidden;
    if (this.bar.hidden !== hidden) this.bar.hidden = hidden;
  }

  setBack(visible) { this.back.hidden = !visible; }
  setSettings(visible) { this.settings.hidden = !visible; }

  setColor(part, data) {
    const value = data.color || this.pane.page.themeParams()[data.color_key];
    if (!value) return;
    this.colors[part] = data;
    const target = { header: this.head, background: this.frame, bottom: this.bar }[part];
    target.style.background = value;
    if (part === "header") target.style.color = isLight(value) ? "#000" : "#fff";
  }

  haptic(data) {
    this.node.dataset.haptic = data.impact_style || data.notification_type || data.type;
    this.head.classList.remove("shake");
    requestAnimationFrame(() => this.head.classList.add("shake"));
  }

  /** A question of the client itself; true when the person agrees. */
  ask(text, yes) {
    return new Promise((resolve) => {
      const finish = (answer) => { box.remove(); resolve(answer); };
      const box = el("div.popup.popup--ask", { role: "alertdialog" }, el("p", {}, text), el("div.popup__row", {},
        el("button", { type: "button", onclick: () => finish(false) }, "Cancel"), el("button", { type: "button", onclick: () => finish(true) }, yes)));
      this.node.append(box);
    });
  }

  popup({ title, message, buttons = [] }) {
    this.node.querySelector(".popup:not(.popup--ask)")?.remove();
    const finish = (id) => { box.remove(); this.send("popup_closed", id === undefined ? {} : { button_id: id }); };
    const box = el("div.popup", { role: "alertdialog", "aria-label": title || message }, title ? el("h3", {}, title) : null, el("p", {}, message),
      el("div.popup__row", {}, buttons.map((button) => el(button.type === "destructive" ? "button.danger" : "button", { type: "button", onclick: () => finish(button.id ?? "") }, button.text || LABELS[button.type] || "OK"))));
    box.addEventListener("keydown", (event) => { if (event.key === "Escape") finish(); });
    this.node.append(box);
    box.querySelector("button")?.focus();
  }

  scan({ text }) {
    const value = prompt(text || "What does the QR code say?");
    if (value === null) this.send("scan_qr_popup_closed", {});
    else this.send("qr_text_received", { data: value });
  }

  deviceKey() { return `device:${this.personId}:${this.botId}`; }
  deviceStore() { return new Map(JSON.parse(localStorage.getItem(this.deviceKey()) || "[]")); }
  keepDevice(store) { localStorage.setItem(this.deviceKey(), JSON.stringify([...store])); }

  async dataSent(data) {
    if (this.opened.source !== "keyboard_button") return;
    await act(this.personId, "web_app_data", { bot: String(this.botId), data, button_text: this.opened.button_text });
    this.close(true);
  }

  async close(sure) {
    if (!sure && this.confirmClose && !(await this.ask("Changes that you made may not be saved.", "Close anyway"))) return;
    window.removeEventListener("message", this.listener);
    this.observer.disconnect();
    this.node.remove();
    if (this.pane.app === this) this.pane.app = null;
  }
}
