"""The language and theme a visitor chose for our pages; a frame cannot learn the host's theme, so it is asked once.

Called by `routes` and by the settings section.
"""

from __future__ import annotations

from b24app.i18n import LANGUAGES, known_language
from b24app.services import settings as stored
from storage.unit_of_work import UnitOfWork

THEMES = ("light", "dark")


def look_of(uow: UnitOfWork, user_id: str, portal_language: str) -> tuple[str, str]:
    """Give (language, theme): the visitor's choice, else the portal's language and light."""
    language, _, theme = stored.get(uow, _name(user_id)).partition(",")
    return (
        language if language in LANGUAGES else known_language(portal_language),
        theme if theme in THEMES else THEMES[0],
    )


def choose(uow: UnitOfWork, user_id: str, language: str, theme: str) -> None:
    """Remember a visitor's choice."""
    stored.put(uow, _name(user_id), f"{language},{theme}", f"user/{user_id}")


def _name(user_id: str) -> str:
    return f"desk_look:{user_id}"
