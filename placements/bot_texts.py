"""The page of the bot's texts: find one, see it in three languages beside its standard, change it with a preview, reset it.

Built for `registry` as a view of the overview; its decisions are one service call each. Who may take them is in `rights`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from b24app.domain.bot_texts import faults, pieces
from b24app.i18n import LANGUAGE_NAMES, PLURALS, Texts, texts
from b24app.services import bot_texts as kept
from b24app.services.bot_texts import Entry
from placements.calls import Call
from placements.forms import TEXT_PREFIX
from placements.subjects import Subject
from storage.unit_of_work import UnitOfWork

SHOWN = 25


@dataclass(frozen=True)
class Form:
    """One field of the editor: what it is called and when that form is used, the standing words and those said now."""

    name: str
    when: str
    standing: str
    said: str


@dataclass(frozen=True)
class Bubble:
    """A message as Telegram shows it: pieces of (tag, words) for every form; `wrong` when it may not be said so."""

    language: str
    forms: list[list[tuple[str, str]]]
    wrong: bool


def bot_texts(uow: UnitOfWork, call: Call, _subject: Subject) -> dict[str, Any]:
    """Show the texts that match a search, a page of them, or one text to be changed."""
    if call.asked.get("text"):
        return {"view": "bot_texts", **_one(kept.entry(uow, call.asked["text"]), texts(call.language)), **_place(call)}
    wanted, changed = call.asked.get("q", "").strip().casefold(), bool(call.asked.get("changed"))
    everything = kept.entries(uow)
    found = [one for one in everything if wanted in _words(one) and (one.changed or not changed)]
    page = _page(call)
    return {
        "view": "bot_texts",
        "entries": [(one, _said(one, call.language)[0]) for one in found[page * SHOWN : (page + 1) * SHOWN]],
        "found": len(found),
        "changed_count": sum(bool(one.changed) for one in everything),
        "more": len(found) > (page + 1) * SHOWN,
        **_place(call),
    }


def preview(uow: UnitOfWork, call: Call, _subject: Subject) -> dict[str, Any]:
    """Show what was typed as Telegram would, with the names in braces standing for themselves."""
    entry = kept.entry(uow, call.asked.get("text", ""))
    bubbles = []
    for language, standing in entry.standing.items():
        typed = [call.asked.get(name, "").replace("\r\n", "\n").strip() for name in _names(language, len(standing))]
        bubbles.append(
            Bubble(LANGUAGE_NAMES[language], [pieces(form) for form in typed], bool(faults(standing, typed)))
        )
    return {"bubbles": bubbles}


def look(_uow: UnitOfWork, _call: Call, _subject: Subject, _form: dict[str, Any]) -> str:
    """Decide nothing: wordings are posted to be previewed because addresses are too short for them."""
    return ""


def save(uow: UnitOfWork, call: Call, _subject: Subject, form: dict[str, Any]) -> str:
    """Say a text in other words from now on."""
    t = texts(call.language)
    entry = kept.entry(uow, form["text"])
    words = {
        language: [form["words"].get(name, "") for name in _names(language, len(standing))]
        for language, standing in entry.standing.items()
    }
    kept.save(uow, entry.key, words, call.actor, t)
    return t("Saved. The bot speaks so from its next message on.")


def reset(uow: UnitOfWork, call: Call, _subject: Subject, form: dict[str, Any]) -> str:
    """Say a text in its standing words again."""
    kept.reset(uow, form["text"], call.actor)
    t = texts(call.language)
    return t("The standard text is in use again.")


def forget(uow: UnitOfWork, call: Call, _subject: Subject, _form: dict[str, Any]) -> str:
    """Take away wordings that replace nothing any more."""
    kept.forget_unusable(uow, call.actor)
    t = texts(call.language)
    return t("Removed.")


def _place(call: Call) -> dict[str, Any]:
    return {"q": call.asked.get("q", ""), "only_changed": bool(call.asked.get("changed")), "page": _page(call)}


def _page(call: Call) -> int:
    asked = call.asked.get("page", "")
    return int(asked) if asked.isdecimal() and len(asked) <= 4 else 0


def _said(entry: Entry, language: str) -> tuple[str, ...]:
    return entry.changed.get(language, entry.standing[language])


def _words(entry: Entry) -> str:
    every: list[Mapping[str, tuple[str, ...]]] = [entry.standing, entry.changed]
    return "\n".join(form for wordings in every for forms in wordings.values() for form in forms).casefold()


def _names(language: str, forms: int) -> list[str]:
    return [f"{TEXT_PREFIX}{language}.{number}" for number in range(forms)]


def _one(entry: Entry, t: Texts) -> dict[str, Any]:
    editors = []
    for language, standing in entry.standing.items():
        said = _said(entry, language)
        # A wording from before the text got plural forms is of no more use than its first form.
        said = said if len(said) == len(standing) else standing
        whens = [when_words(t, language)[one] for one in PLURALS[language]] if len(standing) > 1 else [""]
        fields = zip(_names(language, len(standing)), whens, standing, said, strict=True)
        editors.append((language, LANGUAGE_NAMES[language], [Form(*field) for field in fields]))
    bubbles = [
        Bubble(name, [pieces(field.said) for field in fields], wrong=False) for _language, name, fields in editors
    ]
    return {"entry": entry, "editors": editors, "places": [f"{{{name}}}" for name in entry.places], "bubbles": bubbles}


def when_words(t: Texts, language: str) -> dict[str, str]:
    """Say with which numbers each plural form of a language is used."""
    return {
        "one": t("with 1, 21, 31") if language == "ru" else t("with 1"),
        "few": t("with 2, 3, 4, 22"),
        "many": t("with 5, 11, 20"),
        "other": t("with other numbers"),
    }
