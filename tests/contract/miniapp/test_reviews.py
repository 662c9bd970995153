"""Rating an order on its screen."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from b24app.services import orders
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
    assert there.act("review_order", order_id=order.id, stars=4, text="Хорошо").status_code == 200
    assert 'value="4" checked' in there.get(screen).text
    with transactions() as uow:
        assert uow.session.scalars(select(Review)).one().stars == 4
