"""Cleaned files show the same and tell nothing of who made them; what cannot be cleaned for certain is refused."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject, TextStringObject

from telegram_bridge.cleaning import CLEANERS, ENDINGS, NotCleanable, clean, pdf
from tests import telling_files
from tests.telling_files import DOCX, SECRET, plainly

HELD_APART = {
    "in a CDATA section": "<![CDATA[+998 90 123 45 67]]>",
    "between comments": "+998 90 <!-- > -->123 45 67",
    "around a sign in an attribute": '+998 90 <w:r w:a=">"/>123 45 67',
    "in figures' codes": "+998 90 1&#50;3 45 67",
    "in single quotation marks": "<wp:docPr descr='+998 90 123 45 67'/>",
}


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the process of a document does is done here: starting one takes a second each time, and has tests of its own."""
    monkeypatch.setitem(CLEANERS, "application/pdf", pdf.clean)


@pytest.mark.parametrize(
    ("mime", "content"),
    [
        ("image/jpeg", telling_files.jpeg()),
        ("image/png", telling_files.png()),
        ("image/webp", telling_files.webp()),
        ("image/gif", telling_files.gif()),
        ("video/mp4", telling_files.mp4()),
        ("audio/mpeg", telling_files.mp3()),
        (DOCX, telling_files.docx()),
    ],
)
def test_what_tells_is_taken_out_and_the_rest_stays(mime: str, content: bytes) -> None:
    """Author, comments and tags are gone wherever the format keeps them; the picture, sound or text itself is there."""
    cleaned = plainly(clean(content, mime))
    assert SECRET in plainly(content)
    assert SECRET not in cleaned
    assert b"picture" in cleaned
    assert clean(clean(content, mime), mime) == clean(content, mime)


def test_where_a_camera_was_is_wiped_out_of_the_recording() -> None:
    """The samples of a track that is neither picture nor sound are gone, those around them stay; offsets count as before."""
    content = telling_files.mp4()
    cleaned = clean(content, "video/mp4")
    assert len(cleaned) == len(content)
    assert [part in content for part in (SECRET[:6], SECRET[6:])] == [True, True]
    assert [part in cleaned for part in (SECRET[:6], SECRET[6:])] == [False, False]
    assert b"ture picture" in cleaned
    assert SECRET[:6] in clean(telling_files.mp4(b"soun"), "video/mp4")


def test_a_fragmented_recording_with_a_track_of_places_is_for_the_manager() -> None:
    """Where the samples of such a track cannot be told from the others, nobody gets the file unseen."""
    with pytest.raises(NotCleanable):
        clean(telling_files.mp4() + telling_files.box(b"moof", telling_files.box(b"mfhd", bytes(8))), "video/mp4")


def test_a_pdf_is_written_anew() -> None:
    """The properties and the files inside a PDF are gone, its pages stay."""
    cleaned = clean(telling_files.pdf(), "application/pdf")
    reader = PdfReader(io.BytesIO(cleaned))
    assert (len(reader.pages), dict(reader.attachments)) == (1, {})
    assert SECRET not in cleaned


def test_a_pdf_shows_pictures_without_what_the_camera_wrote() -> None:
    """The data inside a picture of a page goes, also of one within a drawing; the picture itself stays."""
    writer = PdfWriter()
    picture, drawing = StreamObject(), StreamObject()
    picture.update({NameObject("/Subtype"): NameObject("/Image"), NameObject("/Filter"): NameObject("/DCTDecode")})
    picture.set_data(telling_files.jpeg())
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


NUMBER = "+998 90 123 45 67"
HIDDEN_IN_PARTS = {
    "the name of a sheet": {"xl/workbook.xml": f'<workbook><sheet name="{NUMBER}" sheetId="1"/></workbook>'},
    "a hint beside a cell": {"xl/worksheets/sheet1.xml": f'<w><dataValidation prompt="{NUMBER}"/></w>'},
    "the format of a number": {"xl/styles.xml": f'<s><numFmt numFmtId="164" formatCode="&quot;{NUMBER}&quot;"/></s>'},
    "a variable of the document": {"word/settings.xml": f'<w:s><w:docVar w:name="a" w:val="{NUMBER}"/></w:s>'},
    "a field to fill in": {"word/footer1.xml": f'<w:f><w:alias w:val="{NUMBER}"/></w:f>'},
    "a field that leads somewhere": {"word/footer1.xml": '<w:f><w:fldSimple w:instr="HYPERLINK t.me/silk"/></w:f>'},
    "the name of a part": {f"word/media/{NUMBER}.xml": "<a/>"},
    "a comment of the file": {"word/footer1.xml": f"<w:f><!-- {NUMBER} --></w:f>"},
    "an instruction": {"word/footer1.xml": f"<w:f><?call {NUMBER}?></w:f>"},
    "several cells": {"xl/sharedStrings.xml": "<s><si><t>+998</t></si><si><t>90 123</t></si><si><t>45 67</t></si></s>"},
    "the cell behind its label": {"xl/sharedStrings.xml": "<s><si><t>Telegram</t></si><si><t>azizmato</t></si></s>"},
}


@pytest.mark.parametrize("parts", HIDDEN_IN_PARTS.values(), ids=HIDDEN_IN_PARTS)
def test_a_contact_is_met_in_every_corner_of_a_document(parts: dict[str, str]) -> None:
    """What people can read anywhere in an office document is searched, also what only its program's menus show."""
    with pytest.raises(NotCleanable, match="contacts"):
        clean(telling_files.docx(**parts), DOCX)


def test_a_table_of_the_trade_goes_through() -> None:
    """Columns of sizes, prices and article numbers make no contact, whatever stands in the cells beside them."""
    cells = ["Размер", "+2", "44", "46", "48", "Номер", "4512345", "Цена", "12000", "15000", "998", "901", "234", "567"]
    strings = "".join(f"<si><t>{cell}</t></si>" for cell in cells)
    parts = {"xl/sharedStrings.xml": f"<s>{strings}</s>", "xl/styles.xml": '<s><numFmt formatCode="# ##0.00 сум"/></s>'}
    assert "4512345" in plainly(clean(telling_files.docx(**parts), DOCX)).decode()


def _drawn(stream: str) -> bytes:
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    drawn = StreamObject()
    drawn.set_data(stream.encode())
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    named = DictionaryObject({NameObject(key): NameObject(value) for key, value in font.items()})
    page[NameObject("/Contents")] = drawn
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F"): named})}
    )
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


_DOWN = " ".join(f"1 0 0 1 10 {190 - 12 * at} Tm ({mark}) Tj" for at, mark in enumerate(NUMBER.replace(" ", "")))


@pytest.mark.parametrize(
    ("stream", "reason"),
    [
        (f"BT /F 9 Tf ({NUMBER}) Tj ET", "contacts"),
        (f"BT /F 9 Tf {_DOWN} ET", "contacts"),
        (f"/Span <</ActualText ({NUMBER})>> BDC BT /F 9 Tf (silk) Tj ET EMC", "contacts"),
        (f"/Span <</ActualText <FEFF{NUMBER.encode('utf-16-be').hex()}>>> BDC EMC", "contacts"),
        ("BT /F 9 Tf <0102030405060708> Tj ET", "unreadable"),
    ],
)
def test_a_contact_is_met_however_a_page_tells_it(stream: str, reason: str) -> None:
    """Letters in a column and words copied in place of those drawn are read; letters of unknown meaning go to the manager."""
    with pytest.raises(NotCleanable) as refused:
        clean(_drawn(stream), "application/pdf")
    assert refused.value.reason == reason


def test_a_page_keeps_what_it_is_drawn_by_and_nothing_else() -> None:
    """Words that hang on a page are gone with the annotations, what is drawn stays."""
    reader = PdfReader(io.BytesIO(_drawn("BT /F 9 Tf (silk) Tj ET")))
    writer = PdfWriter()
    writer.add_page(reader.pages[0])[NameObject("/Contact")] = TextStringObject(NUMBER)
    out = io.BytesIO()
    writer.write(out)
    [page] = PdfReader(io.BytesIO(clean(out.getvalue(), "application/pdf"))).pages
    assert ("/Contact" in page, page.extract_text().strip()) == (False, "silk")


def test_another_file_under_the_name_of_a_sound_is_refused() -> None:
    """What holds no sound goes to the manager, whatever its name ends in."""
    with pytest.raises(NotCleanable, match="cannot be read"):
        clean(b"Rar!\x1a\x07\x00" + SECRET, "audio/mpeg")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (telling_files.docx("звоните +998 90 123 45 67"), "contacts"),
        (telling_files.docx("мы Northern Style"), "contacts"),
        (telling_files.docx(**{"customXml/item1.xml": "<CompanyPhone>+998 90 123 45 67</CompanyPhone>"}), "contacts"),
        (telling_files.docx(**{"word/media/image1.svg": "<svg><text>Northern Style</text></svg>"}), "contacts"),
        (telling_files.docx('<wp:docPr id="1" name="Picture 1" descr="Northern Style"/>'), "contacts"),
        (telling_files.docx(**{"word/vbaProject.bin": "x"}), "macros"),
        (telling_files.docx(**{"word/media/image1.emf": "x"}), "image1.emf"),
        (
            telling_files.docx(**{"word/_rels/document.xml.rels": '<R Target="https://x.uz" TargetMode="External"/>'}),
            "outside",
        ),
        (
            telling_files.docx(
                **{"word/_rels/document.xml.rels": "<R Target='https://x.uz' TargetMode = 'External'/>"}
            ),
            "outside",
        ),
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
        clean(telling_files.docx(words), DOCX)


def test_a_part_in_another_encoding_is_refused() -> None:
    """What only the reader's program would decode is not passed on unseen: neither words nor links nor names of authors."""
    parts: dict[str, Any] = {
        "word/footnotes.xml": f"<w:p w:author='{SECRET.decode()}'>cotton</w:p>".encode("utf-16-le"),
        "word/_rels/document.xml.rels": '<R Target="https://x.uz" TargetMode="External"/>'.encode("utf-16"),
    }
    for name, content in parts.items():
        with pytest.raises(NotCleanable):
            clean(telling_files.docx(**{name: content}), DOCX)


def test_a_document_that_declares_entities_is_refused() -> None:
    """An office document needs none; in one made by a stranger they hide words or are a bomb."""
    part = '<!DOCTYPE p [<!ENTITY a "+998 90 123">]><p>&a; 45 67</p>'
    with pytest.raises(NotCleanable, match="entities"):
        clean(telling_files.docx(**{"word/footnotes.xml": part}), DOCX)


@pytest.mark.parametrize("part", ["package/services/metadata/core-properties/1.psmdcp", "xl/printerSettings/1.bin"])
def test_parts_that_name_people_or_machines_are_emptied(part: str) -> None:
    """Properties kept elsewhere than usual and the settings of a printer stay as parts, without what they said."""
    cleaned = clean(telling_files.docx(**{part: SECRET.decode()}), DOCX)
    assert SECRET not in plainly(cleaned)
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
        telling_files.docx().replace(b"picture", b"p\xff\xff\xffure"),
        b"%PDF-1.7",
        telling_files.pdf().replace(b"/Kids", b"/Kid"),
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


def test_a_card_in_a_text_is_for_the_manager() -> None:
    """A card for the phone's book names its owner, whatever else is hidden in it."""
    with pytest.raises(NotCleanable, match="card"):
        clean(b"BEGIN:VCARD\nVERSION:3.0\nFN:Dilshod Karimov\nEND:VCARD\n", "text/plain")


def test_a_number_over_several_lines_of_a_text_is_for_the_manager() -> None:
    """A number parted by line ends is not dialled from the text, since nobody but an employee gets it."""
    with pytest.raises(NotCleanable, match="several lines"):
        clean(b"+998\n90\n123\n45 67\n", "text/plain")


def test_every_kind_has_an_ending_of_its_own() -> None:
    """A cleaned file is named by what it is: the ending its sender chose may tell a number."""
    assert ENDINGS.keys() == CLEANERS.keys()


def test_a_text_too_long_to_be_searched_is_refused() -> None:
    """Twenty megabytes of letters keep no other file waiting: an employee looks at them."""
    with pytest.raises(NotCleanable) as refused:
        clean(b"cotton;180\n" * 1_000_000, "text/csv")
    assert refused.value.reason == "too_long"


def test_other_kinds_are_refused() -> None:
    """An archive, a drawing or an unknown kind is for the manager."""
    with pytest.raises(NotCleanable, match="zip"):
        clean(b"PK\x03\x04", "application/zip")
