"""What a banner must have before it may be shown. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from b24app.domain.industries import Words

AUDIENCES = ("all", "buyer", "factory")
LANGUAGES = ("ru", "uz", "en")
SCREENS = "/app/"


def faults(
    *,
    words: Mapping[str, Words],
    target: str,
    audience: str,
    starts_at: datetime | None,
    ends_at: datetime | None,
) -> list[str]:
    """Name what is wrong with a banner: title, target, audience, ends_at; an empty list when all is well."""
    wrong = []
    if not all(str(words.get(language, {}).get("title", "")).strip() for language in LANGUAGES):
        wrong.append("title")
    if target and not target.startswith((SCREENS, "https://")):
        wrong.append("target")
    if audience not in AUDIENCES:
        wrong.append("audience")
    if starts_at and ends_at and ends_at <= starts_at:
        wrong.append("ends_at")
    return wrong
