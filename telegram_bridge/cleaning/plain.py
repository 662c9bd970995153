"""Plain text and tables: contacts are hidden in place, line by line."""

from __future__ import annotations

from collections.abc import Collection

from b24app.domain.masking import mask


def clean(content: bytes, names: Collection[str]) -> bytes:
    """Give the text with its contacts hidden. ValueError when it is not UTF-8."""
    lines = content.decode("utf-8").split("\n")
    return "\n".join(mask(line, names, introductions_too=False).text for line in lines).encode()
