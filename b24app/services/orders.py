"""Orders in the making: the factory reports its steps, the buyer and the deal see them, lateness calls the manager.

Called by the Mini App (reports, both sides' boards) and the watching job. May send: the order's deal with its stage, a log message on
its timeline, bot messages to the buyer, notices to the responsible employee. Errors: InvalidInput (by field), InvalidState, NotFound.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from b24app.domain import orders as rules
from b24app.errors import InvalidInput, NotFound
from b24app.i18n import texts
from b24app.services import audit, catalogue_entries, order_news, people
from b24app.services.industries import pack
from storage.holding import HELD
from storage.models import Company, File, Lot, Order, OrderUpdate, Person
from storage.unit_of_work import UnitOfWork

NOTE_LENGTH = 1000


def steps() -> list[str]:
    """Give the codes of the industry's production steps in order."""
    return [step.code for step in pack().production_steps]


def steps_ahead(order: Order) -> list[str]:
    """Give the codes of the steps that may be reported next: the present one, until it is finished, and those after it."""
    left = steps()[rules.finished(steps(), order.progress, order.percent) :]
    return left if order.state in rules.RUNNING else []


def of_company(uow: UnitOfWork, company: Company, *, skip: int = 0, limit: int | None = None) -> list[Order]:
    """Give the orders that a factory makes, or that a buyer gave: those under way first, the newest first."""
    found = select(Order).order_by((Order.state == "done").asc(), Order.id.desc()).offset(skip).limit(limit)
    if company.kind == "factory":
        return list(uow.session.scalars(found.where(Order.company_id == company.id)))
    return list(uow.session.scalars(found.join(Lot, Lot.id == Order.lot_id).where(Lot.company_id == company.id)))


def of_lot(uow: UnitOfWork, lot_id: int) -> list[Order]:
    """Give the orders that a lot was awarded as, in the order of the awards."""
    return list(uow.session.scalars(select(Order).where(Order.lot_id == lot_id).order_by(Order.id)))


def get_for(uow: UnitOfWork, person: Person, order_id: int) -> tuple[Order, str]:
    """Find an order that the person's company gives or makes, and on which side that is. NotFound for any other."""
    order = uow.session.get(Order, order_id)
    if order is not None:
        company = people.company_of(uow, person, "factory")
        if company is not None and order.company_id == company.id:
            return order, "factory"
        company = people.company_of(uow, person, "buyer")
        if company is not None and uow.session.get_one(Lot, order.lot_id).company_id == company.id:
            return order, "buyer"
    raise NotFound(code="order")


def history(uow: UnitOfWork, order_id: int) -> list[OrderUpdate]:
    """Give the factory's reports, the newest first."""
    return list(
        uow.session.scalars(select(OrderUpdate).where(OrderUpdate.order_id == order_id).order_by(OrderUpdate.id.desc()))
    )


def report(
    uow: UnitOfWork,
    person: Person,
    order_id: int,
    *,
    step: str,
    percent: int = rules.DONE_PERCENT,
    note: str = "",
    file_id: int | None = None,
) -> OrderUpdate:
    """Take a factory's report of a step; the same report again changes nothing.

    InvalidState when it leads backwards; InvalidInput for an unknown step or somebody else's photo; NotFound for another's order.
    """
    _, side = get_for(uow, person, order_id)
    if side != "factory":
        raise NotFound(code="order")
    uow.session.flush()
    order = uow.session.get_one(Order, order_id, with_for_update=HELD, populate_existing=True)
    people.must(uow, person, order.company_id, "make")
    _must_be_sound(uow, person, step, percent, file_id)
    latest = next(iter(history(uow, order.id)), None)
    if latest and (latest.step, latest.percent, latest.note, latest.file_id) == (step, percent, note, file_id):
        return latest
    update = OrderUpdate(order_id=order.id, person_id=person.id, step=step, percent=percent, reported_at=uow.now)
    update.note, update.file_id = note[:NOTE_LENGTH], file_id
    return _advance(uow, order, update, f"person/{person.id}")


def set_progress(uow: UnitOfWork, order_id: int, *, step: str, percent: int, note: str, actor: str) -> OrderUpdate:
    """Note how far an order is on behalf of the factory; the buyer is told as of the factory's own report.

    InvalidState when it leads backwards; InvalidInput for an unknown step, a percent out of range; NotFound for an unknown order.
    """
    order = uow.session.get(Order, order_id, with_for_update=HELD)
    if order is None:
        raise NotFound(code="order")
    if step not in steps():
        raise InvalidInput(fields={"step": [", ".join(steps())]})
    if not 0 <= percent <= rules.DONE_PERCENT:
        raise InvalidInput(fields={"percent": [f"0–{rules.DONE_PERCENT}"]})
    update = OrderUpdate(order_id=order.id, step=step, percent=percent, reported_at=uow.now)
    update.note = note[:NOTE_LENGTH]
    return _advance(uow, order, update, actor)


def _advance(uow: UnitOfWork, order: Order, update: OrderUpdate, actor: str) -> OrderUpdate:
    step, percent = update.step, update.percent
    rules.must_advance(steps(), order.progress, order.percent, step, percent)
    before = order.state
    order.progress, order.percent, order.state = step, percent, rules.state_at(step)
    uow.session.add(update)
    uow.session.flush()
    if order.state != before:
        catalogue_entries.refresh_past(uow, order.company_id)
    order_news.reported(uow, order, update, moved=order.state != before)
    audit.record(uow, actor, "progress_reported", f"order/{order.id}", step=step, percent=percent)
    if order.state == "done" and all(other.state == "done" for other in of_lot(uow, order.lot_id)):
        order_news.lot_done(uow, order)
    return update


def _must_be_sound(uow: UnitOfWork, person: Person, step: str, percent: int, file_id: int | None) -> None:
    t = texts(people.language_of(person))
    if step not in steps():
        raise InvalidInput(fields={"step": [t("Please choose from the list.")]})
    if not 0 <= percent <= rules.DONE_PERCENT:
        raise InvalidInput(fields={"percent": [t("Between {min} and {max}.", min=0, max=rules.DONE_PERCENT)]})
    if file_id is not None:
        file = uow.session.get(File, file_id)
        if file is None or file.person_id != person.id or not file.mime.startswith("image/"):
            raise InvalidInput(fields={"photo": [t("Please attach a picture.")]})


def late_step(order: Order, now: datetime) -> str:
    """Give the first step that an order is late with at a moment, or an empty text."""
    if order.due_at is None or order.state not in rules.RUNNING:
        return ""
    done = rules.finished(steps(), order.progress, order.percent)
    return rules.late_step(steps(), done, order.created_at, order.due_at, now)


def watch(uow: UnitOfWork) -> int:
    """Tell the responsible employee of every order that fell behind its plan, once a step; answers of how many."""
    running = uow.session.scalars(
        select(Order)
        .where(Order.state.in_(rules.RUNNING))
        .order_by(Order.due_at)
        .with_for_update(skip_locked=True, key_share=True)
    )
    told = 0
    for order in running:
        late = late_step(order, uow.now)
        if late and late != order.late_step:
            order.late_step = late
            order_news.late(uow, order, late)
            audit.record(uow, "automation", "order_late", f"order/{order.id}", step=late)
            told += 1
    return told
