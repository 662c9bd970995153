"""UTF-16 arithmetic: Telegram counts offsets and lengths of entities in UTF-16 code units."""

from __future__ import annotations


def utf16_length(text: str) -> int:
    """Number of UTF-16 code units of ``text``."""
    if text.isascii():
        return len(text)
    return len(text) + sum(1 for character in text if ord(character) > 0xFFFF)


def byte_offset(text: str, position: int) -> int:
    """UTF-8 byte offset of the character at ``position``: error texts of the real parser name bytes."""
    return len(text[:position].encode("utf-8", "surrogatepass"))


def utf16_slice(text: str, offset: int, length: int) -> str:
    """The part of ``text`` that an entity with this ``offset`` and ``length`` covers."""
    encoded = text.encode("utf-16-le", "surrogatepass")
    return encoded[offset * 2 : (offset + length) * 2].decode("utf-16-le", "replace")


def splits_pair(text: str, offset: int) -> bool:
    """True when UTF-16 ``offset`` falls between the two halves of one character."""
    position = 0
    for character in text:
        if position >= offset:
            break
        position += 2 if ord(character) > 0xFFFF else 1
    return position > offset
