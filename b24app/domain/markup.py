"""What is done with the BB codes that texts are kept in: plain text for masking, Telegram HTML for chats. Pure."""

from __future__ import annotations

from b24app.domain.formatting import bbcode, html
from b24app.domain.formatting.richtext import Span, canonical

# What a quote must repeat exactly: https://core.telegram.org/bots/api#replyparameters
_KEPT_IN_QUOTES = frozenset({"bold", "italic", "underline", "strike", "spoiler"})


def escape_codes(text: str) -> str:
    """Make plain text safe inside BB codes."""
    return bbcode.escape(text)


def to_html(source: str) -> str:
    """Give Telegram HTML; nothing a person typed becomes a tag."""
    return html.to_html(bbcode.from_bbcode(source))


def to_plain(source: str) -> str:
    """Give the text without its codes; a link keeps its address beside its words, whatever kind of address it is."""
    text, spans = bbcode.read(source)
    for span in sorted(spans, key=lambda span: span.end, reverse=True):
        if span.kind == "link" and span.value not in ("", text[span.start : span.end]):
            text = f"{text[: span.end]} ({span.value}){text[span.end :]}"
    return text


def quoted_part(source: str, words: str) -> str:
    """Give the Telegram HTML of the part of a text that reads `words`, with its formatting; empty when the text has no such part."""
    rich = bbcode.from_bbcode(source)
    at = rich.text.find(words) if words.strip() else -1
    if at < 0:
        return ""
    spans = [
        Span(span.kind, span.start - at, span.end - at)
        for span in rich.spans
        if span.kind in _KEPT_IN_QUOTES and span.end > at
    ]
    return html.to_html(canonical(words, [span._replace(start=max(0, span.start)) for span in spans]))
