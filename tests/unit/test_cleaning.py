"""Cleaned files show the same and tell nothing of who made them; what cannot be cleaned for certain is refused."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from contextlib import suppress
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject, TextStringObject

from telegram_bridge.cleaning import CLEANERS, NotCleanable, clean

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SECRET = b"Ivan Petrov"
HELD_APART = {
    "in a CDATA section": "<![CDATA[+998 90 123 45 67]]>",
    "between comments": "+998 90 <!-- > -->123 45 67",
    "around a sign in an attribute": '+998 90 <w:r w:a=">"/>123 45 67',
    "in figures' codes": "+998 90 1&#50;3 45 67",
    "in single quotation marks": "<wp:docPr descr='+998 90 123 45 67'/>",
}


def _jpeg() -> bytes:
    exif = b"Exif\x00\x00" + SECRET
    segments = [
        (0xE0, b"JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00"),
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


def _png() -> bytes:
    chunks = [
        (b"IHDR", bytes(13)),
        (b"tEXt", b"Author\x00" + SECRET),
        (b"eXIf", SECRET),
        (b"IDAT", b"picture"),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks) + SECRET


def _webp() -> bytes:
    def part(kind: bytes, data: bytes) -> bytes:
        return kind + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)

    body = b"WEBP" + part(b"VP8X", b"\x0c" + bytes(9)) + part(b"VP8 ", b"picture!") + part(b"EXIF", SECRET)
    body += part(b"NOTE", SECRET)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _gif() -> bytes:
    comment = b"\x21\xfe" + bytes([len(SECRET)]) + SECRET + b"\x00"
    image = b"\x2c" + bytes(9) + b"\x02\x07picture\x00"
    return b"GIF89a" + bytes(7) + comment + image + b"\x3b" + SECRET


def _box(kind: bytes, *data: bytes) -> bytes:
    body = b"".join(data)
    return struct.pack(">I", 8 + len(body)) + kind + body


def _numbers(form: str, *numbers: int) -> bytes:
    return bytes(4) + struct.pack(f">{form}", *numbers)


def _track(handler: bytes, chunks: list[int], sizes: list[int]) -> bytes:
    """Make a track whose samples lie at `chunks`, two in the first, one in each other."""
    table = _box(
        b"stbl",
        _box(b"stsz", _numbers(f"II{len(sizes)}I", 0, len(sizes), *sizes)),
        _box(b"stsc", _numbers("I3I3I", 2, 1, 2, 1, 2, 1, 1)),
        _box(b"stco", _numbers(f"I{len(chunks)}I", len(chunks), *chunks)),
    )
    source = _box(b"dinf", _box(b"dref", _numbers("I", 1), _box(b"alis", bytes(4), SECRET)))
    made_with = _box(b"hdlr", bytes(8), handler, bytes(12), SECRET)
    return _box(b"trak", _box(b"tref", SECRET), _box(b"mdia", made_with, _box(b"minf", source, table)))


def _mp4(telemetry: bytes = b"meta") -> bytes:
    head = _box(b"ftyp", b"isom") + _box(b"mdat", b"pic", SECRET[:4], SECRET[4:6], b"ture picture", SECRET[6:])
    where = head.index(SECRET[:6])
    tags = _box(b"udta", _box(b"name", SECRET)) + _box(b"GPS ", SECRET)
    placed = _track(telemetry, [where, where + 18], [4, 2, len(SECRET) - 6])
    film = _track(b"vide", [head.index(b"ture"), head.index(b"picture")], [2, 2, 7])
    return head + _box(b"moov", _box(b"mvhd", bytes(20)), tags, film, placed) + _box(b"skip", SECRET)


def _ape() -> bytes:
    footer = b"APETAGEX" + struct.pack("<IIII", 2000, len(SECRET) + 32, 1, 0x80000000) + bytes(8)
    return footer + SECRET + footer


def _lyrics() -> bytes:
    words = b"LYRICSBEGIN" + SECRET
    return words + b"LYRICSEND" + words + str(len(words)).zfill(6).encode() + b"LYRICS200"


def _mp3() -> bytes:
    head = b"ID3\x04\x00\x00" + bytes([0, 0, 0, len(SECRET)]) + SECRET
    appended = head[:10] + SECRET + b"3DI" + head[3:10]
    old = b"TAG+" + SECRET.ljust(223, b"\x00") + b"TAG" + SECRET.ljust(125, b"\x00")
    return head + _ape() + b"\xff\xfbpicture" + appended + _ape() + _lyrics() + old


def _pdf() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_metadata({"/Author": SECRET.decode(), "/Company": SECRET.decode()})
    writer.add_attachment("contacts.txt", SECRET)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _docx(words: str = "picture", **more: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("docProps/core.xml", f"<creator>{SECRET.decode()}</creator>")
        package.writestr("word/document.xml", f'<w:p w:author="{SECRET.decode()}">{words}</w:p>')
        package.writestr("word/", "")
        for name, text in more.items():
            package.writestr(name, text)
    return out.getvalue()


def _plainly(content: bytes) -> bytes:
    """Give everything a reader of the bytes can see, packed parts unpacked."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return b"".join(package.read(name) for name in package.namelist())
    return content


@pytest.mark.parametrize(
    ("mime", "content"),
    [
        ("image/jpeg", _jpeg()),
        ("image/png", _png()),
        ("image/webp", _webp()),
        ("image/gif", _gif()),
        ("video/mp4", _mp4()),
        ("audio/mpeg", _mp3()),
        (DOCX, _docx()),
    ],
)
def test_what_tells_is_taken_out_and_the_rest_stays(mime: str, content: bytes) -> None:
    """Author, comments and tags are gone wherever the format keeps them; the picture, sound or text itself is there."""
    cleaned = _plainly(clean(content, mime))
    assert SECRET in _plainly(content)
    assert SECRET not in cleaned
    assert b"picture" in cleaned
    assert clean(clean(content, mime), mime) == clean(content, mime)


def test_where_a_camera_was_is_wiped_out_of_the_recording() -> None:
    """The samples of a track that is neither picture nor sound are gone, those around them stay; offsets count as before."""
    content = _mp4()
    cleaned = clean(content, "video/mp4")
    assert len(cleaned) == len(content)
    assert [part in content for part in (SECRET[:6], SECRET[6:])] == [True, True]
    assert [part in cleaned for part in (SECRET[:6], SECRET[6:])] == [False, False]
    assert b"ture picture" in cleaned
    assert SECRET[:6] in clean(_mp4(b"soun"), "video/mp4")


def test_a_fragmented_recording_with_a_track_of_places_is_for_the_manager() -> None:
    """Where the samples of such a track cannot be told from the others, nobody gets the file unseen."""
    with pytest.raises(NotCleanable):
        clean(_mp4() + _box(b"moof", _box(b"mfhd", bytes(8))), "video/mp4")


def test_a_pdf_is_written_anew() -> None:
    """The properties and the files inside a PDF are gone, its pages stay."""
    cleaned = clean(_pdf(), "application/pdf")
    reader = PdfReader(io.BytesIO(cleaned))
    assert (len(reader.pages), dict(reader.attachments)) == (1, {})
    assert SECRET not in cleaned


def test_a_pdf_shows_pictures_without_what_the_camera_wrote() -> None:
    """The data inside a picture of a page goes, also of one within a drawing; the picture itself stays."""
    writer = PdfWriter()
    picture, drawing = StreamObject(), StreamObject()
    picture.update({NameObject("/Subtype"): NameObject("/Image"), NameObject("/Filter"): NameObject("/DCTDecode")})
    picture.set_data(_jpeg())
    inside = DictionaryObject({NameObject("/P"): picture})
    drawing[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): inside})
    drawing[NameObject("/Metadata")] = TextStringObject(SECRET.decode())
    writer.add_blank_page(100, 100)[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/XObject"): DictionaryObject({NameObject("/D"): drawing})}
    )
    out = io.BytesIO()
    writer.write(out)
    cleaned = clean(out.getvalue(), "application/pdf")
    assert (SECRET in out.getvalue(), SECRET in cleaned, b"picture" in cleaned) == (True, False, True)


def test_a_pdf_that_is_locked_is_refused() -> None:
    """What cannot be looked into goes to the manager."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret")
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(NotCleanable, match="locked"):
        clean(out.getvalue(), "application/pdf")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (_docx("звоните +998 90 123 45 67"), "contacts"),
        (_docx("мы Northern Style"), "contacts"),
        (_docx(**{"customXml/item1.xml": "<CompanyPhone>+998 90 123 45 67</CompanyPhone>"}), "contacts"),
        (_docx(**{"word/media/image1.svg": "<svg><text>Northern Style</text></svg>"}), "contacts"),
        (_docx('<wp:docPr id="1" name="Picture 1" descr="Northern Style"/>'), "contacts"),
        (_docx(**{"word/vbaProject.bin": "x"}), "macros"),
        (_docx(**{"word/media/image1.emf": "x"}), "image1.emf"),
        (_docx(**{"word/_rels/document.xml.rels": '<R Target="https://x.uz" TargetMode="External"/>'}), "outside"),
        (_docx(**{"word/_rels/document.xml.rels": "<R Target='https://x.uz' TargetMode = 'External'/>"}), "outside"),
    ],
)
def test_a_document_with_contacts_inside_is_refused(content: bytes, why: str) -> None:
    """Contacts, names, macros and links inside an office document send it to the manager."""
    with pytest.raises(NotCleanable, match=why):
        clean(content, DOCX, {"Northern Style"})


@pytest.mark.parametrize("words", HELD_APART.values(), ids=HELD_APART)
def test_a_contact_is_met_wherever_a_reader_would_meet_it(words: str) -> None:
    """Ways of writing XML that change nothing for who opens the document hide no contact from the search."""
    with pytest.raises(NotCleanable, match="contacts"):
        clean(_docx(words), DOCX)


def test_a_part_in_another_encoding_is_refused() -> None:
    """What only the reader's program would decode is not passed on unseen: neither words nor links nor names of authors."""
    parts: dict[str, Any] = {
        "word/footnotes.xml": f"<w:p w:author='{SECRET.decode()}'>cotton</w:p>".encode("utf-16-le"),
        "word/_rels/document.xml.rels": '<R Target="https://x.uz" TargetMode="External"/>'.encode("utf-16"),
    }
    for name, content in parts.items():
        with pytest.raises(NotCleanable):
            clean(_docx(**{name: content}), DOCX)


def test_a_document_that_declares_entities_is_refused() -> None:
    """An office document needs none; in one made by a stranger they hide words or are a bomb."""
    part = '<!DOCTYPE p [<!ENTITY a "+998 90 123">]><p>&a; 45 67</p>'
    with pytest.raises(NotCleanable, match="entities"):
        clean(_docx(**{"word/footnotes.xml": part}), DOCX)


@pytest.mark.parametrize("part", ["package/services/metadata/core-properties/1.psmdcp", "xl/printerSettings/1.bin"])
def test_parts_that_name_people_or_machines_are_emptied(part: str) -> None:
    """Properties kept elsewhere than usual and the settings of a printer stay as parts, without what they said."""
    cleaned = clean(_docx(**{part: SECRET.decode()}), DOCX)
    assert SECRET not in _plainly(cleaned)
    assert part in zipfile.ZipFile(io.BytesIO(cleaned)).namelist()


@pytest.mark.parametrize("mime", sorted(CLEANERS))
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xe0\x00",
        b"GIF89a",
        b"PK\x03\x04",
        _docx().replace(b"picture", b"p\xff\xff\xffure"),
        b"%PDF-1.7",
        _pdf().replace(b"/Kids", b"/Kid"),
        b"\x00" * 40,
        b"\xff" * 3000,
    ],
    ids=lambda content: f"{len(content)} bytes",
)
def test_a_broken_file_is_refused_or_cleaned_never_a_crash(mime: str, content: bytes) -> None:
    """Whatever bytes come under whatever name, the answer is a file or a reason."""
    with suppress(NotCleanable):
        assert isinstance(clean(content, mime), bytes)


def test_a_bomb_is_refused_before_it_goes_off() -> None:
    """A table whose words unpack to more than can be searched is refused by its directory, without unpacking it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet1.xml", b"<c>1</c>" * 4_000_000)
    with pytest.raises(NotCleanable) as refused:
        clean(out.getvalue(), DOCX.replace("wordprocessingml.document", "spreadsheetml.sheet"))
    assert refused.value.reason == "too_long"


def test_text_hides_contacts_in_place() -> None:
    """A plain text or table keeps its lines; only contacts are covered."""
    cleaned = clean("хлопок;180\nтел;+998 90 123 45 67\n".encode(), "text/csv").decode()
    assert cleaned.startswith("хлопок;180\n")
    assert "123" not in cleaned


def test_a_text_too_long_to_be_searched_is_refused() -> None:
    """Twenty megabytes of letters keep no other file waiting: an employee looks at them."""
    with pytest.raises(NotCleanable) as refused:
        clean(b"cotton;180\n" * 1_000_000, "text/csv")
    assert refused.value.reason == "too_long"


def test_other_kinds_are_refused() -> None:
    """An archive, a drawing or an unknown kind is for the manager."""
    with pytest.raises(NotCleanable, match="zip"):
        clean(b"PK\x03\x04", "application/zip")
