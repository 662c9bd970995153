"""What employees wrote last in a conversation, and how far each message got. Built for `registry`, beside the form for writing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from b24app.domain.markup import to_plain
from b24app.i18n import Texts, texts
from b24app.services import conversation_reads, message_history
from placements import conversation_pages
from placements.calls import Call
from placements.subjects import Subject
from storage.models import File, Message
from storage.unit_of_work import UnitOfWork

SHOWN = 5
FIRST_LOOK_SECONDS, LAST_LOOK_SECONDS = 2, 64


@dataclass(frozen=True)
class Sent:
    """One message: its words or the name of its file, to whom, and how far it got, in words with a tone."""

    text: str
    to_whom: str
    at: datetime
    state: str
    tone: str


def last_sent(uow: UnitOfWork, call: Call, subject: Subject) -> dict[str, Any]:
    """Show the last messages of employees, the newest first; while one is under way the page looks again, ever more seldom."""
    chosen = conversation_pages.chosen_of(conversation_pages.of_subject(uow, subject), call.asked)
    t = texts(call.language)
    if chosen is None:
        return {"chosen": None, "sent": [], "look_again": 0}
    query = select(Message, File.name).outerjoin(File, File.id == Message.file_id)
    query = query.where(Message.conversation_id == chosen.id, Message.side == "manager", Message.kind != "note")
    rows = uow.session.execute(query.order_by(Message.id.desc()).limit(SHOWN)).all()
    reached = message_history.reached(uow, [message.id for message, _ in rows])
    waits, newest = "sent" in reached.values(), conversation_reads.seen_by_sides(uow, chosen)
    seen = {message.id for message, _ in rows if conversation_reads.was_seen(message, newest)}
    return {
        "chosen": chosen,
        "sent": [_line(message, name or "", state_of(message.id, reached, seen), t) for message, name in rows],
        "look_again": _pause(call.asked.get("pause", "")) if waits else 0,
    }


def _line(message: Message, file_name: str, state: str, t: Texts) -> Sent:
    words, tone = words_of(state, t)
    side = {"buyer": t("To the buyer"), "factory": t("To the factory")}.get(message.addressed, "")
    return Sent(to_plain(message.text) or file_name, side, message.sent_at, words, tone)


def state_of(message_id: int, reached: Mapping[int, str], seen: Collection[int]) -> str:
    """Give how far a message got, as `words_of` names it."""
    state = reached.get(message_id, "")
    return "seen" if state == "delivered" and message_id in seen else state


def words_of(state: str, t: Texts) -> tuple[str, str]:
    """Name how far a message got, with the tone of its mark; the empty state is that nobody could be written to."""
    return {
        "seen": (t("seen"), "good"),
        "delivered": (t("delivered"), "good"),
        "sent": (t("on its way"), "accent"),
        "uncertain": (t("not confirmed"), "warn"),
        "failed": (t("not delivered"), "bad"),
    }.get(state, (t("nobody reachable"), "bad"))


def _pause(before: str) -> int:
    """Give the seconds until the page looks again: each time twice as long."""
    known = int(before) if before.isdecimal() and len(before) < 4 else 0
    return min(max(2 * known, FIRST_LOOK_SECONDS), LAST_LOOK_SECONDS)
