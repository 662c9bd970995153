"""Files of the kinds that people send, each full of what tells who made it: SECRET stands wherever its format has room for it.

Used by the tests of cleaning and of what travels before the contract. What is meant to be seen of each is `picture`.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from pypdf import PdfWriter

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SECRET = b"Ivan Petrov"


def jpeg() -> bytes:
    """A photograph with remarks, the data of a camera, and a second picture behind it."""
    exif = b"Exif\x00\x00" + SECRET
    segments = [
        (0xE0, b"JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x01\x04" + SECRET),
        (0xE0, b"JFXX\x00" + SECRET),
        (0xEE, SECRET),
        (0xEE, b"Adobe" + bytes(7) + SECRET),
        (0xE1, exif),
        (0xFE, SECRET),
        (0xDB, bytes(65)),
    ]
    body = b"".join(b"\xff" + bytes([kind]) + struct.pack(">H", len(data) + 2) + data for kind, data in segments)
    scans = b"\xff\xda\x00\x03\x00pic\xff\x00\xff\xd0\xff\xfe\x00\x0d" + SECRET + b"\xff\xda\x00\x03\x00picture\xff\xd9"
    # Cameras append a second picture with its own data, which ends like the first.
    return b"\xff\xd8" + body + scans + b"\xff\xd8" + SECRET + b"\xff\xd9"


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png() -> bytes:
    """A picture with its author."""
    chunks = [
        (b"IHDR", bytes(13)),
        (b"tEXt", b"Author\x00" + SECRET),
        (b"eXIf", SECRET),
        (b"iCCP", SECRET + b"\x00\x00colours"),
        (b"IDAT", b"picture"),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks) + SECRET


def webp() -> bytes:
    """A picture with the data of a camera."""

    def part(kind: bytes, data: bytes) -> bytes:
        return kind + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)

    body = b"WEBP" + part(b"VP8X", b"\x0c" + bytes(9)) + part(b"VP8 ", b"picture!") + part(b"EXIF", SECRET)
    body += part(b"NOTE", SECRET)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def gif() -> bytes:
    """A moving picture with a remark."""
    comment = b"\x21\xfe" + bytes([len(SECRET)]) + SECRET + b"\x00"
    words = b"\x21\x01\x0c" + bytes(12) + comment[2:]
    image = b"\x2c" + bytes(9) + b"\x02\x07picture\x00"
    return b"GIF89a" + bytes(7) + comment + words + image + b"\x3b" + SECRET


def box(kind: bytes, *data: bytes) -> bytes:
    """One part of a film."""
    body = b"".join(data)
    return struct.pack(">I", 8 + len(body)) + kind + body


def _numbers(form: str, *numbers: int) -> bytes:
    return bytes(4) + struct.pack(f">{form}", *numbers)


def _track(handler: bytes, chunks: list[int], sizes: list[int]) -> bytes:
    """Make a track whose samples lie at `chunks`, two in the first, one in each other."""
    table = box(
        b"stbl",
        box(b"stsd", _numbers("I", 1), box(b"avc1", bytes(42), SECRET.ljust(32, b"\x00"), bytes(4))),
        box(b"udta", SECRET),
        box(b"stsz", _numbers(f"II{len(sizes)}I", 0, len(sizes), *sizes)),
        box(b"stsc", _numbers("I3I3I", 2, 1, 2, 1, 2, 1, 1)),
        box(b"stco", _numbers(f"I{len(chunks)}I", len(chunks), *chunks)),
    )
    source = box(b"dinf", box(b"dref", _numbers("I", 1), box(b"alis", bytes(4), SECRET)))
    made_with = box(b"hdlr", bytes(8), handler, bytes(12), SECRET)
    return box(b"trak", box(b"tref", SECRET), box(b"mdia", made_with, box(b"minf", source, table)))


def mp4(telemetry: bytes = b"meta") -> bytes:
    """A film with tags, and a track of the kind `telemetry` beside the picture's."""
    head = box(b"ftyp", b"isom") + box(b"mdat", b"pic", SECRET[:4], SECRET[4:6], b"ture picture", SECRET[6:])
    where = head.index(SECRET[:6])
    tags = box(b"udta", box(b"name", SECRET)) + box(b"GPS ", SECRET)
    placed = _track(telemetry, [where, where + 18], [4, 2, len(SECRET) - 6])
    film = _track(b"vide", [head.index(b"ture"), head.index(b"picture")], [2, 2, 7])
    return head + box(b"moov", box(b"mvhd", bytes(20)), tags, film, placed) + box(b"skip", SECRET)


def _ape() -> bytes:
    footer = b"APETAGEX" + struct.pack("<IIII", 2000, len(SECRET) + 32, 1, 0x80000000) + bytes(8)
    return footer + SECRET + footer


def _lyrics() -> bytes:
    words = b"LYRICSBEGIN" + SECRET
    return words + b"LYRICSEND" + words + str(len(words)).zfill(6).encode() + b"LYRICS200"


def mp3() -> bytes:
    """A sound with tags of every kind, before and behind it."""
    head = b"ID3\x04\x00\x00" + bytes([0, 0, 0, len(SECRET)]) + SECRET
    appended = head[:10] + SECRET + b"3DI" + head[3:10]
    old = b"TAG+" + SECRET.ljust(223, b"\x00") + b"TAG" + SECRET.ljust(125, b"\x00")
    return head + _ape() + b"\xff\xfbpicture" + appended + _ape() + _lyrics() + old


def pdf() -> bytes:
    """A page with its author and a file inside."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_metadata({"/Author": SECRET.decode(), "/Company": SECRET.decode()})
    writer.add_attachment("contacts.txt", SECRET)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def docx(words: str = "picture", **more: str | bytes) -> bytes:
    """A text of these words with its author; `more` are further parts by their names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("docProps/core.xml", f"<creator>{SECRET.decode()}</creator>")
        package.writestr("word/document.xml", f'<w:p w:author="{SECRET.decode()}">{words}</w:p>')
        package.writestr("word/", "")
        for name, text in more.items():
            package.writestr(name, text)
    return out.getvalue()


def plainly(content: bytes) -> bytes:
    """Give everything a reader of the bytes can see, packed parts unpacked."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return b"".join(package.read(name) for name in package.namelist())
    return content
