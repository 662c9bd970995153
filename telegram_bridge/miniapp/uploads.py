"""Takes files into the store.

The kind is told by content, never by name; bytes lie under their SHA-256 in the files directory, outside any web root.
Called by the upload door and by whoever brings files from Telegram. Knows nothing of what a file is for.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from b24app.i18n import Texts

LARGEST_BYTES = 20 * 1024 * 1024
_CHUNK_BYTES = 1 << 16
_SIGNATURES: tuple[tuple[bytes, int, str], ...] = (
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"GIF8", 0, "image/gif"),
    (b"WEBP", 8, "image/webp"),
    (b"ftypheic", 4, "image/heic"),
    (b"%PDF-", 0, "application/pdf"),
    (b"ftyp", 4, "video/mp4"),
    (b"OggS", 0, "audio/ogg"),
    (b"ID3", 0, "audio/mpeg"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, "application/x-ole-storage"),
    (b"AC10", 0, "image/vnd.dwg"),
)
_OFFICE = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_ARCHIVE = "application/zip"
_LISTED = b"PK\x01\x02"
"""What each line of an archive's list of files begins with."""
_MOST_LISTED = 20_000
_OLE = {".doc": "application/msword", ".xls": "application/vnd.ms-excel", ".ppt": "application/vnd.ms-powerpoint"}
SHOWN_IN_PLACE = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})


class TooLarge(Exception):
    """The file is over the limit."""


class UnknownKind(Exception):
    """The content is none of the kinds we take."""


class Empty(UnknownKind):
    """There is no content."""


def why_not(refusal: Exception | None, t: Texts) -> str:
    """Say why a file was not taken; nothing of what is no refusal of ours."""
    if isinstance(refusal, TooLarge):
        return t("The file is larger than 20 MB.")
    if isinstance(refusal, Empty):
        return t("The file is empty.")
    if isinstance(refusal, UnknownKind):
        return t("This kind of file is not accepted. Please send a picture, PDF, document, table or archive.")
    return ""


@dataclass(frozen=True)
class Kept:
    """Bytes in the store: their hash, size and kind by content."""

    sha256: str
    size: int
    mime: str


@dataclass(frozen=True)
class Stored:
    """A file on disk: its hash, size in bytes, kind by content and a name safe to show."""

    sha256: str
    size: int
    mime: str
    name: str


def place_of(files_dir: str, sha256: str) -> Path:
    """Give where the bytes of a hash lie."""
    return Path(files_dir) / sha256[:2] / sha256


def store(stream: IO[bytes], name: str, files_dir: str, limit: int = LARGEST_BYTES) -> Stored:
    """Write the stream under its hash and tell what it is. Raises TooLarge or UnknownKind and leaves nothing behind."""
    clean = safe_name(name)
    suffix = Path(clean).suffix.lower()
    chunks = iter(lambda: stream.read(_CHUNK_BYTES), b"")
    kept = keep(chunks, files_dir, judge=lambda path: kind_of(path, suffix), limit=limit)
    return Stored(kept.sha256, kept.size, kept.mime, clean)


def taken(stream: IO[bytes], name: str, files_dir: str) -> Stored | None:
    """Write a file as `store` does; None when it is too large or of no kind that we take."""
    try:
        return store(stream, name, files_dir)
    except (TooLarge, UnknownKind):
        return None


def keep(chunks: Iterable[bytes], files_dir: str, *, judge: Callable[[Path], str], limit: int = LARGEST_BYTES) -> Kept:
    """Write bytes under their hash, of the kind that `judge` says. Raises TooLarge or what `judge` raises, and leaves nothing behind."""
    Path(files_dir).mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=files_dir, delete=False) as target:
        temporary = Path(target.name)
        try:
            digest, size = _written(chunks, target, limit)
            mime = judge(temporary)
            place = place_of(files_dir, digest)
            place.parent.mkdir(exist_ok=True)
            os.replace(temporary, place)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    return Kept(digest, size, mime)


def _written(chunks: Iterable[bytes], target: IO[bytes], limit: int) -> tuple[str, int]:
    """Write bytes out; answers their hash and how many they are."""
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise TooLarge
        digest.update(chunk)
        target.write(chunk)
    target.flush()
    return digest.hexdigest(), size


def kind_of(path: Path, suffix: str) -> str:
    """Tell the media type by content; `suffix` only decides between relatives. Raises UnknownKind, Empty."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise Empty
    for signature, at, mime in _SIGNATURES:
        if head[at : at + len(signature)] == signature:
            return _OLE.get(suffix, mime) if mime == "application/x-ole-storage" else mime
    if head.startswith(b"PK\x03\x04"):
        return _packed_kind(path)
    if _is_text(path):
        return "text/csv" if suffix == ".csv" else "text/plain"
    raise UnknownKind


def _packed_kind(path: Path) -> str:
    # What is listed without an end, as in no document, is not listed here: that alone would take seconds and a hundred megabytes.
    if path.read_bytes().count(_LISTED) > _MOST_LISTED:
        return _ARCHIVE
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError) as error:
        raise UnknownKind from error
    for folder, mime in _OFFICE.items():
        if any(name.startswith(folder) for name in names):
            return mime
    return _ARCHIVE


def _is_text(path: Path) -> bool:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return False
    return "\x00" not in text and not re.match(r"\s*<(!doctype|html|svg|\?xml|script)", text, re.IGNORECASE)


def safe_name(name: str) -> str:
    """Give a name without folders, control characters and tricks of direction, at most 120 characters, ending kept."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(mark for mark in base if unicodedata.category(mark)[0] != "C" and mark not in '<>:"|?*')
    kept = " ".join(kept.split()).strip(". ") or "file"
    stem, dot, suffix = kept.rpartition(".")
    return kept if len(kept) <= 120 else f"{(stem or suffix)[:110]}{dot if stem else ''}{suffix[:9] if stem else ''}"
