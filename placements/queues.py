"""What waits for a person, oldest first, with the CRM item where the decision is taken. Called by the overview."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from b24app.i18n import Texts, texts
from placements import subjects
from placements.calls import Entity
from storage.models import Company, Lot, Offer, OutboxRow
from storage.unit_of_work import UnitOfWork

_SHOWN = 8


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
    return [
        _companies(uow, "buyers", t("Buyers to check"), kind="buyer", noun="lead"),
        _companies(uow, "factories", t("Factories to check"), kind="factory", noun="company"),
        _lots(uow, t),
        _offers(uow, t),
        _uncertain(uow, t),
    ]


def _companies(uow: UnitOfWork, code: str, title: str, *, kind: str, noun: str) -> Queue:
    waiting = (Company.kind == kind, Company.state == "submitted")
    since = func.coalesce(Company.submitted_at, Company.created_at)
    rows = _oldest(uow, select(Company.id, Company.name, since.label("since")).where(*waiting).order_by("since"))
    count = uow.session.scalar(select(func.count()).select_from(Company).where(*waiting)) or 0
    return _queue(uow, code, title, count, [(f"{noun}/{row.id}", row.name, row.since) for row in rows])


def _lots(uow: UnitOfWork, t: Texts) -> Queue:
    since = func.coalesce(Lot.submitted_at, Lot.created_at)
    rows = _oldest(
        uow, select(Lot.id, Lot.number, since.label("since")).where(Lot.state == "submitted").order_by("since")
    )
    count = uow.session.scalar(select(func.count()).select_from(Lot).where(Lot.state == "submitted")) or 0
    named = [(f"lot/{row.id}", t("Lot No. {number}", number=row.number), row.since) for row in rows]
    return _queue(uow, "lots", t("Lots to moderate"), count, named)


def _offers(uow: UnitOfWork, t: Texts) -> Queue:
    waiting = Offer.state == "submitted"
    rows = _oldest(
        uow,
        select(Offer.lot_id, Lot.number, Company.name, Offer.created_at.label("since"))
        .join(Lot, Lot.id == Offer.lot_id)
        .join(Company, Company.id == Offer.company_id)
        .where(waiting)
        .order_by(Offer.created_at, Offer.id),
    )
    count = uow.session.scalar(select(func.count()).select_from(Offer).where(waiting)) or 0
    named = [
        (f"lot/{row.lot_id}", t("{factory} for lot No. {number}", factory=row.name, number=row.number), row.since)
        for row in rows
    ]
    return _queue(uow, "offers", t("Offers to allow"), count, named)


def _uncertain(uow: UnitOfWork, t: Texts) -> Queue:
    count, oldest = uow.session.execute(
        select(func.count(), func.min(OutboxRow.created_at)).where(OutboxRow.state.in_(("uncertain", "dead")))
    ).one()
    return Queue("troubled", t("Messages in trouble"), count, oldest, ())


def _oldest(uow: UnitOfWork, statement: Select[Any]) -> Sequence[Any]:
    return uow.session.execute(statement.limit(_SHOWN)).all()


def _queue(uow: UnitOfWork, code: str, title: str, count: int, named: list[tuple[str, str, datetime]]) -> Queue:
    in_crm = subjects.refs_in_crm(uow, list({ref for ref, _, _ in named}))
    items = tuple(Item(name, since, in_crm.get(ref)) for ref, name, since in named)
    return Queue(code, title, count, items[0].since if items else None, items)
