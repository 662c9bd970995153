"""Telegram's HTML, the form in which services hand over texts for chats.

Source: https://core.telegram.org/bots/api#html-style. Reading is forgiving: what is not a known tag is text, so a text that
somebody forgot to escape is shown as typed instead of being refused. Pure.
"""

from __future__ import annotations

import html
import re

from b24app.domain.formatting.richtext import RichText, Span, canonical, is_flat, walk

_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strike": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "pre": "pre",
    "quote": "blockquote",
    "link": "a",
}
_KINDS = {
    **{tag: kind for kind, tag in _TAGS.items()},
    "strong": "bold",
    "em": "italic",
    "ins": "underline",
    "strike": "strike",
    "del": "strike",
}
_TOKEN = re.compile(
    r"<(?P<close>/?)(?P<name>[a-z][a-z-]*)(?P<rest>\s[^<>]*)?>|&(?:#\d{1,7}|#x[0-9a-f]{1,6}|lt|gt|amp|quot);", re.I
)
_ADDRESS = re.compile(r"href\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)


def to_html(rich: RichText) -> str:
    """Write a rich text as Telegram HTML."""
    if not rich.spans:
        return html.escape(rich.text, quote=False)
    if is_flat(rich):
        return _flat(rich)
    out: list[str] = []
    for mark in walk(rich):
        if mark.opens:
            out.append(_opening(mark.opens))
        elif mark.closes:
            out.append(f"</{_TAGS[mark.closes.kind]}>")
        else:
            out.append(html.escape(mark.text, quote=False))
    return "".join(out)


def _opening(span: Span) -> str:
    return f'<a href="{html.escape(span.value)}">' if span.kind == "link" else f"<{_TAGS[span.kind]}>"


def _flat(rich: RichText) -> str:
    out: list[str] = []
    text, at = rich.text, 0
    for span in rich.spans:
        out += (
            html.escape(text[at : span.start], quote=False),
            _opening(span),
            html.escape(text[span.start : span.end], quote=False),
            f"</{_TAGS[span.kind]}>",
        )
        at = span.end
    return "".join([*out, html.escape(text[at:], quote=False)])


def from_html(source: str) -> RichText:
    """Read Telegram HTML; unknown or unpaired tags stay as text."""
    if "<" not in source and "&" not in source:
        return RichText(source)
    out: list[str] = []
    spans: list[Span] = []
    opened: dict[str, list[tuple[int, str]]] = {}
    length = at = 0
    for token in _TOKEN.finditer(source):
        piece = source[at : token.start()]
        at = token.end()
        name = (token["name"] or "").lower()
        start = length + len(piece)
        if not name:
            piece += html.unescape(token[0])
        elif name not in _KINDS or (token["close"] and not opened.get(name)):
            piece += token[0]
        elif not token["close"]:
            opened.setdefault(name, []).append((start, _address(token["rest"])))
        else:
            begun, address = opened[name].pop()
            spans.append(Span(_KINDS[name], begun, start, address))
        out.append(piece)
        length += len(piece)
    out.append(source[at:])
    return canonical("".join(out), spans)


def _address(attributes: str | None) -> str:
    found = _ADDRESS.search(attributes or "")
    return html.unescape(found[1] or found[2] or "") if found else ""
