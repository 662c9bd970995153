"""A lot after its publication: the buyer changes it (a new version that responders confirm) or gives it more time.

Called by the Mini App. May send: the deal, a log message and a notice to the responsible employee, the changed channel post, bot messages
to those who answered. Errors: InvalidInput (by field), InvalidState, NotAllowed, NotFound.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from b24app.domain import lots as rules
from b24app.errors import InvalidInput, NotFound
from b24app.i18n import texts
from b24app.services import audit, lot_cards, lot_change_news, lots, people, staff
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

    Of `answers` those count that were `touched`, all when that is None.
    InvalidInput names the faults by field, among them less than what is awarded already; InvalidState unless published.
    """
    lot = _own(uow, person, lot_id)
    state = rules.next_state(lot.state, "revise")
    language = people.language_of(person)
    values = checked(pack().forms["lot"], laid_over(lot.fields, answers, touched), language=language, now=uow.now)
    if values == lot.fields:
        return lot
    awarded = uow.session.scalar(select(func.sum(Order.quantity)).where(Order.lot_id == lot.id)) or 0
    if values["quantity"] <= awarded:
        t = texts(language)
        raise InvalidInput(fields={"quantity": [t("{count} are awarded already.", count=t.number(awarded))]})
    changed = [code for code in (*values, *lot.fields) if values.get(code) != lot.fields.get(code)]
    lot.state = state
    lot.version += 1
    lots.take_over(uow, lot, values)
    if "respond_by" in changed:
        lot.respond_by = rules.response_deadline(values, uow.now, staff.zone(uow))
    uow.session.add(LotVersion(lot_id=lot.id, version=lot.version, fields=values, created_at=uow.now))
    uow.session.flush()
    lot_cards.save_deal(uow, lot, uow.session.get_one(Company, lot.company_id))
    lot_change_news.revised(uow, lot, _live(uow, lot), list(dict.fromkeys(changed)))
    lots.show_files(uow, lot)
    audit.record(uow, f"person/{person.id}", "lot_revised", f"lot/{lot.id}", version=lot.version)
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
