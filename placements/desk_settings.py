"""The settings: each visitor's own look, and for administrators the bot, its channel, the people and the application itself.

Built for `registry` as the last view of the overview.
"""

from __future__ import annotations

from typing import Any

from b24app.domain import roles
from b24app.errors import InvalidInput, NotFound
from b24app.i18n import LANGUAGE_NAMES, texts
from b24app.services import audit, lot_news, staff, test_mode
from b24app.services import settings as stored
from placements import application, market_settings, preferences, rates, setup_choices
from placements.calls import Call
from placements.outside import Outside
from placements.subjects import Subject
from storage.models import Absence
from storage.unit_of_work import UnitOfWork


def settings(uow: UnitOfWork, call: Call, _subject: Subject) -> dict[str, Any]:
    """Show the settings; the bot's token is never shown, only whether there is one."""
    ids = [user_id for role in staff.NAMED for user_id in staff.named(uow, role)]
    absences = staff.absences(uow)
    met = staff.names_of(uow, [*ids, *(one for row in absences for one in (row.user_id, row.stand_in_id))])
    return {
        "view": "settings",
        "has_token": bool(stored.get(uow, "bot_token")),
        "tender_channel_id": stored.get(uow, "tender_channel_id"),
        "named": {
            role: [(user_id, met.get(user_id, "")) for user_id in staff.named(uow, role)] for role in staff.NAMED
        },
        "role_fields": [
            (roles.MANAGER, "responsible_ids", texts(call.language)("Managers")),
            (roles.MODERATOR, "moderator_ids", texts(call.language)("Moderators")),
            (roles.ADMIN, "admin_ids", texts(call.language)("Administrators of the application")),
        ],
        "distribution": stored.get(uow, "distribution", staff.TURN),
        "factories_told": stored.get(uow, "factories_told", lot_news.AT_ONCE),
        "card_language": stored.get(uow, "card_language", call.language),
        "testing": test_mode.is_on(uow),
        "absences": absences,
        "met": met,
        "languages": list(LANGUAGE_NAMES.items()),
        **market_settings.shown(uow, call),
        **rates.shown(uow, call),
        **application.shown(uow, call),
    }


def choose_look(uow: UnitOfWork, call: Call, _subject: Subject, form: dict[str, Any]) -> str:
    """Remember the visitor's language and theme."""
    preferences.choose(uow, call.user_id, form["language"], form["theme"])
    return texts(form["language"])("Saved.")


def check_bot(outside: Outside, call: Call, form: dict[str, Any]) -> None:
    """Judge the bot and the channel by Telegram's own word. InvalidInput in words."""
    faults = setup_choices.check_bot(outside.bots, form, texts(call.language)).faults
    if faults:
        raise InvalidInput(fields=faults)


def save_bot(uow: UnitOfWork, call: Call, _subject: Subject, form: dict[str, Any]) -> str:
    """Store the bot and its channel; an empty token leaves the stored one."""
    setup_choices.keep_bot(uow, form, call.actor)
    return texts(call.language)("Saved.")


def put_bot_to_work(outside: Outside) -> None:
    """Set the webhook, commands and menu of the bot that is in use now."""
    outside.bots.put_to_work()


def save_people(uow: UnitOfWork, call: Call, _subject: Subject, form: dict[str, Any]) -> str:
    """Store who has which role, how newcomers are shared out, who tells factories, and the language of cards."""
    for name in staff.NAMED.values():
        ids = [part.strip() for part in form[name].split(",") if part.strip()]
        stored.put(uow, name, ",".join(dict.fromkeys(ids)), call.actor)
    for name in ("distribution", "factories_told", "card_language"):
        stored.put(uow, name, form[name], call.actor)
    return texts(call.language)("Saved.")


def switch_test_mode(uow: UnitOfWork, call: Call, _subject: Subject, form: dict[str, Any]) -> str:
    """Begin or end the test mode."""
    test_mode.switch(uow, form["on"], call.actor)
    t = texts(call.language)
    if form["on"]:
        return t("The test mode is on: factories and the tender channel get nothing.")
    return t("The test mode is off: messages go out again. What was kept back stays on the page Health.")


def add_absence(uow: UnitOfWork, call: Call, _subject: Subject, form: dict[str, Any]) -> str:
    """Note when an employee is away and who stands in."""
    uow.session.add(Absence(**form))
    uow.session.flush()
    audit.record(uow, call.actor, "absence_added", f"employee/{form['user_id']}", until=form["until_day"].isoformat())
    return texts(call.language)("Saved.")


def remove_absence(uow: UnitOfWork, call: Call, _subject: Subject, form: dict[str, Any]) -> str:
    """Take an absence back. NotFound for one that is gone."""
    found = uow.session.get(Absence, form["row_id"])
    if found is None:
        raise NotFound
    uow.session.delete(found)
    audit.record(uow, call.actor, "absence_removed", f"employee/{found.user_id}")
    return texts(call.language)("Removed.")
