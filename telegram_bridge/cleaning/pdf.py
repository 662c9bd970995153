"""PDF: the document is written anew without its properties, embedded files and earlier versions."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterator
from typing import Any

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject, NameObject, StreamObject, read_object

from telegram_bridge.cleaning import pictures
from telegram_bridge.cleaning.refusals import NotCleanable, refuse_contacts

MOST_PAGES = 300
_BOXES = ("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox")
_OF_PAGE = frozenset(("/Type", "/Parent", "/Resources", "/Contents", "/Rotate", "/Group", "/UserUnit", *_BOXES))
"""What a page is drawn by; links lead to addresses and remarks name their authors, so annotations are not among it."""
_OF_DRAWN = ("/Metadata", "/PieceInfo", "/AF")
_UNREADABLE = re.compile(r"[\x00-\x08\x0e-\x1f\ue000-\uf8ff\ufffd]{7}")
"""Letters of a font that does not say which they are: people read them, a search does not."""
_REPLACING = re.compile(rb"/(?:ActualText|Alt|E)\s*(\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f\s]+>)", re.DOTALL)
"""Words that are copied or read aloud in place of those drawn; ISO 32000-1, 14.9."""
_AS_JPEG = ("/DCTDecode", ["/DCTDecode"])


def clean(content: bytes, names: Collection[str]) -> bytes:
    """Give the document without what tells who made it. NotCleanable when it is locked, too long or holds contacts."""
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise NotCleanable("locked", "the document is locked")
        if len(reader.pages) > MOST_PAGES:
            raise NotCleanable("too_long", "the document is too long to be searched")
        words = "\n".join(part for page in reader.pages for part in (page.extract_text(), *_replacing(page)))
        if _UNREADABLE.search(words):
            raise NotCleanable("unreadable", "the letters of the document cannot be told")
        refuse_contacts(words, names)
        return _rewritten(reader)
    except PyPdfError as error:
        raise NotCleanable("unreadable", f"the document cannot be read ({type(error).__name__})") from error


def _replacing(page: PageObject) -> Iterator[str]:
    """Give what is told in place of the words of a page and of the drawings on it."""
    contents = page.get_contents()
    streams = [contents.get_data()] if contents is not None else []
    streams += [one.get_data() for one in _drawn_by(page, set()) if one.get("/Subtype") == "/Form"]
    for told in (found for stream in streams for found in _REPLACING.findall(stream)):
        yield str(read_object(io.BytesIO(told), None))


def _rewritten(reader: PdfReader) -> bytes:
    # Only the pages are taken over: whatever hangs on the document itself (properties, files, scripts, forms) stays behind.
    writer = PdfWriter()
    for page in reader.pages:
        added = writer.add_page(page)
        for name in added.keys() - _OF_PAGE:
            del added[NameObject(name)]
        for drawn in _drawn_by(added, set()):
            _clean_drawn(drawn)
    writer.metadata = None
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _drawn_by(owner: Any, seen: set[int]) -> Iterator[StreamObject]:
    """Give each picture and each composed drawing of a page, those inside others too; ISO 32000-1, 8.8 to 8.10."""
    resources = owner.get("/Resources", DictionaryObject()).get_object()
    for reference in resources.get("/XObject", DictionaryObject()).get_object().values():
        drawn = reference.get_object()
        if id(drawn) not in seen:
            seen.add(id(drawn))
            yield drawn
            yield from _drawn_by(drawn, seen)


def _clean_drawn(drawn: StreamObject) -> None:
    for name in _OF_DRAWN:
        drawn.pop(NameObject(name), None)
    if drawn.get("/Filter") in _AS_JPEG:
        # The bytes as they lie in the file are the camera's own picture, with all that it wrote into it.
        StreamObject.set_data(drawn, pictures.jpeg(StreamObject.get_data(drawn)))
