"""What happened to a lot, as its buyer may know it: one line for each event, the latest first. Called by the Mini App. Sends nothing."""

from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise

from sqlalchemy import select

from b24app.i18n import Texts, texts
from b24app.services.industries import pack
from b24app.services.lot_news import outcome_words
from storage.models import AuditEntry, Company, Lot, LotVersion, Offer, Order
from storage.unit_of_work import UnitOfWork

Event = tuple[datetime, str]


def of_lot(uow: UnitOfWork, lot: Lot, language: str) -> list[Event]:
    """Give moments with a sentence each: decisions on the lot, its versions, the offers let through, the awards."""
    t = texts(language)
    found = [*_decisions(uow, lot, t), *_versions(uow, lot, t), *_offers(uow, lot, t)]
    # Of one moment, what came later in a list is the later one.
    return sorted(found, key=lambda event: event[0])[::-1]


def _decisions(uow: UnitOfWork, lot: Lot, t: Texts) -> list[Event]:
    said = {
        "lot_submitted": t("Sent for checking"),
        "lot_approved": t("Published"),
        "lot_returned": t("Returned for correction"),
        "lot_change_asked": t("Change sent for checking"),
        "lot_change_returned": t("Change returned for correction"),
        **{f"lot_{outcome}": outcome_words(outcome, t) for outcome in ("awarded", "expired", "cancelled")},
    }
    rows = uow.session.scalars(select(AuditEntry).where(AuditEntry.subject == f"lot/{lot.id}").order_by(AuditEntry.id))
    found = []
    for row in rows:
        if row.action in said:
            found.append((row.at, said[row.action]))
        elif row.action == "lot_extended":
            found.append(
                (row.at, t("Offers are taken until {date}.", date=t.date(date.fromisoformat(row.details["until"]))))
            )
    return found


def _versions(uow: UnitOfWork, lot: Lot, t: Texts) -> list[Event]:
    """Say of each version after the first which answers it changed."""
    form = pack().forms["lot"]
    rows = uow.session.scalars(select(LotVersion).where(LotVersion.lot_id == lot.id).order_by(LotVersion.version)).all()
    found = []
    for before, after in pairwise(rows):
        codes = dict.fromkeys((*after.fields, *before.fields))
        changed = [code for code in codes if before.fields.get(code) != after.fields.get(code) and form.asks(code)]
        labels = ", ".join(form.question(code).label(t.language) for code in changed)
        found.append((after.created_at, t("Version {number}: {changed}", number=after.version, changed=labels)))
    return found


def _offers(uow: UnitOfWork, lot: Lot, t: Texts) -> list[Event]:
    named = select(Offer, Company.name).join(Company, Company.id == Offer.company_id).where(Offer.lot_id == lot.id)
    seen = named.where(Offer.decided_at.is_not(None), Offer.state.not_in(("declined", "submitted")))
    found = [
        (offer.decided_at, t("An offer of {factory}", factory=name))
        for offer, name in uow.session.execute(seen)
        if offer.decided_at
    ]
    chosen = select(Order, Company.name).join(Company, Company.id == Order.company_id).where(Order.lot_id == lot.id)
    found += [
        (order.created_at, t("Chosen: {factory}, {quantity}", factory=name, quantity=t.number(order.quantity)))
        for order, name in uow.session.execute(chosen)
    ]
    return found
