"""Video and sound: tags are blanked (MP4) or cut off (MP3); the recording itself is not touched.

Sources: ISO/IEC 14496-12 (boxes) and the ID3v2.4 structure. Boxes keep their size, since offsets elsewhere count on it.
"""

from __future__ import annotations

import struct
from collections.abc import Collection

_PARENTS = frozenset({b"moov", b"trak", b"mdia", b"moof"})
_TELLING = frozenset({b"udta", b"meta", b"uuid", b"XMP_"})
_ID3_HEADER = 10
_ID3V1_LENGTH = 128


def mp4(content: bytes, names: Collection[str] = ()) -> bytes:
    """Turn every box of tags into an empty filler of the same size. ValueError when a box is broken."""
    if content[4:8] != b"ftyp":
        raise ValueError("not an MP4")
    cleaned = bytearray(content)
    _blank(cleaned, 0, len(cleaned))
    return bytes(cleaned)


def _blank(content: bytearray, at: int, end: int) -> None:
    while at + 8 <= end:
        size, kind = struct.unpack(">I4s", content[at : at + 8])
        head = 8
        if size == 1:
            size, head = struct.unpack(">Q", content[at + 8 : at + 16])[0], 16
        size = size or end - at
        if size < head or at + size > end:
            raise ValueError("a box is broken")
        if kind in _TELLING:
            content[at + 4 : at + 8] = b"free"
            content[at + head : at + size] = bytes(size - head)
        elif kind in _PARENTS:
            _blank(content, at + head, at + size)
        at += size


def mp3(content: bytes, names: Collection[str] = ()) -> bytes:
    """Cut the tags off both ends."""
    while content[:3] == b"ID3":
        size = 0
        for byte in content[6:_ID3_HEADER]:
            size = size << 7 | byte & 0x7F
        content = content[_ID3_HEADER + size :]
    if content[-_ID3V1_LENGTH : -_ID3V1_LENGTH + 3] == b"TAG":
        content = content[:-_ID3V1_LENGTH]
    if not content:
        raise ValueError("nothing but tags")
    return content
