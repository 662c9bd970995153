"""The page about conversations: how they are recorded, when an answer is late, the texts that managers write often.

Built for `registry` as a view of the overview. Managers keep the texts, administrators the rest; who may is in `rights`.
"""

from __future__ import annotations

from typing import Any

from b24app.domain import working_time
from b24app.domain.lines import DEAF
from b24app.domain.reply_templates import FIELDS
from b24app.errors import InvalidInput
from b24app.i18n import LANGUAGE_NAMES, LANGUAGES, Texts, texts
from b24app.services import line_waits, lines, message_timeline, message_translations, promises, reply_templates
from b24app.services import settings as stored
from placements.calls import Call
from placements.subjects import Subject
from storage.unit_of_work import UnitOfWork

WORK = ("work_zone", "work_hours", "work_weekdays", "work_holidays")


def bridge(uow: UnitOfWork, call: Call, _subject: Subject) -> dict[str, Any]:
    """Show how conversations are set up."""
    t = texts(call.language)
    line_words = lines.words(t)
    return {
        "view": "bridge",
        "mode": message_timeline.mode(uow),
        "minutes": stored.get(uow, "timeline_minutes", "30"),
        "work": {name: stored.get(uow, name) for name in WORK},
        "remind_hours": stored.get(uow, "remind_hours", f"{promises.REMIND_HOURS:g}"),
        "overdue_hours": stored.get(uow, "overdue_hours", f"{promises.OVERDUE_HOURS:g}"),
        "templates": reply_templates.every(uow),
        "template_fields": [(f"{{{name}}}", field_words(t)[name]) for name in FIELDS],
        **_lines(uow, line_words),
        "default_line": stored.get(uow, lines.DEFAULT),
        "translation_url": stored.get(uow, message_translations.ADDRESS),
        "has_translation_secret": bool(stored.get(uow, message_translations.SECRET)),
        "languages": list(LANGUAGE_NAMES.items()),
    }


def _lines(uow: UnitOfWork, line_words: dict[str, str]) -> dict[str, Any]:
    every = lines.known(uow)
    waits = {one.line_id: one for one in line_waits.waiting(uow)}
    return {
        "lines": [(line, [line_words[code] for code in line.troubles], waits.get(line.line_id)) for line in every],
        "usable_lines": [line for line in every if not DEAF & set(line.troubles)],
    }


def field_words(t: Texts) -> dict[str, str]:
    """Say what each field of a template stands for."""
    return {
        "name": t("the reader's name"),
        "company": t("the reader's company"),
        "lot": t("the lot's number"),
        "quantity": t("quantity with its unit"),
        "deadline": t("the last day for offers"),
        "lot_card": t("the whole lot without its buyer"),
    }


def save_rhythm(uow: UnitOfWork, call: Call, _subject: Subject, form: dict[str, Any]) -> str:
    """Keep the settings of timelines, working hours and promises; what nobody could read is refused."""
    t = texts(call.language)
    unreadable = working_time.unreadable(*(form[name] for name in WORK))
    if unreadable:
        raise InvalidInput(fields={name: [_example(name, t)] for name in unreadable})
    if form["overdue_hours"] < form["remind_hours"]:
        raise InvalidInput(fields={"overdue_hours": [t("The manager is called after the reminder, not before it.")]})
    for name, value in form.items():
        stored.put(uow, name, f"{value:g}" if isinstance(value, float) else str(value), call.actor)
    return t("Saved.")


def _example(name: str, t: Texts) -> str:
    return {
        "work_zone": t("Write the zone as Asia/Tashkent."),
        "work_hours": t("Write the hours as 09:00-18:00."),
        "work_weekdays": t("Write the days as 1-5 or 1,2,6: 1 is Monday."),
        "work_holidays": t("Write holidays as 2026-03-21, 2026-09-01."),
    }[name]


def save_template(uow: UnitOfWork, call: Call, _subject: Subject, form: dict[str, Any]) -> str:
    """Keep a new text or change one."""
    words = {code: form[f"text_{code}"] for code in LANGUAGES}
    reply_templates.save(uow, form["template_id"] or None, form["title"], words, call.actor)
    t = texts(call.language)
    return t("Saved.")


def remove_template(uow: UnitOfWork, call: Call, _subject: Subject, form: dict[str, Any]) -> str:
    """Take a text away."""
    reply_templates.remove(uow, form["template_id"], call.actor)
    t = texts(call.language)
    return t("The template is gone.")


def save_line(uow: UnitOfWork, call: Call, _subject: Subject, form: dict[str, Any]) -> str:
    """Keep what a line is for."""
    lines.change(uow, form["line"], form["language"], form["audience"], default=form["default"], actor=call.actor)
    t = texts(call.language)
    return t("Saved.")


def mend_line(uow: UnitOfWork, call: Call, _subject: Subject, form: dict[str, Any]) -> str:
    """Have a line's settings put right within a minute."""
    lines.ask_to_mend(uow, form["line"], call.actor)
    t = texts(call.language)
    return t("The line is put right within a minute.")


def move_line(uow: UnitOfWork, call: Call, _subject: Subject, form: dict[str, Any]) -> str:
    """Carry the conversations of a line over another one, with what waits in them."""
    moved = line_waits.move(uow, form["line"], form["other"], call.actor)
    t = texts(call.language)
    return t.tn(
        "{count} conversation goes over the other line now.", "{count} conversations go over the other line now.", moved
    )


def save_translation(uow: UnitOfWork, call: Call, _subject: Subject, form: dict[str, Any]) -> str:
    """Name the translation service, or none."""
    t = texts(call.language)
    if form["address"] and not message_translations.is_safe(form["address"]):
        raise InvalidInput(fields={"address": [t("Write an address that begins with https://.")]})
    stored.put(uow, message_translations.ADDRESS, form["address"], call.actor)
    if form["secret"]:
        stored.put(uow, message_translations.SECRET, form["secret"], call.actor)
    return t("Saved.")
