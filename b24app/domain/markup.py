"""Reading the BB codes that texts are kept in: to plain text for masking, to Telegram HTML for chats. Pure.

Only codes that stand in a closed pair mean anything; everything else is what a person typed. The invisible joiner with which a
typed bracket was kept from being a code is taken away.
"""

from __future__ import annotations

import re
from html import escape

JOINER = "\u2060"
_HTML_TAGS = {"b": "b", "i": "i", "u": "u", "s": "s", "code": "code", "quote": "blockquote"}
_DROPPED = ("color", "size", "font", "user", "chat")
_PAIR = re.compile(
    r"\[(?P<tag>b|i|u|s|code|quote|url|color|size|font|user|chat)(?:=(?P<value>[^\]\n]*))?\](?P<inside>.*?)\[/(?P=tag)\]",
    re.IGNORECASE | re.DOTALL,
)
_BREAK = re.compile(r"\[br\s*/?\]", re.IGNORECASE)
_DEEPEST = 8


def escape_codes(text: str) -> str:
    """Make plain text safe inside BB codes."""
    return re.sub(r"\[(?=[/*]?[a-z])", f"[{JOINER}", text, flags=re.IGNORECASE)


def to_plain(source: str) -> str:
    """Give the text without its codes; a link keeps its address beside its words."""
    return _typed(_without(_BREAK.sub("\n", source), _DEEPEST))


def _without(source: str, depth: int) -> str:
    def inside(pair: re.Match[str]) -> str:
        words = _without(pair["inside"], depth - 1) if depth else pair["inside"]
        address = pair["value"] if pair["tag"].lower() == "url" else None
        return f"{words} ({address})" if address and address != words else words

    return _PAIR.sub(inside, source)


def to_html(source: str) -> str:
    """Give Telegram HTML; nothing a person typed becomes a tag."""
    return _html(_BREAK.sub("\n", source), _DEEPEST)


def _html(source: str, depth: int) -> str:
    out: list[str] = []
    at = 0
    for pair in _PAIR.finditer(source) if depth else ():
        out.append(escape(_typed(source[at : pair.start()]), quote=False))
        out.append(_tagged(pair, _html(pair["inside"], depth - 1)))
        at = pair.end()
    out.append(escape(_typed(source[at:]), quote=False))
    return "".join(out)


def _tagged(pair: re.Match[str], inside: str) -> str:
    tag = pair["tag"].lower()
    if tag in _DROPPED:
        return inside
    if tag != "url":
        return f"<{_HTML_TAGS[tag]}>{inside}</{_HTML_TAGS[tag]}>"
    address = pair["value"] or _typed(pair["inside"])
    if not re.match(r"(?:https?|tg)://", address, re.IGNORECASE):
        return inside
    return f'<a href="{escape(address)}">{inside}</a>'


def _typed(text: str) -> str:
    return text.replace(JOINER, "")
