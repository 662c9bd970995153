"""Rating an order on its screen."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from b24app.services import orders, review_replies, reviews
from storage.models import Person, Review
from storage.unit_of_work import Transactions
from tests.contract.miniapp.conftest import Visitor
from tests.integration.services.test_orders import awarded

Visit = Callable[[Person], Visitor]


def test_nobody_rates_by_default(transactions: Transactions, visitor: Visit) -> None:
    """No number of stars is chosen beforehand, sending none is refused at that field; what was given is shown to be changed."""
    with transactions() as uow:
        order, ivan, abc = awarded(uow)
        orders.report(uow, abc, order.id, step="delivered")
    there, screen = visitor(ivan), f"/app/orders/{order.id}"
    page = there.get(screen).text
    assert ('name="stars"' in page, " checked" in page) == (True, False)
    refused = there.act("review_order", order_id=order.id, text="Хорошо")
    assert (refused.status_code, list(refused.get_json()["fields"])) == (422, ["stars"])
    wrong = there.act("review_order", order_id=order.id, stars=4, quality=7)
    assert (wrong.status_code, list(wrong.get_json()["fields"])) == (422, ["quality"])
    marks = {"quality": "5", "time": "", "communication": ""}
    assert there.act("review_order", order_id=order.id, stars=4, text="Хорошо", **marks).status_code == 200
    page = there.get(screen).text
    assert ('value="4" checked' in page, '<option value="5" selected>5 / 5' in page) == (True, True)
    with transactions() as uow:
        assert uow.session.scalars(select(Review)).one().stars == 4


def test_a_published_review_is_replied_to_on_the_order(transactions: Transactions, visitor: Visit) -> None:
    """The reviewed factory reads it without contacts, replies once, sees that the reply is checked; the buyer reads it afterwards."""
    with transactions() as uow:
        order, ivan, abc = awarded(uow)
        orders.report(uow, abc, order.id, step="delivered")
        given = reviews.give(uow, ivan, order.id, 4, "Хорошо. Пишите: +7 911 222-33-44")
    there, screen = visitor(abc), f"/app/orders/{order.id}"
    assert "reply_to_review" not in there.get(screen).text
    assert there.act("reply_to_review", review_id=given.id, text="Rahmat!").status_code == 409
    with transactions() as uow:
        reviews.decide(uow, given.id, "user/1", publish=True)
    page = there.get(screen).text
    assert ("reply_to_review" in page, "222-33" in page) == (True, False)
    assert there.act("reply_to_review", review_id=given.id, text="Rahmat!").status_code == 200
    assert "Menejer uni tekshirmoqda." in there.get(screen).text
    assert "Rahmat!" not in visitor(ivan).get(screen).text
    with transactions() as uow:
        reply = review_replies.of_reviews(uow, [given.id])[given.id]
        review_replies.decide(uow, reply.id, "user/1", publish=True)
    assert "Rahmat!" in visitor(ivan).get(screen).text
