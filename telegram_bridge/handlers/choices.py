"""Decisions by button: about an offer, a lot, or a message of which nobody knows whether it arrived."""

from __future__ import annotations

from sqlalchemy import select

from b24app.errors import NotFound
from b24app.services import deliveries, lots, offers
from b24app.services.screens import lot_path
from storage.models import Message, MessageCopy, OutboxRow
from telegram_bridge.reply import Buttons, Reply

Answer = tuple[str, Buttons]


def offer(reply: Reply, number: str, action: str) -> Answer:
    """Shortlist an offer, or take it off the list; awarding asks once more before it is done."""
    t, offer_id = reply.t, int(number)
    if action in {"shortlist", "unshortlist"}:
        offers.shortlist(reply.uow, reply.person, offer_id, action == "shortlist")
        return (
            t("The offer is on your shortlist.") if action == "shortlist" else t("The offer is off your shortlist.")
        ), []
    if action == "award":
        return t("Award the lot to this factory? The others will be told that it was given away."), [
            [{"text": t("Yes, award"), "data": f"offer:{offer_id}:award_yes"}]
        ]
    if action == "award_yes":
        offers.award(reply.uow, reply.person, offer_id)
        return t("The lot is awarded. We now prepare the contract."), []
    raise NotFound("This button is out of date.")


def lot(reply: Reply, number: str, action: str) -> Answer:
    """Open a lot, or cancel it after asking once more."""
    t, lot_id = reply.t, int(number)
    if action == "open":
        return t("The lot is one tap away."), [[{"text": t("👀 Open the lot"), "web_app": lot_path(lot_id)}]]
    if action == "cancel":
        return t("Cancel this lot? Every factory that answered will be told."), [
            [{"text": t("Yes, cancel"), "data": f"lot:{lot_id}:cancel_yes"}]
        ]
    if action == "cancel_yes":
        lots.cancel(reply.uow, reply.person, lot_id)
        return t("The lot is cancelled."), []
    raise NotFound("This button is out of date.")


def uncertain(reply: Reply, number: str, answer: str) -> Answer:
    """Let the author of a message decide what became of it, when Telegram's answer was lost."""
    t, row_id = reply.t, int(number)
    _must_be_the_author(reply, row_id)
    actor = f"person/{reply.person.id}"
    if answer == "arrived":
        deliveries.confirm(reply.uow, row_id, actor)
        return t("Thank you: noted as arrived."), []
    if answer == "again":
        deliveries.resend(reply.uow, row_id, actor)
        return t("The message is being sent again."), []
    raise NotFound("This button is out of date.")


def _must_be_the_author(reply: Reply, row_id: int) -> None:
    author = reply.uow.session.scalar(
        select(Message.person_id)
        .join(MessageCopy, MessageCopy.message_id == Message.id)
        .join(OutboxRow, OutboxRow.key == MessageCopy.outbox_key)
        .where(OutboxRow.id == row_id)
    )
    if author != reply.person.id:
        raise NotFound("This button is out of date.")
