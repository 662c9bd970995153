"""What the CRM and people are told of an order's progress. Called by `orders`.

Sends SaveItem, AddLogMessage, AddTask, NotifyUser and bot messages.
"""

from __future__ import annotations

from datetime import timedelta

from b24app.domain.deliveries import AddLogMessage, AddTask, FireTrigger, SaveItem
from b24app.domain.masking import mask
from b24app.domain.orders import DELIVERED, DONE_PERCENT
from b24app.i18n import Texts
from b24app.services import notices, portals, staff
from b24app.services.industries import pack
from b24app.services.lot_cards import PIPELINE
from b24app.services.notices import Said, escaped
from b24app.services.screens import opening, order_path
from storage.models import Company, Lot, Order, OrderUpdate
from storage.unit_of_work import UnitOfWork


def step_words(step: str, percent: int, t: Texts) -> str:
    """Say how far an order is: the step, with its percent while it is under way."""
    name = pack().named("production_steps", step, t.language)
    return name if percent >= DONE_PERCENT else f"{name}, {percent}%"


def reported(uow: UnitOfWork, order: Order, update: OrderUpdate, *, moved: bool) -> None:
    """Bring the deal up to date, note the report on its timeline and tell the buyer."""
    lot = uow.session.get_one(Lot, order.lot_id)
    t = portals.speech(uow)
    words = step_words(update.step, update.percent, t)
    ref = f"order/{order.id}"
    stage = order.state if moved else ""
    uow.send(SaveItem(ref=ref, fields={"production_progress": words}, stage=stage, pipeline=PIPELINE))
    uow.send(AddLogMessage(ref=ref, title=words, text=update.note or "—"), key=f"{ref}:progress/{update.id}")
    uow.send(FireTrigger(code="progress_changed", ref=ref), key=f"{ref}:progress/{update.id}:trigger")

    def say(t: Texts) -> Said:
        head = t("Order for lot No. {number}", number=lot.number)
        text = f"<b>{escaped(head)}</b>\n{escaped(step_words(update.step, update.percent, t))}"
        if update.note:
            text += f"\n{escaped(mask(update.note).text)}"
        if update.step == DELIVERED:
            text += "\n" + escaped(t("Please check the goods. If something is wrong, write to the manager."))
        return text, [[opening(t("Open the order"), order_path(order.id))]]

    notices.tell_company(uow, lot.company_id, say, key=f"{ref}:progress/{update.id}", kind="orders")


def lot_done(uow: UnitOfWork, order: Order) -> None:
    """Close the lot's deal as won: everything it was awarded as has been delivered."""
    uow.send(SaveItem(ref=f"lot/{order.lot_id}", stage="done", pipeline=PIPELINE))


def _give_task(uow: UnitOfWork, order: Order, user_id: str, words: str, *, key: str) -> None:
    """Give whoever answers for an employee today a day to look into what is wrong with an order."""
    deadline = (uow.now + timedelta(days=1)).isoformat()
    duty = staff.on_duty(uow, user_id or staff.responsible_for(uow, order.id))
    if duty:
        ref = f"order/{order.id}"
        task = AddTask(ref=ref, title=words, text=words, responsible_id=duty, deadline=deadline, external_id=key)
        uow.send(task, key=key)


def late(uow: UnitOfWork, order: Order, step: str) -> None:
    """Call the responsible employee and give him a task, and remind the factory to report."""
    lot = uow.session.get_one(Lot, order.lot_id)
    buyer, factory = uow.session.get_one(Company, lot.company_id), uow.session.get_one(Company, order.company_id)
    t = portals.speech(uow)
    name = pack().named("production_steps", step, t.language)
    text = t(
        "The order for lot No. {number} is late: “{step}” is not done. Factory: {factory}.",
        number=lot.number,
        step=name,
        factory=factory.name,
    )
    for user_id in dict.fromkeys(one for one in (factory.responsible_id, buyer.responsible_id) if one):
        key = f"order/{order.id}:late:{step}:{user_id}"
        staff.notify(uow, user_id, text, tag=f"order/{order.id}", ref=f"order/{order.id}", key=key)
    _give_task(
        uow, order, factory.responsible_id or buyer.responsible_id, text, key=f"order/{order.id}:late:{step}:task"
    )
    uow.send(
        AddLogMessage(ref=f"order/{order.id}", title=t("Behind the plan"), text=text),
        key=f"order/{order.id}:late:{step}",
    )
    trigger = FireTrigger(code="progress_late", ref=f"order/{order.id}")
    uow.send(trigger, key=f"order/{order.id}:late:{step}:trigger")

    def say(t: Texts) -> Said:
        step_name = pack().named("production_steps", step, t.language)
        said = t(
            "By the plan “{step}” of the order for lot No. {number} should be done. Please tell how it gets on.",
            step=step_name,
            number=lot.number,
        )
        return escaped(said), [[opening(t("Report progress"), order_path(order.id))]]

    notices.tell_company(uow, order.company_id, say, key=f"order/{order.id}:late:{step}", kind="orders")
