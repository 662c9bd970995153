"""Filters and the order of the catalogue by buttons, for whoever cannot open the Mini App; what was chosen is kept as a draft.

Called by the handlers of commands and of pressed buttons, and by the list of factories. The words looked for are typed: a form of one
question, see `short_forms`.
"""

from __future__ import annotations

from typing import Any

from b24app.domain.catalogue import SORTS, Wish
from b24app.domain.industries import Choice
from b24app.i18n import Texts
from b24app.services import drafts, short_forms, showcase
from b24app.services.industries import pack
from b24app.services.notices import escaped
from telegram_bridge.menus import back
from telegram_bridge.reply import Buttons, Reply, out_of_date

ANY = "-"
FORM = short_forms.SIFT
_DAYS = ("15", "30", "45", "60", "90")
_VOLUMES = ("500", "1000", "5000", "10000", "50000")
_STARS = ("4", "3")
_FLAGS = ("verified", "quality_department")
Answer = tuple[str, Buttons]


def kept(reply: Reply) -> dict[str, str]:
    """Give what was chosen so far, by the name of the filter."""
    draft = drafts.load(reply.uow, reply.person, FORM)
    return {name: str(value) for name, value in draft.answers.items()} if draft else {}


def keep(reply: Reply, name: str, value: str) -> dict[str, str]:
    """Choose for one filter; an empty value takes it off."""
    chosen = {**kept(reply), name: value}
    chosen = {code: one for code, one in chosen.items() if one}
    drafts.save(reply.uow, reply.person, FORM, dict(chosen))
    return chosen


def wish_of(chosen: dict[str, str]) -> Wish:
    """Give what is looked for; what the industry does not know any more is left out."""
    known = {name: value for name, value in chosen.items() if name in _FLAGS or value in dict(_options(name))}

    def one(name: str) -> tuple[str, ...]:
        return (known[name],) if name in known else ()

    def whole(name: str) -> int | None:
        return int(known[name]) if name in known else None

    return Wish(
        text=chosen.get("words", ""),
        segments=one("segment"),
        regions=one("region"),
        certificates=one("certificate"),
        volume=whole("volume"),
        lead_time_days=whole("days"),
        stars=whole("stars"),
        verified="verified" in known,
        quality_department="quality_department" in known,
        sort=known.get("sort", "best"),
    )


def board(reply: Reply) -> Answer:
    """Show every filter with what is chosen, each to be changed by a press."""
    t, chosen = reply.t, kept(reply)
    names = _names(t)
    rows: Buttons = []
    for name, label in names.items():
        if name in _FLAGS:
            rows.append([{"text": f"{'✅' if name in chosen else '▫️'} {label}", "data": f"sift:{name}:"}])
        elif _options(name):
            value = dict(_worded(name, t)).get(chosen.get(name, ""), t("any"))
            rows.append([{"text": f"{label}: {value}", "data": f"sift:{name}:"}])
    words = chosen.get("words", "")
    rows.append([{"text": f"🔤 {words or t('Words to look for')}", "data": f"fill:{short_forms.WORDS}:0"}])
    if chosen:
        rows.append([{"text": t("✖️ Clear all filters"), "data": "sift:clear:"}])
    title, hint = t("🎛 Filters of the catalogue"), t("Press what you want to change, then look at the factories.")
    return f"<b>{escaped(title)}</b>\n{escaped(hint)}", [
        *rows,
        [{"text": t("🔎 Show the factories"), "data": "menu:catalogue"}],
        back(t),
    ]


def sift(reply: Reply, name: str, value: str) -> Answer:
    """Switch a filter, ask for its value or take the one that was pressed (`-`: any), or `clear` them all."""
    t = reply.t
    if name == "clear":
        drafts.discard(reply.uow, reply.person, FORM)
        return board(reply)
    if name in _FLAGS:
        keep(reply, name, "" if name in kept(reply) else "1")
        return board(reply)
    choices = _worded(name, t)
    if not choices or value not in {"", ANY, *dict(choices)}:
        raise out_of_date()
    if value:
        keep(reply, name, "" if value == ANY else value)
        return board(reply)
    first = [] if name == "sort" else [[{"text": t("any"), "data": f"sift:{name}:{ANY}"}]]
    rows = [[{"text": words, "data": f"sift:{name}:{code}"}] for code, words in choices]
    return f"<b>{escaped(_names(t)[name])}</b>", [*first, *rows, [{"text": t("🎛 Filters"), "data": "menu:filters"}]]


def _names(t: Texts) -> dict[str, str]:
    return {
        "segment": t("Segment"),
        "region": t("Region"),
        "volume": t("My volume"),
        "days": t("Lead time up to"),
        "certificate": t("Certificate"),
        "stars": t("Rating"),
        "verified": t("Verified only"),
        "quality_department": t("Own quality control"),
        "sort": t("Order of the list"),
    }


def _asked(code: str) -> tuple[Choice, ...]:
    form = pack().questionnaires["factory"]
    return form.question(code).options if form.asks(code) else ()


def _options(name: str) -> list[tuple[str, Any]]:
    """Give what can be chosen for a filter: codes, with their words by language where the industry has them."""
    known: dict[str, tuple[Choice, ...]] = {
        "segment": tuple(pack().segments),
        "region": _asked("region"),
        "certificate": tuple(pack().certificates),
    }
    if name in known:
        return [(one.code, one) for one in known[name]]
    plain = {"days": _DAYS, "volume": _VOLUMES, "stars": _STARS, "sort": SORTS}
    return [(code, None) for code in plain.get(name, ())]


def _worded(name: str, t: Texts) -> list[tuple[str, str]]:
    said = {
        "days": lambda code: t.tn("{count} day", "{count} days", int(code)),
        "volume": lambda code: t.number(int(code)),
        "stars": lambda code: t("{stars} and higher", stars=code),
        "sort": lambda code: showcase.sort_words(t)[code],
    }
    return [(code, one.label(t.language) if one else said[name](code)) for code, one in _options(name)]
