"""Which factories suit a lot, and which lots suit a factory: hard conditions in SQL, soft ones scored and explained.

Called by lots, robots and pages. The same rows at the same moment always give the same list. Sends nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, and_, cast, func, literal, or_, select, text

from b24app.domain import matching as rules
from b24app.domain.lots import last_moment
from b24app.errors import NotFound
from b24app.i18n import texts
from b24app.services import match_facts
from b24app.services.industries import pack
from b24app.services.match_words import in_words
from storage.models import Company, Lot
from storage.unit_of_work import UnitOfWork

DAYS_A_MONTH = 30
MOST = 1000


@dataclass(frozen=True, kw_only=True)
class Match:
    """One factory for a lot: score 0–100 and the reasons in words, the weightiest first."""

    company_id: int
    name: str
    score: int
    reasons: list[str]


@dataclass(frozen=True, kw_only=True)
class LotMatch:
    """One lot for a factory: score 0–100 and the reasons in words, the weightiest first."""

    lot: Lot
    lot_id: int
    number: int
    score: int
    reasons: list[str]


def factories_for(uow: UnitOfWork, lot_id: int, language: str, limit: int = 50) -> list[Match]:
    """Give the published factories that can make a lot, the best first. NotFound."""
    lot = uow.session.get(Lot, lot_id)
    if lot is None:
        raise NotFound(code="lot")
    found = uow.session.scalars(
        select(Company).join(Lot, _fits(uow.now)).where(Lot.id == lot.id).order_by(Company.id).limit(MOST)
    ).all()
    facts = match_facts.of_companies(uow, list(found), lot.segment)
    scored = [(rules.score(_wish(lot, uow.now), _candidate(c, facts, uow.now), _weights()), c) for c in found]
    scored.sort(key=lambda pair: (-pair[0].points, pair[1].id))
    t = texts(language)
    return [Match(company_id=c.id, name=c.name, score=s.points, reasons=in_words(s, lot, t)) for s, c in scored[:limit]]


def lots_for(uow: UnitOfWork, company_id: int, language: str, limit: int = 50) -> list[LotMatch]:
    """Give the published lots that a factory can make and may still answer, the best first. NotFound."""
    company = uow.session.get(Company, company_id)
    if company is None:
        raise NotFound(code="company")
    open_now = and_(Lot.state == "published", or_(Lot.respond_by.is_(None), Lot.respond_by >= uow.now))
    found = uow.session.scalars(
        select(Lot).join(Company, _fits(uow.now)).where(Company.id == company.id, open_now).order_by(Lot.id).limit(MOST)
    ).all()
    facts = {segment: match_facts.of_companies(uow, [company], segment) for segment in {lot.segment for lot in found}}
    scored = [
        (rules.score(_wish(lot, uow.now), _candidate(company, facts[lot.segment], uow.now), _weights()), lot)
        for lot in found
    ]
    scored.sort(key=lambda pair: (-pair[0].points, -pair[1].id))
    t = texts(language)
    return [
        LotMatch(lot=lot, lot_id=lot.id, number=lot.number, score=s.points, reasons=in_words(s, lot, t))
        for s, lot in scored[:limit]
    ]


def score_of(uow: UnitOfWork, lot: Lot, company: Company, language: str) -> Match:
    """Score one factory against a lot whatever the hard conditions say, as for an offer that is already there."""
    facts = match_facts.of_companies(uow, [company], lot.segment)
    found = rules.score(_wish(lot, uow.now), _candidate(company, facts, uow.now), _weights())
    reasons = in_words(found, lot, texts(language))
    return Match(company_id=company.id, name=company.name, score=found.points, reasons=reasons)


def _weights() -> dict[str, int]:
    return dict(pack().weights)


def _fits(now: datetime) -> ColumnElement[bool]:
    """The hard conditions between a lot and a factory."""
    days = cast(Lot.fields["produce_by"].astext, Date) - literal(now.date(), Date)
    days_left = func.greatest(cast(days, Integer), 1)
    same_unit = Company.answers["volume_unit"].astext == Lot.unit
    enough = and_(
        func.coalesce(Company.moq, 0) <= Lot.quantity,
        Lot.quantity * DAYS_A_MONTH <= func.coalesce(Company.capacity_per_month, 0) * func.greatest(days_left, 1),
    )
    return and_(
        Company.kind == "factory",
        Company.state == "accepted",
        Company.publication == "published",
        Company.subscribed_until > now,
        Company.segments.op("@>")(func.jsonb_build_array(Lot.segment)),
        or_(~same_unit, enough),
        func.coalesce(Company.lead_time_days, 0) <= days_left,
        _holds_certificates(),
    )


def _holds_certificates() -> ColumnElement[bool]:
    """Every certificate the lot asks for is among the factory's and valid on the day of delivery."""
    return text(
        """
        NOT EXISTS (
            SELECT 1 FROM jsonb_array_elements_text(coalesce(lots.fields -> 'required_certificates', '[]'::jsonb)) AS wanted
            WHERE NOT jsonb_path_exists(
                companies.answers, '$.certificates[*] ? (@.certificate == $wanted && @.expires_on >= $day)',
                jsonb_build_object('wanted', wanted, 'day', lots.fields ->> 'deliver_by'))
        )
        """
    )  # type: ignore[return-value]  # a text clause is a condition where one is expected


def _wish(lot: Lot, now: datetime) -> rules.Wish:
    target: Any = lot.fields.get("target_price")
    return rules.Wish(
        segment=lot.segment,
        quantity=lot.quantity,
        unit=lot.unit,
        days=max(1, (last_moment(lot.fields["produce_by"]).date() - now.date()).days),
        target_minor=target["amount_minor"] if target else None,
        target_currency=target["currency"] if target else "",
    )


def _candidate(company: Company, facts: dict[int, match_facts.Facts], now: datetime) -> rules.Candidate:
    known = facts.get(company.id, match_facts.Facts())
    return rules.Candidate(
        segments=tuple(company.segments),
        unit=str(company.answers.get("volume_unit", "")),
        moq=company.moq or 0,
        capacity_per_month=company.capacity_per_month or 0,
        lead_time_days=company.lead_time_days or 0,
        verified=company.verified_until is not None and company.verified_until > now,
        rating=rules.bayesian_rating(0, 0, pack().prior_rating, pack().prior_count),
        rating_count=0,
        usual_price_minor=known.usual_price_minor,
        usual_price_currency=known.usual_price_currency,
        answer_hours=known.answer_hours,
        open_orders=known.open_orders,
    )
