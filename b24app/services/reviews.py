"""Reviews: asked for when an order is delivered, given with stars, marks and words, published by an employee, counted in the rating.

Called by robots and ready-made sets (`ask`), the bot and the Mini App (`give`), the desk and cards (`decide`), the catalogue.
May send: questions in the bot, a card on the order's deal, triggers review_received and low_rating, notices, what a suspension
sends. Errors: NotFound, InvalidState, InvalidInput (by field).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, func, select, union_all

from b24app.domain import reviews as rules
from b24app.domain.catalogue import VISIBLE
from b24app.errors import InvalidInput, InvalidState, NotFound
from b24app.i18n import texts
from b24app.services import audit, catalogue_entries, companies, orders, people, portals, review_news, standing_cards
from b24app.services.industries import pack
from storage.holding import HELD
from storage.models import Company, Lot, Order, Person, Review, ReviewReply
from storage.unit_of_work import UnitOfWork

SHOWN = 10


def ask(uow: UnitOfWork, order: Order) -> int:
    """Ask every side that has not reviewed the order yet; answers how many people were written to. InvalidState before shipping."""
    if not rules.may_review(order.state):
        raise InvalidState("An order can be reviewed once it is shipped.", code="review_too_early")
    given = set(uow.session.scalars(select(Review.side).where(Review.order_id == order.id)))
    return sum(review_news.ask(uow, order, side) for side in ("buyer", "factory") if side not in given)


def give(
    uow: UnitOfWork,
    person: Person,
    order_id: int,
    stars: int,
    text: str | None = None,
    *,
    marks: Mapping[str, int] | None = None,
) -> Review:
    """Keep what a person's side thinks of the other; what is None stays as it was until the review is decided.

    NotFound for an order of others, InvalidState before shipping and after the decision, InvalidInput for what is out of bounds.
    """
    found, side = orders.get_for(uow, person, order_id)
    order = uow.session.get_one(Order, found.id, with_for_update=HELD)
    if not rules.may_review(order.state):
        raise InvalidState("An order can be reviewed once it is shipped.", code="review_too_early")
    words = None if text is None else text.strip()
    _must_be_sound(person, rules.faults(side, stars, words or "", marks or {}))
    known = uow.session.scalars(select(Review).where(Review.order_id == order.id, Review.side == side)).first()
    if known is None:
        known = Review(order_id=order.id, side=side, company_id=_other(uow, order, side), given_at=uow.now, text="")
        known.state, known.marks = "submitted", {}
        uow.session.add(known)
    elif known.state != "submitted":
        raise InvalidState("Your review was decided on already.", code="review_decided")
    said = known.text if words is None else words, known.marks if marks is None else dict(marks)
    if known.id is not None and (known.stars, known.text, known.marks) == (stars, *said):
        return known
    known.stars, known.person_id = stars, person.id
    known.text, known.marks = said
    uow.session.flush()
    review_news.received(uow, known, order)
    return known


def _must_be_sound(person: Person, wrong: Sequence[str]) -> None:
    t = texts(people.language_of(person))
    if wrong:
        stars, long = t("Choose from one to five stars."), t("This text is too long.")
        raise InvalidInput(fields={name: [long if name == "text" else stars] for name in wrong})


def _other(uow: UnitOfWork, order: Order, side: str) -> int:
    return order.company_id if side == "buyer" else uow.session.get_one(Lot, order.lot_id).company_id


def decide(uow: UnitOfWork, review_id: int, actor: str, *, publish: bool) -> Review:
    """Publish a review, so that it counts and buyers read it, or decline it. InvalidState when it was decided, NotFound."""
    review = uow.session.get(Review, review_id, with_for_update=HELD)
    if review is None:
        raise NotFound(code="review")
    if review.state != "submitted":
        raise InvalidState("This was decided already.", code="review_state")
    review.state, review.decided_at = ("published" if publish else "declined"), uow.now
    uow.session.flush()
    catalogue_entries.refresh_past(uow, review.company_id)
    review_news.decided(uow, review)
    if publish:
        _suspend_if_too_low(uow, review)
    audit.record(uow, actor, "review_published" if publish else "review_declined", f"review/{review.id}")
    return review


def _suspend_if_too_low(uow: UnitOfWork, review: Review) -> None:
    company = uow.session.get_one(Company, review.company_id)
    entry = catalogue_entries.of_company(uow, company)
    if entry is None or company.publication not in VISIBLE:
        return
    uow.session.refresh(entry)
    rating = rules.rating(entry.rating_total, entry.rating_weight, pack().prior_rating, pack().prior_count)
    if rules.too_low(review.stars, rating, pack().suspend_below):
        reason = portals.speech(uow)(
            "Its rating fell to {rating} of 5.", rating=portals.speech(uow).number(round(rating, 1))
        )
        companies.suspend(uow, company.id, reason, "automation")
        standing_cards.ask(uow, company, round(rating, 1))


def of_order(uow: UnitOfWork, order_id: int) -> Sequence[Review]:
    """Give what both sides of an order said, the buyer first."""
    return uow.session.scalars(select(Review).where(Review.order_id == order_id).order_by(Review.side)).all()


def of_company(uow: UnitOfWork, company_id: int, limit: int = SHOWN) -> Sequence[Review]:
    """Give the newest published reviews of a company."""
    published = select(Review).where(Review.company_id == company_id, Review.state == "published")
    return uow.session.scalars(published.order_by(Review.given_at.desc(), Review.id.desc()).limit(limit)).all()


def waiting() -> Select[int, datetime]:
    """Give the statement for how many reviews and replies wait for a decision, and since when the oldest does."""
    held = union_all(
        select(Review.given_at).where(Review.state == "submitted"),
        select(ReviewReply.given_at).where(ReviewReply.state == "submitted"),
    ).subquery()
    return select(func.count(), func.min(held.c.given_at)).select_from(held)
