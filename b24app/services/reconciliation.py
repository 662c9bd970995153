"""Comparing what the CRM holds of ours with what it should hold, and mending what differs. Called by the reconcile of both sides.

Mending goes the ways that news of a change go: an item that was changed is looked at as if its event had just come, one that is gone is
written anew, one that nobody remembers is taken up again. What only a person can judge is named and left alone: an item that stands
there twice, one whose thing we do not know. May send: a look at the item, the item.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import InstrumentedAttribute

from b24app.domain.deliveries import SaveItem
from b24app.services import company_cards, crm_edits, whole_items
from storage.models import Audit, AuditEntry, Company, CrmLink, Lot, Member, Order, OutboxRow
from storage.unit_of_work import UnitOfWork

UNDER_WAY = ("todo", "doing", "proving", "uncertain", "dead")
"""A save in one of these states will change the item, or is shown to people already."""


@dataclass(frozen=True)
class Seen:
    """One item of the CRM that carries our mark. `changed` are the fields that do not read as we last wrote them, and how they read."""

    ref: str
    entity_type_id: int
    entity_id: str
    stage: str = ""
    changed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """One difference. `kind`: changed, missing, unlinked (ours, but nobody remembered), absent (never came there), twice, unknown."""

    kind: str
    ref: str
    entity_type_id: int = 0
    entity_id: str = ""
    fields: tuple[str, ...] = ()
    repaired: bool = False

    def kept(self) -> dict[str, Any]:
        """Give it as a report keeps it."""
        return {**asdict(self), "fields": list(self.fields)}


def links_of(uow: UnitOfWork, refs: Iterable[str]) -> dict[str, CrmLink]:
    """Give what is remembered of the items of these refs."""
    return {link.ref: link for link in uow.session.scalars(select(CrmLink).where(CrmLink.ref.in_(set(refs))))}


def judge(uow: UnitOfWork, seen: Sequence[Seen]) -> list[Finding]:
    """Judge items that stand in the CRM, and mend what can be mended."""
    links, busy = links_of(uow, (item.ref for item in seen)), _being_saved(uow, [item.ref for item in seen])
    found = []
    for item in seen:
        link = links.get(item.ref)
        if item.ref in busy:
            continue
        if link is None:
            found.append(_take_up(uow, item))
        elif (link.entity_type_id, link.entity_id) != (item.entity_type_id, item.entity_id):
            found.append(Finding("twice", item.ref, item.entity_type_id, item.entity_id))
        elif fields := _differing(link, item):
            crm_edits.told(uow, link.entity_type_id, link.entity_id)
            found.append(Finding("changed", item.ref, item.entity_type_id, item.entity_id, fields, repaired=True))
    return found


def _differing(link: CrmLink, item: Seen) -> tuple[str, ...]:
    """Give what reads otherwise; left out is what reads so since it was taken back once: that is how the portal shows our value."""
    shown = dict(item.changed)
    written = link.snapshot.get("stage")
    if item.stage and written and item.stage != written:
        shown["stage"] = item.stage
    before = link.snapshot.get(crm_edits.TAKEN_BACK) or {}
    return tuple(code for code, value in shown.items() if code in link.snapshot and before.get(code) != value)


def _take_up(uow: UnitOfWork, item: Seen) -> Finding:
    with uow.session.begin_nested() as attempt:
        link = CrmLink(ref=item.ref, entity_type_id=item.entity_type_id, entity_id=item.entity_id, snapshot={})
        uow.session.add(link)
        uow.session.flush()
        known = whole_items.save(uow, item.ref)
        if not known:
            attempt.rollback()
    kind = "unlinked" if known else "unknown"
    return Finding(kind, item.ref, item.entity_type_id, item.entity_id, repaired=known)


def gone(uow: UnitOfWork, refs: Iterable[str]) -> list[Finding]:
    """Judge refs whose item certainly is not in the CRM any more: forgotten, and written anew where something of ours lives on."""
    found = []
    refs = list(refs)
    busy = _being_saved(uow, refs)
    for ref, link in links_of(uow, refs).items():
        if ref in busy:
            continue
        place = (link.entity_type_id, link.entity_id)
        uow.session.delete(link)
        uow.session.flush()
        found.append(Finding("missing", ref, *place, repaired=whole_items.save(uow, ref)))
    return found


def linked(uow: UnitOfWork, entity_type_id: int, *, after: int, limit: int) -> list[tuple[int, str, str]]:
    """Give (number of the link, ref, item) of one kind of object, by number, behind one."""
    query = select(CrmLink.id, CrmLink.ref, CrmLink.entity_id).where(
        CrmLink.entity_type_id == entity_type_id, CrmLink.id > after
    )
    return [(int(n), ref, item) for n, ref, item in uow.session.execute(query.order_by(CrmLink.id).limit(limit))]


def absent(uow: UnitOfWork, limit: int) -> list[Finding]:
    """Find things of ours that never came into the CRM, or were lost on the way, and ask for their items.

    What an employee deleted there stays away: that was a decision.
    """
    refs = [f"{noun}/{number}" for noun, column in _SIMPLE.items() for number in _lonely(uow, noun, column, limit)]
    alive = exists().where(Member.company_id == Company.id)
    companies = select(Company).where(Company.state != "draft", alive)
    for noun in ("lead", "company"):
        refs += [
            f"{noun}/{company.id}"
            for company in uow.session.scalars(companies.where(_unlinked(noun, Company.id)).limit(limit))
            if company_cards.item_ref(company) == f"{noun}/{company.id}"
        ]
    busy = _being_saved(uow, refs)
    return [Finding("absent", ref, repaired=whole_items.save(uow, ref)) for ref in refs if ref not in busy]


def _lonely(uow: UnitOfWork, noun: str, column: InstrumentedAttribute[int], limit: int) -> list[int]:
    query = select(column).where(_unlinked(noun, column)).order_by(column).limit(limit)
    if noun == "lot":
        query = query.where(Lot.state != "draft")
    return list(uow.session.scalars(query))


def _unlinked(noun: str, column: InstrumentedAttribute[int]) -> Any:
    ref = func.concat(f"{noun}/", column)
    deleted = exists().where(AuditEntry.subject == ref, AuditEntry.action == crm_edits.DELETED)
    return ~exists().where(CrmLink.ref == ref) & ~deleted


_SIMPLE: dict[str, InstrumentedAttribute[int]] = {"lot": Lot.id, "order": Order.id, "audit": Audit.id}


def _being_saved(uow: UnitOfWork, refs: Sequence[str]) -> set[str]:
    if not refs:
        return set()
    ref = OutboxRow.payload["ref"].astext
    query = select(ref).where(OutboxRow.kind == SaveItem.__name__, OutboxRow.state.in_(UNDER_WAY), ref.in_(refs))
    return set(uow.session.scalars(query))
