"""A lot after its publication: the buyer changes it (a new version that responders confirm) or gives it more time.

A change waits for an employee wherever a first submission would. Called by the Mini App and the chat (revise, extend, confirm), by cards
and the desk (approve, give back). May send: the deal, its card, a log message and a notice to the responsible employee, the changed channel
post, bot messages to the buyer and to those who answered. Errors: InvalidInput (by field), InvalidState, NotAllowed, NotFound.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from b24app.domain import lots as rules
from b24app.errors import InvalidInput, InvalidState, NotFound
from b24app.i18n import texts
from b24app.services import (
    audit,
    lot_cards,
    lot_change_news,
    lot_checks,
    lot_revisions,
    lots,
    people,
    portals,
    staff,
)
from b24app.services.companies import asked_corrections
from b24app.services.forms import checked, laid_over
from b24app.services.industries import pack
from storage.holding import HELD
from storage.models import Company, Lot, LotVersion, Offer, Order, Person
from storage.unit_of_work import UnitOfWork

LONGEST_DAYS = 180


def revise(
    uow: UnitOfWork, person: Person, lot_id: int, answers: Mapping[str, Any], touched: Collection[str] | None = None
) -> Lot:
    """Change a published lot: a new version, of which everybody who answered is told. The same answers again change nothing.

    Of `answers` those count that were `touched`, all when that is None. Where a first submission would wait for an employee, so does the
    change (see `lot_revisions.waits`), and factories see the lot as it was; the lot's own answers again take back what waits.
    InvalidInput names the faults by field, among them less than what is awarded already; InvalidState unless published.
    """
    lot = _own(uow, person, lot_id)
    rules.next_state(lot.state, "revise")
    language = people.language_of(person)
    before = lot_revisions.wished(lot)
    values = checked(pack().forms["lot"], laid_over(before, answers, touched), language=language, now=uow.now)
    if values == lot.fields:
        lot_revisions.drop(uow, lot, portals.speech(uow)("Taken back by the buyer"))
        return lot
    awarded = _awarded(uow, lot)
    if values["quantity"] <= awarded:
        t = texts(language)
        raise InvalidInput(fields={"quantity": [t("{count} are awarded already.", count=t.number(awarded))]})
    if _waits_for_nobody(uow, lot, values):
        lot_revisions.drop(uow, lot, portals.speech(uow)("Changed by the buyer"))
        _take_over(uow, lot, values, f"person/{person.id}")
        lot_change_news.tell_employee(uow, lot)
    else:
        lot_revisions.ask(uow, lot, person, values)
    return lot


def _awarded(uow: UnitOfWork, lot: Lot) -> int:
    return uow.session.scalar(select(func.sum(Order.quantity)).where(Order.lot_id == lot.id)) or 0


def _waits_for_nobody(uow: UnitOfWork, lot: Lot, values: Mapping[str, Any]) -> bool:
    """Tell whether a change counts at once: as a first submission would, or since only the deadline is moved, as `extend` does too."""
    if not lot.revision and lot_revisions.changed(lot, values) == ["respond_by"]:
        return True
    company = uow.session.get_one(Company, lot.company_id)
    return lot_checks.waits_for_nobody(uow, lot_revisions.preview(lot, values), company, portals.speech(uow))


def _take_over(uow: UnitOfWork, lot: Lot, values: dict[str, Any], actor: str) -> None:
    changed = lot_revisions.changed(lot, values)
    lot.state = rules.next_state(lot.state, "revise")
    lot.version += 1
    lots.take_over(uow, lot, values)
    if "respond_by" in changed:
        lot.respond_by = rules.response_deadline(values, uow.now, staff.zone(uow))
    uow.session.add(LotVersion(lot_id=lot.id, version=lot.version, fields=values, created_at=uow.now))
    uow.session.flush()
    lot_cards.save_deal(uow, lot, uow.session.get_one(Company, lot.company_id))
    lot_change_news.revised(uow, lot, _live(uow, lot), changed)
    lots.show_files(uow, lot)
    audit.record(uow, actor, "lot_revised", f"lot/{lot.id}", version=lot.version)


def approve(uow: UnitOfWork, lot_id: int, actor: str, *, seen_at: datetime | None = None) -> Lot:
    """Let the change that waits count; the buyer and those who answered are told.

    InvalidState when nothing waits (any more), when it is not the change that was read at `seen_at`, or when more was awarded meanwhile.
    """
    lot = _waiting(uow, lot_id)
    if seen_at is not None and lot.revision_at != seen_at:
        raise InvalidState("The change was changed meanwhile; this is what waits now.", code="other_change")
    if lot.revision["quantity"] <= _awarded(uow, lot):
        raise InvalidState("More is awarded by now than the lot would ask for. Return the change.", code="awarded")
    values = lot_revisions.wished(lot)
    lot_revisions.drop(uow, lot, portals.speech(uow)("Approved"))
    _take_over(uow, lot, values, actor)
    lot_revisions.tell_published(uow, lot)
    return lot


def give_back(uow: UnitOfWork, lot_id: int, corrections: Sequence[Mapping[str, str]], actor: str) -> Lot:
    """Give the change back to the buyer: which fields and why. What he wrote is kept for him; InvalidState when nothing waits."""
    lot = _waiting(uow, lot_id)
    t = portals.speech(uow)
    lot.corrections = asked_corrections(corrections, pack().forms["lot"].asks, t)
    lot.revision_at = None
    lot_revisions.close_card(uow, lot, t("Returned"))
    lot_revisions.tell_returned(uow, lot)
    audit.record(uow, actor, "lot_change_returned", f"lot/{lot.id}", corrections=lot.corrections)
    return lot


def publish(uow: UnitOfWork, lot_id: int, actor: str, *, seen_at: datetime | None = None) -> Lot:
    """Publish what waits of a lot: itself, or the change read at `seen_at`. Errors: those of `lots.approve` and `approve`."""
    if lots.get(uow, lot_id, lock=True).state == "published":
        return approve(uow, lot_id, actor, seen_at=seen_at)
    return lots.approve(uow, lot_id, actor)


def send_back(uow: UnitOfWork, lot_id: int, corrections: Sequence[Mapping[str, str]], actor: str) -> Lot:
    """Give back what waits of a lot: itself, or its change. Errors: those of `lots.request_corrections` and `give_back`."""
    if lots.get(uow, lot_id, lock=True).state == "published":
        return give_back(uow, lot_id, corrections, actor)
    return lots.request_corrections(uow, lot_id, corrections, actor)


def _waiting(uow: UnitOfWork, lot_id: int) -> Lot:
    lot = lots.get(uow, lot_id, lock=True)
    if lot.state != "published" or not lot_revisions.waits(lot):
        raise InvalidState(code="lot_state", state=lot.state, action="approve")
    return lot


def extend(uow: UnitOfWork, person: Person, lot_id: int, until: date) -> Lot:
    """Take offers up to and including a later day; also after the deadline, while the lot is not closed.

    InvalidInput for a day before the present deadline or too far ahead; InvalidState unless published.
    """
    lot = _own(uow, person, lot_id)
    state = rules.next_state(lot.state, "extend")
    t = texts(people.language_of(person))
    moment = rules.last_moment(until.isoformat(), staff.zone(uow))
    if moment == lot.respond_by:
        return lot
    if moment <= max(uow.now, lot.respond_by or uow.now):
        raise InvalidInput(fields={"until": [t("Please choose a later day.")]})
    if moment > uow.now + timedelta(days=LONGEST_DAYS):
        raise InvalidInput(fields={"until": [t("At most {count} days from now.", count=LONGEST_DAYS)]})
    lot.state = state
    lot.respond_by = moment
    uow.session.flush()
    lot_cards.save_deal(uow, lot, uow.session.get_one(Company, lot.company_id))
    lot_change_news.extended(uow, lot)
    audit.record(uow, f"person/{person.id}", "lot_extended", f"lot/{lot.id}", until=until.isoformat())
    return lot


def confirm(uow: UnitOfWork, person: Person, offer_id: int) -> Offer:
    """Let one's offer stand for the lot as it is now. NotFound for another factory's; repeats change nothing."""
    offer = _own_offer(uow, person, offer_id)
    lot = lots.get(uow, offer.lot_id)
    lots.must_be_open(lot)
    if offer.lot_version != lot.version:
        offer.lot_version = lot.version
        lot_change_news.confirmed(uow, lot, offer)
        audit.record(uow, f"person/{person.id}", "offer_confirmed", f"offer/{offer.id}", lot_version=lot.version)
    return offer


def _own(uow: UnitOfWork, person: Person, lot_id: int) -> Lot:
    lot = lots.own(uow, person, lot_id, lock=True)
    people.must(uow, person, lot.company_id, "trade")
    return lot


def _own_offer(uow: UnitOfWork, person: Person, offer_id: int) -> Offer:
    uow.session.flush()
    offer = uow.session.get(Offer, offer_id, with_for_update=HELD, populate_existing=True)
    company = people.company_of(uow, person, "factory")
    if offer is None or company is None or offer.company_id != company.id:
        raise NotFound(code="offer")
    people.must(uow, person, company.id, "trade")
    return offer


def _live(uow: UnitOfWork, lot: Lot) -> list[Offer]:
    waiting = select(Offer).where(Offer.lot_id == lot.id, Offer.state.in_(("submitted", "allowed")))
    return list(uow.session.scalars(waiting.order_by(Offer.id)))
