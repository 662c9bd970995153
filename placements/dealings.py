"""What a company has to do with others: a factory's figures and reviews, whom it deals with and how far that came.

Built for `registry`, fetched once the company's tab stands. Decides nothing.
"""

from __future__ import annotations

from typing import Any

from b24app.i18n import Texts, texts
from b24app.services import relations, showcase, statistics
from b24app.services.statistics import PERIOD_DAYS
from placements import subjects
from placements.calls import Call
from placements.subjects import Subject
from storage.models import Company
from storage.unit_of_work import UnitOfWork

_SHOWN = 20


def dealings(uow: UnitOfWork, call: Call, subject: Subject) -> dict[str, Any]:
    """Show a factory beside its segments, with its reviews and buyers; of a buyer the factories."""
    company, t = subjects.company_of(uow, subject), texts(call.language)
    is_factory = company.kind == "factory"
    met = relations.of_factory(uow, company.id, _SHOWN) if is_factory else relations.of_buyer(uow, company.id, _SHOWN)
    return {
        "company": company,
        "days": PERIOD_DAYS,
        "figures": _figures(uow, company, t) if is_factory else [],
        "reviews": showcase.said_of(uow, company.id, call.language) if is_factory else [],
        "relations": [(relation, other, relations.state_words(relation.state, t)) for relation, other in met],
        "in_crm": subjects.refs_in_crm(uow, [f"company/{other.id}" for _, other in met]),
    }


def _figures(uow: UnitOfWork, company: Company, t: Texts) -> list[tuple[str, str, str]]:
    found = statistics.of_factory(uow, company)
    counted = (
        (t("Profile views"), found.views),
        (t("Lots received"), found.received),
        (t("Lots answered"), found.answered),
        (t("Orders won"), found.won),
    )
    own, median = (
        showcase.minutes_words(given, t.language) or "—"
        for given in (found.answer_minutes.own, found.answer_minutes.median)
    )
    return [
        *((label, _number(figure.own or 0, t), _number(figure.median, t)) for label, figure in counted),
        (t("In buyers' favourites"), t.number(found.favourites), ""),
        (t("Median answer time"), own, median),
    ]


def _number(value: int | None, t: Texts) -> str:
    return "—" if value is None else t.number(value)
