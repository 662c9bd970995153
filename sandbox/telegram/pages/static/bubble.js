/** One message on the screen. */

import { attachments, money, service, summary } from "./attachments.js";
import { clockTime, el } from "./dom.js";
import { formatted } from "./entities.js";

const QUICK = ["👍", "❤", "🔥", "😁", "🙏", "😢"];

function origin(forward) {
  const name = forward.sender_user?.first_name || forward.sender_user_name || forward.chat?.title || forward.sender_chat?.title || "somebody";
  return el("div.forwarded", {}, "Forwarded from ", el("b", {}, name));
}

function buttonLabel(button, message) {
  if (button.pay) return message.invoice_paid ? "Receipt" : button.text;
  const marks = { url: "\u00a0↗", web_app: "\u00a0▢", switch_inline_query: "\u00a0↪", copy_text: "\u00a0▣" };
  const kind = Object.keys(marks).find((name) => name in button);
  return button.text + (kind ? marks[kind] : "");
}

function keyboard(message, on) {
  const rows = message.reply_markup?.inline_keyboard || [];
  const shown = message.invoice && !rows.some((row) => row.some((button) => button.pay))
    ? [[{ text: `Pay ${money(message.invoice.total_amount, message.invoice.currency)}`, pay: true }], ...rows]
    : message.game_button ? [[{ text: message.game_button }], ...rows] : rows;
  return shown.map((row) => el("div.keys", {}, row.map((button) =>
    el(`button.key${button.style ? `.key--${button.style}` : ""}`, { type: "button", onclick: (event) => on.press(message, button, event.currentTarget) }, buttonLabel(button, message)))));
}

function menu(message, on) {
  const items = [
    el("div.menu__emoji", {}, QUICK.map((emoji) => el("button", { type: "button", "aria-label": `React ${emoji}`, onclick: () => on.react(message, emoji) }, emoji))),
    el("button", { type: "button", onclick: () => on.reply(message) }, "Reply"),
    el("button", { type: "button", onclick: () => on.forward(message) }, "Forward"),
    message.out && (message.text || message.caption !== undefined) && !message.forward_origin
      ? el("button", { type: "button", onclick: () => on.edit(message) }, "Edit") : null,
    el("button.menu__danger", { type: "button", onclick: () => on.remove(message) }, "Delete"),
  ];
  return el("details.menu", {}, el("summary", { "aria-label": "Message actions" }, "⋯"), el("div.menu__list", {}, items));
}

function reactionRow(message, on) {
  if (!message.reactions.length) return null;
  const mine = message.my_reactions.map((reaction) => reaction.emoji);
  return el("div.reactions", {}, message.reactions.map(({ type, total_count: count }) =>
    el("button.reaction", { type: "button", "aria-pressed": String(mine.includes(type.emoji)), onclick: () => on.react(message, mine.includes(type.emoji) ? "" : type.emoji) },
      `${type.emoji || "✨"} ${count > 1 ? count : ""}`)));
}

/** `on` holds the acts: press, react, reply, forward, edit, remove, vote, command. */
export function bubble(message, { channel, group }, on) {
  if (message.service) return el("div.notice-line", { dataset: { id: message.message_id } }, service(message));
  const text = message.text ?? message.caption;
  const body = el("div.bubble", {},
    group && !message.out ? el("div.author", {}, message.sender_chat?.title || message.from?.first_name || "Deleted account") : null,
    channel ? el("div.author", {}, message.chat.title) : null,
    message.via_bot ? el("div.forwarded", {}, `via @${message.via_bot.username}`) : null,
    message.forward_origin ? origin(message.forward_origin) : null,
    message.reply_to_message || message.external_reply
      ? el("div.quoted", {}, el("b", {}, message.reply_to_message?.from?.first_name || "Reply"), el("span", {}, message.quote?.text || summary(message.reply_to_message || message.external_reply).slice(0, 80)))
      : null,
    attachments(message, (options) => on.vote(message, options)),
    text ? el("div.text", {}, formatted(text, message.entities || message.caption_entities, on.command)) : null,
    reactionRow(message, on),
    el("div.meta", {}, message.author_signature ? `${message.author_signature} · ` : "", message.edit_date ? "edited " : "", clockTime(message.date), message.out ? " ✓" : ""));
  body.append(menu(message, on));
  return el(message.out && !channel ? "article.message.message--out" : "article.message", { dataset: { id: message.message_id } }, body, keyboard(message, on));
}
