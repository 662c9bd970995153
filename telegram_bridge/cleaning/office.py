"""Office documents (.docx, .xlsx, .pptx): properties emptied, authors of remarks and changes blanked, pictures inside cleaned.

Source: ECMA-376 part 2 (packages). The parts stay where they are, so that every reference still leads somewhere.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection
from pathlib import PurePosixPath

from telegram_bridge.cleaning import pictures, xml_words
from telegram_bridge.cleaning.refusals import NotCleanable, refuse_contacts

MOST_UNPACKED_BYTES = 200 * 1024 * 1024
MOST_WORDS_BYTES = 20 * 1024 * 1024
"""Of one part with words: searching it takes many times its size in memory."""
_ROOTS = {
    "docProps/core.xml": (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
    ),
    "docProps/app.xml": '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>'
    ),
}
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_VALUE = r"""\s*=\s*(?:"[^"]*"|'[^']*')"""
_TELLING = re.compile(rf"\b((?:w|w15|p|p15)?:?(?:author|initials|displayName|userId|lastModifiedBy|name)){_VALUE}")
_AUTHORS = re.compile(rf"\b((?:w|w15):(?:author|initials)){_VALUE}")
_LIST_OF_AUTHORS = re.compile(r"<author>[^<]*</author>")
_PEOPLE = re.compile(r"(?:persons?|people|commentAuthors|authors)\.xml$")
_PICTURES = {".jpg": pictures.jpeg, ".jpeg": pictures.jpeg, ".png": pictures.png, ".gif": pictures.gif}
_WORDED = (".xml", ".rels", ".vml", ".svg")
_PROPERTIES = ".psmdcp"
_EMPTIED = ("docProps/thumbnail", "xl/printerSettings/")
_KEPT = (".odttf", ".ttf", ".fntdata")
_USUAL_NAME = re.compile(r"[A-Za-z]+\d{0,4}|\[Content_Types\]|_rels|\.rels|[A-Za-z]+\d{0,4}\.xml|[0-9a-f-]{32,36}")
_FOREIGN = ("/embeddings/", "vbaProject", "/externalLinks/")


def clean(content: bytes, names: Collection[str]) -> bytes:
    """Give the document without what tells who made it. NotCleanable when it holds contacts, macros or other documents."""
    out = io.BytesIO()
    try:
        with (
            zipfile.ZipFile(io.BytesIO(content)) as package,
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as cleaned,
        ):
            entries = package.infolist()
            if sum(entry.file_size for entry in entries) > MOST_UNPACKED_BYTES:
                raise NotCleanable("too_long", "the document is too large when unpacked")
            if any(sign in entry.filename for entry in entries for sign in _FOREIGN):
                raise NotCleanable("embedded", "the document holds other documents or macros")
            if any(entry.file_size > MOST_WORDS_BYTES for entry in entries if entry.filename.endswith(_WORDED)):
                raise NotCleanable("too_long", "a part of the document is too long to be searched")
            refuse_contacts("\n".join(filter(None, map(_telling_name, entries))), names)
            for entry in entries:
                # A fixed date: that of the entry tells when and in which zone it was written.
                fresh = zipfile.ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0))
                cleaned.writestr(fresh, _part(entry.filename, package.read(entry), names), zipfile.ZIP_DEFLATED)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise NotCleanable("unreadable", f"the document cannot be read ({type(error).__name__})") from error
    return out.getvalue()


def _telling_name(entry: zipfile.ZipInfo) -> str:
    """Give what a part is called, unless programs call it so: a kind and a number."""
    name = PurePosixPath(entry.filename).stem
    return "" if _USUAL_NAME.fullmatch(name) else name


def _part(name: str, content: bytes, names: Collection[str]) -> bytes:
    if (empty := _emptied(name)) is not None:
        return empty
    if cleaner := _PICTURES.get(PurePosixPath(name).suffix.lower()):
        return cleaner(content)
    if not content or name.endswith(_KEPT):
        return content
    if not name.endswith(_WORDED):
        raise NotCleanable("embedded", f"the document holds {PurePosixPath(name).name}")
    if name.endswith(".rels"):
        if xml_words.leads_outside(content):
            raise NotCleanable("links", "the document links to addresses outside")
        return content
    if name != "[Content_Types].xml":
        refuse_contacts(xml_words.words(content), names)
    text = content.decode("utf-8-sig")
    if "\x00" in text:
        raise NotCleanable("unreadable", "a part of the document is in another encoding")
    if _PEOPLE.search(name):
        return _TELLING.sub(r'\1=""', text).encode()
    return _LIST_OF_AUTHORS.sub("<author></author>", _AUTHORS.sub(r'\1=""', text)).encode()


def _emptied(name: str) -> bytes | None:
    """Give what stands in place of a part that only tells who made the document, on what machine; None for any other."""
    if name.startswith(_EMPTIED):
        return b""
    root = _ROOTS["docProps/core.xml"] if name.endswith(_PROPERTIES) else _ROOTS.get(name)
    return (_HEAD + root).encode() if root else None
