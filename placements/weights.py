"""The page of matching weights: what each criterion counts, what other weights would change, who changed them.

Built for `registry` as a view of the overview. Nothing is saved before its effect on past lots was shown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from b24app.domain.lots import title_of
from b24app.domain.matching import CRITERIA
from b24app.errors import InvalidState
from b24app.i18n import Texts, texts
from b24app.services import match_preview, match_weights, staff
from placements import subjects
from placements.calls import Call
from placements.forms import WEIGHT_PREFIX
from placements.subjects import Subject
from storage.models import AuditEntry
from storage.unit_of_work import UnitOfWork

CHANGES_SHOWN = 5


@dataclass(frozen=True)
class Change:
    """One change of the weights: who, when, and what they became."""

    at: datetime
    who: str
    weights: str


def weights(uow: UnitOfWork, call: Call, _subject: Subject) -> dict[str, Any]:
    """Show the weights in force, or the industry's own filled in to be tried, and the latest changes."""
    t, used = texts(call.language), match_weights.current(uow)
    shown = match_weights.usual() if call.asked.get("usual") else used
    return {
        "view": "weights",
        "prefix": WEIGHT_PREFIX,
        "criteria": [(code, words, explained, shown[code]) for code, words, explained in criteria(t)],
        "total": sum(shown.values()),
        "is_usual": shown == match_weights.usual(),
        "can_go_back": match_weights.before(uow) is not None,
        "changes": _changes(uow, t),
    }


def criteria(t: Texts) -> list[tuple[str, str, str]]:
    """Give every criterion with its name and what it looks at, in the order of the score."""
    words = {
        "segment": (t("Segment"), t("Specialises in the lot's segment rather than in many")),
        "capacity": (t("Capacity"), t("The lot takes a comfortable share of its monthly capacity")),
        "lead_time": (t("Lead time"), t("Days to spare before the date wished for")),
        "verified": (t("Verification"), t("Holds a valid badge of the platform")),
        "rating": (t("Rating"), t("Reviews; without any, the average")),
        "on_time": (t("Kept deadlines"), t("Share of its orders delivered in time")),
        "price": (t("Price"), t("Its usual price beside the target of the lot")),
        "response": (t("Answers"), t("How many lots it answers, and how fast")),
        "load": (t("Load"), t("Few open orders now")),
    }
    return [(code, *words[code]) for code in CRITERIA]


def preview(uow: UnitOfWork, call: Call, _subject: Subject) -> dict[str, Any]:
    """Show what weights that were typed would change in the ranking of the latest lots. InvalidInput unless they make 100."""
    t = texts(call.language)
    tried = match_weights.checked(_typed(call.asked), t)
    found = match_preview.preview(uow, tried)
    refs = [f"lot/{one.lot.id}" for one in found]
    return {
        "lots": [(one, title_of(one.lot.fields)) for one in found],
        "in_crm": subjects.refs_in_crm(uow, refs),
        "tried": {f"{WEIGHT_PREFIX}{code}": weight for code, weight in tried.items()},
        "same": tried == match_weights.current(uow),
        "moving": sum(one.moves for one in found),
    }


def _typed(asked: Mapping[str, str]) -> dict[str, int]:
    given = {code: asked.get(f"{WEIGHT_PREFIX}{code}", "").strip() for code in CRITERIA}
    return {code: int(value) if value.isdecimal() and len(value) <= 3 else 0 for code, value in given.items()}


def _changes(uow: UnitOfWork, t: Texts) -> list[Change]:
    rows = uow.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.subject == f"setting/{match_weights.NAME}")
        .order_by(AuditEntry.id.desc())
        .limit(CHANGES_SHOWN)
    )
    names = {code: words for code, words, _ in criteria(t)}
    found = []
    for row in rows:
        became = json.loads(str(row.details.get("value") or "{}"))
        listed = ", ".join(f"{names[code]} {became[code]}" for code in names if became.get(code))
        found.append(Change(row.at, staff.name_of(uow, row.actor.removeprefix("user/")), listed))
    return found


def save(uow: UnitOfWork, call: Call, _subject: Subject, form: dict[str, Any]) -> str:
    """Use other weights from now on."""
    t = texts(call.language)
    match_weights.save(uow, form["weights"], call.actor, t)
    return t("Saved. Every list of matching factories is ordered by these weights from now on.")


def go_back(uow: UnitOfWork, call: Call, _subject: Subject, _form: dict[str, Any]) -> str:
    """Take back the last change of the weights."""
    t, replaced = texts(call.language), match_weights.before(uow)
    if replaced is None:
        raise InvalidState(t("There is no earlier choice of weights."), code="no_earlier_weights")
    match_weights.save(uow, replaced, call.actor, t)
    return t("The weights are as they were before.")
