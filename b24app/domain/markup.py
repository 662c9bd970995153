"""What is done with the BB codes that texts are kept in: plain text for masking, Telegram HTML for chats. Pure."""

from __future__ import annotations

from b24app.domain.formatting import bbcode, html


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
