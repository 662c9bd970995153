"""Video (MP4, MOV): pictures and sound stay; tags, tracks of any other kind and whatever else players do not need are blanked.

Source: ISO/IEC 14496-12 (boxes, tracks, sample tables). Boxes keep their size, since offsets elsewhere count on it. A camera keeps where it
was in a track of its own: its samples, which lie among those of the picture, are wiped too. ValueError when a file is not what it says.
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterator
from itertools import islice, repeat
from typing import NamedTuple

_TABLES = frozenset({b"sdtp", b"sbgp", b"sgpd", b"subs", b"saiz", b"saio"})
_KEPT: dict[bytes, frozenset[bytes]] = {
    b"": frozenset({b"ftyp", b"moov", b"mdat", b"moof", b"mfra", b"sidx", b"ssix", b"styp", b"pdin"}),
    b"moov": frozenset({b"mvhd", b"trak", b"mvex", b"iods"}),
    b"moof": frozenset({b"mfhd", b"traf"}),
    b"trak": frozenset({b"tkhd", b"edts", b"mdia", b"tapt"}),
    b"mdia": frozenset({b"mdhd", b"hdlr", b"minf", b"elng"}),
    b"minf": frozenset({b"vmhd", b"smhd", b"hdlr", b"dinf", b"stbl"}),
    b"dinf": frozenset({b"dref"}),
    b"edts": frozenset({b"elst"}),
    b"stbl": _TABLES
    | {b"stsd", b"stts", b"ctts", b"cslg", b"stss", b"stsh", b"stps", b"stsz", b"stz2", b"stsc", b"stco", b"co64"},
    b"traf": _TABLES | {b"tfhd", b"tfdt", b"trun"},
}
"""Box → the boxes inside that stay; what is not listed here is not looked into."""
_SHOWN = frozenset({b"vide", b"soun"})
_DATED = frozenset({b"mvhd", b"tkhd", b"mdhd"})
_NAME_OF_HANDLER = 24
_PACKED_BY, _PACKED_BY_LENGTH = 42, 32
_SOUNDS = frozenset(
    {b"mp4a", b"Opus", b"alac", b"fLaC", b"ac-3", b"ec-3", b"sowt", b"twos", b"lpcm", b"samr", b"sawb", b"ulaw"}
)
_SELF_CONTAINED = struct.pack(">I", 1)


class _Box(NamedTuple):
    """One box: its kind, where it begins, where its content does, and where it ends."""

    kind: bytes
    at: int
    body: int
    end: int


def mp4(content: bytes, names: Collection[str] = ()) -> bytes:
    """Turn everything but pictures and sound into empty fillers of the same size."""
    if content[4:8] != b"ftyp":
        raise ValueError("not an MP4")
    cleaned = bytearray(content)
    _clean(cleaned, b"", 0, len(cleaned))
    return bytes(cleaned)


def _boxes(content: bytearray, at: int, end: int) -> Iterator[_Box]:
    while at + 8 <= end:
        size, kind = struct.unpack(">I4s", content[at : at + 8])
        body = at + 8
        if size == 1:
            size, body = struct.unpack(">Q", content[at + 8 : at + 16])[0], at + 16
        size = size or end - at
        if at + size < body or at + size > end:
            raise ValueError("a box is broken")
        yield _Box(kind, at, body, at + size)
        at += size


def _clean(content: bytearray, parent: bytes, at: int, end: int) -> None:
    for box in _boxes(content, at, end):
        if box.kind == b"cmov":
            raise ValueError("the tracks are packed")
        if box.kind not in _KEPT[parent]:
            _blank(content, box)
        elif box.kind == b"trak" and _handler(content, box) not in _SHOWN:
            _wipe_samples(content, box)
            _blank(content, box)
        elif box.kind in _KEPT:
            _clean(content, box.kind, box.body, box.end)
        else:
            _empty(content, box)


def _blank(content: bytearray, box: _Box) -> None:
    content[box.at + 4 : box.at + 8] = b"free"
    content[box.body : box.end] = bytes(box.end - box.body)


def _empty(content: bytearray, box: _Box) -> None:
    """Take out of a box that stays when the recording was made, with what, and from which file."""
    if box.kind in _DATED:
        long = 16 if content[box.body] == 1 else 8
        content[box.body + 4 : min(box.body + 4 + long, box.end)] = bytes(max(0, min(long, box.end - box.body - 4)))
    elif box.kind == b"hdlr":
        content[box.body + _NAME_OF_HANDLER : box.end] = bytes(max(0, box.end - box.body - _NAME_OF_HANDLER))
    elif box.kind == b"stsd":
        _empty_descriptions(content, box)
    elif box.kind == b"dref":
        for entry in _boxes(content, box.body + 8, box.end):
            content[entry.body : entry.body + 4] = _SELF_CONTAINED
            content[entry.body + 4 : entry.end] = bytes(entry.end - entry.body - 4)


def _empty_descriptions(content: bytearray, table: _Box) -> None:
    """Take out by what program pictures were packed: 32 bytes of each description, where anything may stand."""
    for entry in _boxes(content, table.body + 8, table.end):
        at = entry.body + _PACKED_BY
        if entry.kind not in _SOUNDS and at + _PACKED_BY_LENGTH <= entry.end:
            content[at : at + _PACKED_BY_LENGTH] = bytes(_PACKED_BY_LENGTH)


def _inside(content: bytearray, box: _Box, *path: bytes) -> _Box | None:
    found: _Box | None = box
    for kind in path:
        found = (
            next((one for one in _boxes(content, found.body, found.end) if one.kind == kind), None) if found else None
        )
    return found


def _handler(content: bytearray, track: _Box) -> bytes:
    found = _inside(content, track, b"mdia", b"hdlr")
    return bytes(content[found.body + 8 : found.body + 12]) if found else b""


def _wipe_samples(content: bytearray, track: _Box) -> None:
    if any(box.kind == b"moof" for box in _boxes(content, 0, len(content))):
        # Pieces of such a track lie in every fragment; nobody but a person can tell what is among them.
        raise ValueError("a fragmented recording with a track of another kind")
    table = _inside(content, track, b"mdia", b"minf", b"stbl")
    if table is None:
        return
    sizes = _sizes(content, table)
    for offset, count in _chunks(content, table):
        length = sum(islice(sizes, count))
        if offset < 0 or offset + length > len(content):
            raise ValueError("a sample lies outside the file")
        content[offset : offset + length] = bytes(length)


def _numbers(content: bytearray, at: int, end: int, form: str) -> list[int]:
    """Read a table of numbers: a count of 32 bits, then as many entries of `form`, laid flat."""
    count = struct.unpack_from(">I", content, at)[0]
    entry = struct.Struct(f">{form}")
    if at + 4 + count * entry.size > end:
        raise ValueError("a table is broken")
    return [number for place in range(count) for number in entry.unpack_from(content, at + 4 + place * entry.size)]


def _sizes(content: bytearray, table: _Box) -> Iterator[int]:
    box = _inside(content, table, b"stsz")
    if box is None:
        raise ValueError("a track does not tell the sizes of its samples")
    each, count = struct.unpack_from(">II", content, box.body + 4)
    if each:
        return repeat(each, count) if count <= len(content) else iter(())
    return iter(_numbers(content, box.body + 8, box.end, "I"))


def _chunks(content: bytearray, table: _Box) -> Iterator[tuple[int, int]]:
    """Give where each chunk of a track begins and how many samples it holds."""
    short, long = _inside(content, table, b"stco"), _inside(content, table, b"co64")
    runs = _inside(content, table, b"stsc")
    if runs is None or not (short or long):
        raise ValueError("a track does not tell where its samples lie")
    places = _numbers(content, short.body + 4, short.end, "I") if short else []
    places += _numbers(content, long.body + 4, long.end, "Q") if long else []
    flat = _numbers(content, runs.body + 4, runs.end, "III")
    first_of_run = dict(zip(flat[::3], flat[1::3], strict=True))
    held = 0
    for number, place in enumerate(places, 1):
        held = first_of_run.get(number, held)
        yield place, held
