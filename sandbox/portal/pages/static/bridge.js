/**
 * The portal's side of the frame protocol: launches an application into an iframe and answers its messages.
 *
 * A message is the text `command:parameters:callback:sid`; parameters may hold colons or be absent. The answer is
 * `callback:JSON`. The frame learns portal, protocol and sid from its window name. Unknown commands stay unanswered.
 */

import { chooseAccess, chooseCrm, chooseUsers } from "./choosers.js";
import { attempt, el, post, t, toast } from "./dom.js";
import { refresh } from "./live.js";
import { openPage, panel } from "./slider.js";

const hosts = new Set();
const COMMANDS = { tab: ["reloadData"], robot: ["setPropertyValue"], field: ["setValue", "getValue"] };

function commandsOf(placement, own) {
  if (own) return own;
  return /^CRM_.*_(DETAIL_(TAB|ACTIVITY|TOOLBAR)|LIST_(MENU|TOOLBAR)|TIMELINE_MENU)$/.test(placement) ? COMMANDS.tab : placement === "USERFIELD_TYPE" ? COMMANDS.field : [];
}

class Host {
  constructor(place, launched, context) {
    this.launched = launched;
    this.context = context;
    const address = new URL(launched.url);
    this.origin = address.origin;
    this.sid = address.searchParams.get("APP_SID") ?? "";
    this.token = launched.fields.AUTH_ID;
    this.events = new Map();
    this.waiting = el("p.waiting", {}, t("The application is loading…"));
    this.frame = el("iframe.app", { name: `${location.host}|0|${this.sid}`, title: context.title || t("Application"), allow: "clipboard-write; fullscreen" });
    this.frame.addEventListener("load", () => this.waiting.remove(), { once: false });
    place.replaceChildren(this.waiting, this.frame);
    this.submit();
    hosts.add(this);
  }

  submit() {
    if (!this.sid) {
      this.frame.src = this.launched.url;
      return;
    }
    const form = el("form", { method: "post", action: this.launched.url, target: this.frame.name, hidden: true });
    for (const [name, value] of Object.entries(this.launched.fields)) form.append(el("input", { type: "hidden", name, value }));
    document.body.append(form);
    form.submit();
    form.remove();
  }

  answer(key, value) {
    if (key) this.frame.contentWindow?.postMessage(`${key}:${value === undefined ? "" : JSON.stringify(value)}`, this.origin);
  }

  tell(event, value) {
    for (const key of this.events.get(event) ?? []) this.answer(key, value);
  }

  async hear(text) {
    const parts = text.split(":");
    if (parts.length < 3) return;
    const sid = parts.pop();
    const key = parts.pop();
    const [command, ...rest] = parts;
    if (sid !== this.sid) return;
    const raw = rest.join(":");
    let params = raw;
    try { params = raw ? JSON.parse(raw) : {}; } catch { /* a raw value, as setValue sends it */ }
    const run = this.context.commands?.[command] ?? this[`on_${command}`];
    if (!run) return;
    try { this.answer(key, await run.call(this, params, (value) => this.answer(key, value))); } catch (error) { toast(error.message, true); }
  }

  ask(path, body = {}) { return post(`/pages/frame/${path}`, { token: this.token, ...body }); }

  async on_getInitData() {
    const { fields } = this.launched;
    const { app, ...known } = await this.ask("init");
    this.context.appId ||= app.id;
    return {
      ...known, DOMAIN: location.host, PROTOCOL: 0, PATH: "/rest", MEMBER_ID: fields.member_id, AUTH_ID: fields.AUTH_ID, REFRESH_ID: fields.REFRESH_ID,
      AUTH_EXPIRES: fields.AUTH_EXPIRES, PLACEMENT: fields.PLACEMENT, PLACEMENT_OPTIONS: JSON.parse(fields.PLACEMENT_OPTIONS || "{}"),
    };
  }

  async on_refreshAuth() {
    const pair = await this.ask("refresh");
    this.token = pair.AUTH_ID;
    return pair;
  }

  on_setInstall() { return true; }

  async on_setInstallFinish() {
    const { finished } = await this.ask("finish");
    if (finished) this.context.installed?.();
    return finished;
  }

  on_setAppOption({ name, value }) { return this.ask("option", { of: "app", name, value }); }

  on_setUserOption({ name, value }) { return this.ask("option", { of: "user", name, value }); }

  on_resizeWindow({ width, height }) {
    if (this.context.whole) return { width: this.frame.offsetWidth, height: this.frame.offsetHeight };
    if (Number(height) > 0) this.frame.style.height = `${Math.min(Number(height), 20000)}px`;
    if (Number(width) > 0) this.frame.style.width = `min(${Number(width)}px, 100%)`;
    return { width: this.frame.offsetWidth, height: this.frame.offsetHeight };
  }

  on_setTitle({ title }) {
    if (this.context.setTitle) this.context.setTitle(String(title));
    else document.title = String(title);
    return {};
  }

  on_setScroll({ scroll }) {
    const top = this.frame.getBoundingClientRect().top + scrollY + Number(scroll || 0);
    scrollTo({ top, behavior: "smooth" });
    return {};
  }

  on_reloadWindow() { location.reload(); }

  async on_reloadData() {
    await refresh();
    return {};
  }

  on_openApplication(params, answer) {
    openApplication({ options: params, appId: this.context.appId, title: this.context.title }, () => answer({}));
    return new Promise(() => {});
  }

  on_closeApplication() { this.context.close?.(); }

  on_openPath({ path }, answer) {
    const { pathname, search } = new URL(path, location.origin);
    openPage(pathname.replace(/^\/{2,}/, "/") + search, () => answer({ result: "close" }));
    return new Promise(() => {});
  }

  on_imOpenMessenger({ dialogId }) {
    openPage(dialogId ? `/online/?IM_DIALOG=${encodeURIComponent(dialogId)}` : "/online/");
    return {};
  }

  on_imOpenHistory(params) { return this.on_imOpenMessenger(params); }

  on_getInterface() {
    return { command: commandsOf(this.launched.fields.PLACEMENT, this.context.commands && Object.keys(this.context.commands)), event: this.context.events ?? [] };
  }

  on_placementBindEvent({ event }, answer) {
    if (!(this.context.events ?? []).includes(event)) return new Promise(() => {});
    this.events.set(event, [...(this.events.get(event) ?? []), answer]);
    return new Promise(() => {});
  }

  on_selectUser({ mult }) { return chooseUsers(Boolean(mult)); }

  on_selectAccess({ value }) { return chooseAccess(value ?? []); }

  on_selectCRM(params) { return chooseCrm(params); }
}

addEventListener("message", (event) => {
  for (const host of hosts) {
    if (!host.frame.isConnected) hosts.delete(host);
    else if (event.source === host.frame.contentWindow && event.origin === host.origin && typeof event.data === "string") host.hear(event.data);
  }
});

/** Shows a launched application in `place`. Context: title, appId, whole, commands, events, close, setTitle, installed. */
export const show = (place, launched, context = {}) => new Host(place, launched, context);

/** Asks for a launch and shows it; a refusal is written in the place. */
export async function embed(place, wanted, context = {}) {
  place.replaceChildren(el("p.waiting", {}, t("The application is loading…")));
  try {
    return show(place, await post("/pages/launch", wanted), context);
  } catch (error) {
    place.replaceChildren(el("p.notice.notice--bad", { role: "alert" }, error.message));
    return null;
  }
}

/** Shows a launch in a side panel. */
export function inPanel(launched, context = {}, onClose) {
  const place = el("div.whole");
  const sheet = panel({ title: context.title ?? "", width: context.width ?? 0, body: place, onClose });
  show(place, launched, { ...context, whole: true, close: sheet.close, setTitle: sheet.setTitle });
  return sheet;
}

/** Opens an application itself in a side panel, as the command openApplication does. */
export async function openApplication({ appId, options, title }, onClose) {
  const launched = await attempt(() => post("/pages/launch", { app_id: appId, options }));
  if (launched) inPanel(launched, { appId, title: title || t("Application") }, onClose);
}
