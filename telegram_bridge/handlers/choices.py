"""Decisions by button: about an offer, a lot, or a message of which nobody knows whether it arrived."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from b24app.services import conversation_ratings, deliveries, lot_changes, lots, offers, reviews, staff
from b24app.services.screens import lot_path, order_path, tender_path
from telegram_bridge.handlers import boards, comparing, own_offers
from telegram_bridge.reply import Buttons, Reply, out_of_date

Shown = tuple[str, Buttons] | str
_LONGER = {f"plus{days}": days for days in (3, 7, 14)}
"""What a button carries that moves a deadline, and by how many days it does."""


def offer(reply: Reply, number: str, action: str) -> Shown:
    """Show one's own offer, or do something about it or one to choose from; what cannot be undone is asked about once more."""
    t, offer_id = reply.t, int(number)
    if action == "show":
        return own_offers.shown(reply, offer_id)
    asked = {
        "withdraw": (t("Withdraw the offer? The buyer will not be able to choose it."), t("Yes, withdraw")),
        "award": (
            t("Award the lot to this factory? The others will be told that it was given away."),
            t("Yes, award"),
        ),
    }
    if action in asked:
        question, yes = asked[action]
        part: Buttons = (
            [[{"text": t("✂️ Only a part of it"), "data": f"fill:share:{offer_id}"}]] if action == "award" else []
        )
        return question, [[{"text": yes, "data": f"offer:{offer_id}:{action}_yes"}], *part]
    if action not in _OFFER_DEEDS:
        raise out_of_date()
    return _OFFER_DEEDS[action](reply, offer_id)


def _listed(reply: Reply, offer_id: int) -> str:
    offers.shortlist(reply.uow, reply.person, offer_id, True)
    return reply.t("The offer is on your shortlist.")


def _unlisted(reply: Reply, offer_id: int) -> str:
    offers.shortlist(reply.uow, reply.person, offer_id, False)
    return reply.t("The offer is off your shortlist.")


def _confirmed(reply: Reply, offer_id: int) -> str:
    lot_changes.confirm(reply.uow, reply.person, offer_id)
    return reply.t("Thank you: your offer stands for the changed lot.")


def _withdrawn(reply: Reply, offer_id: int) -> str:
    offers.withdraw(reply.uow, reply.person, offer_id)
    return reply.t("Your offer is withdrawn.")


def _awarded(reply: Reply, offer_id: int) -> str:
    offers.award(reply.uow, reply.person, offer_id)
    return reply.t("The lot is awarded. We now prepare the contract.")


_OFFER_DEEDS: dict[str, Callable[[Reply, int], str]] = {
    "shortlist": _listed,
    "unshortlist": _unlisted,
    "confirm": _confirmed,
    "withdraw_yes": _withdrawn,
    "award_yes": _awarded,
}


def lot(reply: Reply, number: str, action: str) -> Shown:
    """Open or read a lot, send its files, read the offers for it, take them longer, or cancel it after asking once more."""
    lot_id = int(number)
    if action in _LONGER:
        return _extended(reply, lot_id, _LONGER[action])
    if action not in _LOT_DEEDS:
        raise out_of_date()
    return _LOT_DEEDS[action](reply, lot_id)


def _opened(reply: Reply, lot_id: int) -> Shown:
    t = reply.t
    path = lot_path(lot_id) if reply.person.active_role == "buyer" else tender_path(lot_id)
    return t("The lot is one tap away."), [[{"text": t("👀 Open the lot"), "web_app": path}]]


def _asked_how_long(reply: Reply, lot_id: int) -> Shown:
    t = reply.t
    choices = [
        (t.tn("{count} more day", "{count} more days", days), f"lot:{lot_id}:{code}") for code, days in _LONGER.items()
    ]
    return t("How much longer should factories be able to answer?"), [
        [{"text": words, "data": data}] for words, data in choices
    ]


def _asked_to_cancel(reply: Reply, lot_id: int) -> Shown:
    t = reply.t
    question = t("Cancel this lot? Every factory that answered will be told.")
    return question, [[{"text": t("Yes, cancel"), "data": f"lot:{lot_id}:cancel_yes"}]]


def _cancelled(reply: Reply, lot_id: int) -> Shown:
    lots.cancel(reply.uow, reply.person, lot_id)
    return reply.t("The lot is cancelled.")


_LOT_DEEDS: dict[str, Callable[[Reply, int], Shown]] = {
    "open": _opened,
    "offers": boards.offers_of_lot,
    "compare": comparing.offers_side_by_side,
    "read": boards.lot_for_factory,
    "files": boards.files_of_lot,
    "later": _asked_how_long,
    "cancel": _asked_to_cancel,
    "cancel_yes": _cancelled,
}


def _extended(reply: Reply, lot_id: int, days: int) -> str:
    """Move the deadline so many days on from where it stands, or from today once it passed."""
    t = reply.t
    lot = lots.own(reply.uow, reply.person, lot_id)
    start = max(lot.respond_by or reply.uow.now, reply.uow.now)
    until = staff.day(reply.uow, start) + timedelta(days=days)
    lot_changes.extend(reply.uow, reply.person, lot_id, until)
    return t("Factories can answer until {date}.", date=t.date(until))


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


def rating(reply: Reply, number: str, stars: str) -> Shown:
    """Keep what a person thinks of a closed conversation."""
    if not (stars.isascii() and stars.isdigit() and len(stars) == 1):
        raise out_of_date()
    conversation_ratings.rate(reply.uow, reply.person, int(number), int(stars))
    t = reply.t
    return t("Thank you: your answer is kept."), []


def review(reply: Reply, number: str, stars: str) -> Shown:
    """Keep the stars that a person gives for an order; words follow in the Mini App or as a form of the chat."""
    if not (stars.isascii() and stars.isdigit() and len(stars) == 1):
        raise out_of_date()
    given = reviews.give(reply.uow, reply.person, int(number), int(stars))
    t = reply.t
    words = t("Thank you: {stars} of 5. A few words would help even more.", stars=given.stars)
    here = {"text": t("💬 Answer here in the chat"), "data": f"fill:review:{given.order_id}"}
    return words, [[{"text": t("Write a review"), "web_app": order_path(given.order_id)}], [here]]
