"""What people and the CRM are told of reviews. Called by `reviews`.

Sends bot messages, ShowCard, FireTrigger, NotifyUser.
"""

from __future__ import annotations

from b24app.domain.deliveries import FireTrigger
from b24app.domain.masking import mask
from b24app.domain.reviews import LOW, MOST
from b24app.i18n import Texts
from b24app.services import decision_cards, notices, portals, staff
from b24app.services.notices import Said, escaped, shortened
from b24app.services.screens import opening, order_path
from storage.models import Company, Lot, Order, Review
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
    stars = f"{'★' * review.stars}{'☆' * (MOST - review.stars)}"
    rows = [[t("About"), about.name], [t("Stars"), stars]]
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
        return text, [[opening(t("Open the order"), order_path(review.order_id))]]

    notices.tell_company(uow, review.company_id, say, key=f"review/{review.id}:published", kind="orders")
