"""How the bridge is: what is on its way, what got stuck, and the decisions only a person can take.

Built for `registry` as the second view of the overview; its decisions are one service call each.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from b24app.errors import InvalidState
from b24app.i18n import Texts, texts
from b24app.services import audit, bot_texts, deliveries, portals, reports
from placements import findings
from placements.calls import Call
from placements.error_words import Reason, reason
from placements.subjects import Subject
from storage import inbox, jobs
from storage.holding import HELD
from storage.models import InboxRow, OutboxRow
from storage.unit_of_work import UnitOfWork

_SHOWN = 50


@dataclass(frozen=True)
class Flow:
    """One queue: how many wait and since when the oldest does."""

    title: str
    waiting: int
    oldest: datetime | None


@dataclass(frozen=True)
class Trouble:
    """One outgoing message in trouble: `uncertain` may have arrived, otherwise it was refused for good."""

    id: int
    what: str
    to: str
    excerpt: str
    since: datetime
    uncertain: bool
    error: Reason | None


@dataclass(frozen=True)
class SetAside:
    """One fact from outside that could not be worked after every try; its content stays private."""

    id: int
    source: str
    since: datetime
    error: Reason | None


def health(uow: UnitOfWork, call: Call, _subject: Subject) -> dict[str, Any]:
    """Show queues, messages in trouble, facts set aside and the state of the installation."""
    t = texts(call.language)
    return {
        "view": "health",
        "flows": _flows(uow, t),
        "troubles": _troubles(uow, t),
        "set_aside": _set_aside(uow, t),
        "unsaid": bot_texts.unusable(uow),
        "uncertain": _count(uow, "uncertain"),
        "refused": _count(uow, "dead"),
        "trouble": findings.trouble(portals.current(uow), t),
        "rates": findings.rates(uow, t),
        "resting": findings.resting(uow),
        "held_up": findings.held_up(uow, _kinds(t), t),
        "telegram": findings.telegram(uow, t),
        "missed": findings.missed(uow),
        "line_waits": findings.line_waits_in_words(uow, t),
        "stopped": findings.stopped(uow, t),
        **findings.comparison(uow, call, _subject),
        "now": uow.now,
    }


def _flows(uow: UnitOfWork, t: Texts) -> list[Flow]:
    waiting = select(func.count(), func.min(OutboxRow.created_at)).where(
        OutboxRow.state.in_(("todo", "doing", "proving"))
    )
    arrived = select(func.count(), func.min(InboxRow.received_at)).where(InboxRow.state == "todo")
    return [
        Flow(t("To Telegram"), *uow.session.execute(waiting.where(OutboxRow.network == "telegram")).one()),
        Flow(t("To Bitrix24"), *uow.session.execute(waiting.where(OutboxRow.network == "bitrix24")).one()),
        Flow(t("Arrived, being worked on"), *uow.session.execute(arrived).one()),
    ]


def _count(uow: UnitOfWork, state: str) -> int:
    return uow.session.scalar(select(func.count()).where(OutboxRow.state == state)) or 0


def _troubles(uow: UnitOfWork, t: Texts) -> list[Trouble]:
    rows = uow.session.scalars(
        select(OutboxRow).where(OutboxRow.state.in_(("uncertain", "dead"))).order_by(OutboxRow.id).limit(_SHOWN)
    )
    return [_trouble(row, t) for row in rows]


def _set_aside(uow: UnitOfWork, t: Texts) -> list[SetAside]:
    sources = {
        "telegram": t("From Telegram"),
        "bitrix24.event": t("Event of Bitrix24"),
        "bitrix24.robot": t("Automation rule of Bitrix24"),
    }
    rows = uow.session.scalars(select(InboxRow).where(InboxRow.state == "poison").order_by(InboxRow.id).limit(_SHOWN))
    return [
        SetAside(
            row.id,
            sources.get(row.source, row.source),
            row.received_at,
            reason(row.error, t),
        )
        for row in rows
    ]


def _trouble(row: OutboxRow, t: Texts) -> Trouble:
    payload = row.payload
    return Trouble(
        id=row.id,
        what=_kinds(t).get(row.kind, row.kind),
        to=t("Telegram chat {chat}", chat=payload["chat_id"])
        if payload.get("chat_id")
        else str(payload.get("ref", "")),
        excerpt=str(payload.get("text") or payload.get("title") or "")[:160],
        since=row.sent_at or row.created_at,
        uncertain=row.state == "uncertain",
        error=reason(row.error, t),
    )


def _kinds(t: Texts) -> dict[str, str]:
    return {
        "SendChatMessage": t("Notice"),
        "SendConversationMessage": t("Message of a conversation"),
        "BroadcastMessage": t("Announcement"),
        "SendChatFile": t("File"),
        "EditChatMessage": t("Edit of a message"),
        "SaveItem": t("CRM item"),
        "ShowCard": t("Card on a timeline"),
        "AddTimelineComment": t("Comment on a timeline"),
        "AddLogMessage": t("Entry on a timeline"),
        "SendToOpenLine": t("Message to the open line"),
        "FinishRobot": t("Answer to an automation rule"),
        "FireTrigger": t("Trigger"),
        "NotifyUser": t("Notification"),
        "ReadItem": t("Look at a CRM item"),
        "EditInOpenLine": t("Edit of a message"),
        "ConfirmOpenLineDelivery": t("Delivery report to the open line"),
        "AddTask": t("Task"),
        "AddCalendarEvent": t("Calendar event"),
        "RemoveCalendarEvent": t("Removal of a calendar event"),
        "DeleteChatMessage": t("Deletion of a message"),
        "SendChatAlbum": t("Album"),
    }


def retry(uow: UnitOfWork, call: Call, _subject: Subject, form: dict[str, Any]) -> str:
    """Send a message in trouble again."""
    _decided(deliveries.resend(uow, form["row_id"], call.actor))
    return texts(call.language)("It is being sent again.")


def confirm(uow: UnitOfWork, call: Call, _subject: Subject, form: dict[str, Any]) -> str:
    """Take an uncertain message as arrived."""
    _decided(deliveries.confirm(uow, form["row_id"], call.actor))
    return texts(call.language)("Noted as arrived.")


def drop(uow: UnitOfWork, call: Call, _subject: Subject, form: dict[str, Any]) -> str:
    """Give a message up."""
    _decided(deliveries.drop(uow, form["row_id"], call.actor))
    return texts(call.language)("Given up. It will not be sent.")


def replay(uow: UnitOfWork, call: Call, _subject: Subject, form: dict[str, Any]) -> str:
    """Give a fact that was set aside another round of tries."""
    row = uow.session.get(InboxRow, form["row_id"], with_for_update=HELD)
    _decided(row is not None and row.state == "poison")
    inbox.replay(uow.session, form["row_id"])
    inbox.wake_forgotten(uow.session, uow.now)
    audit.record(uow, call.actor, "fact_replayed", f"inbox/{form['row_id']}")
    return texts(call.language)("It is being tried again.")


def compare(uow: UnitOfWork, call: Call, _subject: Subject, form: dict[str, Any]) -> str:
    """Have the CRM compared with our records now."""
    running = reports.read(uow, "reconcile")
    if running is not None and running.state == "running":
        raise InvalidState("The comparison is under way already.", code="comparing")
    reports.write(uow, "reconcile", {"read": 0}, state="running")
    jobs.defer(uow.session.connection(), "reconcile")
    audit.record(uow, call.actor, "comparison_asked", "reconcile")
    return texts(call.language)("The comparison begins.")


def _decided(found: object) -> None:
    if found is False:
        raise InvalidState("Somebody decided on this message already.", code="decided")
