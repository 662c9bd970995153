"""Robot `find_matches`: which factories suit a lot, for the next steps of the process. Changes nothing."""

from __future__ import annotations

from sqlalchemy import select

from b24app.services import matching, portals
from robots import subjects
from robots.contract import Answer, RobotCall
from storage.models import CrmLink
from storage.unit_of_work import UnitOfWork

MOST = 50


def run(uow: UnitOfWork, call: RobotCall, *, limit: int = 10, minimum_score: int = 0) -> Answer:
    """Give up to `limit` (at most 50) factories that reach `minimum_score` of 100, best first."""
    lot = subjects.lot_of(uow, call)
    t = portals.speech(uow)
    wanted = min(max(limit, 1), MOST)
    found = [m for m in matching.factories_for(uow, lot.id, t.language, limit=wanted) if m.score >= minimum_score]
    refs = [f"company/{match.company_id}" for match in found]
    linked = uow.session.scalars(select(CrmLink).where(CrmLink.ref.in_(refs)))
    ids = {link.ref: link.entity_id for link in linked}
    values = {
        "count": len(found),
        "company_ids": [ids[ref] for ref in refs if ref in ids],
        "names": [match.name for match in found],
        "best_score": found[0].score if found else 0,
    }
    if not found:
        return Answer(values, t("No factory suits lot No. {number} yet.", number=lot.number))
    sentence = t.tn(
        "{count} factory suits lot No. {number}; the best, {name}, scores {score} of 100.",
        "{count} factories suit lot No. {number}; the best, {name}, scores {score} of 100.",
        len(found),
        number=lot.number,
        name=found[0].name,
        score=found[0].score,
    )
    return Answer(values, sentence)
