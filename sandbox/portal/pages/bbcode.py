"""BB codes of messages and comments as HTML. Everything that is not a known code stays text."""

from __future__ import annotations

import re

from markupsafe import escape

_PAIRS = {"b": "strong", "i": "em", "u": "u", "s": "s", "code": "code", "quote": "blockquote", "p": "p"}
_SIMPLE = re.compile(r"\[(/?)(b|i|u|s|code|quote|p)\]", re.IGNORECASE)
_BREAK = re.compile(r"\[br\]|#BR#", re.IGNORECASE)
_LINK = re.compile(r"\[url(?:=([^\]]+))?\](.*?)\[/url\]", re.IGNORECASE | re.DOTALL)
_PERSON = re.compile(r"\[user=(\d+)[^\]]*\](.*?)\[/user\]", re.IGNORECASE | re.DOTALL)
_DROPPED = re.compile(r"\[/?(?:color|size|font|list|img|icon|send|put|call|disk file id)\b[^\]]*\]", re.IGNORECASE)
_POINT = re.compile(r"\[\*\]")
_ADDRESS = re.compile(r"(?<![\"=>\w])(https?://[^\s<\[\]]+)")
_SAFE = ("http://", "https://", "/", "tg://", "mailto:", "tel:")


def html(text: object) -> str:
    """Safe HTML of the text: everything is escaped first, then known codes become elements; what stays open is closed."""
    escaped = str(escape(str(text or "")))
    escaped = _BREAK.sub("\n", _POINT.sub("• ", _DROPPED.sub("", escaped)))
    escaped = _LINK.sub(_link, escaped)
    escaped = _PERSON.sub(r'<span class="person">\2</span>', escaped)
    escaped = _ADDRESS.sub(r'<a href="\1" target="_blank" rel="noopener">\1</a>', escaped)
    return _balanced(escaped).replace("\n", "<br>")


def _link(found: re.Match[str]) -> str:
    address, shown = (found[1] or found[2]).strip(), found[2].strip()
    if not address.lower().startswith(_SAFE):
        return shown
    target = "" if address.startswith("/") else ' target="_blank" rel="noopener"'
    return f'<a href="{address}"{target}>{shown.replace("://", ":&#47;&#47;")}</a>'


def _balanced(text: str) -> str:
    opened: list[str] = []

    def turn(found: re.Match[str]) -> str:
        tag = _PAIRS[found[2].lower()]
        if not found[1]:
            opened.append(tag)
            return f"<{tag}>"
        if not opened or opened[-1] != tag:
            return ""
        opened.pop()
        return f"</{tag}>"

    turned = _SIMPLE.sub(turn, text)
    return turned + "".join(f"</{tag}>" for tag in reversed(opened))
