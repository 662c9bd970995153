"""Reviews from the question to the rating: asked once, changed until decided, counted only when published."""

from __future__ import annotations

from datetime import timedelta

import pytest

from b24app.domain.catalogue import Wish
from b24app.errors import InvalidInput, InvalidState, NotFound
from b24app.services import (
    cards,
    catalogue,
    catalogue_entries,
    companies,
    matching,
    offers,
    orders,
    overview,
    review_replies,
    reviews,
    showcase,
)
from b24app.services import settings as stored
from storage.models import Company, Order, Person
from storage.unit_of_work import UnitOfWork
from tests import factories
from tests.integration.services.outgoing import said_to, sent
from tests.integration.services.test_orders import awarded


@pytest.fixture
def delivered(uow: UnitOfWork) -> tuple[Order, Person, Person]:
    """An order that was delivered, its buyer and its factory."""
    order, ivan, abc = awarded(uow)
    orders.report(uow, abc, order.id, step="delivered")
    return order, ivan, abc


def rated(uow: UnitOfWork, order: Order) -> tuple[int, float]:
    """Give how many reviews the factory has and what matching rates it."""
    entry = catalogue_entries.of_company(uow, uow.session.get_one(Company, order.company_id))
    assert entry is not None
    uow.session.refresh(entry)
    return entry.rating_count, round(matching.rating_of(entry), 3)


def test_each_side_is_asked_once_and_not_after_it_answered(
    uow: UnitOfWork, delivered: tuple[Order, Person, Person]
) -> None:
    """Both sides get five stars to press; a side that gave some is not asked again."""
    order, ivan, abc = delivered
    assert reviews.ask(uow, order) == 2
    asked = [len(said_to(uow, person.chat_id)) for person in (ivan, abc)]
    reviews.give(uow, ivan, order.id, 5)
    assert reviews.ask(uow, order) == 1
    assert [len(said_to(uow, person.chat_id)) for person in (ivan, abc)] == asked


def test_a_review_counts_once_it_is_published(uow: UnitOfWork, delivered: tuple[Order, Person, Person]) -> None:
    """Stars wait on the order's card; published they move the rating away from the prior, are read in the catalogue and told."""
    order, ivan, abc = delivered
    prior = rated(uow, order)
    assert prior == (0, 4.0)
    given = reviews.give(uow, ivan, order.id, 5)
    reviews.give(uow, ivan, order.id, 5, "Ровные швы. Пишите: +7 911 222-33-44")
    assert overview.waiting(uow)["reviews"].count == 1
    assert (rated(uow, order), showcase.said_of(uow, order.company_id, "ru")) == (prior, [])
    stored.put(uow, "responsible_ids", "7", "user/1")
    cards.act(uow, f"review/{given.id}", "publish", "user/7")
    assert rated(uow, order) == (1, round((4.0 * 5 + 5) / 6, 3))
    (said,) = showcase.said_of(uow, order.company_id, "ru")
    assert (said.stars, "Ровные швы" in said.words, "222" in said.words) == (5, True, False)
    assert "222" not in said_to(uow, abc.chat_id)[-1]
    assert overview.waiting(uow)["reviews"].count == 0
    with pytest.raises(InvalidState):
        reviews.give(uow, ivan, order.id, 1)
    with pytest.raises(InvalidState):
        reviews.decide(uow, given.id, "user/7", publish=False)


def test_few_stars_call_the_manager_and_a_declined_review_does_not_count(
    uow: UnitOfWork, delivered: tuple[Order, Person, Person]
) -> None:
    """One star fires low_rating and a notice once; declining leaves the rating where it was."""
    order, ivan, _ = delivered
    uow.session.get_one(Company, order.company_id).responsible_id = "7"
    given = reviews.give(uow, ivan, order.id, 1, "Плохо")
    reviews.give(uow, ivan, order.id, 1, "Плохо")
    assert len(sent(uow, "FireTrigger", code="low_rating")) == 1
    assert len(sent(uow, "FireTrigger", code="review_received")) == 1
    reviews.decide(uow, given.id, "user/7", publish=False)
    assert rated(uow, order) == (0, 4.0)


def test_only_the_two_sides_of_a_shipped_order_review_it(uow: UnitOfWork) -> None:
    """Nobody reviews before shipping, strangers find no order, and stars are one to five."""
    order, ivan, abc = awarded(uow)
    for attempt in (lambda: reviews.give(uow, ivan, order.id, 5), lambda: reviews.ask(uow, order)):
        with pytest.raises(InvalidState):
            attempt()
    orders.report(uow, abc, order.id, step="shipped")
    stranger, _ = factories.factory(uow, "2002", company="Silk Road")
    with pytest.raises(NotFound):
        reviews.give(uow, stranger, order.id, 5)
    for stars, text in ((0, ""), (6, ""), (5, "x" * 2001)):
        with pytest.raises(InvalidInput):
            reviews.give(uow, ivan, order.id, stars, text)
    assert reviews.give(uow, abc, order.id, 4).company_id == uow.session.get_one(Company, ivan_company(uow, ivan)).id


def ivan_company(uow: UnitOfWork, ivan: Person) -> int:
    """Give the id of the buyer's company."""
    return next(
        company.id for company in uow.session.query(Company) if company.kind == "buyer" and company.id is not None
    )


def test_old_reviews_weigh_less_and_the_catalogue_filters_and_sorts_by_rating(
    uow: UnitOfWork, delivered: tuple[Order, Person, Person]
) -> None:
    """A review of two years ago counts half; the unrated are in no list of the rated, and stand between good and bad."""
    order, ivan, _ = delivered
    factories.factory(uow, "2002", company="Silk Road")
    buyer = uow.session.get_one(Company, ivan_company(uow, ivan))
    buyer.catalogue_until = uow.now + timedelta(days=9)
    given = reviews.give(uow, ivan, order.id, 1)
    reviews.decide(uow, given.id, "user/7", publish=True)
    fresh = rated(uow, order)[1]
    names = [company.name for company, _ in catalogue.find(uow, buyer, Wish(sort="rating")).companies]
    assert names == ["Silk Road", "ABC Textiles"]
    assert catalogue.find(uow, buyer, Wish(stars=4)).count == 0
    assert [company.name for company, _ in catalogue.find(uow, buyer, Wish(stars=3)).companies] == ["ABC Textiles"]
    given.given_at -= timedelta(days=730)
    catalogue_entries.refresh_past(uow, order.company_id)
    assert fresh < rated(uow, order)[1] == round((4.0 * 5 + 0.5) / 5.5, 3)


def unhappy(uow: UnitOfWork, ivan: Person, abc: Person, how_often: int) -> list[int]:
    """Have the buyer give one star to as many delivered orders of the factory; answers the reviews, all waiting."""
    found = []
    for number in range(how_often):
        offer = factories.offer(uow, abc, factories.lot(uow, ivan, key=f"unhappy-{number}"))
        offers.allow(uow, offer.id, "user/7")
        order = offers.award(uow, ivan, offer.id)
        orders.report(uow, abc, order.id, step="delivered")
        found.append(reviews.give(uow, ivan, order.id, 1).id)
    return found


def test_a_factory_below_the_floor_leaves_the_catalogue_until_a_manager_decides(
    uow: UnitOfWork, delivered: tuple[Order, Person, Person]
) -> None:
    """The review that takes the rating below the pack's floor suspends and asks; the card publishes again or leaves it so."""
    order, ivan, abc = delivered
    company = uow.session.get_one(Company, order.company_id)
    stored.put(uow, "responsible_ids", "7", "user/1")
    one, two, three, four = unhappy(uow, ivan, abc, 4)
    for review in (one, two):
        reviews.decide(uow, review, "user/7", publish=True)
    assert company.publication == "published"
    reviews.decide(uow, three, "user/7", publish=True)
    assert company.publication == "suspended"
    assert "2,9" in " ".join(said_to(uow, abc.chat_id)[-2:])
    card = f"standing/{company.id}"
    assert "снова видна" in cards.act(uow, card, "publish", "user/7")
    assert "принято" in cards.act(uow, card, "keep", "user/7")
    reviews.decide(uow, four, "user/7", publish=True)
    cards.act(uow, card, "keep", "user/7")
    assert company.publication == "suspended"
    assert [showing.closed for showing in sent(uow, "ShowCard", card=card)] == [False, True, False, True]


def test_the_card_closes_when_the_factory_is_published_on_its_tab(
    uow: UnitOfWork, delivered: tuple[Order, Person, Person]
) -> None:
    """Publishing by hand answers the question."""
    order, ivan, abc = delivered
    stored.put(uow, "responsible_ids", "7", "user/1")
    for review in unhappy(uow, ivan, abc, 3):
        reviews.decide(uow, review, "user/7", publish=True)
    companies.publish(uow, order.company_id, "user/7")
    assert [showing.closed for showing in sent(uow, "ShowCard", card=f"standing/{order.company_id}")] == [False, True]


def test_marks_by_aspect_are_kept_shown_and_leave_the_rating_to_the_stars(
    uow: UnitOfWork, delivered: tuple[Order, Person, Person]
) -> None:
    """A side marks what it may; stars pressed again in the chat leave the marks; others read them, and only stars are counted."""
    order, ivan, abc = delivered
    given = reviews.give(uow, ivan, order.id, 5, "Ровные швы", marks={"quality": 5, "time": 2})
    reviews.give(uow, ivan, order.id, 4)
    assert given.marks == {"quality": 5, "time": 2}
    rows = dict(sent(uow, "ShowCard", card=f"review/{given.id}")[-1].rows)
    assert rows["Соблюдение сроков"] == "2 / 5"
    reviews.decide(uow, given.id, "user/7", publish=True)
    assert rated(uow, order) == (1, round((4.0 * 5 + 4) / 6, 3))
    assert showcase.said_of(uow, order.company_id, "ru")[0].marks == [("Качество", 5), ("Соблюдение сроков", 2)]
    for marks in ({"quality": 3}, {"time": 0}, {"time": 6}, {"taste": 3}):
        with pytest.raises(InvalidInput):
            reviews.give(uow, abc, order.id, 5, marks=marks)


def test_the_reviewed_reply_once_and_others_read_it_when_it_is_published(
    uow: UnitOfWork, delivered: tuple[Order, Person, Person]
) -> None:
    """Only the reviewed side replies, only to what is published and only once; the reply waits for an employee and shows no contact."""
    order, ivan, abc = delivered
    stored.put(uow, "responsible_ids", "7", "user/1")
    given = reviews.give(uow, ivan, order.id, 3, "Опоздали")
    with pytest.raises(InvalidState):
        review_replies.give(uow, abc, given.id, "Спасибо")
    reviews.decide(uow, given.id, "user/7", publish=True)
    for text in (" ", "x" * 2001):
        with pytest.raises(InvalidInput):
            review_replies.give(uow, abc, given.id, text)
    for stranger in (ivan, factories.factory(uow, "2002", company="Silk Road")[0]):
        with pytest.raises(NotFound):
            review_replies.give(uow, stranger, given.id, "Спасибо")
    reply = review_replies.give(uow, abc, given.id, "Учли. Пишите: +998 90 123 45 67")
    with pytest.raises(InvalidState):
        review_replies.give(uow, abc, given.id, "Ещё раз")
    assert (overview.waiting(uow)["reviews"].count, showcase.said_of(uow, order.company_id, "ru")[0].reply) == (1, "")
    assert "опубликован" in cards.act(uow, f"reply/{reply.id}", "publish", "user/7")
    assert "принято" in cards.act(uow, f"reply/{reply.id}", "decline", "user/7")
    shown = showcase.said_of(uow, order.company_id, "ru")[0].reply
    assert ("Учли" in shown, "123" in shown) == (True, False)
    assert ("Учли" in said_to(uow, ivan.chat_id)[-1], "123" in said_to(uow, ivan.chat_id)[-1]) == (True, False)
    assert overview.waiting(uow)["reviews"].count == 0


def test_a_declined_reply_is_told_to_its_writer(uow: UnitOfWork, delivered: tuple[Order, Person, Person]) -> None:
    """Nobody reads it, and the company hears that it was not published."""
    order, ivan, abc = delivered
    given = reviews.give(uow, ivan, order.id, 3, "Опоздали")
    reviews.decide(uow, given.id, "user/7", publish=True)
    reply = review_replies.give(uow, abc, given.id, "Сами виноваты")
    review_replies.decide(uow, reply.id, "user/7", publish=False)
    assert showcase.said_of(uow, order.company_id, "ru")[0].reply == ""
    assert "eʼlon qilinmadi" in said_to(uow, abc.chat_id)[-1]
