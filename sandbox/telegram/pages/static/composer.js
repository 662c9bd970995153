/** The input line: text, files, answers and edits, commands, the bot's keyboard and menu. */

import { act, postForm } from "./api.js";
import { summary } from "./attachments.js";
import { el } from "./dom.js";

const kindOf = (file) => {
  if (/^image\/(png|jpe?g|webp)$/.test(file.type)) return "photo";
  if (file.type.startsWith("video/")) return "video";
  if (file.type.startsWith("audio/")) return "audio";
  return "document";
};

export class Composer {
  /** `pane` offers: person, chat(), failed(error), openWebApp(facts), refresh(). */
  constructor(pane) {
    this.pane = pane;
    this.mode = null;
    this.field = el("textarea.input", { rows: 1, placeholder: "Message", "aria-label": "Message", onkeydown: (event) => this.key(event), oninput: () => this.grow() });
    this.files = el("input", { type: "file", multiple: true, hidden: true, onchange: () => this.sendFiles() });
    this.about = el("div.about", { hidden: true });
    this.menuButton = el("button.input-menu", { type: "button", hidden: true });
    this.commands = el("div.commands", { hidden: true });
    this.keys = el("div.reply-keys", { hidden: true });
    this.attach = el("details.attach", {}, el("summary", { "aria-label": "Attach" }, "📎"), el("div.menu__list", {},
      this.choice("File or photo", () => this.files.click()),
      this.choice("Sample photo", () => this.say({ photo: true, caption: this.take() })),
      this.choice("Voice message", () => this.say({ voice: true })),
      this.choice("Location", () => this.say({ location: { latitude: 41.311081, longitude: 69.240562 } })),
      this.choice("My contact", () => this.say({ contact: true })),
      this.choice("Sticker", () => this.say({ sticker: true }))));
    this.send = el("button.send", { type: "submit", "aria-label": "Send" }, "➤");
    this.form = el("form.composer", { onsubmit: (event) => { event.preventDefault(); this.submit(); } },
      this.about, this.commands, el("div.composer__row", {}, this.menuButton, this.attach, this.field, this.send), this.keys, this.files);
    this.closed = el("div.composer.composer--closed", { hidden: true });
    this.node = el("div.composer-host", {}, this.form, this.closed);
  }

  choice(label, run) {
    return el("button", { type: "button", onclick: () => { this.attach.open = false; run(); } }, label);
  }

  take() {
    const text = this.field.value.trim();
    this.field.value = "";
    this.grow();
    return text;
  }

  grow() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 140)}px`;
  }

  key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape") this.setMode(null);
  }

  /** Answering or editing: {kind: "reply" | "edit", message}. */
  setMode(mode) {
    this.mode = mode;
    this.about.hidden = !mode;
    if (!mode) return;
    this.about.replaceChildren(el("span", {}, el("b", {}, mode.kind === "edit" ? "Edit" : "Reply"), ` ${summary(mode.message).slice(0, 60)}`),
      el("button", { type: "button", "aria-label": "Cancel", onclick: () => { this.setMode(null); this.take(); } }, "✕"));
    if (mode.kind === "edit") this.field.value = mode.message.text || mode.message.caption || "";
    this.field.focus();
  }

  async submit() {
    const text = this.take();
    if (!text) return;
    const mode = this.mode;
    if (mode?.kind === "edit") await this.run("edit", { message_id: mode.message.message_id, text });
    else await this.say({ text });
  }

  async say(content) {
    const reply = this.mode?.kind === "reply" ? { reply_to: this.mode.message.message_id } : {};
    await this.run("send", { ...content, ...reply });
  }

  async run(what, body) {
    const chat = this.pane.chat();
    this.setMode(null);
    try {
      const topic = this.pane.topic ? { message_thread_id: this.pane.topic } : {};
      return await act(this.pane.person.id, what, { chat_id: chat.chat_id, ...topic, ...body });
    } catch (error) {
      this.pane.failed(error);
      return null;
    }
  }

  async sendFiles() {
    const chosen = [...this.files.files];
    this.files.value = "";
    const caption = this.take();
    for (const [index, file] of chosen.entries()) {
      const kind = kindOf(file);
      try {
        await postForm(`/sandbox/users/${this.pane.person.id}/send`, {
          chat_id: String(this.pane.chat().chat_id), [kind]: file, caption: index ? "" : caption,
        });
      } catch (error) { this.pane.failed(error); }
    }
  }

  /** Shows what the chat allows now. */
  show(chat) {
    const needsStart = chat.type === "private" && !chat.started;
    const closedText = chat.blocked ? "Unblock" : needsStart ? "Start" : "";
    this.form.hidden = Boolean(closedText) || !chat.can_write;
    this.closed.hidden = !this.form.hidden;
    if (closedText) this.closed.replaceChildren(el("button.start", { type: "button", onclick: () => this.run(chat.blocked ? "unblock" : "start", {}) }, closedText));
    else this.closed.replaceChildren(el("span.muted", {}, chat.type === "channel" ? "You read this channel" : "You can't write here"));
    this.showMenu(chat);
    this.showKeys(chat.reply_keyboard);
  }

  showMenu(chat) {
    const menu = chat.menu_button || {};
    const commands = chat.commands || [];
    const isApp = menu.type === "web_app";
    this.menuButton.hidden = !isApp && !commands.length;
    this.menuButton.textContent = isApp ? menu.text : "☰";
    this.menuButton.onclick = isApp
      ? () => this.pane.openWebApp({ source: "menu" })
      : () => { this.commands.hidden = !this.commands.hidden; };
    this.commands.replaceChildren(...commands.map(({ command, description }) =>
      el("button", { type: "button", onclick: () => { this.commands.hidden = true; this.say({ text: `/${command}` }); } }, el("b", {}, `/${command}`), ` ${description}`)));
  }

  showKeys(facts) {
    const rows = facts?.kind === "keyboard" && !facts.hidden ? facts.keyboard : [];
    this.keys.hidden = !rows.length;
    this.field.placeholder = facts?.input_field_placeholder || "Message";
    this.keys.replaceChildren(...rows.map((row) => el("div.keys", {}, row.map((button) =>
      el("button.key", { type: "button", onclick: () => this.pressKey(button) }, button.text)))));
  }

  async pressKey(button) {
    const result = await this.run("press", { button: button.text });
    if (result?.kind === "web_app") this.pane.showWebApp(result);
  }
}
