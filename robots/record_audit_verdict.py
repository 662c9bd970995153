"""Robot `record_audit_verdict`: gives the verdict of an audit whose checklist is scored, by its points or as the rule says."""

from __future__ import annotations

from b24app.domain import audits as rules
from b24app.errors import InvalidState
from b24app.services import audit_cards, audit_verdicts, audits, portals
from b24app.services.industries import pack
from robots import subjects
from robots.contract import Answer, RobotCall
from storage.unit_of_work import UnitOfWork


def run(uow: UnitOfWork, call: RobotCall, *, verdict: str = "by_points", conclusion: str = "") -> Answer:
    """Decide `pass`, `conditional`, `fail`, or what the points speak for; refused before every line is scored."""
    audit = subjects.audit_of(uow, call)
    chosen = verdict
    if verdict == "by_points":
        chosen = rules.suggested(pack().audit, audits.points_of(audit))
        if not chosen:
            raise InvalidState("Score every line of the checklist first.", code="not_scored")
    decided = audit_verdicts.decide(uow, audit.id, chosen, conclusion, call.actor)
    t = portals.speech(uow)
    words = audit_cards.verdict_words(decided.verdict, t)
    values = {"verdict": decided.verdict, "score": decided.score or 0}
    sentence = t(
        "Audit No. {number}: {verdict}, {score} points of 100.", number=audit.id, verdict=words, score=decided.score
    )
    return Answer(values, sentence)
