"""What buyer and factory are told in the bot about an offer. Called by `offers`."""

from __future__ import annotations

from sqlalchemy import func, select

from b24app.domain.deliveries import AddLogMessage, NotifyUser
from b24app.i18n import Texts
from b24app.services import lot_cards, notices, portals
from b24app.services.industries import pack
from b24app.services.notices import Said, escaped
from b24app.services.screens import conversation_path, lot_path, opening, tender_path
from storage.models import Company, Conversation, Lot, Offer, Order
from storage.unit_of_work import UnitOfWork


def submitted(uow: UnitOfWork, lot: Lot, offer: Offer) -> None:
    """Confirm to the factory that its offer is being checked."""

    def say(t: Texts) -> Said:
        text = t("Your offer for lot No. {number} is sent and being checked.", number=lot.number)
        return text, [
            [opening(t("Open the lot"), tender_path(lot.id))],
            [{"text": t("Withdraw the offer"), "data": f"offer:{offer.id}:withdraw"}],
        ]

    notices.tell_company(uow, offer.company_id, say, key=f"offer/{offer.id}:submitted:v{offer.version}", kind="offers")


def allowed(uow: UnitOfWork, lot: Lot, offer: Offer, conversation: Conversation) -> None:
    """Tell the buyer how many offers are open to him, and the factory that it may talk to the buyer."""
    count = uow.session.scalar(select(func.count()).where(Offer.lot_id == lot.id, Offer.state == "allowed")) or 1

    def to_buyer(t: Texts) -> Said:
        offers = t.tn("{count} new offer", "{count} new offers", count)
        text = f"{escaped(t('Lot No. {number}', number=lot.number))}: {offers}"
        return text, [
            [opening(t("Compare offers"), lot_path(lot.id))],
            [{"text": t("Open the conversation"), "data": f"conv:{conversation.id}"}],
        ]

    def to_factory(t: Texts) -> Said:
        text = t("The buyer of lot No. {number} is ready to talk to you.", number=lot.number)
        return text, [
            [{"text": t("Open the conversation"), "data": f"conv:{conversation.id}"}],
            [opening(t("History"), conversation_path(conversation.id))],
        ]

    notices.tell_company(uow, lot.company_id, to_buyer, key=f"offer/{offer.id}:allowed", kind="offers")
    notices.tell_company(uow, offer.company_id, to_factory, key=f"offer/{offer.id}:allowed", kind="offers")


def declined(uow: UnitOfWork, lot: Lot, offer: Offer) -> None:
    """Tell the factory why its offer was turned down, and that it may send another."""

    def say(t: Texts) -> Said:
        reason = pack().named("decline_reasons", offer.decline_reason, t.language)
        text = t("Your offer for lot No. {number} was not accepted.", number=lot.number)
        return f"{text}\n{t('Reason')}: {escaped(reason)}", [[opening(t("Open the lot"), tender_path(lot.id))]]

    notices.tell_company(uow, offer.company_id, say, key=f"offer/{offer.id}:declined:{_mark(offer)}", kind="offers")


def reconsidered(uow: UnitOfWork, lot: Lot, offer: Offer) -> None:
    """Tell the factory that its offer, turned down a moment ago, is looked at again."""

    def say(t: Texts) -> Said:
        text = t("Your offer for lot No. {number} is being considered again.", number=lot.number)
        return text, [[opening(t("Open the lot"), tender_path(lot.id))]]

    notices.tell_company(uow, offer.company_id, say, key=f"offer/{offer.id}:again:{_mark(offer)}", kind="offers")


def _mark(offer: Offer) -> str:
    return str(int(offer.decided_at.timestamp())) if offer.decided_at else ""


def withdrawn(uow: UnitOfWork, lot: Lot, offer: Offer, *, was_seen: bool) -> None:
    """Tell the responsible employee that a factory took its offer back, and the buyer when it had been let through."""
    t = portals.speech(uow)
    factory = uow.session.get_one(Company, offer.company_id)
    buyer = uow.session.get_one(Company, lot.company_id)
    words = t("{factory} withdrew its offer for lot No. {number}.", factory=factory.name, number=lot.number)
    if not was_seen:
        lot_cards.close_offer_card(uow, lot, offer.id, t("Withdrawn by the factory"))
    uow.send(
        AddLogMessage(ref=f"lot/{lot.id}", title=t("Withdrawn by the factory"), text=words),
        key=f"offer/{offer.id}:withdrawn",
    )
    if buyer.responsible_id:
        uow.send(NotifyUser(user_id=buyer.responsible_id, text=words, tag=f"offer/{offer.id}"))

    def to_buyer(t: Texts) -> Said:
        text = t("A factory withdrew its offer for lot No. {number}. The other offers stand.", number=lot.number)
        return text, [[opening(t("Open the lot"), lot_path(lot.id))]]

    if was_seen:
        notices.tell_company(uow, lot.company_id, to_buyer, key=f"offer/{offer.id}:withdrawn", kind="offers")


def awarded(uow: UnitOfWork, lot: Lot, offer: Offer, order: Order) -> None:
    """Congratulate the factory and confirm the choice to the buyer."""

    def to_factory(t: Texts) -> Said:
        unit = pack().named("units", lot.unit, t.language)
        text = t("Congratulations! The buyer of lot No. {number} chose you.", number=lot.number)
        quantity = t("Quantity: {quantity} {unit}.", quantity=t.number(order.quantity), unit=unit)
        return f"{text} {escaped(quantity)}", [[opening(t("Open the lot"), tender_path(lot.id))]]

    def to_buyer(t: Texts) -> Said:
        text = t("You chose a factory for lot No. {number}. We are preparing the contract.", number=lot.number)
        return text, [[opening(t("Open the lot"), lot_path(lot.id))]]

    notices.tell_company(uow, offer.company_id, to_factory, key=f"order/{order.id}:awarded", kind="offers")
    notices.tell_company(uow, lot.company_id, to_buyer, key=f"order/{order.id}:awarded", kind="offers")
