"""Ids that the other side gave our things: kept so that later messages find them. Called by `deliveries.record`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert

from b24app.services import crm_edits, erasure, meeting_news
from storage.holding import HELD
from storage.models import Card, Conversation, CrmLink, Meeting, OutboxRow
from storage.unit_of_work import UnitOfWork

Keeper = Callable[[UnitOfWork, OutboxRow, dict[str, Any]], None]


def keep_item(uow: UnitOfWork, row: OutboxRow, answer: dict[str, Any]) -> None:
    """Remember which CRM item stands for a ref, and what was last written into it."""
    if not answer.get("entity_id"):
        return
    written = dict(row.payload.get("fields") or {})
    if row.payload.get("stage"):
        written["stage"] = row.payload["stage"]
    # An item stands for one thing of ours: after a merge in the CRM, or on a portal set up anew, the latest wins.
    uow.session.execute(
        delete(CrmLink).where(
            CrmLink.entity_type_id == int(answer["entity_type_id"]),
            CrmLink.entity_id == str(answer["entity_id"]),
            CrmLink.ref != row.payload["ref"],
        )
    )
    statement = insert(CrmLink).values(
        ref=row.payload["ref"],
        entity_type_id=int(answer["entity_type_id"]),
        entity_id=str(answer["entity_id"]),
        snapshot=written,
        created_at=uow.now,
    )
    uow.session.execute(
        statement.on_conflict_do_update(
            index_elements=["ref"],
            set_={
                "entity_type_id": statement.excluded.entity_type_id,
                "entity_id": statement.excluded.entity_id,
                "snapshot": CrmLink.snapshot.op("||")(statement.excluded.snapshot),
            },
        )
    )


def keep_card(uow: UnitOfWork, row: OutboxRow, answer: dict[str, Any]) -> None:
    """Remember the activity that shows a card, and whether it still waits."""
    closed = bool(row.payload.get("closed"))
    statement = insert(Card).values(
        card=row.payload["card"],
        ref=row.payload["ref"],
        activity_id=str(answer.get("activity_id") or ""),
        state="closed" if closed else "open",
        closed_at=uow.now if closed else None,
        created_at=uow.now,
    )
    new = statement.excluded
    uow.session.execute(
        statement.on_conflict_do_update(
            index_elements=["card"],
            set_={
                "ref": new.ref,
                "activity_id": func.coalesce(func.nullif(new.activity_id, ""), Card.activity_id),
                "state": new.state,
                "closed_at": new.closed_at,
            },
        )
    )


def keep_dialogue(uow: UnitOfWork, row: OutboxRow, answer: dict[str, Any]) -> None:
    """Remember the open line's own ids of a conversation."""
    number = str(row.payload.get("conversation_id", ""))
    conversation = uow.session.get(Conversation, int(number)) if number.isdigit() else None
    if conversation is None:
        return
    conversation.line_chat_id = str(answer.get("chat_id") or "") or conversation.line_chat_id
    conversation.line_session_id = str(answer.get("session_id") or "") or conversation.line_session_id


def keep_event(uow: UnitOfWork, row: OutboxRow, answer: dict[str, Any]) -> None:
    """Remember the event of a meeting; one that was called off meanwhile leaves the calendar again."""
    number = str(row.payload["marker"]).partition("/")[2]
    meeting = uow.session.get(Meeting, int(number), with_for_update=HELD)
    if meeting is None:
        return
    meeting.event_id = str(answer.get("event_id") or "")
    if meeting.state != "agreed":
        meeting_news.out_of_calendar(uow, meeting)


KEEPERS: dict[str, Keeper] = {
    "SaveItem": keep_item,
    "ReadItem": crm_edits.compared,
    "ForgetReach": erasure.empty_reach,
    "ShowCard": keep_card,
    "SendToOpenLine": keep_dialogue,
    "AddCalendarEvent": keep_event,
}
