"""What people and the CRM are told of reviews and replies. Called by `reviews` and `review_replies`.

Sends bot messages, ShowCard, FireTrigger, NotifyUser.
"""

from __future__ import annotations

from b24app.domain.deliveries import FireTrigger
from b24app.domain.masking import mask
from b24app.domain.reviews import ASPECTS, LOW, MOST
from b24app.domain.shortening import shortened
from b24app.i18n import Texts
from b24app.services import decision_cards, notices, portals, staff
from b24app.services.notices import Said, escaped
from b24app.services.screens import opening, order_path
from storage.models import Company, Lot, Order, Review, ReviewReply
from storage.unit_of_work import UnitOfWork


def ask(uow: UnitOfWork, order: Order, side: str) -> int:
    """Ask one side for stars; answers how many people that were. Once for an order."""
    lot = uow.session.get_one(Lot, order.lot_id)

    def say(t: Texts) -> Said:
        head = t("How was the order for lot No. {number}? Your stars help others to choose.", number=lot.number)
        stars = [{"text": f"{number} ⭐", "data": f"review:{order.id}:{number}"} for number in range(1, MOST + 1)]
        return escaped(head), [stars, [opening(t("Write a review"), order_path(order.id))]]

    company_id = lot.company_id if side == "buyer" else order.company_id
    return notices.tell_company(uow, company_id, say, key=f"order/{order.id}:review:{side}", kind="orders")


def received(uow: UnitOfWork, review: Review, order: Order) -> None:
    """Put the review on the order's timeline to be published or declined; few stars are told to the responsible employee."""
    t, ref, name = portals.speech(uow), f"order/{order.id}", f"review/{review.id}"
    about = uow.session.get_one(Company, review.company_id)
    rows = [[t("About"), about.name], [t("Stars"), _stars(review)]]
    rows += [[label, f"{mark} / {MOST}"] for label, mark in marked(review, t)]
    if review.text:
        rows.append([t("Words"), shortened(review.text, 400)])
    user_id = about.responsible_id
    choices = (("publish", t("Publish")), ("decline", t("Decline")))
    decision_cards.ask(uow, name, ref, t("A review to check"), rows=rows, choices=choices, responsible_id=user_id)
    uow.send(FireTrigger(code="review_received", ref=ref), key=f"{name}:trigger")
    if review.stars <= LOW:
        text = t("{company} got {stars} of 5 stars. Please look into it.", company=about.name, stars=review.stars)
        staff.notify(uow, user_id, text, tag=name, ref=ref, key=f"{name}:low:{review.stars}")
        uow.send(FireTrigger(code="low_rating", ref=ref), key=f"{name}:low:trigger")


def decided(uow: UnitOfWork, review: Review) -> None:
    """Close the review's card; tell the reviewed company of a published one."""
    t = portals.speech(uow)
    outcome = t("Published") if review.state == "published" else t("Declined")
    ref, title = f"order/{review.order_id}", t("A review to check")
    decision_cards.close(uow, f"review/{review.id}", ref, title, outcome)
    if review.state != "published":
        return

    def say(t: Texts) -> Said:
        head = t("You got a review: {stars} of 5.", stars=review.stars)
        text = f"<b>{escaped(head)}</b>"
        if review.text:
            text += f"\n{escaped(mask(review.text).text)}"
        return text, [[opening(t("Read and reply"), order_path(review.order_id))]]

    notices.tell_company(uow, review.company_id, say, key=f"review/{review.id}:published", kind="orders")


def marked(review: Review, t: Texts) -> list[tuple[str, int]]:
    """Give the marks of a review with the names of what they are for, in their order."""
    names = aspects(review.side, t)
    return [(names[code], review.marks[code]) for code in names if code in review.marks]


def aspects(side: str, t: Texts) -> dict[str, str]:
    """Name what a side may mark beside its stars."""
    names = {
        "quality": t("Quality"),
        "time": t("In time"),
        "communication": t("Communication"),
        "described": t("As described"),
    }
    return {code: names[code] for code in ASPECTS[side]}


def replied(uow: UnitOfWork, reply: ReviewReply, review: Review) -> None:
    """Put the reply on the order's timeline to be published or declined."""
    t, ref, name = portals.speech(uow), f"order/{review.order_id}", f"reply/{reply.id}"
    by = uow.session.get_one(Company, review.company_id)
    rows = [[t("Reviewed"), by.name], [t("Review"), f"{_stars(review)} {shortened(review.text, 200)}".strip()]]
    rows.append([t("Reply"), shortened(reply.text, 400)])
    choices = (("publish", t("Publish")), ("decline", t("Decline")))
    title = t("A reply to a review to check")
    decision_cards.ask(uow, name, ref, title, rows=rows, choices=choices, responsible_id=by.responsible_id)


def reply_decided(uow: UnitOfWork, reply: ReviewReply, review: Review) -> None:
    """Close the reply's card; let the reviewer read a published one, tell the writer of a declined one."""
    t, ref, name = portals.speech(uow), f"order/{review.order_id}", f"reply/{reply.id}"
    is_public = reply.state == "published"
    outcome = t("Published") if is_public else t("Declined")
    decision_cards.close(uow, name, ref, t("A reply to a review to check"), outcome)

    def say(t: Texts) -> Said:
        head = t("Your review was replied to.") if is_public else t("Your reply to a review was not published.")
        text = f"<b>{escaped(head)}</b>"
        if is_public:
            text += f"\n{escaped(mask(reply.text).text)}"
        return text, [[opening(t("Open the order"), order_path(review.order_id))]]

    company_id = _writer(uow, review) if is_public else review.company_id
    notices.tell_company(uow, company_id, say, key=f"{name}:{reply.state}", kind="orders")


def _writer(uow: UnitOfWork, review: Review) -> int:
    order = uow.session.get_one(Order, review.order_id)
    return order.company_id if review.side == "factory" else uow.session.get_one(Lot, order.lot_id).company_id


def _stars(review: Review) -> str:
    return f"{'★' * review.stars}{'☆' * (MOST - review.stars)}"
