"""Cutting texts that are too long for where they are shown. Pure."""

from __future__ import annotations


def shortened(text: str, limit: int) -> str:
    """Cut a text with an ellipsis when it is longer than `limit` characters: at a blank, unless that would leave next to nothing."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    words = head.rsplit(" ", 1)[0]
    return (words if 3 * len(words) >= limit else head).rstrip(",.;: ") + "…"
