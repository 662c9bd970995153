"""PDF: the document is written anew without its properties, embedded files and earlier versions."""

from __future__ import annotations

import io
from collections.abc import Collection

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import NameObject

from telegram_bridge.cleaning.refusals import NotCleanable, refuse_contacts

MOST_PAGES = 300
_OF_PAGE = ("/Metadata", "/PieceInfo", "/AF", "/Annots", "/AA")
"""Links lead to addresses and remarks name their authors, so annotations go too."""


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
    writer.metadata = None
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
