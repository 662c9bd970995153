"""The settings: each visitor's own look, and for administrators the bot, its channel and who may decide.

Built for `registry` as the third view of the overview.
"""

from __future__ import annotations

from typing import Any

from b24app.i18n import texts
from b24app.services import settings as stored
from placements import preferences
from placements.calls import Call
from placements.subjects import Subject
from storage.unit_of_work import UnitOfWork


def settings(uow: UnitOfWork, call: Call, _subject: Subject) -> dict[str, Any]:
    """Show the settings; the bot's token is never shown, only whether there is one."""
    return {
        "view": "settings",
        "has_token": bool(stored.get(uow, "bot_token")),
        "tender_channel_id": stored.get(uow, "tender_channel_id"),
        "responsible_ids": stored.get(uow, "responsible_ids"),
        "card_language": stored.get(uow, "card_language", call.language),
        "languages": [("ru", "Русский"), ("uz", "Oʻzbekcha"), ("en", "English")],
    }


def choose_look(uow: UnitOfWork, call: Call, _subject: Subject, form: dict[str, Any]) -> str:
    """Remember the visitor's language and theme."""
    preferences.choose(uow, call.user_id, form["language"], form["theme"])
    return texts(form["language"])("Saved.")


def save_bot(uow: UnitOfWork, call: Call, _subject: Subject, form: dict[str, Any]) -> str:
    """Store the bot and its channel; an empty token leaves the stored one."""
    if form["bot_token"]:
        stored.put(uow, "bot_token", form["bot_token"], call.actor)
    stored.put(uow, "tender_channel_id", form["tender_channel_id"], call.actor)
    return texts(call.language)("Saved.")


def save_people(uow: UnitOfWork, call: Call, _subject: Subject, form: dict[str, Any]) -> str:
    """Store who may decide and the language of cards on timelines."""
    ids = [part.strip() for part in form["responsible_ids"].split(",") if part.strip()]
    stored.put(uow, "responsible_ids", ",".join(dict.fromkeys(ids)), call.actor)
    stored.put(uow, "card_language", form["card_language"], call.actor)
    return texts(call.language)("Saved.")
