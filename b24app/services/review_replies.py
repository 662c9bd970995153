"""The one reply of a reviewed company: written once its review is published, read by others once an employee published it too.

Called by the Mini App (`give`), the desk and the cards (`decide`), the pages that show reviews. May send: a card on the order's deal,
bot messages. Errors: NotFound, InvalidState, InvalidInput (by field).
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from b24app.domain import reviews as rules
from b24app.errors import InvalidInput, InvalidState, NotFound
from b24app.i18n import texts
from b24app.services import audit, orders, people, review_news
from storage.holding import HELD
from storage.models import Person, Review, ReviewReply
from storage.unit_of_work import UnitOfWork


def give(uow: UnitOfWork, person: Person, review_id: int, text: str) -> ReviewReply:
    """Keep what a person's company answers to a published review about it, once.

    NotFound for a review of others, InvalidState for one that is not published or has its reply, InvalidInput without words.
    """
    review = uow.session.get(Review, review_id, with_for_update=HELD)
    if review is None:
        raise NotFound(code="review")
    _, side = orders.get_for(uow, person, review.order_id)
    if side == review.side:
        raise NotFound(code="review")
    if not rules.may_reply(review.state, replied=bool(of_reviews(uow, [review.id]))):
        raise InvalidState("This review cannot be replied to any more.", code="review_replied")
    words = text.strip()
    if not words or len(words) > rules.LONGEST:
        t = texts(people.language_of(person))
        raise InvalidInput(fields={"text": [t("This text is too long.") if words else t("Write a few words.")]})
    made = ReviewReply(review_id=review.id, person_id=person.id, text=words, state="submitted", given_at=uow.now)
    uow.session.add(made)
    uow.session.flush()
    review_news.replied(uow, made, review)
    return made


def decide(uow: UnitOfWork, reply_id: int, actor: str, *, publish: bool) -> ReviewReply:
    """Publish a reply, so that it is read below its review, or decline it. InvalidState when it was decided, NotFound."""
    reply = uow.session.get(ReviewReply, reply_id, with_for_update=HELD)
    if reply is None:
        raise NotFound(code="reply")
    if reply.state != "submitted":
        raise InvalidState("This was decided already.", code="review_state")
    reply.state, reply.decided_at = ("published" if publish else "declined"), uow.now
    uow.session.flush()
    review_news.reply_decided(uow, reply, uow.session.get_one(Review, reply.review_id))
    audit.record(uow, actor, "reply_published" if publish else "reply_declined", f"reply/{reply.id}")
    return reply


def of_reviews(uow: UnitOfWork, review_ids: Collection[int]) -> dict[int, ReviewReply]:
    """Give the replies to reviews by the reviews' ids, decided or not."""
    if not review_ids:
        return {}
    rows = uow.session.scalars(select(ReviewReply).where(ReviewReply.review_id.in_(review_ids)))
    return {reply.review_id: reply for reply in rows}
