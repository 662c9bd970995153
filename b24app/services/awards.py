"""Giving one lot to several factories at once. Called by the Mini App; each share is an award of its own (see `offers.award`)."""

from __future__ import annotations

from collections.abc import Mapping

from b24app.errors import InvalidInput
from b24app.i18n import texts
from b24app.services import lots, offers, orders, people
from storage.models import Lot, Order, Person
from storage.unit_of_work import UnitOfWork


def left(uow: UnitOfWork, lot: Lot) -> int:
    """Give how much of a lot nobody was chosen for yet."""
    return lot.quantity - sum(order.quantity for order in orders.of_lot(uow, lot.id))


def split(uow: UnitOfWork, person: Person, lot_id: int, shares: Mapping[int, int]) -> list[Order]:
    """Award each offer its share (offer id → quantity, zeros left out), all of them or none.

    InvalidInput (`share.<offer id>`, `shares`) when a share is under the factory's minimum or together they exceed what is left.
    """
    lot = lots.own(uow, person, lot_id, lock=True)
    t = texts(people.language_of(person))
    wanted = {offer_id: quantity for offer_id, quantity in shares.items() if quantity}
    if not wanted:
        raise InvalidInput(fields={"shares": [t("Give at least one factory a share.")]})
    faults: dict[str, list[str]] = {}
    for offer_id, quantity in wanted.items():
        offer = offers.get(uow, offer_id)
        minimum = min(int(offer.terms.get("moq") or 1), lot.quantity)
        if offer.lot_id == lot.id and quantity < minimum:
            faults[f"share.{offer_id}"] = [t("At least {count}: the factory's minimum.", count=t.number(minimum))]
    remaining = left(uow, lot)
    if sum(wanted.values()) > remaining:
        faults["shares"] = [t("Together at most {count}.", count=t.number(remaining))]
    if faults:
        raise InvalidInput(t("Please correct the marked fields."), fields=faults)
    return [offers.award(uow, person, offer_id, quantity) for offer_id, quantity in wanted.items()]
