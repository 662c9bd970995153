"""Pictures sent as files: everything but the picture is taken out, the picture itself is not touched.

Sources: ISO/IEC 10918-1 annex B (JPEG segments), the PNG specification (chunks), RIFF as used by WebP, GIF89a.
ValueError or IndexError when a file is not what it says.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Collection, Iterator

_JPEG_KEPT = frozenset(range(0xC0, 0xDE))
"""Tables and frames; EXIF, XMP, IPTC and comments are not among them."""
_JPEG_HEADS = {0xE0: (b"JFIF\x00", 18), 0xEE: (b"Adobe", 16)}
"""JFIF and Adobe's colour transform (without it colours turn): what they begin with, and how long they are without a small picture."""
_JPEG_SCAN, _JPEG_JFIF = 0xDA, 0xE0
_JPEG_END = b"\xff\xd9"
_JPEG_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""What ends the data of a scan: stuffed bytes, restarts and fillers belong to it."""
_PNG_KEPT = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"pHYs", b"sBIT", b"bKGD"}
)
_GIF_WORDS = (b"\x21\xfe", b"\x21\x01")
"""Comments, and words that hardly any program shows."""
_WEBP_KEPT = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_WEBP_FLAGS_OF_DROPPED = 0x0C


def jpeg(content: bytes, names: Collection[str] = ()) -> bytes:
    """Leave out application segments and comments, between scans too; whatever follows the end of the picture goes as well."""
    if content[:2] != b"\xff\xd8":
        raise ValueError("not a JPEG")
    out, at = [content[:2]], 2
    while content[at : at + 2] != _JPEG_END:
        if content[at] != 0xFF:
            raise ValueError("a segment is broken")
        kind = content[at + 1]
        end = at + 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
        if kind == _JPEG_SCAN:
            end = _end_of_scan(content, end)
        if kind in _JPEG_KEPT:
            out.append(content[at:end])
        elif kind in _JPEG_HEADS and content.startswith(_JPEG_HEADS[kind][0], at + 4):
            out.append(_jpeg_head(content[at:end], _JPEG_HEADS[kind][1]))
        at = end
    return b"".join([*out, _JPEG_END])


def _jpeg_head(segment: bytes, length: int) -> bytes:
    """Give the segment without the small picture, or whatever else, behind what it is for."""
    if len(segment) < length:
        raise ValueError("a segment is broken")
    kept = segment[:2] + struct.pack(">H", length - 2) + segment[4:length]
    return kept[:-2] + b"\x00\x00" if segment[1] == _JPEG_JFIF else kept


def _end_of_scan(content: bytes, at: int) -> int:
    found = _JPEG_MARKER.search(content, at)
    if found is None:
        raise ValueError("the picture has no end")
    return found.start()


def png(content: bytes, names: Collection[str] = ()) -> bytes:
    """Keep the chunks a picture is made of."""
    if content[:8] != b"\x89PNG\r\n\x1a\n":
        raise ValueError("not a PNG")
    kept = [_unnamed(chunk) if kind == b"iCCP" else chunk for kind, chunk in _png_chunks(content) if kind in _PNG_KEPT]
    return b"".join([content[:8], *kept])


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at, kind = 8, b""
    while kind != b"IEND":
        size = struct.unpack(">I", content[at : at + 4])[0] if at + 8 <= len(content) else -1
        if size < 0 or at + 12 + size > len(content):
            raise ValueError("a chunk is broken")
        kind = content[at + 4 : at + 8]
        yield kind, content[at : at + 12 + size]
        at += 12 + size


def _unnamed(profile: bytes) -> bytes:
    """Give a chunk of colours without the name that somebody gave them."""
    told = b"iCCPcolours" + profile[8:-4][profile[8:-4].index(b"\x00") :]
    return struct.pack(">I", len(told) - 4) + told + struct.pack(">I", zlib.crc32(told))


def webp(content: bytes, names: Collection[str] = ()) -> bytes:
    """Keep the chunks a picture is made of; clear the flags that announce EXIF and XMP."""
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        raise ValueError("not a WebP")
    chunks, at = [], 12
    while at + 8 <= len(content):
        size = struct.unpack("<I", content[at + 4 : at + 8])[0]
        chunk = content[at : at + 8 + size + size % 2]
        if content[at : at + 4] == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~_WEBP_FLAGS_OF_DROPPED & 0xFF]) + chunk[9:]
        if content[at : at + 4] in _WEBP_KEPT:
            chunks.append(chunk)
        at += 8 + size + size % 2
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def gif(content: bytes, names: Collection[str] = ()) -> bytes:
    """Leave out comments, words and applications' own blocks other than the loop count."""
    if content[:3] != b"GIF":
        raise ValueError("not a GIF")
    at = 13 + (3 << ((content[10] & 7) + 1) if content[10] & 0x80 else 0)
    out = [content[:at]]
    while content[at] != 0x3B:
        end = _gif_block_end(content, at)
        foreign = content[at : at + 2] == b"\x21\xff" and content[at + 3 : at + 11] != b"NETSCAPE"
        if content[at : at + 2] not in _GIF_WORDS and not foreign:
            out.append(content[at:end])
        at = end
    return b"".join([*out, b"\x3b"])


def _gif_block_end(content: bytes, at: int) -> int:
    if content[at] == 0x21:
        at += 2
    elif content[at] == 0x2C:
        at += 11 + (3 << ((content[at + 9] & 7) + 1) if content[at + 9] & 0x80 else 0)
    else:
        raise ValueError("a block is broken")
    while content[at]:
        at += content[at] + 1
    return at + 1
