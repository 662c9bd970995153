"""Offers of a lot as rows to compare. Called by the deal tab."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from b24app.domain.industries import Questionnaire
from b24app.i18n import texts
from b24app.services import companies, forms, matching
from b24app.services.industries import pack
from placements import subjects
from placements.calls import Entity
from storage.models import Company, Lot, Offer, Order
from storage.unit_of_work import UnitOfWork

_OWN_COLUMNS = frozenset({"price", "lead_time_days", "moq", "incoterms", "message", "valid_until"})
_ORDER = ("submitted", "allowed", "awarded", "lost", "declined", "withdrawn")


@dataclass(frozen=True)
class OfferRow:
    """One offer; amounts are minor units of `currency`, `moq` and the other terms are already in words."""

    id: int
    factory: str
    score: int
    item: Entity | None
    verified: bool
    state: str
    state_words: str
    price_minor: int
    total_minor: int
    currency: str
    lead_time_days: int
    moq: str
    incoterms: str
    message: str
    more: tuple[tuple[str, str], ...]
    valid_until: datetime | None
    shortlisted: bool
    decline_reason: str
    can_allow: bool
    can_decline: bool
    can_award: bool


def rows_of(uow: UnitOfWork, lot: Lot, language: str) -> list[OfferRow]:
    """Give every offer, also the declined: those that wait for a decision first, the best-matched before the others."""
    rows = _rows(uow, lot, language)
    return sorted(
        rows, key=lambda row: (_ORDER.index(row.state) if row.state in _ORDER else len(_ORDER), -row.score, row.id)
    )


def left_of(uow: UnitOfWork, lot: Lot) -> int:
    """Give how much of a lot no factory was chosen for yet."""
    taken = uow.session.scalar(select(func.sum(Order.quantity)).where(Order.lot_id == lot.id))
    return max(0, lot.quantity - int(taken or 0))


def _rows(uow: UnitOfWork, lot: Lot, language: str) -> list[OfferRow]:
    found = list(uow.session.scalars(select(Offer).where(Offer.lot_id == lot.id).order_by(Offer.id)))
    in_crm = subjects.refs_in_crm(uow, [f"company/{offer.company_id}" for offer in found])
    ids = [offer.company_id for offer in found]
    made = {company.id: company for company in uow.session.scalars(select(Company).where(Company.id.in_(ids)))}
    scores = matching.scores_of(uow, lot, list(made.values()), language)
    form, unit = pack().forms["offer"], pack().named("units", lot.unit, language)
    rows = []
    for offer in found:
        factory = made[offer.company_id]
        rows.append(
            OfferRow(
                id=offer.id,
                factory=factory.name,
                score=scores[factory.id].score,
                item=in_crm.get(f"company/{factory.id}"),
                verified=companies.standing(factory, uow.now).verified,
                state=offer.state,
                state_words=offer_state(offer.state, language),
                price_minor=offer.price_minor,
                total_minor=offer.price_minor * lot.quantity,
                currency=offer.currency,
                lead_time_days=offer.lead_time_days,
                moq=f"{forms.shown(form, offer.terms, 'moq', language)} {unit}",
                incoterms=forms.shown(form, offer.terms, "incoterms", language),
                message=str(offer.terms.get("message", "")),
                more=_more(form, offer.terms, language),
                valid_until=offer.valid_until,
                shortlisted=offer.shortlisted,
                decline_reason=pack().named("decline_reasons", offer.decline_reason, language),
                can_allow=offer.state == "submitted",
                can_decline=offer.state == "submitted",
                can_award=offer.state == "allowed" and lot.state == "published",
            )
        )
    return rows


def _more(form: Questionnaire, terms: dict[str, object], language: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (question.label(language), shown)
        for question in form.questions
        if question.code not in _OWN_COLUMNS and (shown := forms.shown(form, terms, question.code, language))
    )


def offer_state(state: str, language: str) -> str:
    """Name an offer's state."""
    t = texts(language)
    return {
        "submitted": t("Waits for your decision"),
        "allowed": t("Contact allowed"),
        "declined": t("Declined"),
        "awarded": t("Chosen"),
        "lost": t("Not chosen"),
        "withdrawn": t("Withdrawn by the factory"),
    }.get(state, state)
