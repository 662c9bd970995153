"""Lots of buyers: submitting, moderation, publication, closing.

Called by the Mini App and the chat (submit, cancel), the desk, cards and robots (decisions). May send: the deal and its card,
notifications to employees, the anonymous channel post, messages to matching factories, the buyer and responders. Errors: InvalidInput
(by field), InvalidState, NotAllowed, NotFound.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from b24app.domain import lots as rules
from b24app.errors import InvalidState, NotAllowed, NotFound
from b24app.services import (
    audit,
    clean_copies,
    drafts,
    lot_cards,
    lot_checks,
    lot_news,
    lot_revisions,
    lot_views,
    people,
    portals,
    staff,
)
from b24app.services.companies import asked_corrections
from b24app.services.forms import checked
from b24app.services.industries import pack
from b24app.services.lot_views import LotView
from storage.holding import HELD
from storage.models import Company, Lot, LotVersion, Offer, Person
from storage.unit_of_work import UnitOfWork


def submit(uow: UnitOfWork, person: Person, answers: Mapping[str, Any], client_key: str) -> Lot:
    """Take a lot; the same again under one `client_key` changes nothing, other answers replace it until it is published.

    Where moderation is switched off for its segment and nothing is found in it, it is published at once (see `lot_checks`).
    InvalidInput names the faults by field; NotAllowed before the questionnaire is complete; InvalidState once published.
    """
    company = people.company_of(uow, person, "buyer")
    if company is None:
        raise NotAllowed("Fill in the questionnaire first.", code="questionnaire_first")
    people.must(uow, person, company.id, "trade")
    uow.session.get_one(Company, company.id, with_for_update=HELD)
    known = uow.session.scalars(
        select(Lot).where(Lot.company_id == company.id, Lot.client_key == client_key).with_for_update(key_share=True)
    ).first()
    if known is not None and known.state != "changes_requested" and _is_same(known, answers):
        return known
    language = people.language_of(person)
    values = checked(pack().forms["lot"], answers, language=language, now=uow.now)
    if known is None:
        lot = _create(uow, company, person, client_key, values)
    elif known.state == "submitted" and known.fields == values:
        return known
    else:
        lot = known
        lot.state = rules.next_state(lot.state, "edit" if lot.state == "submitted" else "resubmit")
        lot.corrections = []
        lot.submitted_at = uow.now
        take_over(uow, lot, values)
    drafts.discard(uow, person, "lot")
    audit.record(uow, f"person/{person.id}", "lot_submitted", f"lot/{lot.id}")
    if lot_checks.waits_for_nobody(uow, lot, company, portals.speech(uow)):
        lot_cards.tell_of_unmoderated(uow, lot, company)
        return approve(uow, lot.id, "automation")
    lot_cards.save_deal(uow, lot, company, stage="moderation")
    lot_cards.ask_for_decision(uow, lot, company)
    lot_news.submitted(uow, lot, person)
    return lot


def _is_same(lot: Lot, answers: Mapping[str, Any]) -> bool:
    return lot.state != "submitted" or {k: v for k, v in answers.items() if v not in (None, "", [], {})} == lot.fields


def _create(uow: UnitOfWork, company: Company, person: Person, client_key: str, values: dict[str, Any]) -> Lot:
    lot = Lot(company_id=company.id, person_id=person.id, client_key=client_key, state="submitted", version=1)
    lot.corrections = []
    lot.submitted_at = uow.now
    lot.created_at = uow.now
    take_over(uow, lot, values)
    uow.session.add(lot)
    uow.session.flush()
    uow.session.refresh(lot)
    return lot


def take_over(uow: UnitOfWork, lot: Lot, values: dict[str, Any]) -> None:
    """Keep checked answers on a lot, those that matching filters by in columns of their own too."""
    lot.fields = values
    lot.segment = values["segment"]
    lot.quantity = values["quantity"]
    lot.unit = values["unit"]
    lot.deliver_by = rules.last_moment(values["deliver_by"], staff.zone(uow))


def approve(uow: UnitOfWork, lot_id: int, actor: str) -> Lot:
    """Publish a lot: the anonymous post in the tender channel and a message to each matching factory. InvalidState when decided."""
    lot = get(uow, lot_id, lock=True)
    lot.state = rules.next_state(lot.state, "approve")
    lot.published_at = uow.now
    lot.respond_by = rules.response_deadline(lot.fields, uow.now, staff.zone(uow))
    uow.session.add(LotVersion(lot_id=lot.id, version=lot.version, fields=lot.fields, created_at=uow.now))
    uow.session.flush()
    company = uow.session.get_one(Company, lot.company_id)
    lot_cards.save_deal(uow, lot, company, stage="published")
    t = portals.speech(uow)
    lot_cards.close_card(uow, lot, t("Approved"))
    lot_news.publish(uow, lot)
    show_files(uow, lot)
    audit.record(uow, actor, "lot_approved", f"lot/{lot.id}")
    return lot


def show_files(uow: UnitOfWork, lot: Lot) -> None:
    """Have the lot's files copied for factories, without anything that tells of its buyer."""
    clean_copies.expect(uow, lot.fields.get("files"), f"lot/{lot.id}", lot_views.hidden_names(uow, lot))


def show_files_anew(uow: UnitOfWork, company_id: int) -> None:
    """Have the files of a buyer's lots copied again, since there are new names that must not stand in them."""
    for lot in uow.session.scalars(select(Lot).where(Lot.company_id == company_id, Lot.published_at.is_not(None))):
        show_files(uow, lot)


def request_corrections(uow: UnitOfWork, lot_id: int, corrections: Sequence[Mapping[str, str]], actor: str) -> Lot:
    """Give a lot back to its buyer: which fields and why (`{"field", "reason"}`)."""
    lot = get(uow, lot_id, lock=True)
    t = portals.speech(uow)
    kept = asked_corrections(corrections, pack().forms["lot"].asks, t)
    lot.state = rules.next_state(lot.state, "request_corrections")
    lot.corrections = kept
    company = uow.session.get_one(Company, lot.company_id)
    lot_cards.save_deal(uow, lot, company, stage="new")
    lot_cards.close_card(uow, lot, t("Returned"))
    lot_news.returned(uow, lot)
    audit.record(uow, actor, "lot_returned", f"lot/{lot.id}", corrections=kept)
    return lot


def cancel(uow: UnitOfWork, person: Person, lot_id: int) -> Lot:
    """Withdraw one's own lot; every factory that answered is told. NotFound for somebody else's."""
    lot = own(uow, person, lot_id, lock=True)
    people.must(uow, person, lot.company_id, "trade")
    close(uow, lot, "cancelled", f"person/{person.id}", action="cancel")
    return lot


def close(uow: UnitOfWork, lot: Lot, outcome: str, actor: str, *, action: str) -> None:
    """Close a locked lot as awarded, expired or cancelled: the deal, the card, the channel post, the open offers."""
    t = portals.speech(uow)
    was_waiting = lot.state == "submitted"
    lot_revisions.drop(uow, lot, t("The lot is closed"))
    lot.state = rules.next_state(lot.state, action)
    lot.outcome = outcome
    lot.closed_at = uow.now
    losers = list(
        uow.session.scalars(
            select(Offer)
            .where(Offer.lot_id == lot.id, Offer.state.in_(("submitted", "allowed")))
            .order_by(Offer.id)
            .with_for_update(key_share=True),
            execution_options={"populate_existing": True},
        )
    )
    for offer in losers:
        lot_news.lost(uow, lot, offer, outcome)
        if offer.state == "submitted":
            lot_cards.close_offer_card(uow, lot, offer.id, t("The lot is closed"))
        offer.state = "lost"
    company = uow.session.get_one(Company, lot.company_id)
    lot_cards.save_deal(uow, lot, company, stage="contract" if outcome == "awarded" else "lost")
    if was_waiting:
        lot_cards.close_card(uow, lot, t("Cancelled by the buyer"))
    lot_news.mark_channel_post(uow, lot)
    audit.record(uow, actor, f"lot_{outcome}", f"lot/{lot.id}")


def get(uow: UnitOfWork, lot_id: int, *, lock: bool = False) -> Lot:
    """Find a lot, locked when its state is about to change. NotFound."""
    if lock:
        uow.session.flush()
    lot = uow.session.get(Lot, lot_id, with_for_update=HELD if lock else None, populate_existing=lock)
    if lot is None:
        raise NotFound(code="lot")
    return lot


def published(uow: UnitOfWork, lot_id: int) -> Lot:
    """Find a lot that factories may see. NotFound for any other, as if there were none."""
    lot = get(uow, lot_id)
    if lot.state not in {"published", "closed"} or lot.published_at is None:
        raise NotFound(code="lot")
    return lot


def several(uow: UnitOfWork, lot_ids: Sequence[int]) -> list[Lot]:
    """Give those of some lots that exist, the newest first."""
    return list(uow.session.scalars(select(Lot).where(Lot.id.in_(lot_ids)).order_by(Lot.id.desc())))


def by_number(uow: UnitOfWork, number: int) -> Lot:
    """Find a lot by the number people use, as in the deep link `lot_<number>`. NotFound."""
    lot = uow.session.scalars(select(Lot).where(Lot.number == number)).first()
    if lot is None:
        raise NotFound(code="lot")
    return lot


def get_for_channel(uow: UnitOfWork, payload: str) -> Lot | None:
    """Give the published or closed lot that a deep link `lot_<number>` names, or None."""
    number = payload.removeprefix("lot_")
    if not payload.startswith("lot_") or not number.isdigit() or len(number) > 12:
        return None
    return uow.session.scalars(
        select(Lot).where(Lot.number == int(number), Lot.state.in_(("published", "closed")))
    ).first()


def own(uow: UnitOfWork, person: Person, lot_id: int, *, lock: bool = False) -> Lot:
    """Find a lot of the person's own company. NotFound for anybody else's."""
    company = people.company_of(uow, person, "buyer")
    lot = get(uow, lot_id, lock=lock)
    if company is None or lot.company_id != company.id:
        raise NotFound(code="lot")
    return lot


def of_company(
    uow: UnitOfWork, company_id: int, *, before_id: int | None = None, limit: int | None = None
) -> list[Lot]:
    """Give a buyer's lots, the newest first: all, or `limit` of those older than `before_id`."""
    found = select(Lot).where(Lot.company_id == company_id).order_by(Lot.id.desc()).limit(limit)
    return list(uow.session.scalars(found.where(Lot.id < before_id) if before_id else found))


def public_view(lot: Lot, language: str) -> LotView:
    """Give what a factory may see of a lot, built from an allow-list, contacts masked."""
    return lot_views.public_view(lot, language)


def anonymous_view(uow: UnitOfWork, lot: Lot, language: str) -> LotView:
    """Give what a factory may see of a lot, the buyer's own names masked too."""
    return lot_views.public_view(lot, language, lot_views.hidden_names(uow, lot))


def brief_views(uow: UnitOfWork, found: Sequence[Lot], language: str) -> dict[int, LotView]:
    """Give what a list tells a factory of each lot (title, segment, quantity), the buyers' names masked, in three queries."""
    return lot_views.brief_views(uow, found, language)


def expire_due(uow: UnitOfWork, limit: int = 100) -> int:
    """Close published lots whose deadline passed without an award; answers how many."""
    due = uow.session.scalars(
        select(Lot)
        .where(Lot.state == "published", Lot.respond_by < uow.now)
        .where(~select(Offer.id).where(Offer.lot_id == Lot.id, Offer.state.in_(("submitted", "allowed"))).exists())
        .order_by(Lot.id)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    ).all()
    for lot in due:
        close(uow, lot, "expired", "automation", action="expire")
        lot_news.expired(uow, lot)
    return len(due)


def takes_offers(uow: UnitOfWork, lot: Lot) -> bool:
    """Tell whether factories may answer the lot now."""
    return rules.takes_offers(lot.state, lot.respond_by, uow.now)


def must_take_offers(uow: UnitOfWork, lot: Lot) -> None:
    """Raise InvalidState unless factories may answer the lot now."""
    if not takes_offers(uow, lot):
        raise InvalidState("This lot takes no offers any more.", code="lot_closed")


def must_be_open(lot: Lot) -> None:
    """Raise InvalidState unless the lot is published and not decided."""
    if lot.state != "published":
        raise InvalidState("This lot takes no offers any more.", code="lot_closed")
