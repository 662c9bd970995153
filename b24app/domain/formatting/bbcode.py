"""BB codes, the formatting of Bitrix24 chats and of every text that we keep.

Codes: https://apidocs.bitrix24.com (chats, message formatting). What a person typed never becomes a code: a bracket that
would open one, a line that would be a quote and a ruler get an invisible joiner, which reading takes away again.
Spoilers have no code of their own and are written in grey. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from b24app.domain.formatting.richtext import RichText, Span, canonical, is_flat, walk

JOINER = "\u2060"
_GREY = "#8a8a8a"
_TAGS = {"bold": "b", "italic": "i", "underline": "u", "strike": "s", "code": "code", "pre": "code"}
_OPENING = {"quote": "", "spoiler": f"[color={_GREY}]", **{kind: f"[{tag}]" for kind, tag in _TAGS.items()}}
_CLOSING = {"quote": "", "spoiler": "[/color]", "link": "[/url]", **{kind: f"[/{tag}]" for kind, tag in _TAGS.items()}}
_KINDS = {"b": "bold", "i": "italic", "u": "underline", "s": "strike"}
_TRANSPARENT = frozenset({"user", "chat", "context", "put", "send", "call", "size", "color", "img", "font"})
_SILENT = frozenset({"icon", "disk"})

_BREAK = re.compile(r"\[br\s*/?\]", re.IGNORECASE)
_LOOKS_LIKE_CODE = re.compile(
    rf"(\[{JOINER}*)(?=[/*]?[a-z])|(>{JOINER}*)(?=>)|(-{{3}}{JOINER}*)(?=-{{3}})", re.IGNORECASE
)
_GUARDED = re.compile(
    rf"(\[{JOINER}*){JOINER}(?=[/*]?[a-z])|(>{JOINER}*){JOINER}(?=>)|(-{{3}}{JOINER}*){JOINER}(?=-{{3}})", re.IGNORECASE
)
_CODE = re.compile(r"\[(/?)code\]", re.IGNORECASE)
_TOKEN = re.compile(
    r"\[(?P<close>/?)(?P<name>[a-z]+)(?P<value>[= ][^\[\]\n]*)?\]|^(?P<quote>>>)", re.IGNORECASE | re.MULTILINE
)
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_NEEDS_READING = re.compile(rf"\[|>>|{JOINER}")


def escape(text: str) -> str:
    """Make plain text safe inside BB codes."""
    if "[" not in text and ">" not in text and "---" not in text:
        return text
    return _LOOKS_LIKE_CODE.sub(rf"\g<0>{JOINER}", text)


def _unescape(text: str) -> str:
    return _GUARDED.sub(lambda found: found[0][:-1], text) if JOINER in text else text


def to_bbcode(rich: RichText) -> str:
    """Write a rich text with BB codes."""
    if not rich.spans:
        return escape(rich.text)
    if is_flat(rich):
        return _flat(rich)
    starts = {at for span in rich.spans if span.kind == "quote" for at in _line_starts(rich.text, span)}
    out: list[str] = []
    for mark in walk(rich):
        if mark.at in starts:
            starts.remove(mark.at)
            out.append(">>")
        if mark.opens:
            out.append(_opening(mark.opens))
        elif mark.closes:
            out.append(_CLOSING[mark.closes.kind])
        elif starts:
            out.append(_quoted_lines(mark.text, mark.at, starts))
        else:
            out.append(escape(mark.text))
    return "".join(out)


def _flat(rich: RichText) -> str:
    out: list[str] = []
    text, at = rich.text, 0
    for span in rich.spans:
        out += (escape(text[at : span.start]), _opening(span), escape(text[span.start : span.end]), _CLOSING[span.kind])
        at = span.end
    return "".join([*out, escape(text[at:])])


def _quoted_lines(text: str, at: int, starts: set[int]) -> str:
    out = []
    for line in _LINES.findall(text):
        if at in starts:
            starts.remove(at)
            out.append(">>")
        out.append(escape(line))
        at += len(line)
    return "".join(out)


def _line_starts(text: str, quote: Span) -> Iterator[int]:
    at = quote.start
    while at < quote.end:
        yield at
        following = text.find("\n", at, quote.end)
        if following < 0:
            return
        at = following + 1


def _opening(span: Span) -> str:
    return f"[url={span.value}]" if span.kind == "link" else _OPENING[span.kind]


def from_bbcode(source: str) -> RichText:
    """Read BB codes; codes without meaning outside Bitrix24 leave their text, unknown or unpaired ones stay as typed."""
    text, spans = read(source)
    return canonical(text, spans)


def read(source: str) -> tuple[str, list[Span]]:
    """Give the text of BB codes and the spans they make as they stand: links to anything, overlaps and all."""
    if not _NEEDS_READING.search(source):
        return source, []
    reader = _Reader()
    source = _BREAK.sub("\n", source)
    at = 0
    opened: re.Match[str] | None = None
    for tag in _CODE.finditer(source):
        if not tag[1]:
            opened = opened or tag
        elif opened:
            reader.read(source[at : opened.start()])
            reader.code(source[opened.end() : tag.start()])
            at, opened = tag.end(), None
    reader.read(source[at:])
    return reader.result()


@dataclass(slots=True)
class _Tag:
    name: str
    value: str
    raw: str
    closing: bool
    partner: int = -1


class _Reader:
    """Collects texts and tags of one source, then pairs the tags and measures the spans."""

    def __init__(self) -> None:
        self._parts: list[str | _Tag] = []
        self._open: dict[str, list[int]] = {}
        self._line_begins = True

    def read(self, source: str) -> None:
        at = 0
        for token in _TOKEN.finditer(source):
            self._text(source[at : token.start()])
            at = token.end()
            if token["quote"]:
                self._quote_or_text(token)
            else:
                self._tag(token)
        self._text(source[at:])

    def code(self, source: str) -> None:
        self._parts.append(_Tag("code", "", "[code]", closing=False, partner=len(self._parts) + 2))
        self._parts.append(_unescape(source))
        self._parts.append(_Tag("code", "", "[/code]", closing=True, partner=len(self._parts) - 2))
        self._line_begins = False

    def _text(self, source: str) -> None:
        if source:
            self._parts.append(_unescape(source))
            self._line_begins = source.endswith("\n")

    def _quote_or_text(self, token: re.Match[str]) -> None:
        if token.start() == 0 and not self._line_begins:
            self._text(token[0])
        else:
            self._parts.append(_Tag("quote", "", token[0], closing=False, partner=0))

    def _tag(self, token: re.Match[str]) -> None:
        name = token["name"].lower()
        known = name in _KINDS or name in _TRANSPARENT or name == "url"
        if name in _SILENT:
            return
        if not known or (name in _KINDS and token["value"]):
            self._text(token[0])
            return
        tag = _Tag(name, (token["value"] or "")[1:].strip(), token[0], closing=bool(token["close"]))
        if tag.closing and self._open.get(name):
            tag.partner = self._open[name].pop()
            opened = self._parts[tag.partner]
            if isinstance(opened, _Tag):
                opened.partner = len(self._parts)
        elif not tag.closing:
            self._open.setdefault(name, []).append(len(self._parts))
        self._parts.append(tag)
        self._line_begins = False

    def result(self) -> tuple[str, list[Span]]:
        out: list[str] = []
        length = 0
        begins: dict[int, int] = {}
        spans: list[Span] = []
        for index, part in enumerate(self._parts):
            if isinstance(part, str) or part.partner < 0:
                out.append(part if isinstance(part, str) else part.raw)
                length += len(out[-1])
            elif part.name == "quote":
                spans.append(Span("quote", length, length + 1))
            elif not part.closing:
                begins[index] = length
            elif isinstance(opened := self._parts[part.partner], _Tag):
                spans.append(_span(opened, begins[part.partner], length, out))
        return "".join(out), spans


def _tail(out: list[str], length: int) -> str:
    pieces: list[str] = []
    for piece in reversed(out):
        if length <= 0:
            break
        pieces.append(piece)
        length -= len(piece)
    return "".join(reversed(pieces))


def _span(opened: _Tag, start: int, end: int, out: list[str]) -> Span:
    if opened.name == "url":
        return Span("link", start, end, opened.value or _tail(out, end - start))
    if opened.name == "color" and opened.value.lower() == _GREY:
        return Span("spoiler", start, end)
    return Span("code" if opened.name == "code" else _KINDS.get(opened.name, ""), start, end)
