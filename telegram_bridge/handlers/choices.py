"""Decisions by button: about an offer, a lot, or a message of which nobody knows whether it arrived."""

from __future__ import annotations

from b24app.errors import NotFound
from b24app.services import deliveries, lot_changes, lots, offers
from b24app.services.screens import lot_path, tender_path
from telegram_bridge.reply import Buttons, Reply

Shown = tuple[str, Buttons] | str


def out_of_date() -> NotFound:
    """Give the refusal for data that no button of ours carries (any more)."""
    return NotFound("This button is out of date.", code="out_of_date")


def offer(reply: Reply, number: str, action: str) -> Shown:
    """Shortlist an offer, or take it off the list; confirm one's own for a changed lot; awarding asks once more before it is done."""
    t, offer_id = reply.t, int(number)
    if action == "shortlist":
        offers.shortlist(reply.uow, reply.person, offer_id, True)
        return t("The offer is on your shortlist.")
    if action == "unshortlist":
        offers.shortlist(reply.uow, reply.person, offer_id, False)
        return t("The offer is off your shortlist.")
    if action == "confirm":
        lot_changes.confirm(reply.uow, reply.person, offer_id)
        return t("Thank you: your offer stands for the changed lot.")
    if action == "award":
        question = t("Award the lot to this factory? The others will be told that it was given away.")
        return question, [[{"text": t("Yes, award"), "data": f"offer:{offer_id}:award_yes"}]]
    if action == "award_yes":
        offers.award(reply.uow, reply.person, offer_id)
        return t("The lot is awarded. We now prepare the contract.")
    raise out_of_date()


def lot(reply: Reply, number: str, action: str) -> Shown:
    """Open a lot, or cancel it after asking once more."""
    t, lot_id = reply.t, int(number)
    if action == "open":
        path = lot_path(lot_id) if reply.person.active_role == "buyer" else tender_path(lot_id)
        return t("The lot is one tap away."), [[{"text": t("👀 Open the lot"), "web_app": path}]]
    if action == "cancel":
        question = t("Cancel this lot? Every factory that answered will be told.")
        return question, [[{"text": t("Yes, cancel"), "data": f"lot:{lot_id}:cancel_yes"}]]
    if action == "cancel_yes":
        lots.cancel(reply.uow, reply.person, lot_id)
        return t("The lot is cancelled.")
    raise out_of_date()


def uncertain(reply: Reply, number: str, answer: str) -> Shown:
    """Let the author of a message decide what became of it, when Telegram's answer was lost."""
    t, row_id, actor = reply.t, int(number), f"person/{reply.person.id}"
    if answer == "arrived":
        decided = deliveries.confirm(reply.uow, row_id, actor)
        return t("Thank you: noted as arrived.") if decided else t("This was decided already.")
    if answer == "again":
        decided = deliveries.resend(reply.uow, row_id, actor)
        return t("The message is being sent again.") if decided else t("This was decided already.")
    raise out_of_date()
