"""What people are told by a ready-made set of automation. Called by `ready_sets`. Sends bot messages."""

from __future__ import annotations

from b24app.i18n import Texts
from b24app.services import notices
from b24app.services.notices import Said, escaped
from b24app.services.screens import opening, order_path
from storage.models import Lot, Order
from storage.unit_of_work import UnitOfWork


def thank(uow: UnitOfWork, order: Order) -> int:
    """Thank the buyer and the factory of an order; answers how many people that were."""
    lot = uow.session.get_one(Lot, order.lot_id)

    def say(t: Texts) -> Said:
        text = t("Thank you for working through our marketplace! Order for lot No. {number}.", number=lot.number)
        return escaped(text), [[opening(t("Open the order"), order_path(order.id))]]

    key = f"order/{order.id}:thanks"
    return sum(
        notices.tell_company(uow, company_id, say, key=key, kind="orders")
        for company_id in (lot.company_id, order.company_id)
    )
