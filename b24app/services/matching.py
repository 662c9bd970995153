"""Which factories suit a lot, and which lots suit a factory: hard conditions, score and order in SQL, reasons from the domain.

Called by lots, offers, robots and pages. The same rows at the same moment always give the same list. Sends nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, true
from sqlalchemy.dialects.postgresql import JSONB

from b24app.domain import matching as rules
from b24app.domain import reviews
from b24app.errors import NotFound
from b24app.i18n import texts
from b24app.services import catalogue_entries, match_scoring, match_weights
from b24app.services.industries import pack
from b24app.services.match_words import Why, in_words
from storage.models import CatalogueEntry, Company, Lot
from storage.unit_of_work import UnitOfWork

MOST = 1000


@dataclass(frozen=True, kw_only=True)
class Match:
    """One factory for a lot: score 0–100 and the reasons in words, what speaks for it first."""

    company_id: int
    name: str
    score: int
    reasons: list[Why]


@dataclass(frozen=True, kw_only=True)
class LotMatch:
    """One lot for a factory: score 0–100 and the reasons in words, what speaks for it first."""

    lot: Lot
    lot_id: int
    number: int
    score: int
    reasons: list[Why]


def factories_for(uow: UnitOfWork, lot_id: int, language: str, limit: int = 50) -> list[Match]:
    """Give the published factories that can make a lot, the best first. NotFound."""
    lot, judge = _lot(uow, lot_id), _Judge(match_weights.current(uow), uow.now, language)
    best = _best(lot, judge.weights, uow.now, limit).subquery()
    rows = uow.session.execute(
        select(CatalogueEntry, Company.name)
        .join(best, best.c.company_id == CatalogueEntry.company_id)
        .join(Company, Company.id == CatalogueEntry.company_id)
        .order_by(best.c.points.desc(), CatalogueEntry.company_id)
    )
    return [judge.match(lot, entry, name) for entry, name in rows]


def company_ids_for(uow: UnitOfWork, lot_id: int, limit: int = MOST) -> list[int]:
    """Name the published factories that can make a lot, the best first. NotFound."""
    lot = _lot(uow, lot_id)
    return list(uow.session.scalars(_best(lot, match_weights.current(uow), uow.now, limit)))


def lots_for(
    uow: UnitOfWork, company_id: int, language: str, limit: int = 50, *, skip: int = 0, segment: str = ""
) -> list[LotMatch]:
    """Give the published lots that a factory can make and may still answer, the best first: `limit` of them after `skip`.

    `segment` leaves only the lots of one. NotFound.
    """
    company = uow.session.get(Company, company_id)
    if company is None:
        raise NotFound(code="company")
    entry = catalogue_entries.of_company(uow, company)
    if entry is None or not _may_be_found(entry, uow.now):
        return []
    asked, able = match_scoring.asked_by_lots(uow.now), match_scoring.able_factory(entry, uow.now)
    judge = _Judge(match_weights.current(uow), uow.now, language)
    points = match_scoring.points(asked, able, judge.weights).label("points")
    open_now = and_(Lot.state == "published", or_(Lot.respond_by.is_(None), Lot.respond_by >= uow.now))
    found = uow.session.scalars(
        select(Lot)
        .where(open_now, match_scoring.fits(asked, able), _certificates_held(entry))
        .where(Lot.segment == segment if segment else true())
        .order_by(points.desc(), Lot.id.desc())
        .offset(skip)
        .limit(limit)
    )
    matches = ((lot, judge.match(lot, entry, company.name)) for lot in found)
    return [LotMatch(lot=lot, lot_id=lot.id, number=lot.number, score=m.score, reasons=m.reasons) for lot, m in matches]


def score_of(uow: UnitOfWork, lot: Lot, company: Company, language: str) -> Match:
    """Score one factory against a lot whatever the hard conditions say, as for an offer that is already there."""
    return scores_of(uow, lot, [company], language)[company.id]


def scores_of(uow: UnitOfWork, lot: Lot, companies: Sequence[Company], language: str) -> dict[int, Match]:
    """Score several factories against a lot whatever the hard conditions say, by their ids."""
    judge = _Judge(match_weights.current(uow), uow.now, language)
    entries = catalogue_entries.of_companies(uow, companies)
    return {company.id: judge.match(lot, entries[company.id], company.name) for company in companies}


def candidates(lot: Lot, now: datetime, counted_from: datetime | None = None) -> Select[Any]:
    """Give the query of the factories that meet the hard conditions of a lot now: ids only, in no order.

    The days for production are counted `counted_from` a moment, for a lot of the past that of its publication; else from now.
    """
    asked = match_scoring.asked_by(wish_of(lot, counted_from or now))
    return select(CatalogueEntry.company_id).where(_meets(lot, asked, now))


def points_of(
    lot: Lot, weights: Mapping[str, int], now: datetime, counted_from: datetime | None = None
) -> ColumnElement[int]:
    """Give the score of each factory for a lot as a column over `candidates` of the same moments."""
    able = match_scoring.able_factories(lot.segment, now)
    return match_scoring.points(match_scoring.asked_by(wish_of(lot, counted_from or now)), able, weights)


def wish_of(lot: Lot, now: datetime) -> rules.Wish:
    """Give what a lot asks for, its days counted from a moment."""
    target: Any = lot.fields.get("target_price")
    return rules.Wish(
        segment=lot.segment,
        quantity=lot.quantity,
        unit=lot.unit,
        days=max(1, (date.fromisoformat(lot.fields["produce_by"]) - now.date()).days),
        target_minor=target["amount_minor"] if target else None,
        target_currency=target["currency"] if target else "",
    )


def candidate_of(entry: CatalogueEntry, segment: str, now: datetime) -> rules.Candidate:
    """Give what a factory offers to a lot of a segment, at a moment."""
    currency, price = entry.prices.get(segment) or ("", None)
    return rules.Candidate(
        segments=tuple(entry.segments),
        unit=entry.unit,
        moq=entry.moq,
        capacity_per_month=entry.capacity_per_month,
        lead_time_days=entry.lead_time_days,
        verified=entry.verified_until is not None and entry.verified_until > now,
        rating=rating_of(entry),
        rating_count=entry.rating_count,
        usual_price_minor=price,
        usual_price_currency=currency,
        answer_minutes=entry.answer_minutes,
        invited_lots=entry.invited_lots,
        answered_lots=entry.answered_lots,
        finished_orders=entry.finished_orders,
        on_time_orders=entry.on_time_orders,
        open_orders=entry.open_orders,
    )


def _lot(uow: UnitOfWork, lot_id: int) -> Lot:
    lot = uow.session.get(Lot, lot_id)
    if lot is None:
        raise NotFound(code="lot")
    return lot


def _best(lot: Lot, weights: Mapping[str, int], now: datetime, limit: int) -> Select[Any]:
    points: ColumnElement[int] = points_of(lot, weights, now).label("points")
    return candidates(lot, now).add_columns(points).order_by(points.desc(), CatalogueEntry.company_id).limit(limit)


@dataclass(frozen=True)
class _Judge:
    """Scores factories against lots by the weights in force, in one reader's language."""

    weights: Mapping[str, int]
    now: datetime
    language: str

    def match(self, lot: Lot, entry: CatalogueEntry, name: str) -> Match:
        """Give the score of a pair with its reasons."""
        found = rules.score(wish_of(lot, self.now), candidate_of(entry, lot.segment, self.now), self.weights)
        reasons = in_words(found, lot, texts(self.language))
        return Match(company_id=entry.company_id, name=name, score=found.points, reasons=reasons)


def _meets(lot: Lot, asked: match_scoring.Asked, now: datetime) -> ColumnElement[bool]:
    """The hard conditions of one lot: standing, segment, volume, time, certificates valid on the day of delivery."""
    wanted = lot.fields.get("required_certificates") or []
    return and_(
        CatalogueEntry.publication == "published",
        CatalogueEntry.accepted,
        CatalogueEntry.subscribed_until > now,
        match_scoring.fits(asked, match_scoring.able_factories(lot.segment, now)),
        *(CatalogueEntry.certificates[code].astext >= str(lot.fields.get("deliver_by", "")) for code in wanted),
    )


def _may_be_found(entry: CatalogueEntry, now: datetime) -> bool:
    subscribed = entry.subscribed_until is not None and entry.subscribed_until > now
    return entry.publication == "published" and entry.accepted and subscribed


def _certificates_held(entry: CatalogueEntry) -> ColumnElement[bool]:
    """Every certificate that a lot asks for is among the factory's and valid on the day of delivery."""
    wanted = func.jsonb_array_elements_text(
        func.coalesce(Lot.fields["required_certificates"], literal([], JSONB))
    ).table_valued("value")
    held = literal(entry.certificates, JSONB)[wanted.c.value].astext
    lacking = select(1).select_from(wanted).where(func.coalesce(held, "") < Lot.fields["deliver_by"].astext)
    return ~lacking.correlate(Lot).exists()


def rating_of(entry: CatalogueEntry) -> float:
    """Give a factory's rating, 1–5; without reviews the prior of the industry."""
    return reviews.rating(entry.rating_total, entry.rating_weight, pack().prior_rating, pack().prior_count)
