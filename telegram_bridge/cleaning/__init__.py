"""Taking out of a file what tells who made it: EXIF, document properties, tags of sound and video, contacts in text.

Called by the job that prepares files before a contract. Works on bytes in memory (at most 20 MB, Telegram's own limit for bots);
knows neither database nor network. Kinds that cannot be cleaned for certain are refused, so that an employee looks at them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from telegram_bridge.cleaning import apart, office, pictures, plain, sound, video
from telegram_bridge.cleaning.refusals import NotCleanable

__all__ = ["CLEANERS", "ENDINGS", "NotCleanable", "clean"]

Cleaner = Callable[[bytes, Collection[str]], bytes]


_OFFICE = "application/vnd.openxmlformats-officedocument."
CLEANERS: dict[str, Cleaner] = {
    "image/jpeg": pictures.jpeg,
    "image/png": pictures.png,
    "image/webp": pictures.webp,
    "image/gif": pictures.gif,
    "application/pdf": apart.clean,
    f"{_OFFICE}wordprocessingml.document": office.clean,
    f"{_OFFICE}spreadsheetml.sheet": office.clean,
    f"{_OFFICE}presentationml.presentation": office.clean,
    "text/plain": plain.clean,
    "text/csv": plain.clean,
    "video/mp4": video.mp4,
    "audio/mpeg": sound.mp3,
}
"""Media type, told by content, → how it is cleaned."""
ENDINGS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/gif": ".gif",
    "application/pdf": ".pdf",
    f"{_OFFICE}wordprocessingml.document": ".docx",
    f"{_OFFICE}spreadsheetml.sheet": ".xlsx",
    f"{_OFFICE}presentationml.presentation": ".pptx",
    "text/plain": ".txt",
    "text/csv": ".csv",
    "video/mp4": ".mp4",
    "audio/mpeg": ".mp3",
}
"""How the names of cleaned files end; the ending that a sender chose may be a contact itself."""


def clean(content: bytes, mime: str, names: Collection[str] = ()) -> bytes:
    """Give the file without what tells who made it. NotCleanable says why an employee has to look at it first."""
    cleaner = CLEANERS.get(mime)
    if cleaner is None:
        raise NotCleanable("kind", f"files of the kind {mime} cannot be cleaned")
    if not content:
        raise NotCleanable("empty", "the file is empty")
    try:
        return cleaner(content, names)
    except NotCleanable:
        raise
    except Exception as error:
        # Strangers' files break parsers in ways that nobody can list; one of them must not keep all others waiting.
        raise NotCleanable("unreadable", f"the file cannot be read ({type(error).__name__})") from error
