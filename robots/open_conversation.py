"""Robot `open_conversation`: allows contact for an offer of the lot, which opens the conversation with its factory."""

from __future__ import annotations

from b24app.errors import InvalidState
from b24app.services import conversations, offers, portals
from robots import subjects
from robots.contract import Answer, RobotCall
from storage.models import Company, Offer
from storage.unit_of_work import UnitOfWork


def run(uow: UnitOfWork, call: RobotCall, *, company_id: str = "") -> Answer:
    """Open the conversation with the factory of `company_id` (a CRM id), of the order, or of the best offer."""
    offer = _offer(uow, call, company_id)
    if offer.state == "submitted":
        conversation = offers.allow(uow, offer.id, call.actor)
    else:
        conversation = conversations.open_for_offer(uow, offer.id, call.actor)
    factory = uow.session.get_one(Company, offer.company_id)
    sentence = portals.speech(uow)("The conversation with {factory} is open.", factory=factory.name)
    return Answer({"conversation_id": str(conversation.id), "factory_name": factory.name}, sentence)


def _offer(uow: UnitOfWork, call: RobotCall, company_id: str) -> Offer:
    order = subjects.order_of(uow, call)
    if order is not None:
        return uow.session.get_one(Offer, order.offer_id)
    lot = subjects.lot_of(uow, call)
    wanted = subjects.factory_by_crm_id(uow, company_id).id if company_id else None
    for offer in offers.of_lot(uow, lot.id):
        if offer.state in {"submitted", "allowed", "awarded"} and wanted in {None, offer.company_id}:
            return offer
    if wanted is None:
        raise InvalidState("Nobody has made an offer for lot No. {number} yet.", number=lot.number)
    raise InvalidState("That factory has no running offer for lot No. {number}.", number=lot.number)
