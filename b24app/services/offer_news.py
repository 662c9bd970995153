"""What buyer and factory are told in the bot about an offer. Called by `offers`."""

from __future__ import annotations

from sqlalchemy import func, select

from b24app.i18n import Texts
from b24app.services import notices
from b24app.services.industries import pack
from b24app.services.notices import Said, escaped
from b24app.services.screens import conversation_path, lot_path, opening, tender_path
from storage.models import Conversation, Lot, Offer, Order
from storage.unit_of_work import UnitOfWork


def submitted(uow: UnitOfWork, lot: Lot, offer: Offer) -> None:
    """Confirm to the factory that its offer is being checked."""

    def say(t: Texts) -> Said:
        text = t("Your offer for lot No. {number} is sent and being checked.", number=lot.number)
        return text, [[opening(t("Open the lot"), tender_path(lot.id))]]

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

    notices.tell_company(uow, offer.company_id, say, key=f"offer/{offer.id}:declined", kind="offers")


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
