"""What a banner must have before it may be shown, and when it is. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from b24app.domain.industries import Words

AUDIENCES = ("all", "buyer", "factory")
LANGUAGES = ("ru", "uz", "en")
SCREENS = "/app/"
LONGEST = {"title": 80, "text": 200}
"""Characters that fit a banner on a telephone."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a banner shall be: `words` by language, each with a title and a text, over the picture `file_id`; `target` may be empty.

    It runs from `starts_at` until `ends_at`, where these are given.
    """

    words: Mapping[str, Words]
    target: str
    audience: str
    file_id: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    hidden: bool = False


def faults(wish: Wish) -> list[str]:
    """Name what is wrong with a banner: title, too_long, target, audience, ends_at; an empty list when all is well."""
    wrong = []
    if not all(str(wish.words.get(language, {}).get("title", "")).strip() for language in LANGUAGES):
        wrong.append("title")
    if any(len(str(said.get(part, ""))) > most for said in wish.words.values() for part, most in LONGEST.items()):
        wrong.append("too_long")
    if wish.target and not wish.target.startswith((SCREENS, "https://")):
        wrong.append("target")
    if wish.audience not in AUDIENCES:
        wrong.append("audience")
    if wish.starts_at and wish.ends_at and wish.ends_at <= wish.starts_at:
        wrong.append("ends_at")
    return wrong


def state(*, hidden: bool, starts_at: datetime | None, ends_at: datetime | None, now: datetime) -> str:
    """Tell how a banner stands: hidden, planned, over or running."""
    if hidden:
        return "hidden"
    if starts_at and now < starts_at:
        return "planned"
    return "over" if ends_at and now >= ends_at else "running"
