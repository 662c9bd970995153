"""Robot `award_lot`: chooses an offer of the lot on the buyer's behalf, which makes the order."""

from __future__ import annotations

from b24app.errors import InvalidState
from b24app.services import offers, portals
from robots import subjects
from robots.contract import Answer, RobotCall
from storage.models import Company
from storage.unit_of_work import UnitOfWork


def run(uow: UnitOfWork, call: RobotCall, *, company_id: str = "", quantity: int = 0) -> Answer:
    """Award the offer of the factory `company_id` (a CRM id), or the best one with contact allowed; 0 means all that is left."""
    lot = subjects.lot_of(uow, call)
    wanted = subjects.factory_by_crm_id(uow, company_id).id if company_id else None
    open_offers = (offer for offer in offers.of_lot(uow, lot.id) if offer.state == "allowed")
    chosen = next((offer for offer in open_offers if wanted in {None, offer.company_id}), None)
    if chosen is None:
        raise InvalidState("No offer for lot No. {number} can be chosen: allow contact first.", number=lot.number)
    order = offers.award(uow, call.actor, chosen.id, quantity=quantity or None)
    factory = uow.session.get_one(Company, order.company_id)
    t = portals.speech(uow)
    sentence = t(
        "{factory} was chosen for {quantity} of lot No. {number}.",
        factory=factory.name,
        quantity=t.number(order.quantity),
        number=lot.number,
    )
    return Answer({"factory_name": factory.name, "quantity": order.quantity}, sentence)
