"""Orders in the making: the board of either side, one order with its steps, the factory's report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response
from marshmallow import fields, pre_load, validate

from b24app.domain import orders as rules
from b24app.domain import reviews as review_rules
from b24app.domain.lots import title_of
from b24app.domain.masking import mask
from b24app.domain.people import may
from b24app.form_parts import Form, WholeNumber
from b24app.services import conversations, lots, orders, people, review_news, review_replies, reviews
from b24app.services.industries import pack
from storage.models import File, Lot, Order, OrderUpdate
from telegram_bridge.miniapp.door import Door, Visit, answer
from telegram_bridge.miniapp.paging import PAGE, read_skip


class ReportForm(Form):
    """A factory's report of one step; `photo` is the id of a picture uploaded before."""

    order_id = WholeNumber(required=True)
    step = fields.String(required=True, validate=validate.Length(max=40))
    percent = WholeNumber(load_default=rules.DONE_PERCENT)
    note = fields.String(load_default="", validate=validate.Length(max=orders.NOTE_LENGTH))
    photo = WholeNumber(load_default=None)


class ReviewForm(Form):
    """What a side thinks of the other after an order."""

    order_id = WholeNumber(required=True)
    stars = WholeNumber(load_default=0)
    text = fields.String(load_default="", validate=validate.Length(max=review_rules.LONGEST))
    quality = WholeNumber(load_default=None)
    time = WholeNumber(load_default=None)
    communication = WholeNumber(load_default=None)
    described = WholeNumber(load_default=None)

    @pre_load
    def empty_is_none(self, data: Any, **_: Any) -> dict[str, Any]:
        """An aspect that was not marked comes as an empty text."""
        return {name: value for name, value in dict(data).items() if value != ""}


class ReplyForm(Form):
    """The answer to a review of one's own company."""

    review_id = WholeNumber(required=True)
    text = fields.String(load_default="", validate=validate.Length(max=review_rules.LONGEST))


@dataclass(frozen=True)
class Step:
    """One step on the way: `state` is done, now or ahead; `due` when the plan wants it done, None without a plan."""

    code: str
    label: str
    state: str
    percent: int
    due: datetime | None
    late: bool
    reports: list[tuple[OrderUpdate, File | None, str]]


def add_to(door: Door) -> None:
    """Offer these screens and the action."""

    @door.screen("/orders")
    def orders_list(visit: Visit) -> str:
        return visit.render("orders", **_page(visit))

    @door.screen("/orders/more")
    def orders_more(visit: Visit) -> str:
        return visit.render("orders_rows", **_page(visit))

    @door.screen("/orders/<int:order_id>")
    def order(visit: Visit, order_id: int) -> str:
        found, side = orders.get_for(visit.uow, visit.person, order_id)
        thread = conversations.of_offer(visit.uow, found.offer_id)
        role = people.member_role(visit.uow, visit.person, found.company_id)
        lot = lots.get(visit.uow, found.lot_id)
        return visit.render(
            "order",
            **_row(found, lot, _titles(visit, [lot]), visit),
            steps=_steps(visit, found),
            side=side,
            thread=thread,
            may_report=side == "factory" and found.state != "done" and may(role, "make"),
            open_steps=_open_steps(visit, found),
            note_length=orders.NOTE_LENGTH,
            **_review(visit, found, side),
        )

    @door.action("review_order", ReviewForm())
    def review_order(visit: Visit, order_id: int, stars: int, text: str, **marks: int | None) -> Response:
        given = {code: mark for code, mark in marks.items() if mark is not None}
        reviews.give(visit.uow, visit.person, order_id, stars, text, marks=given)
        return answer(again=True, done=True, toast=visit.t("Thank you! The manager looks at it before others do."))

    @door.action("reply_to_review", ReplyForm())
    def reply_to_review(visit: Visit, review_id: int, text: str) -> Response:
        review_replies.give(visit.uow, visit.person, review_id, text)
        return answer(again=True, done=True, toast=visit.t("Thank you! The manager looks at it before others do."))

    @door.action("report_progress", ReportForm(), who="factory")
    def report_progress(visit: Visit, order_id: int, photo: int | None, **what: Any) -> Response:
        orders.report(visit.uow, visit.person, order_id, file_id=photo, **what)
        return answer(again=True, done=True, toast=visit.t("Saved. The buyer sees it now."))


def _review(visit: Visit, order: Order, side: str) -> dict[str, Any]:
    given = {one.side: one for one in reviews.of_order(visit.uow, order.id)}
    replies = review_replies.of_reviews(visit.uow, [one.id for one in given.values()])
    own, about = given.pop(side, None), next(iter(given.values()), None)
    about = about if about is not None and about.state == "published" else None
    reply = replies.get(own.id) if own is not None else None
    return {
        "review": own,
        "reply": mask(reply.text).text if reply is not None and reply.state == "published" else "",
        "about": about,
        "about_words": mask(about.text).text if about is not None else "",
        "about_marks": review_news.marked(about, visit.t) if about is not None else [],
        "own_reply": replies.get(about.id) if about is not None else None,
        "aspects": review_news.aspects(side, visit.t),
        "may_review": review_rules.may_review(order.state) and (own is None or own.state == "submitted"),
        "review_length": review_rules.LONGEST,
    }


def _page(visit: Visit) -> dict[str, Any]:
    skip = read_skip()
    found = orders.of_company(visit.uow, visit.own_company, skip=skip, limit=PAGE + 1)
    known = {lot.id: lot for lot in lots.several(visit.uow, [order.lot_id for order in found])}
    titles = _titles(visit, list(known.values()))
    return {
        "rows": [_row(order, known[order.lot_id], titles, visit) for order in found[:PAGE]],
        "skip": skip + PAGE if len(found) > PAGE else 0,
    }


def _titles(visit: Visit, found: list[Lot]) -> dict[int, str]:
    """Give the title of each lot as this side may read it."""
    if visit.person.active_role == "factory":
        return {number: view.title for number, view in lots.brief_views(visit.uow, found, visit.language).items()}
    return {lot.id: title_of(lot.fields) for lot in found}


def _row(order: Order, lot: Lot, titles: dict[int, str], visit: Visit) -> dict[str, Any]:
    codes = orders.steps()
    reached = codes.index(order.progress) + order.percent / 100 if order.progress in codes else 0
    return {
        "order": order,
        "lot": lot,
        "title": titles[lot.id],
        "unit": pack().named("units", lot.unit, visit.language),
        "sum_minor": order.price_minor * order.quantity,
        "share": round(100 * reached / len(codes)),
        "reached": pack().named("production_steps", order.progress, visit.language) if order.progress else "",
        "late": bool(orders.late_step(order, visit.uow.now)),
    }


def _steps(visit: Visit, order: Order) -> list[Step]:
    codes = orders.steps()
    at = codes.index(order.progress) if order.progress in codes else -1
    late = orders.late_step(order, visit.uow.now)
    told: dict[str, list[tuple[OrderUpdate, File | None, str]]] = {}
    for update in orders.history(visit.uow, order.id):
        file = visit.uow.session.get(File, update.file_id) if update.file_id else None
        told.setdefault(update.step, []).append((update, file, mask(update.note).text))
    made = []
    for number, code in enumerate(codes):
        done = number < at or (number == at and order.percent >= rules.DONE_PERCENT)
        made.append(
            Step(
                code=code,
                label=pack().named("production_steps", code, visit.language),
                state="done" if done else "now" if number == at else "ahead",
                percent=order.percent,
                due=rules.step_due(codes, code, order.created_at, order.due_at) if order.due_at else None,
                late=code == late,
                reports=told.get(code, []),
            )
        )
    return made


def _open_steps(visit: Visit, order: Order) -> list[tuple[str, str]]:
    """Give the steps that a report may name: the present one while it is under way, and all later ones."""
    codes = orders.steps()
    at = codes.index(order.progress) if order.progress in codes else -1
    start = at if at >= 0 and order.percent < rules.DONE_PERCENT else at + 1
    return [(code, pack().named("production_steps", code, visit.language)) for code in codes[start:]]
