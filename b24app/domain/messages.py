"""What of a message the other side may get before contacts are open, and how its copies add up. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from b24app.domain.markup import escape_codes, to_plain
from b24app.domain.masking import MARK, mask

FILE_KINDS = frozenset({"photo", "video", "voice", "audio", "document", "animation", "sticker", "video_note"})
CLEANED_KINDS = frozenset({"video", "audio", "document", "animation"})
"""Kinds whose content, name or metadata may tell who sends: cleaned, or held for an employee, while contacts are hidden."""
_PICTURE_KINDS = frozenset({"photo", "video", "animation", "video_note", "sticker"})
_PICTURE_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".pdf")
ALBUM_KINDS = {"photo": "seen", "video": "seen", "document": "document", "audio": "audio"}
"""Kinds that Telegram shows as one album → the company they keep: only pieces of one company go together."""
MOST_IN_ALBUM = 10
LARGEST_FILE_BYTES = 20 * 1024 * 1024
"""What Telegram hands to bots."""

_USUAL_ENDINGS = {
    "photo": "jpg",
    "sticker": "webp",
    "voice": "ogg",
    "audio": "mp3",
    **dict.fromkeys(("video", "animation", "video_note"), "mp4"),
}
_KINDS_BY_ENDING = {
    **dict.fromkeys(("jpg", "jpeg", "png"), "photo"),
    "mp4": "video",
    **dict.fromkeys(("mp3", "m4a"), "audio"),
}
_WORST_FIRST = ("failed", "uncertain", "sent", "delivered")


@dataclass(frozen=True)
class Shown:
    """What others see: `text` with BB codes; `hidden` tells that something was taken out; `to_clean` that the file does not go as it is."""

    text: str
    hidden: bool
    to_clean: bool


def shown_to_others(kind: str, text: str, *, masked: bool, names: Collection[str] = ()) -> Shown:
    """Give what the other side sees of a message. A text in which something is hidden loses its formatting with it."""
    if not masked:
        return Shown(text, False, False)
    if kind == "contact":
        return Shown(MARK, True, False)
    found = mask(to_plain(text), names)
    if kind == "venue" and found.hidden:
        # Its point on the map would tell what its words do not.
        return Shown(MARK, True, False)
    return Shown(escape_codes(found.text) if found.hidden else text, found.hidden, kind in CLEANED_KINDS)


def shows_pictures(kind: str, file_name: str) -> bool:
    """Tell whether pictures go as they are, a scan among them: nobody but an employee can see whether they show a contact."""
    return kind in _PICTURE_KINDS or (kind == "document" and file_name.lower().endswith(_PICTURE_ENDINGS))


def kind_by_name(name: str) -> str:
    """Give the kind that a file from the portal is sent as, judged by the end of its name."""
    return _KINDS_BY_ENDING.get(name.rpartition(".")[2].lower(), "document")


def usual_name(kind: str) -> str:
    """Give a name to a file of a kind whose sender gave it none; by its end other programs tell what it is."""
    return f"{kind}.{_USUAL_ENDINGS.get(kind, 'bin')}"


def kind_by_content(mime: str) -> str:
    """Give the kind that a file of ours is sent as: Telegram takes these two as pictures and writes them anew."""
    return "photo" if mime in {"image/jpeg", "image/png"} else "document"


def worst_state(states: Iterable[str]) -> str:
    """Give the state of a message from those of its copies: the worst counts; `sent` while there are none."""
    known = set(states)
    return next((state for state in _WORST_FIRST if state in known), "sent")


HELD_REASONS = ("kind", "empty", "unreadable", "too_long", "embedded", "links", "contacts", "locked", "too_big", "lost")
"""Why a file waits for an employee: its kind cannot be cleaned, it cannot be read or searched, or something was found in it."""

LATE_SECONDS = 300
"""What reaches us later than this after it was written is marked so."""
