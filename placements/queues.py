"""What waits for a person, oldest first, with the CRM item where the decision is taken. Called by the overview."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal, select, union_all

from b24app.domain.audits import RUNNING
from b24app.i18n import Texts, texts
from b24app.services import conversations, lot_revisions, overview, profile_changes
from placements import subjects
from placements.calls import Entity
from storage.models import Audit, AuditDocument, Company, Conversation, Lot, Offer, Review, ReviewReply
from storage.unit_of_work import UnitOfWork

_SHOWN = 8
Named = tuple[str, str, datetime]
"""The ref of a waiting thing's CRM item, its title, and since when it waits."""


@dataclass(frozen=True)
class Item:
    """One waiting thing; `entity` is where it is decided, None while the CRM does not have it yet."""

    title: str
    since: datetime
    entity: Entity | None


@dataclass(frozen=True)
class Queue:
    """One kind of waiting thing; `items` are its oldest."""

    code: str
    title: str
    count: int
    oldest: datetime | None
    items: tuple[Item, ...]


def queues(uow: UnitOfWork, language: str) -> list[Queue]:
    """Give every queue, also the empty ones, in the order of the main story."""
    t = texts(language)
    named = {
        "leads": (t("Buyers to check"), _companies(uow, "buyer", "lead")),
        "factories": (t("Factories to check"), _companies(uow, "factory", "company")),
        "changes": (t("Changes of profiles to check"), _changes(uow)),
        "lots": (t("Lots to moderate"), _lots(uow, t)),
        "offers": (t("Offers to allow"), _offers(uow, t)),
        "audits": (t("Audit documents to check"), _audits(uow, t)),
        "reviews": (t("Reviews to check"), _reviews(uow, t)),
        "answers": (t("Answers owed too long"), _answers(uow, t)),
    }
    counted = overview.waiting(uow)
    in_crm = subjects.refs_in_crm(uow, list({ref for _, items in named.values() for ref, _, _ in items}))
    found = [
        Queue(code, title, counted[code].count, counted[code].oldest, _items(items, in_crm))
        for code, (title, items) in named.items()
    ]
    trouble = counted["troubled"]
    return [*found, Queue("troubled", t("Messages in trouble"), trouble.count, trouble.oldest, ())]


def _items(named: Iterable[Named], in_crm: dict[str, Entity]) -> tuple[Item, ...]:
    return tuple(Item(title, since, in_crm.get(ref)) for ref, title, since in named)


def _companies(uow: UnitOfWork, kind: str, noun: str) -> list[Named]:
    since = func.coalesce(Company.submitted_at, Company.created_at).label("since")
    waiting = select(Company.id, Company.name, since).where(Company.kind == kind, Company.state == "submitted")
    rows = uow.session.execute(waiting.order_by("since", Company.id).limit(_SHOWN))
    return [(f"{noun}/{row.id}", row.name, row.since) for row in rows]


def _changes(uow: UnitOfWork) -> list[Named]:
    asked = profile_changes.all_waiting().subquery()
    waiting = select(Company.id, Company.name, asked.c.since).join(asked, asked.c.company_id == Company.id)
    rows = uow.session.execute(waiting.order_by("since", Company.id).limit(_SHOWN))
    return [(f"company/{row.id}", row.name, row.since) for row in rows]


def _audits(uow: UnitOfWork, t: Texts) -> list[Named]:
    since = func.min(AuditDocument.changed_at).label("since")
    waiting = (
        select(Audit.id, Company.name, since)
        .join(Company, Company.id == Audit.company_id)
        .join(AuditDocument, AuditDocument.audit_id == Audit.id)
        .where(AuditDocument.state == "sent", Audit.state.in_(RUNNING))
        .group_by(Audit.id, Company.name)
    )
    rows = uow.session.execute(waiting.order_by("since", Audit.id).limit(_SHOWN))
    title = "Audit No. {number}: {company}"
    return [(f"audit/{row.id}", t(title, number=row.id, company=row.name), row.since) for row in rows]


def _lots(uow: UnitOfWork, t: Texts) -> list[Named]:
    since = lot_revisions.waiting_since().label("since")
    waiting = select(Lot.id, Lot.number, since).where(lot_revisions.waiting())
    rows = uow.session.execute(waiting.order_by("since", Lot.id).limit(_SHOWN))
    return [(f"lot/{row.id}", t("Lot No. {number}", number=row.number), row.since) for row in rows]


def _offers(uow: UnitOfWork, t: Texts) -> list[Named]:
    waiting = (
        select(Offer.lot_id, Lot.number, Company.name, Offer.created_at)
        .join(Lot, Lot.id == Offer.lot_id)
        .join(Company, Company.id == Offer.company_id)
        .where(Offer.state == "submitted")
    )
    rows = uow.session.execute(waiting.order_by(Offer.created_at, Offer.id).limit(_SHOWN))
    return [
        (f"lot/{row.lot_id}", t("{factory} for lot No. {number}", factory=row.name, number=row.number), row.created_at)
        for row in rows
    ]


def _reviews(uow: UnitOfWork, t: Texts) -> list[Named]:
    waiting = (
        select(Review.order_id, Review.stars, Company.name, Review.given_at)
        .join(Company, Company.id == Review.company_id)
        .where(Review.state == "submitted")
    )
    replied = (
        select(Review.order_id, literal(0).label("stars"), Company.name, ReviewReply.given_at)
        .join(Review, Review.id == ReviewReply.review_id)
        .join(Company, Company.id == Review.company_id)
        .where(ReviewReply.state == "submitted")
    )
    rows = uow.session.execute(union_all(waiting, replied).order_by("given_at", "order_id").limit(_SHOWN))
    said = {
        row: t("{company}: {stars} of 5", company=row.name, stars=row.stars)
        if row.stars
        else t("Reply of {company}", company=row.name)
        for row in rows
    }
    return [(f"order/{row.order_id}", words, row.given_at) for row, words in said.items()]


def _answers(uow: UnitOfWork, t: Texts) -> list[Named]:
    late = (
        select(Conversation)
        .where(Conversation.state == "open", Conversation.overdue_at.is_not(None), Conversation.owes != "")
        .order_by(Conversation.owed_since, Conversation.id)
        .limit(_SHOWN)
    )
    return [
        (conversations.crm_ref(uow, one), conversations.title(uow, one, t.language, for_employee=True), one.owed_since)
        for one in uow.session.scalars(late)
        if one.owed_since is not None
    ]
