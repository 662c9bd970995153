"""What MP4 and OGG files say of themselves in their own bytes: length in seconds, width and height.

Called when a file comes in whose sender stated nothing. Reads only the few boxes and pages that are needed.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

Facts = dict[str, int]
_OPUS_RATE = 48_000


def facts(content: bytes) -> Facts:
    """`duration` and, for pictures that move, `width` and `height`; {} when this is no file that is known here."""
    try:
        if content[4:8] == b"ftyp":
            return _mp4(content)
        return _ogg(content) if content[:4] == b"OggS" else {}
    except (struct.error, IndexError, ZeroDivisionError):
        return {}


def _boxes(content: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """(name, where its body begins, where it ends) of each box of a stretch."""
    while start + 8 <= end:
        size, name = struct.unpack(">I4s", content[start : start + 8])
        head = 8
        if size == 1:
            (size,) = struct.unpack(">Q", content[start + 8 : start + 16])
            head = 16
        stop = end if size == 0 else start + size
        if stop < start + head:
            return
        yield name, start + head, min(stop, end)
        start = stop


def _mp4(content: bytes) -> Facts:
    found: Facts = {}
    for name, start, end in _boxes(content, 0, len(content)):
        for inner, at, stop in _boxes(content, start, end) if name == b"moov" else ():
            if inner == b"mvhd":
                found["duration"] = _seconds(content[at:stop])
            elif inner == b"trak":
                found.update(_size(content, at, stop))
    return found


def _seconds(header: bytes) -> int:
    wide = header[0] == 1
    scale: int
    length: int
    scale, length = struct.unpack(">IQ" if wide else ">II", header[20:32] if wide else header[12:20])
    return round(length / scale)


def _size(content: bytes, start: int, end: int) -> Facts:
    """Size of a track, as it is shown; tracks of sound have none."""
    for name, at, stop in _boxes(content, start, end):
        if name == b"tkhd":
            width, height = struct.unpack(">II", content[stop - 8 : stop])
            if width >> 16 and at < stop:
                return {"width": width >> 16, "height": height >> 16}
    return {}


def _ogg(content: bytes) -> Facts:
    """The position that the last page states, in samples of Opus."""
    (position,) = struct.unpack("<q", content[content.rindex(b"OggS") + 6 :][:8])
    return {"duration": round(position / _OPUS_RATE)} if b"OpusHead" in content[:200] else {}
