"""PDF: the document is written anew without its properties, embedded files and earlier versions."""

from __future__ import annotations

import io
from collections.abc import Collection

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject, NameObject

from telegram_bridge.cleaning.refusals import NotCleanable, refuse_contacts

MOST_PAGES = 300
_OF_CATALOG = ("/Metadata", "/PieceInfo", "/AF")


def clean(content: bytes, names: Collection[str]) -> bytes:
    """Give the document without what tells who made it. NotCleanable when it is locked, too long or holds contacts."""
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise NotCleanable("the document is locked")
        if len(reader.pages) > MOST_PAGES:
            raise NotCleanable("the document is too long to be searched")
        refuse_contacts("\n".join(page.extract_text() for page in reader.pages), names)
        return _rewritten(reader)
    except PyPdfError as error:
        raise NotCleanable(f"the document cannot be read ({type(error).__name__})") from error


def _rewritten(reader: PdfReader) -> bytes:
    writer = PdfWriter(clone_from=reader)
    writer.metadata = None
    # Links lead to addresses, remarks name their authors.
    writer.remove_annotations(None)
    catalog = writer.root_object
    for name in _OF_CATALOG:
        catalog.pop(NameObject(name), None)
    embedded = catalog.get("/Names")
    if embedded is not None and isinstance(names := embedded.get_object(), DictionaryObject):
        names.pop(NameObject("/EmbeddedFiles"), None)
    for page in writer.pages:
        for name in ("/Metadata", "/PieceInfo"):
            page.pop(NameObject(name), None)
    writer.compress_identical_objects(remove_unreferenced=True)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
