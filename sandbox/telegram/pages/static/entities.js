/** Formatted text: entities count UTF-16 units, exactly as JavaScript strings do. */

import { el } from "./dom.js";

const PLAIN = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", blockquote: "blockquote" };

function wrap(entity, children, onAction) {
  const covered = children.map((child) => child.textContent ?? child).join("");
  if (entity.type in PLAIN) return el(PLAIN[entity.type], {}, children);
  switch (entity.type) {
    case "pre":
      return el("pre", { dataset: { language: entity.language || "" } }, el("code", {}, children));
    case "expandable_blockquote":
      return el("blockquote.folded", { onclick: (event) => event.currentTarget.classList.toggle("folded") }, children);
    case "spoiler":
      return el("span.spoiler", { onclick: (event) => event.currentTarget.classList.add("open") }, children);
    case "text_link":
      return el("a", { href: entity.url, target: "_blank", rel: "noopener noreferrer" }, children);
    case "url":
      return el("a", { href: /^[a-z]+:\/\//i.test(covered) ? covered : `http://${covered}`, target: "_blank", rel: "noopener noreferrer" }, children);
    case "email":
      return el("a", { href: `mailto:${covered}` }, children);
    case "phone_number":
      return el("a", { href: `tel:${covered}` }, children);
    case "bot_command":
      return el("button.linklike", { type: "button", onclick: () => onAction("command", covered) }, children);
    case "mention":
    case "hashtag":
    case "cashtag":
    case "text_mention":
      return el("span.mention", {}, children);
    default:
      return el("span", {}, children);
  }
}

/** Text and entities to nodes; entities nest, outer ones come first. */
export function formatted(text, entities = [], onAction = () => {}) {
  const build = (from, to, inside) => {
    const nodes = [];
    let at = from;
    for (let index = 0; index < inside.length; ) {
      const entity = inside[index];
      const end = entity.offset + entity.length;
      if (entity.offset > at) nodes.push(text.slice(at, entity.offset));
      let next = index + 1;
      while (next < inside.length && inside[next].offset < end) next += 1;
      nodes.push(wrap(entity, build(entity.offset, end, inside.slice(index + 1, next)), onAction));
      at = Math.max(at, end);
      index = next;
    }
    if (at < to) nodes.push(text.slice(at, to));
    return nodes;
  };
  return build(0, text.length, entities);
}
