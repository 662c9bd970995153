"""Offers of factories: submitting, the manager's gate, the buyer's choice.

Called by the Mini App (submit, shortlist, award), the desk and cards (allow, decline, award). May send: the card on the deal,
triggers factory_responded, contact_allowed, offer_awarded, bot messages, the child deal. Errors: InvalidInput (by field), InvalidState,
NotAllowed, NotFound.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from b24app.domain import offers as rules
from b24app.domain.deliveries import FireTrigger
from b24app.domain.lots import last_moment
from b24app.domain.masking import mask
from b24app.domain.orders import due_at
from b24app.errors import InvalidInput, InvalidState, NotAllowed, NotFound
from b24app.i18n import texts, texts_in_zone
from b24app.services import (
    audit,
    automation,
    catalogue_entries,
    clean_copies,
    conversations,
    drafts,
    lot_cards,
    lots,
    offer_cards,
    offer_news,
    people,
    portals,
    relations,
    staff,
)
from b24app.services.comparison import Comparison, of_offers, shown_at_most
from b24app.services.forms import checked
from b24app.services.industries import pack
from storage.holding import HELD
from storage.models import Company, Conversation, Lot, Offer, OfferVersion, Order, Person
from storage.unit_of_work import UnitOfWork


def submit(uow: UnitOfWork, person: Person, lot_id: int, answers: Mapping[str, Any]) -> Offer:
    """Answer a published lot, or change the answer until it is allowed. The same again changes nothing.

    NotAllowed for anybody but a verified factory; InvalidState when the lot takes no offers or the offer was decided.
    """
    company = _answering(uow, person)
    people.must(uow, person, company.id, "trade")
    lot = lots.get(uow, lot_id, lock=True)
    lots.must_take_offers(uow, lot)
    if lot.company_id in {own.id for own in _companies_of(uow, person)}:
        raise NotAllowed("This is your own lot.", code="own_lot")
    values = checked(pack().forms["offer"], answers, language=people.language_of(person), now=uow.now)
    offer = uow.session.scalars(
        select(Offer)
        .where(Offer.lot_id == lot.id, Offer.company_id == company.id, Offer.state.in_(rules.LIVE))
        .with_for_update(key_share=True),
        execution_options={"populate_existing": True},
    ).first()
    is_new = offer is None
    if offer is None:
        offer = Offer(lot_id=lot.id, company_id=company.id, person_id=person.id, state="submitted", version=1)
        offer.created_at = uow.now
        uow.session.add(offer)
    elif offer.terms == values and offer.lot_version == lot.version:
        return offer
    else:
        offer.state = rules.next_state(offer.state, "edit")
        offer.version += 1
    offer.lot_version = lot.version
    _take_over(uow, offer, values)
    drafts.discard(uow, person, f"offer:{lot.id}")
    _announce(uow, lot, offer, company, is_new=is_new)
    audit.record(uow, f"person/{person.id}", "offer_submitted", f"offer/{offer.id}", version=offer.version)
    return offer


def _announce(uow: UnitOfWork, lot: Lot, offer: Offer, company: Company, *, is_new: bool) -> None:
    live = of_lot(uow, lot.id)
    first = is_new and not any(other.state in {"allowed", "awarded"} for other in live)
    lot_cards.save_offers_count(uow, lot, len(live), stage="offers" if first else "")
    offer_cards.ask_for_decision(uow, lot, offer, company)
    if is_new:
        uow.send(FireTrigger(code="factory_responded", ref=f"lot/{lot.id}"), key=f"offer/{offer.id}:responded")
        words = str(offer.terms.get("message", ""))
        automation.replied(uow, [f"lot/{lot.id}"], "factory", company.name, mask(words).text)
    catalogue_entries.refresh_past(uow, company.id)
    offer_news.submitted(uow, lot, offer)


def _answering(uow: UnitOfWork, person: Person) -> Company:
    company = people.company_of(uow, person, "factory")
    if company is None:
        raise NotAllowed("Only factories answer lots.", code="not_a_factory")
    if company.state != "accepted" or company.publication == "suspended":
        raise NotAllowed("Your questionnaire must be approved first.", code="not_accepted")
    if company.verified_until is None or company.verified_until <= uow.now:
        raise NotAllowed("Only verified factories answer lots. Ask for verification first.", code="not_verified")
    return company


def _companies_of(uow: UnitOfWork, person: Person) -> list[Company]:
    found = (people.company_of(uow, person, kind) for kind in ("buyer", "factory"))
    return [company for company in found if company is not None]


def _take_over(uow: UnitOfWork, offer: Offer, values: dict[str, Any]) -> None:
    offer.terms = values
    offer.price_minor = values["price"]["amount_minor"]
    offer.currency = values["price"]["currency"]
    offer.lead_time_days = values["lead_time_days"]
    offer.valid_until = last_moment(values["valid_until"], staff.zone(uow))
    uow.session.flush()
    uow.session.add(OfferVersion(offer_id=offer.id, version=offer.version, fields=values, created_at=uow.now))
    uow.session.flush()


def of_lot(uow: UnitOfWork, lot_id: int) -> list[Offer]:
    """Give every live offer for a lot in the order they came."""
    return list(
        uow.session.scalars(select(Offer).where(Offer.lot_id == lot_id, Offer.state.in_(rules.LIVE)).order_by(Offer.id))
    )


def of_company(
    uow: UnitOfWork, company_id: int, *, before_id: int | None = None, limit: int | None = None
) -> list[Offer]:
    """Give a factory's offers, the newest first: all, or `limit` of those older than `before_id`."""
    found = select(Offer).where(Offer.company_id == company_id).order_by(Offer.id.desc()).limit(limit)
    return list(uow.session.scalars(found.where(Offer.id < before_id) if before_id else found))


def live(uow: UnitOfWork, lot_id: int, company_id: int) -> Offer | None:
    """Give the offer of a factory that stands for a lot, or None."""
    return uow.session.scalars(
        select(Offer).where(Offer.lot_id == lot_id, Offer.company_id == company_id, Offer.state.in_(rules.LIVE))
    ).first()


def answered(uow: UnitOfWork, company_id: int, lot_ids: Sequence[int]) -> set[int]:
    """Tell which of some lots a factory has answered."""
    return set(
        uow.session.scalars(select(Offer.lot_id).where(Offer.company_id == company_id, Offer.lot_id.in_(lot_ids)))
    )


def shown_counts(uow: UnitOfWork, lot_ids: Sequence[int]) -> dict[int, int]:
    """Count for each of some lots the offers that its buyer sees."""
    rows = uow.session.execute(
        select(Offer.lot_id, func.count())
        .where(Offer.lot_id.in_(lot_ids), Offer.state.in_(rules.SEEN_BY_BUYER), Offer.decided_at.is_not(None))
        .group_by(Offer.lot_id)
    )
    counts = {lot_id: int(count) for lot_id, count in rows}
    # One offer is never too many.
    most = shown_at_most(uow) if any(count > 1 for count in counts.values()) else 1
    return {lot_id: min(count, most) for lot_id, count in counts.items()}


def seen_by_buyer(uow: UnitOfWork, person: Person, lot_id: int) -> list[Offer]:
    """Give the offers that a manager let through to the lot's buyer. NotFound for somebody else's lot."""
    lots.own(uow, person, lot_id)
    return [offer for offer in of_lot(uow, lot_id) if offer.decided_at and offer.state in rules.SEEN_BY_BUYER]


def get(uow: UnitOfWork, offer_id: int, *, lock: bool = False) -> Offer:
    """Find an offer, locked when its state is about to change. NotFound."""
    if lock:
        uow.session.flush()
    offer = uow.session.get(Offer, offer_id, with_for_update=HELD if lock else None, populate_existing=lock)
    if offer is None:
        raise NotFound(code="offer")
    return offer


def allow(uow: UnitOfWork, offer_id: int, actor: str) -> Conversation:
    """Let an offer through: the conversation opens, buyer and factory are told. InvalidState when it was decided already."""
    offer = get(uow, offer_id, lock=True)
    lot = lots.get(uow, offer.lot_id)
    offer.state = rules.next_state(offer.state, "allow")
    offer.decided_by, offer.decided_at = actor, uow.now
    uow.session.flush()
    conversation = conversations.open_for_offer(uow, offer.id, actor)
    lot_cards.save_offers_count(uow, lot, len(of_lot(uow, lot.id)), stage="negotiation")
    t = portals.speech(uow)
    lot_cards.close_offer_card(uow, lot, offer.id, t("Contact allowed"))
    uow.send(FireTrigger(code="contact_allowed", ref=f"lot/{lot.id}"), key=f"offer/{offer.id}:allowed")
    offer_news.allowed(uow, lot, offer, conversation)
    _show_files(uow, offer)
    _bring_nearer(uow, lot, offer, "offer")
    audit.record(uow, actor, "offer_allowed", f"offer/{offer.id}")
    return conversation


def _show_files(uow: UnitOfWork, offer: Offer) -> None:
    clean_copies.expect(uow, offer.terms.get("files"), f"lot/{offer.lot_id}")


def _bring_nearer(uow: UnitOfWork, lot: Lot, offer: Offer, event: str) -> None:
    buyer, factory = uow.session.get_one(Company, lot.company_id), uow.session.get_one(Company, offer.company_id)
    relations.advance(uow, buyer, factory, event, uow.session.get_one(Person, lot.person_id))


def decline(uow: UnitOfWork, offer_id: int, reason: str, actor: str) -> Offer:
    """Turn an offer down; the factory is told why. `reason` is a code of the pack's list or a sentence."""
    offer = get(uow, offer_id, lock=True)
    t = portals.speech(uow)
    if not reason.strip():
        raise InvalidInput(fields={"reason": [t("Please fill this in.")]})
    offer.state = rules.next_state(offer.state, "decline")
    offer.decline_reason = reason.strip()[:500]
    offer.decided_by, offer.decided_at = actor, uow.now
    uow.session.flush()
    lot = lots.get(uow, offer.lot_id)
    lot_cards.save_offers_count(uow, lot, len(of_lot(uow, lot.id)))
    lot_cards.close_offer_card(uow, lot, offer.id, t("Declined"))
    offer_news.declined(uow, lot, offer)
    audit.record(uow, actor, "offer_declined", f"offer/{offer.id}", reason=offer.decline_reason)
    return offer


def withdraw(uow: UnitOfWork, person: Person, offer_id: int) -> Offer:
    """Take back one's own offer while it is not awarded; the manager, and a buyer who saw it, are told. Repeats change nothing.

    NotFound for another factory's; InvalidState once it won, lost or was declined.
    """
    offer = get(uow, offer_id, lock=True)
    company = people.company_of(uow, person, "factory")
    if company is None or offer.company_id != company.id:
        raise NotFound(code="offer")
    people.must(uow, person, company.id, "trade")
    if offer.state != "withdrawn":
        take_back(uow, offer, f"person/{person.id}")
    return offer


def take_back(uow: UnitOfWork, offer: Offer, actor: str) -> None:
    """Withdraw a locked offer: the deal, its card, the news. InvalidState unless it still waits for a decision."""
    was_seen = offer.state == "allowed"
    offer.state = rules.next_state(offer.state, "withdraw")
    offer.shortlisted = False
    uow.session.flush()
    lot = lots.get(uow, offer.lot_id)
    lot_cards.save_offers_count(uow, lot, len(of_lot(uow, lot.id)))
    offer_news.withdrawn(uow, lot, offer, was_seen=was_seen)
    audit.record(uow, actor, "offer_withdrawn", f"offer/{offer.id}")


def reconsider(uow: UnitOfWork, offer_id: int, actor: str) -> Offer:
    """Take a refusal back: the offer waits for a decision again and its factory is told.

    InvalidState when it is not declined, the lot is closed, or the factory has sent another offer meanwhile.
    """
    offer = get(uow, offer_id, lock=True)
    lot = lots.get(uow, offer.lot_id)
    lots.must_be_open(lot)
    if any(other.company_id == offer.company_id for other in of_lot(uow, lot.id)):
        raise InvalidState("The factory has sent another offer meanwhile.", code="offer_replaced")
    offer.state = rules.next_state(offer.state, "reconsider")
    offer_news.reconsidered(uow, lot, offer)
    offer.decline_reason, offer.decided_by, offer.decided_at = "", "", None
    uow.session.flush()
    lot_cards.save_offers_count(uow, lot, len(of_lot(uow, lot.id)))
    offer_cards.ask_for_decision(uow, lot, offer, uow.session.get_one(Company, offer.company_id))
    audit.record(uow, actor, "offer_reconsidered", f"offer/{offer.id}")
    return offer


def shortlist(uow: UnitOfWork, person: Person, offer_id: int, on: bool) -> Offer:
    """Mark or unmark an offer for the buyer's short list. NotFound for somebody else's lot or an offer not let through."""
    offer = get(uow, offer_id, lock=True)
    _must_see(uow, person, offer)
    offer.shortlisted = on
    return offer


def chosen_from(uow: UnitOfWork, person: Person, offer_id: int) -> Offer:
    """Give an offer that a buyer may choose from. NotFound for any other."""
    offer = get(uow, offer_id)
    _must_see(uow, person, offer)
    return offer


def left_of(uow: UnitOfWork, lot: Lot) -> int:
    """Give how much of a lot is not awarded yet."""
    awarded = uow.session.scalars(select(Order.quantity).where(Order.lot_id == lot.id))
    return rules.quantity_left(lot.quantity, list(awarded))


def _must_see(uow: UnitOfWork, person: Person, offer: Offer) -> None:
    lot = lots.own(uow, person, offer.lot_id)
    people.must(uow, person, lot.company_id, "trade")
    if offer.state not in rules.SEEN_BY_BUYER or offer.decided_at is None:
        raise NotFound(code="offer")


def compare(uow: UnitOfWork, person: Person, lot_id: int, language: str) -> Comparison:
    """Put the offers that were let through side by side, best-matched first. NotFound for somebody else's lot."""
    t = texts_in_zone(language, person.zone)
    return of_offers(uow, lots.own(uow, person, lot_id), seen_by_buyer(uow, person, lot_id), t)


def award(uow: UnitOfWork, chosen_by: Person | str, offer_id: int, quantity: int | None = None) -> Order:
    """Give a factory the lot, or `quantity` of it: a child deal appears; once nothing is left the lot closes and losers are told.

    Chosen by the buyer or by an employee (`user/1`). InvalidInput when the quantity is not between 1 and what is left.
    """
    lot = lots.get(uow, get(uow, offer_id).lot_id, lock=True)
    offer = get(uow, offer_id, lock=True)
    if isinstance(chosen_by, Person):
        _must_see(uow, chosen_by, offer)
    actor = chosen_by if isinstance(chosen_by, str) else f"person/{chosen_by.id}"
    left = left_of(uow, lot)
    if lot.state != "published":
        raise InvalidState("This lot is closed.", code="lot_closed")
    if offer.lot_version != lot.version:
        raise InvalidState("The factory has not confirmed the changed lot yet.", code="offer_unconfirmed")
    share = left if quantity is None else quantity
    if not 0 < share <= left:
        t = texts(people.language_of(chosen_by)) if isinstance(chosen_by, Person) else portals.speech(uow)
        raise InvalidInput(fields={"quantity": [t("Between {min} and {max}.", min=1, max=t.number(left))]})
    offer.state = rules.next_state(offer.state, "award")
    order = Order(lot_id=lot.id, offer_id=offer.id, company_id=offer.company_id, quantity=share, state="contract")
    order.price_minor, order.currency, order.created_at = offer.price_minor, offer.currency, uow.now
    order.due_at = due_at(order.created_at, offer.lead_time_days)
    uow.session.add(order)
    uow.session.flush()
    conversations.bind_order(uow, offer.id, order.id)
    catalogue_entries.refresh_past(uow, order.company_id)
    offer_cards.save_order(uow, lot, order)
    uow.send(FireTrigger(code="offer_awarded", ref=f"lot/{lot.id}"), key=f"offer/{offer.id}:awarded")
    offer_news.awarded(uow, lot, offer, order)
    _bring_nearer(uow, lot, offer, "contract")
    audit.record(uow, actor, "offer_awarded", f"offer/{offer.id}", quantity=share, order=order.id)
    if share == left:
        lots.close(uow, lot, "awarded", actor, action="award")
    return order


def waiting() -> Select[int, datetime]:
    """Give the statement for how many offers wait for a manager, and since when the oldest does."""
    return select(func.count(), func.min(Offer.created_at)).where(Offer.state == "submitted")
