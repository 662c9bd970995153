"""Sound (MP3): tags are cut off both ends, the recording itself is not touched.

Sources: the structures of ID3v1, ID3v2.4, APEv2 and Lyrics3. Programs write them one behind another, in any order.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Collection

_ID3_HEADER = 10
_ID3V1_LENGTH = 128
_ID3V1_EXTENDED = 227
_APE, _APE_HEADER = b"APETAGEX", 32
_APE_HAS_HEADER = 0x80000000
_LYRICS_BEGIN, _LYRICS_END, _LYRICS_SIZED = b"LYRICSBEGIN", b"LYRICSEND", b"LYRICS200"
_LONGEST_LYRICS = 5_200
_SYNCHRONISED = b"\xe0"
"""A frame begins with eleven bits set; ISO/IEC 11172-3, 2.4.1.3."""


def mp3(content: bytes, names: Collection[str] = ()) -> bytes:
    """Cut the tags off both ends. ValueError when what is left is no sound."""
    while length := _tag_in_front(content):
        content = content[length:]
    while length := next((found for look in _BEHIND if (found := look(content))), 0):
        content = content[: max(0, len(content) - length)]
    if content[:1] != b"\xff" or content[1:2] < _SYNCHRONISED:
        raise ValueError("no sound between the tags")
    return content


def _tag_in_front(content: bytes) -> int:
    if content[:3] == b"ID3":
        footer = _ID3_HEADER if len(content) > 5 and content[5] & 0x10 else 0
        return _ID3_HEADER + _spread(content[6:_ID3_HEADER]) + footer
    if content[:8] == _APE and len(content) >= _APE_HEADER:
        return _APE_HEADER + int(struct.unpack_from("<I", content, 12)[0])
    return 0


def _spread(size: bytes) -> int:
    """Read a number of seven bits a byte."""
    number = 0
    for byte in size:
        number = number << 7 | byte & 0x7F
    return number


def _id3v1(content: bytes) -> int:
    return _ID3V1_LENGTH if content[-_ID3V1_LENGTH:][:3] == b"TAG" else 0


def _id3v1_extended(content: bytes) -> int:
    return _ID3V1_EXTENDED if content[-_ID3V1_EXTENDED:][:4] == b"TAG+" else 0


def _id3v2(content: bytes) -> int:
    footer = content[-_ID3_HEADER:]
    return 2 * _ID3_HEADER + _spread(footer[6:]) if footer[:3] == b"3DI" else 0


def _ape(content: bytes) -> int:
    footer = content[-_APE_HEADER:]
    if footer[:8] != _APE or len(footer) < _APE_HEADER:
        return 0
    size, _, flags = struct.unpack_from("<III", footer, 12)
    return int(size) + (_APE_HEADER if flags & _APE_HAS_HEADER else 0)


def _lyrics(content: bytes) -> int:
    mark = content[-len(_LYRICS_SIZED) :]
    if mark == _LYRICS_SIZED:
        digits = content[-len(mark) - 6 : -len(mark)]
        return int(digits) + len(digits) + len(mark) if digits.isdigit() else 0
    begins = content[-_LONGEST_LYRICS:].rfind(_LYRICS_BEGIN) if mark == _LYRICS_END else -1
    return len(content[-_LONGEST_LYRICS:]) - begins if begins >= 0 else 0


_BEHIND: tuple[Callable[[bytes], int], ...] = (_id3v1, _id3v1_extended, _id3v2, _ape, _lyrics)
