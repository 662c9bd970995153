"""The moderation queue as one list: lots, questionnaires, changes of profiles and offers that wait, found, ordered, turned over.

Called by the desk. Decisions themselves are those of `lots`, `companies` and `offers`; here is what only a list has: taking things over.
May send: the CRM item with its new responsible employee. Errors: InvalidState, NotFound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, String, and_, case, cast, func, literal, null, or_, select, union_all
from sqlalchemy.orm import aliased

from b24app.domain.deliveries import SaveItem
from b24app.errors import InvalidState
from b24app.services import audit, companies, company_cards, lot_revisions, profile_changes
from storage.models import AuditEntry, Company, Lot, Offer
from storage.unit_of_work import UnitOfWork

PAGE = 20
KINDS = ("lot", "buyer", "factory", "change", "offer")
SORTS = ("oldest", "newest", "name", "kind")
UNDO_WITHIN = timedelta(hours=1)
UNDONE_BY = {"offer_declined": "offer_reconsidered", "responsible_changed": "responsible_changed"}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which part of the queue: one kind, a segment, words of a name, whose (`mine`, `nobody` or everybody's), order, page from 0."""

    kind: str = ""
    segment: str = ""
    words: str = ""
    whose: str = ""
    user_id: str = ""
    sort: str = "oldest"
    page: int = 0


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One thing: `ref` is the CRM item where it is decided one by one, `number` its lot, `company_id` whose employee decides."""

    kind: str
    id: int
    ref: str
    number: int | None
    name: str
    segment: str
    since: datetime
    responsible_id: str
    company_id: int


def queue(uow: UnitOfWork, wanted: Wanted) -> tuple[list[Waiting], int]:
    """Give one page of what waits and how many there are on all pages."""
    found = _found(wanted).subquery()
    total = uow.session.scalar(select(func.count()).select_from(found)) or 0
    orders: dict[str, tuple[Any, ...]] = {
        "oldest": (found.c.since,),
        "newest": (found.c.since.desc(),),
        "name": (func.lower(found.c.name), found.c.since),
        "kind": (case({kind: place for place, kind in enumerate(KINDS)}, value=found.c.kind), found.c.since),
    }
    order = orders.get(wanted.sort, orders["oldest"])
    rows = uow.session.execute(
        select(found).order_by(*order, found.c.kind, found.c.id).limit(PAGE).offset(wanted.page * PAGE)
    )
    return [Waiting(**row) for row in rows.mappings()], total


def _found(wanted: Wanted) -> Select[Any]:
    questionnaires = (_companies("buyer", "lead"), _companies("factory", "company"))
    every = union_all(_lots(), *questionnaires, _changes(), _offers()).subquery()
    conditions = [
        or_(every.c.name.icontains(wanted.words, autoescape=True), cast(every.c.number, String) == wanted.words)
    ]
    if wanted.kind:
        conditions.append(every.c.kind == wanted.kind)
    if wanted.segment:
        conditions.append(every.c.segments.op("@>")(func.jsonb_build_array(wanted.segment)))
    if wanted.whose:
        conditions.append(every.c.responsible_id == (wanted.user_id if wanted.whose == "mine" else ""))
    return select(*(column for column in every.c if column.name != "segments")).where(and_(*conditions))


def _lots() -> Select[Any]:
    since = lot_revisions.waiting_since()
    return (
        select(*_columns("lot", Lot.id, literal("lot/") + cast(Lot.id, String), Lot.number, Lot.segment, since))
        .join(Company, Company.id == Lot.company_id)
        .where(lot_revisions.waiting())
    )


def _companies(kind: str, noun: str) -> Select[Any]:
    since = func.coalesce(Company.submitted_at, Company.created_at)
    ref, segment = literal(f"{noun}/") + cast(Company.id, String), func.coalesce(Company.segments[0].astext, "")
    return select(*_columns(kind, Company.id, ref, null(), segment, since)).where(
        Company.kind == kind, Company.state == "submitted"
    )


def _changes() -> Select[Any]:
    asked = profile_changes.all_waiting().subquery()
    ref, segment = literal("company/") + cast(Company.id, String), func.coalesce(Company.segments[0].astext, "")
    columns = _columns("change", Company.id, ref, null(), segment, asked.c.since)
    return select(*columns).join(asked, asked.c.company_id == Company.id)


def _offers() -> Select[Any]:
    buyer = aliased(Company)
    ref = literal("lot/") + cast(Lot.id, String)
    columns = _columns("offer", Offer.id, ref, Lot.number, Lot.segment, Offer.created_at)
    return (
        select(*columns[:-2], buyer.responsible_id, buyer.id.label("company_id"))
        .join(Lot, Lot.id == Offer.lot_id)
        .join(Company, Company.id == Offer.company_id)
        .join(buyer, buyer.id == Lot.company_id)
        .where(Offer.state == "submitted")
    )


def _columns(kind: str, *of: Any) -> list[Any]:
    number, ref, lot, segment, since = of
    segments = Company.segments if kind in {"buyer", "factory", "change"} else func.jsonb_build_array(segment)
    return [
        segments.label("segments"),
        literal(kind).label("kind"),
        number.label("id"),
        ref.label("ref"),
        lot.label("number"),
        Company.name,
        segment.label("segment"),
        since.label("since"),
        Company.responsible_id,
        Company.id.label("company_id"),
    ]


def assign(uow: UnitOfWork, company_id: int, user_id: str, actor: str) -> None:
    """Make an employee responsible for a company and what it sends from now on; the CRM item follows. NotFound."""
    company = companies.get(uow, company_id, lock=True)
    before = company.responsible_id
    if before == user_id:
        return
    company.responsible_id = user_id
    if user_id:
        uow.send(SaveItem(ref=company_cards.item_ref(company), fields=company_cards.assigned(company)))
    audit.record(uow, actor, "responsible_changed", f"company/{company.id}", before=before, after=user_id)


def undoable(uow: UnitOfWork, actor: str, limit: int = 5) -> Sequence[AuditEntry]:
    """Give the latest decisions of an employee that he may still take back, the newest first."""
    rows = uow.session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.actor == actor,
            AuditEntry.action.in_(UNDONE_BY),
            AuditEntry.at >= uow.now - UNDO_WITHIN,
            AuditEntry.details["undoes"].is_(None),
        )
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    ).all()
    return [row for row in rows if not _undone(uow, row)]


def _undone(uow: UnitOfWork, entry: AuditEntry) -> bool:
    later = select(AuditEntry.id).where(
        AuditEntry.subject == entry.subject,
        AuditEntry.id > entry.id,
        AuditEntry.action.in_({entry.action, UNDONE_BY[entry.action]}),
    )
    return uow.session.scalar(later.limit(1)) is not None


def own_decision(uow: UnitOfWork, entry_id: int, actor: str) -> AuditEntry:
    """Find a decision of an employee that he may still take back. InvalidState for any other."""
    found = next((row for row in undoable(uow, actor, limit=100) if row.id == entry_id), None)
    if found is None:
        raise InvalidState("This can no longer be taken back.", code="undo_over")
    return found
