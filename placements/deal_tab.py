"""The tab of a deal: a lot to moderate with its matching factories and offers, or an order made from it.

Built for `registry`; its decisions are one service call each. The transcript is in `transcript`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from b24app.errors import NotFound
from b24app.i18n import texts
from b24app.services import (
    lot_changes,
    lot_revisions,
    lots,
    offers,
    order_news,
    orders,
    review_news,
    review_replies,
    reviews,
)
from b24app.services.forms import shown
from b24app.services.industries import pack
from placements import subjects
from placements.answers import attachments, blocks_of
from placements.calls import Call
from placements.offer_rows import left_of, rows_of
from placements.subjects import Subject
from storage.models import Company, File, Offer
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class Report:
    """One report of a factory; `photo` is what an expiring link to its picture names, or empty."""

    at: datetime
    words: str
    note: str
    photo: str


def moderation(uow: UnitOfWork, call: Call, subject: Subject) -> dict[str, Any]:
    """Show a lot beside what factories see of it."""
    lot = subjects.lot_of(uow, subject)
    buyer = uow.session.get_one(Company, lot.company_id)
    form = pack().forms["lot"]
    change = lot_revisions.waits(lot)
    written = lot_revisions.wished(lot) if change else lot.fields
    files = attachments(uow, form, written)
    seen = lot_revisions.preview(lot, written) if change else lot
    public = lots.anonymous_view(uow, seen, call.language)
    changed = lot_revisions.changed(lot, written)
    return {
        "lot": lot,
        "buyer": buyer,
        "buyer_item": subjects.refs_in_crm(uow, [f"company/{buyer.id}"]).get(f"company/{buyer.id}"),
        "state": lot_state(lot.state, lot.outcome, call.language),
        "waits": change or lot.state == "submitted",
        "change": change,
        "before": {code: shown(form, lot.fields, code, call.language) or "—" for code in changed},
        "blocks": blocks_of(form, written, lot.corrections, call.language, files=files),
        "public": {code: value for code, _, value in public.rows},
    }


def lot_state(state: str, outcome: str, language: str) -> str:
    """Name a lot's state."""
    t = texts(language)
    closed = {
        "awarded": t("Closed: a factory was chosen"),
        "expired": t("Closed: the time is over"),
        "cancelled": t("Cancelled by the buyer"),
    }
    return {
        "submitted": t("Waits for moderation"),
        "changes_requested": t("Returned for corrections"),
        "published": t("Published"),
        "closed": closed.get(outcome, t("Closed")),
    }.get(state, state)


def offers_made(uow: UnitOfWork, call: Call, subject: Subject) -> dict[str, Any]:
    """Show the offers in columns with what can be decided on each."""
    lot = subjects.lot_of(uow, subject)
    rows = rows_of(uow, lot, call.language)
    return {"lot": lot, "offers": rows, "left": left_of(uow, lot), "reasons": pack().decline_reasons}


def order(uow: UnitOfWork, call: Call, subject: Subject) -> dict[str, Any]:
    """Show an order: the factory, the terms it won with and how far it is."""
    made = subjects.order_of(uow, subject)
    factory = uow.session.get_one(Company, made.company_id)
    offer = uow.session.get_one(Offer, made.offer_id)
    lot = subjects.lot_of(uow, subject)
    refs = [f"company/{factory.id}", f"lot/{lot.id}"]
    return {
        "order": made,
        "factory": factory,
        "offer": offer,
        "lot": lot,
        "total_minor": made.price_minor * made.quantity,
        "unit": pack().named("units", lot.unit, call.language),
        **_reviews(uow, call, made.id),
        "reports": _reports(uow, call, made.id),
        "steps": [(step.code, step.label(call.language)) for step in pack().production_steps],
        "ahead": orders.steps_ahead(made),
        "in_crm": subjects.refs_in_crm(uow, refs),
    }


def _reports(uow: UnitOfWork, call: Call, order_id: int) -> list[Report]:
    """Give what the factory reported, the newest first, with its photos."""
    t = texts(call.language)
    found = orders.history(uow, order_id)
    ids = [update.file_id for update in found if update.file_id]
    files = {file.id: file for file in uow.session.scalars(select(File).where(File.id.in_(ids)))}
    return [
        Report(
            at=update.reported_at,
            words=order_news.step_words(update.step, update.percent, t),
            note=update.note,
            photo=f"file/{update.file_id}" if update.file_id in files else "",
        )
        for update in found
    ]


def _reviews(uow: UnitOfWork, call: Call, order_id: int) -> dict[str, Any]:
    """Give what both sides said, with their marks in words and the reply to each."""
    given, t = reviews.of_order(uow, order_id), texts(call.language)
    return {
        "reviews": given,
        "marks": {review.id: review_news.marked(review, t) for review in given},
        "replies": review_replies.of_reviews(uow, [review.id for review in given]),
    }


def set_progress(uow: UnitOfWork, call: Call, subject: Subject, form: dict[str, Any]) -> str:
    """Note how far this very order is, on behalf of the factory."""
    made = subjects.order_of(uow, subject)
    orders.set_progress(uow, made.id, **form, actor=call.actor)
    return texts(call.language)("Noted. The buyer was told as of the factory's own report.")


def decide_review(uow: UnitOfWork, call: Call, subject: Subject, form: dict[str, Any]) -> str:
    """Publish or decline a review of this very order."""
    order_id = subjects.order_of(uow, subject).id
    if form["review_id"] not in {review.id for review in reviews.of_order(uow, order_id)}:
        raise NotFound
    reviews.decide(uow, form["review_id"], call.actor, publish=form["publish"])
    t = texts(call.language)
    if form["publish"]:
        return t("The review is published and counts in the rating.")
    return t("The review is declined; it does not count.")


def decide_reply(uow: UnitOfWork, call: Call, subject: Subject, form: dict[str, Any]) -> str:
    """Publish or decline a reply to a review of this very order."""
    given = reviews.of_order(uow, subjects.order_of(uow, subject).id)
    replies = review_replies.of_reviews(uow, [review.id for review in given])
    if form["reply_id"] not in {reply.id for reply in replies.values()}:
        raise NotFound
    review_replies.decide(uow, form["reply_id"], call.actor, publish=form["publish"])
    t = texts(call.language)
    if form["publish"]:
        return t("The reply is published below its review.")
    return t("The reply is declined; its writer was told.")


def approve(uow: UnitOfWork, call: Call, subject: Subject, form: dict[str, Any]) -> str:
    """Publish the lot, or the change of it that waits."""
    lot = subjects.lot_of(uow, subject)
    was_published = lot.published_at is not None
    lot_changes.publish(uow, lot.id, call.actor, seen_at=form["seen_at"])
    if was_published:
        return texts(call.language)("The change of lot No. {number} is published.", number=lot.number)
    return texts(call.language)(
        "Lot No. {number} is published: the channel and the matching factories get it now.", number=lot.number
    )


def return_lot(uow: UnitOfWork, call: Call, subject: Subject, form: dict[str, Any]) -> str:
    """Return the lot, or the change of it, to the buyer with the reasons."""
    lot = subjects.lot_of(uow, subject)
    lot_changes.send_back(uow, lot.id, form["corrections"], call.actor)
    return texts(call.language)("The lot went back to the buyer with your reasons.")


def allow(uow: UnitOfWork, call: Call, subject: Subject, form: dict[str, Any]) -> str:
    """Allow contact: the conversation opens and the buyer is told."""
    offer = subjects.offer_of_lot(uow, subjects.lot_of(uow, subject), form["offer_id"])
    offers.allow(uow, offer.id, call.actor)
    return texts(call.language)("Contact allowed. The conversation is open and the buyer was told.")


def decline(uow: UnitOfWork, call: Call, subject: Subject, form: dict[str, Any]) -> str:
    """Decline an offer with a reason of the list or in own words."""
    offer = subjects.offer_of_lot(uow, subjects.lot_of(uow, subject), form["offer_id"])
    offers.decline(uow, offer.id, form["reason"], call.actor)
    return texts(call.language)("Declined. The factory was told why.")


def award(uow: UnitOfWork, call: Call, subject: Subject, form: dict[str, Any]) -> str:
    """Choose a factory on the buyer's behalf."""
    offer = subjects.offer_of_lot(uow, subjects.lot_of(uow, subject), form["offer_id"])
    made = offers.award(uow, call.actor, offer.id, quantity=form["quantity"])
    return texts(call.language)(
        "The factory was chosen for {quantity}. The order appears in the pipeline in a moment.",
        quantity=texts(call.language).number(made.quantity),
    )
