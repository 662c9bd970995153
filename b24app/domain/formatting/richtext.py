"""Text with spans: the middle form between Telegram entities, BB codes and Telegram HTML.

Used by the converters of this package. Positions are code points. Pure; knows neither network.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

KINDS = ("quote", "link", "bold", "italic", "underline", "strike", "spoiler", "code", "pre")
"""Every kind of span, outermost first where two cover the same text."""

_RANK = {kind: rank for rank, kind in enumerate(KINDS)}
_OF_WHOLE_LINES = frozenset({"quote", "pre"})
_IN_LINKS = str.maketrans({char: f"%{ord(char):02X}" for char in ' "<>[]'})
_SAFE_LINK = re.compile(r"https?://[^\s\[\]<>\"]+", re.IGNORECASE)


class Span(NamedTuple):
    """One kind of formatting over `text[start:end]`; `value` is the address of a link."""

    kind: str
    start: int
    end: int
    value: str = ""


class RichText(NamedTuple):
    """A text and its spans in canonical form (see `canonical`)."""

    text: str
    spans: tuple[Span, ...] = ()


def canonical(text: str, spans: Iterable[Span]) -> RichText:
    """Give the one form that equal formatting has, whatever the spans looked like.

    Spans are cut to the text; equal neighbours are joined; links never overlap and are http(s) only; quotes are whole
    lines; code holds nothing else and is `pre` exactly when it has several lines.
    """
    inside = [cut for span in spans if (cut := _cut(span, len(text)))]
    if not inside:
        return RichText(text)
    if _is_canonical(text, inside):
        return RichText(text, tuple(inside))
    by_kind: dict[str, list[Span]] = {}
    for span in inside:
        by_kind.setdefault("code" if span.kind == "pre" else span.kind, []).append(span)
    quotes = _joined(_whole_lines(text, span) for span in by_kind.pop("quote", []))
    codes = list(_codes(text, by_kind.pop("code", []), quotes))
    links = _apart(sorted(by_kind.pop("link", []), key=lambda span: span.start))
    plain = [joined for kind in by_kind for joined in _joined(by_kind[kind])]
    kept = [piece for span in [*_joined(links), *plain] for piece in _without(span, codes)]
    return RichText(text, tuple(sorted([*quotes, *codes, *kept], key=_order)))


def _is_canonical(text: str, spans: list[Span]) -> bool:
    """Tell whether spans lie apart and in order, each fine by itself: the form of most messages, worth no further look."""
    end = -1
    for kind, start, until, _ in spans:
        if start <= end or kind in _OF_WHOLE_LINES or (kind == "code" and "\n" in text[start:until]):
            return False
        end = until
    return True


def is_flat(rich: RichText) -> bool:
    """Tell whether no span of a rich text covers a part of another, and none has to begin at a line."""
    end = 0
    for kind, start, until, _ in rich.spans:
        if start < end or kind == "quote":
            return False
        end = until
    return True


def _order(span: Span) -> tuple[int, int, int]:
    return span.start, -span.end, _RANK[span.kind]


def _cut(span: Span, length: int) -> Span | None:
    start, end = max(0, span.start), min(length, span.end)
    if start >= end or span.kind not in _RANK:
        return None
    if span.kind == "link":
        address = span.value.translate(_IN_LINKS)
        return Span("link", start, end, address) if _SAFE_LINK.fullmatch(address) else None
    return Span(span.kind, start, end)


def _whole_lines(text: str, span: Span) -> Span:
    start = text.rfind("\n", 0, span.start) + 1
    last = span.end - 1 if text[span.end - 1] == "\n" else span.end
    end = text.find("\n", max(last, start))
    return Span(span.kind, start, len(text) if end < 0 else end + 1)


def _codes(text: str, spans: list[Span], quotes: list[Span]) -> Iterator[Span]:
    for span in _joined(Span("code", span.start, span.end) for span in spans):
        covered = text[span.start : span.end]
        end = span.start + len(covered.rstrip("\n"))
        if "\n" not in covered.rstrip("\n"):
            yield from [Span("code", span.start, end)] * (end > span.start)
        elif not any(_overlap(span, quote) for quote in quotes):
            yield Span("pre", span.start, end)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        last = joined[-1] if joined else None
        if last and last.end >= span.start and last.value == span.value:
            joined[-1] = Span(last.kind, last.start, max(last.end, span.end), last.value)
        else:
            joined.append(span)
    return joined


def _apart(links: list[Span]) -> list[Span]:
    apart: list[Span] = []
    taken = 0
    for link in links:
        if link.end > taken:
            apart.append(Span("link", max(link.start, taken), link.end, link.value))
            taken = link.end
    return apart


def _without(span: Span, holes: list[Span]) -> Iterator[Span]:
    start = span.start
    for hole in holes:
        if hole.end <= start or hole.start >= span.end:
            continue
        if hole.start > start:
            yield Span(span.kind, start, hole.start, span.value)
        start = hole.end
    if start < span.end:
        yield Span(span.kind, start, span.end, span.value)


class Mark(NamedTuple):
    """The beginning or the end of a span, or a piece of text between two of them, at a position."""

    opens: Span | None
    closes: Span | None
    at: int
    text: str


def walk(rich: RichText) -> Iterator[Mark]:
    """Give a properly nested sequence of openings, texts and endings; crossing spans are closed and opened again."""
    cuts = sorted({0, len(rich.text), *(s.start for s in rich.spans), *(s.end for s in rich.spans)})
    waiting = list(reversed(rich.spans))
    stack: list[Span] = []
    nearest_end = len(rich.text) + 1
    for index, here in enumerate(cuts):
        opening: list[Span] = []
        while nearest_end <= here:
            span = stack.pop()
            yield Mark(None, span, here, "")
            if span.end > here:
                opening.append(span)
            nearest_end = min([one.end for one in stack], default=len(rich.text) + 1)
        while waiting and waiting[-1].start <= here:
            opening.append(waiting.pop())
        if len(opening) > 1:
            opening.sort(key=_nesting)
        for span in opening:
            stack.append(span)
            nearest_end = min(nearest_end, span.end)
            yield Mark(span, None, here, "")
        if index + 1 < len(cuts):
            yield Mark(None, None, here, rich.text[here : cuts[index + 1]])


def _nesting(span: Span) -> tuple[int, int]:
    return -span.end, _RANK[span.kind]
