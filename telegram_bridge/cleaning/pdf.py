"""PDF: the document is written anew without its properties, embedded files and earlier versions."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject, NameObject, StreamObject

from telegram_bridge.cleaning import pictures
from telegram_bridge.cleaning.refusals import NotCleanable, refuse_contacts

MOST_PAGES = 300
_OF_PAGE = ("/Metadata", "/PieceInfo", "/AF", "/Annots", "/AA")
"""Links lead to addresses and remarks name their authors, so annotations go too."""
_OF_DRAWN = ("/Metadata", "/PieceInfo", "/AF")
_AS_JPEG = ("/DCTDecode", ["/DCTDecode"])


def clean(content: bytes, names: Collection[str]) -> bytes:
    """Give the document without what tells who made it. NotCleanable when it is locked, too long or holds contacts."""
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise NotCleanable("locked", "the document is locked")
        if len(reader.pages) > MOST_PAGES:
            raise NotCleanable("too_long", "the document is too long to be searched")
        refuse_contacts("\n".join(page.extract_text() for page in reader.pages), names)
        return _rewritten(reader)
    except PyPdfError as error:
        raise NotCleanable("unreadable", f"the document cannot be read ({type(error).__name__})") from error


def _rewritten(reader: PdfReader) -> bytes:
    # Only the pages are taken over: whatever hangs on the document itself (properties, files, scripts, forms) stays behind.
    writer = PdfWriter()
    for page in reader.pages:
        added = writer.add_page(page)
        for name in _OF_PAGE:
            added.pop(NameObject(name), None)
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
