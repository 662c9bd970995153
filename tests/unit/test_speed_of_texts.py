"""The speed of formatting and masking is measured on texts that survive both ways."""

from __future__ import annotations

from benchmarks import texts
from telegram_bridge.formatting import entities_to_bbcode, from_bbcode


def test_what_is_measured_is_right() -> None:
    """Every measured text comes back from BB codes as it was, so the figures are not those of doing nothing."""
    for text, entities in texts.FORMATTED:
        rich = from_bbcode(entities_to_bbcode(text, entities))
        assert rich.text == text
        assert len(rich.spans) == len(entities)
