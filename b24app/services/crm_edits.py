"""What employees change on CRM cards: applied where it decides something, taken back with a notice where we hold the truth.

`told` is called for the portal's events, `compared` once the item was read. Our own writes come back as events too: they equal what was
last written and end there, so nothing goes round in circles. May send: a look at the item, the item, notices.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from b24app.domain import stages
from b24app.domain.deliveries import NotifyUser, ReadItem, SaveItem
from b24app.domain.delivery import Delivery
from b24app.errors import DomainError
from b24app.services import audit, lot_cards, lots, portals, stage_rules
from storage import outbox
from storage.models import Audit, Company, CrmLink, Lot, Order, OutboxRow
from storage.unit_of_work import UnitOfWork

TAKEN_BACK = "taken_back"
"""Where a snapshot keeps what was taken back last, by field: how it read."""
DELETED = "crm_item_deleted"
"""What the record of decisions says when an employee deleted an item."""
SETTLE = timedelta(seconds=2)
"""Several changes of one item within this time are looked at once."""


def told(uow: UnitOfWork, entity_type_id: int, entity_id: str, *, deleted: bool = False) -> None:
    """Take the news that an item was changed or deleted; items that are not ours are of no concern."""
    link = uow.session.scalars(
        select(CrmLink).where(CrmLink.entity_type_id == entity_type_id, CrmLink.entity_id == entity_id)
    ).first()
    if link is None:
        return
    if deleted:
        # What stands behind the item goes on without it; the next save makes a new one.
        audit.record(uow, "automation", DELETED, link.ref, entity_id=entity_id)
        uow.session.delete(link)
        return
    lane = f"read:{link.ref}"
    if not _under_way(uow, lane, ReadItem, ("todo",)):
        uow.send(ReadItem(ref=link.ref), lane=lane, not_before=uow.now + SETTLE)


def compared(uow: UnitOfWork, row: OutboxRow, answer: Mapping[str, Any]) -> None:
    """Judge an item that was read: `stage` where its card stands, `changed` how fields read that are not as we last wrote them.

    `user_id` is who changed it last. While a save of ours is under way or came in between, nothing is known: it is looked at again behind
    that save. What still reads the same after it was taken back once is how the portal shows our value, and is left alone.
    """
    ref, user_id = str(row.payload["ref"]), str(answer.get("user_id") or "")
    if _being_saved(uow, row, ref):
        if not _under_way(uow, f"crm:{ref}", ReadItem, ("todo",)):
            uow.send(ReadItem(ref=ref))
        return
    link = uow.session.scalars(select(CrmLink).where(CrmLink.ref == ref)).first()
    if link is None:
        return
    assigned = str(answer.get("assigned_by") or "")
    if assigned:
        _reassigned(uow, ref, assigned, user_id)
    stage = str(answer.get("stage") or "")
    differs = {code: shown for code, shown in (answer.get("changed") or {}).items() if code in link.snapshot}
    if stage and stage != link.snapshot.get("stage"):
        differs["stage"] = stage
    before = link.snapshot.get(TAKEN_BACK) or {}
    if differs or before:
        link.snapshot = {**link.snapshot, TAKEN_BACK: differs}
    fresh = {code: shown for code, shown in differs.items() if before.get(code) != shown}
    if "stage" in fresh:
        _moved(uow, link, fresh.pop("stage"), user_id)
    if fresh:
        _restore(uow, link, list(fresh), user_id)
    noun, _, number = ref.partition("/")
    if stages.agrees(noun, state_of(uow, noun, int(number)), stage):
        stage_rules.entered(uow, link, stage)


def _being_saved(uow: UnitOfWork, row: OutboxRow, ref: str) -> bool:
    if _under_way(uow, f"crm:{ref}", SaveItem, outbox.BLOCKING):
        return True
    between = OutboxRow.finished_at >= (row.sent_at or row.created_at)
    query = select(OutboxRow.id).where(
        OutboxRow.state == "done", between, OutboxRow.kind == SaveItem.__name__, OutboxRow.lane == f"crm:{ref}"
    )
    return uow.session.scalar(query.limit(1)) is not None


def _under_way(uow: UnitOfWork, lane: str, kind: type[Delivery], states: Sequence[str]) -> bool:
    query = select(OutboxRow.id).where(
        OutboxRow.network == kind.network.value,
        OutboxRow.lane == lane,
        OutboxRow.state.in_(states),
        OutboxRow.kind == kind.__name__,
    )
    return uow.session.scalar(query.limit(1)) is not None


def state_of(uow: UnitOfWork, noun: str, number: int) -> str:
    """Give the state of a lot, an order or an audit as its stages are named after; a closed lot's is its outcome."""
    if noun == "lot":
        lot = uow.session.get(Lot, number)
        return "" if lot is None else lot.outcome if lot.state == "closed" else lot.state
    if noun == "order":
        order = uow.session.get(Order, number)
        return order.state if order else ""
    audit_row = uow.session.get(Audit, number) if noun == "audit" else None
    return audit_row.state if audit_row else ""


def _moved(uow: UnitOfWork, link: CrmLink, stage: str, user_id: str) -> None:
    noun, _, number = link.ref.partition("/")
    state = state_of(uow, noun, int(number))
    if not state:
        return
    if stages.agrees(noun, state, stage):
        link.snapshot = {**link.snapshot, "stage": stage}
        return
    t = portals.speech(uow)
    reason = t("The stage follows what happens on the marketplace.")
    if stages.DEEDS.get((noun, state, stage)) == "approve":
        try:
            with uow.session.begin_nested():
                link.snapshot = {**link.snapshot, "stage": stage}
                lots.approve(uow, int(number), f"user/{user_id}" if user_id else "automation")
            return
        except DomainError as error:
            reason = t(error.message, **error.params)
    back = stages.home(noun, state)
    pipeline = lot_cards.PIPELINE if noun in {"lot", "order"} else ""
    uow.send(SaveItem(ref=link.ref, stage=back, pipeline=pipeline))
    audit.record(uow, f"user/{user_id}", "stage_taken_back", link.ref, moved_to=stage, back_to=back)
    _say(uow, user_id, t("The card was moved back: {reason}", reason=reason), link.ref)


def _reassigned(uow: UnitOfWork, ref: str, assigned: str, user_id: str) -> None:
    noun, _, number = ref.partition("/")
    company = uow.session.get(Company, int(number)) if noun in {"lead", "company"} else None
    if company is None or company.responsible_id == assigned:
        return
    before, company.responsible_id = company.responsible_id, assigned
    audit.record(uow, f"user/{user_id}", "responsible_changed", f"company/{company.id}", before=before, after=assigned)


def _restore(uow: UnitOfWork, link: CrmLink, changed: list[str], user_id: str) -> None:
    noun = link.ref.partition("/")[0]
    pipeline = lot_cards.PIPELINE if noun in {"lot", "order"} else ""
    uow.send(SaveItem(ref=link.ref, fields={code: link.snapshot[code] for code in changed}, pipeline=pipeline))
    audit.record(uow, f"user/{user_id}", "crm_edit_refused", link.ref, fields=changed)
    t = portals.speech(uow)
    text = t("Your change of the card was taken back: these fields follow the marketplace. Use its tab on the card.")
    _say(uow, user_id, text, link.ref)


def _say(uow: UnitOfWork, user_id: str, text: str, ref: str) -> None:
    if user_id:
        uow.send(NotifyUser(user_id=user_id, text=text, tag=f"edit/{ref}"))
