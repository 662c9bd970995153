/** What a message carries besides text: pictures, files, places, contacts, polls, invoices. */

import { el } from "./dom.js";

const fileUrl = (file) => `/sandbox/files/${file.file_id}`;
const size = (bytes) => (bytes > 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1000))} KB`);

const fileRow = (icon, title, file) =>
  el("a.file", { href: fileUrl(file), target: "_blank", rel: "noopener", download: file.file_name || "" },
    el("span.file__icon", {}, icon), el("span.file__text", {}, el("b", {}, title), el("small", {}, size(file.file_size || 0))));

const picture = (sizes) => {
  const big = sizes[sizes.length - 1];
  return el("img.photo", { src: fileUrl(big), alt: "Photo", loading: "lazy", width: big.width, height: big.height });
};

function poll(message, onVote) {
  const { poll: facts, my_votes: mine = [] } = message;
  const options = facts.options.map((option, number) => {
    const share = facts.total_voter_count ? Math.round((100 * option.voter_count) / facts.total_voter_count) : 0;
    const chosen = mine.includes(number);
    const next = facts.allows_multiple_answers
      ? (chosen ? mine.filter((other) => other !== number) : [...mine, number])
      : (chosen ? [] : [number]);
    return el("button.poll__option", { type: "button", disabled: facts.is_closed, "aria-pressed": String(chosen), onclick: () => onVote(next) },
      el("span", {}, `${chosen ? "✓ " : ""}${option.text}`), el("small", {}, `${share}%`),
      el("i.poll__share", { style: `width:${share}%` }));
  });
  return el("div.poll", {}, facts.media?.photo ? picture(facts.media.photo) : null, el("b", {}, facts.question), el("small.muted", {}, facts.is_closed ? "Final results" : `${facts.total_voter_count} votes`), options);
}

/** Nodes for everything that is not text. */
export function attachments(message, onVote) {
  const nodes = [];
  if (message.photo) nodes.push(picture(message.photo));
  if (message.live_photo) nodes.push(picture(message.live_photo.photo));
  if (message.game) nodes.push(picture(message.game.photo), el("div.invoice", {}, el("b", {}, message.game.title), el("p", {}, message.game.text || message.game.description)));
  if (message.paid_media) nodes.push(el("div.invoice", {}, `🔒 Paid media for ⭐️ ${message.paid_media.star_count}`));
  if (message.animation) nodes.push(el("video.photo", { src: fileUrl(message.animation), autoplay: true, loop: true, muted: true, controls: true }));
  else if (message.video) nodes.push(el("video.photo", { src: fileUrl(message.video), controls: true, preload: "metadata" }));
  else if (message.document) nodes.push(fileRow("📄", message.document.file_name || "File", message.document));
  if (message.video_note) nodes.push(el("video.round", { src: fileUrl(message.video_note), controls: true }));
  if (message.voice) nodes.push(el("div.voice", {}, "🎤 ", el("audio", { src: fileUrl(message.voice), controls: true, preload: "none" })));
  if (message.audio) nodes.push(fileRow("🎵", message.audio.title || message.audio.file_name || "Audio", message.audio));
  if (message.sticker) nodes.push(el("img.sticker", { src: fileUrl(message.sticker), alt: message.sticker.emoji || "Sticker" }));
  if (message.venue) nodes.push(el("div.place", {}, "📍 ", el("b", {}, message.venue.title), ` ${message.venue.address}`));
  else if (message.location) nodes.push(el("div.place", {}, `📍 ${message.location.latitude.toFixed(5)}, ${message.location.longitude.toFixed(5)}`));
  if (message.contact) nodes.push(el("div.place", {}, "👤 ", el("b", {}, `${message.contact.first_name} ${message.contact.last_name || ""}`), ` +${message.contact.phone_number.replace(/^\+/, "")}`));
  if (message.dice) nodes.push(el("div.dice", {}, `${message.dice.emoji} ${message.dice.value}`));
  if (message.poll) nodes.push(poll(message, onVote));
  if (message.invoice) nodes.push(el("div.invoice", {}, el("b", {}, message.invoice.title), el("p", {}, message.invoice.description)));
  return nodes;
}

export function money(amount, currency) {
  if (currency === "XTR") return `⭐️ ${amount}`;
  const digits = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits;
  return new Intl.NumberFormat("en", { style: "currency", currency }).format(amount / 10 ** digits);
}

/** One line for chat lists and quotations. */
export function summary(message) {
  if (!message) return "";
  const kinds = { photo: "🖼 Photo", live_photo: "🖼 Live photo", game: "🎮 Game", gift: "🎁 Gift", video: "📹 Video", animation: "GIF", document: "📄 File", voice: "🎤 Voice message", audio: "🎵 Music", sticker: "Sticker", video_note: "📹 Video message", location: "📍 Location", contact: "👤 Contact", poll: "📊 Poll", invoice: "🧾 Invoice", dice: "🎲", successful_payment: "Payment", paid_media: "Paid media" };
  const kind = Object.keys(kinds).find((name) => name in message);
  return message.text || message.caption || (kind ? kinds[kind] : service(message));
}

/** Notices in words. */
export function service(message) {
  const who = message.from?.first_name || message.chat?.title || "";
  if (message.new_chat_members) return `${message.new_chat_members.map((user) => user.first_name).join(", ")} joined`;
  if (message.left_chat_member) return `${message.left_chat_member.first_name} left`;
  if (message.pinned_message) return `${who} pinned “${summary(message.pinned_message).slice(0, 40)}”`;
  if (message.new_chat_title) return `New title: ${message.new_chat_title}`;
  if (message.new_chat_photo) return "New photo";
  if (message.gift) return `${who} gave you a gift for ${money(message.gift.gift.star_count, "XTR")}${message.gift.text ? `: ${message.gift.text}` : ""}`;
  if (message.migrate_to_chat_id) return "The group became a supergroup";
  if (message.migrate_from_chat_id) return "This supergroup was a group";
  if (message.successful_payment) return `You paid ${money(message.successful_payment.total_amount, message.successful_payment.currency)}`;
  if (message.refunded_payment) return `${money(message.refunded_payment.total_amount, message.refunded_payment.currency)} came back`;
  if (message.web_app_data) return `Data from “${message.web_app_data.button_text}” was sent`;
  if (message.write_access_allowed) return "You allowed this bot to write";
  if (message.forum_topic_created) return `Topic “${message.forum_topic_created.name}”`;
  if (message.forum_topic_edited) return `Topic renamed “${message.forum_topic_edited.name || ""}”`;
  if (message.forum_topic_closed) return "Topic closed";
  if (message.forum_topic_reopened) return "Topic reopened";
  return "Notice";
}
