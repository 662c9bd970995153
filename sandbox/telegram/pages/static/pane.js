/** One person's Telegram: the chat list, the open chat, what lies over them. */

import { act, get } from "./api.js";
import { summary } from "./attachments.js";
import { bubble } from "./bubble.js";
import { Composer } from "./composer.js";
import { avatar, clockTime, el, toast } from "./dom.js";
import { MiniApp } from "./miniapp.js";
import { paymentSheet } from "./payment.js";

const ACTIONS = { typing: "typing…", upload_photo: "sending a photo…", upload_document: "sending a file…", record_voice: "recording…" };

export class Pane {
  constructor(person, page) {
    this.person = person;
    this.page = page;
    this.chats = [];
    this.openKey = null;
    this.topic = 0;
    this.app = null;
    this.list = el("ul.chats", { "aria-label": "Chats" });
    this.title = el("div.chat__title");
    this.topics = el("div.topics", { hidden: true });
    this.messages = el("div.messages", { role: "log", "aria-label": "Messages" });
    this.pinned = el("button.pinned", { type: "button", hidden: true });
    this.composer = new Composer(this);
    this.chatView = el("section.chat", { hidden: true },
      el("header.chat__head", {}, el("button.back", { type: "button", "aria-label": "Back to chats", onclick: () => this.close() }, "‹"), this.title, this.chatMenu()),
      this.topics, this.pinned, this.messages, this.composer.node);
    this.node = el("section.pane", { "aria-label": person.first_name, dataset: { person: person.id } },
      el("header.pane__head", {}, avatar(person.id, `${person.first_name} ${person.last_name || ""}`),
        el("span.pane__name", {}, el("b", {}, `${person.first_name} ${person.last_name || ""}`), el("small", {}, `${person.username ? `@${person.username} · ` : ""}${person.language_code || ""}`)),
        el("button.pane__close", { type: "button", "aria-label": "Hide this person", onclick: () => page.hide(person.id) }, "✕")),
      el("div.pane__body", {}, this.list, this.chatView));
  }

  chatMenu() {
    const item = (label, run) => el("button", { type: "button", onclick: () => { menu.open = false; run(); } }, label);
    const menu = el("details.menu.menu--head", {}, el("summary", { "aria-label": "Chat actions" }, "⋮"), el("div.menu__list", {},
      item("New topic", () => this.newTopic()), item("Block / unblock bot", () => this.toggleBlock()), item("Leave", () => this.tryAct("leave", {}))));
    return menu;
  }

  chat() { return this.chats.find((chat) => chat.key === this.openKey); }
  failed(error) { toast(this.node, error.message); }

  async tryAct(what, body) {
    try {
      return await act(this.person.id, what, { chat_id: this.chat()?.chat_id, ...body });
    } catch (error) {
      this.failed(error);
      return null;
    }
  }

  async newTopic() {
    const name = prompt("Name of the topic");
    if (!name) return;
    const made = await this.tryAct("topic", { name });
    if (made) this.openTopic(made.message_thread_id);
  }

  toggleBlock() { return this.tryAct(this.chat().blocked ? "unblock" : "block", {}); }

  async refresh() {
    if (this.busy) { this.again = true; return; }
    this.busy = true;
    try {
      this.chats = (await get(`/sandbox/users/${this.person.id}/chats`)).chats;
      this.showList();
      if (this.openKey) await this.showChat();
    } catch (error) {
      if (this.node.isConnected) this.failed(error);
    } finally {
      this.busy = false;
      if (this.again) { this.again = false; this.refresh(); }
    }
  }

  showList() {
    this.list.replaceChildren(...this.chats.map((chat) => el("li", {},
      el("button.chats__item", { type: "button", "aria-current": String(chat.key === this.openKey), onclick: () => this.open(chat.key) },
        avatar(chat.chat_id, chat.title),
        el("span.chats__text", {}, el("b", {}, chat.type === "channel" ? `📢 ${chat.title}` : chat.title), el("small", {}, ACTIONS[chat.action] || summary(chat.last).slice(0, 60))),
        el("span.chats__side", {}, chat.last ? clockTime(chat.last.date) : "", chat.unread ? el("i.unread", {}, String(chat.unread)) : null)))));
  }

  async open(key) {
    this.openKey = key;
    this.topic = 0;
    this.atEnd = true;
    this.composer.setMode(null);
    this.node.classList.add("pane--chat");
    this.chatView.hidden = false;
    await this.refresh();
  }

  openTopic(thread) {
    this.topic = thread;
    this.atEnd = true;
    this.refresh();
  }

  close() {
    this.openKey = null;
    this.chatView.hidden = true;
    this.node.classList.remove("pane--chat");
    this.showList();
  }

  async showChat() {
    const chat = this.chat();
    if (!chat) { this.close(); return; }
    const { messages } = await get(`/sandbox/users/${this.person.id}/chats/${chat.chat_id}/messages?deleted=0`);
    if (chat.unread) act(this.person.id, "read", { chat_id: chat.chat_id }).catch(() => {});
    if (chat.unread) { chat.unread = 0; this.showList(); }
    const under = chat.action ? ACTIONS[chat.action] || "busy…" : chat.type === "private" ? "bot" : `${chat.members} ${chat.type === "channel" ? "subscribers" : "members"}`;
    this.title.replaceChildren(avatar(chat.chat_id, chat.title), el("span", {}, el("b", {}, chat.title), el("small", {}, under)));
    this.showTopics(chat);
    this.showPinned(chat, messages);
    const stick = this.isAtEnd();
    this.composer.show(chat);
    this.fill(chat, messages.filter((message) => !this.topic || message.message_thread_id === this.topic), stick);
  }

  showTopics(chat) {
    this.topics.hidden = !chat.topics.length;
    const tab = (name, thread) => el("button", { type: "button", "aria-pressed": String(this.topic === thread), onclick: () => this.openTopic(thread) }, name);
    this.topics.replaceChildren(tab("All", 0), ...chat.topics.map((topic) => tab(`${topic.closed ? "🔒 " : ""}${topic.name}`, topic.message_thread_id)));
  }

  showPinned(chat, messages) {
    const last = messages.find((message) => message.message_id === chat.pinned[chat.pinned.length - 1]);
    this.pinned.hidden = !last;
    if (!last) return;
    this.pinned.replaceChildren(el("b", {}, "Pinned"), ` ${summary(last).slice(0, 60)}`);
    this.pinned.onclick = () => this.messages.querySelector(`[data-id="${last.message_id}"]`)?.scrollIntoView({ block: "center" });
  }

  /** Whether the newest message is in view. Asked before the bot's keyboard changes the height of the messages. */
  isAtEnd() {
    const box = this.messages;
    return this.atEnd || box.scrollHeight - box.scrollTop - box.clientHeight < 60;
  }

  fill(chat, messages, stick) {
    const box = this.messages;
    const kind = { channel: chat.type === "channel", group: chat.type.endsWith("group") };
    const nodes = messages.map((message) => bubble(message, kind, this.acts()));
    if (chat.draft?.text) nodes.push(el("article.message.message--draft", {}, el("div.bubble", {}, el("div.text", {}, chat.draft.text))));
    if (!nodes.length) nodes.push(el("div.empty", {}, chat.description || "No messages yet"));
    box.replaceChildren(...nodes);
    if (stick) box.scrollTop = box.scrollHeight;
    this.atEnd = false;
  }

  acts() {
    return {
      press: (message, button, node) => this.press(message, button, node),
      react: (message, emoji) => this.tryAct("react", { message_id: message.message_id, emoji }),
      reply: (message) => this.composer.setMode({ kind: "reply", message }),
      edit: (message) => this.composer.setMode({ kind: "edit", message }),
      remove: (message) => this.tryAct("delete", { message_id: message.message_id }),
      vote: (message, options) => this.tryAct("vote", { message_id: message.message_id, options }),
      command: (_kind, command) => this.composer.say({ text: command }),
      forward: (message) => this.forward(message),
    };
  }

  forward(message) {
    const from = this.chat().chat_id;
    const targets = this.chats.filter((chat) => chat.can_write);
    const sheet = el("div.sheet", { role: "dialog", "aria-label": "Forward to" }, el("h3", {}, "Forward to"),
      targets.map((chat) => el("button.sheet__row", { type: "button", onclick: async () => {
        sheet.remove();
        await this.tryAct("send", { chat_id: chat.chat_id, forward_from: { chat_id: from, message_id: message.message_id } });
      } }, chat.title)), el("button.sheet__row", { type: "button", onclick: () => sheet.remove() }, "Cancel"));
    this.node.append(sheet);
  }

  async press(message, button, node) {
    const place = { chat_id: this.chat().chat_id, message_id: message.message_id };
    if (button.pay) { paymentSheet(this, place); return; }
    if (button.url) { this.openLink(button.url); return; }
    if (button.copy_text) { navigator.clipboard?.writeText(button.copy_text.text); toast(this.node, "Copied"); return; }
    if (button.web_app) { this.openWebApp({ ...place, button: button.text, source: "inline_button" }); return; }
    node.classList.add("key--waiting");
    const answer = await this.tryAct("press", { ...place, button: button.text, ...(button.callback_data ? { callback_data: button.callback_data } : {}) });
    node.classList.remove("key--waiting");
    if (!answer) return;
    if (answer.answered === false) toast(this.node, "The bot did not answer");
    if (answer.text) toast(this.node, answer.text, answer.show_alert);
    if (answer.url) this.openLink(answer.url);
  }

  /** Follows a link as the client does: deep links to bots and chats stay inside. */
  async openLink(url) {
    const match = /^(?:https?:\/\/t\.me\/|tg:\/\/resolve\?domain=)([A-Za-z0-9_]+)(?:[?&/](.*))?$/.exec(url);
    if (/^https?:\/\/t\.me\/\$/.test(url)) { paymentSheet(this, { invoice_link: url }); return; }
    if (/^https?:\/\/t\.me\/\+/.test(url)) { await this.tryAct("join", { invite_link: url }); return; }
    if (!match) { window.open(url, "_blank", "noopener"); return; }
    const rest = new URLSearchParams(match[2] || "");
    const chat = this.chats.find((item) => item.username?.toLowerCase() === match[1].toLowerCase());
    if (!chat) { await this.tryAct("join", { chat_id: `@${match[1]}` }); return; }
    await this.open(chat.key);
    if (rest.has("startapp")) this.openWebApp({ source: "link", start_param: rest.get("startapp") });
    else if (rest.has("start")) await this.tryAct("start", { payload: rest.get("start") });
  }

  async openWebApp(facts) {
    const opened = await this.tryAct("open_webapp", { theme: this.page.theme, platform: "weba", ...facts });
    if (opened) this.showWebApp(opened);
  }

  showWebApp(opened) {
    this.app?.close(true);
    this.app = new MiniApp(this, opened);
    this.node.append(this.app.node);
  }
}
