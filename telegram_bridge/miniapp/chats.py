"""The person's conversations: the list, one conversation with its history, saying something."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from flask import Response, request
from marshmallow import Schema, fields, validate

from b24app.services import conversations, messages
from storage.models import Conversation, Lot, Message, MessageCopy
from telegram_bridge.miniapp.door import Door, Visit, answer

PAGE = 50
TEXT_LIMIT = 4096
SOURCE = "miniapp"


class SayForm(Schema):
    """One message; `key` is made by the browser so that a repeat is harmless."""

    conversation_id = fields.Integer(required=True, strict=False)
    text = fields.String(required=True, validate=validate.Length(min=1, max=TEXT_LIMIT))
    key = fields.String(required=True, validate=validate.Length(min=8, max=64))


@dataclass(frozen=True)
class Said:
    """One message as this reader sees it. `mark` is sending, delivered, uncertain, failed or empty for others' messages."""

    message: Message
    mine: bool
    mark: str
    quoted: Message | None


def add_to(door: Door) -> None:
    """Offer the conversations."""

    @door.screen("/chats")
    def chats(visit: Visit) -> str:
        found = conversations.of_person(visit.uow, visit.person)
        return visit.render(
            "chats", threads=[(thread, _heading(visit, thread), _last(visit, thread)) for thread in found]
        )

    @door.screen("/chats/<int:conversation_id>")
    def chat(visit: Visit, conversation_id: int) -> str:
        thread = conversations.get_for(visit.uow, visit.person, conversation_id)
        return visit.render(
            "chat", thread=thread, heading=_heading(visit, thread), limit=TEXT_LIMIT, **_log(visit, thread)
        )

    @door.screen("/chats/<int:conversation_id>/log")
    def chat_log(visit: Visit, conversation_id: int) -> str:
        thread = conversations.get_for(visit.uow, visit.person, conversation_id)
        values = _log(visit, thread)
        # An unchanged log is answered with nothing, which the browser leaves alone.
        return "" if request.args.get("mark") == values["fingerprint"] else visit.render("log", thread=thread, **values)

    @door.action("say", SayForm())
    def say(visit: Visit, conversation_id: int, text: str, key: str) -> Response:
        thread = conversations.get_for(visit.uow, visit.person, conversation_id)
        messages.say(
            visit.uow, visit.person, thread, kind="text", text=text, source_key=f"{SOURCE}:{visit.person.id}:{key}"
        )
        return answer(done=False)


def _heading(visit: Visit, thread: Conversation) -> tuple[str, str]:
    """Give a conversation's title and what it is about."""
    if thread.kind == "help":
        return visit.t("Talk to a manager"), visit.t("Platform support")
    lot = visit.uow.session.get(Lot, thread.lot_id) if thread.lot_id else None
    about = visit.t("Lot No. {number}", number=lot.number) if lot else ""
    other = visit.t("Buyer") if visit.person.active_role == "factory" else visit.t("Factory")
    return (f"{about} · {other}" if about else other), ""


def _last(visit: Visit, thread: Conversation) -> Message | None:
    newest = messages.history(visit.uow, thread.id, limit=1)
    return newest[-1] if newest else None


def _log(visit: Visit, thread: Conversation) -> dict[str, Any]:
    before_id = request.args.get("before", type=int)
    found = messages.history(visit.uow, thread.id, before_id=before_id, limit=PAGE)
    side = "buyer" if visit.person.active_role == "buyer" else "factory"
    states = _states(visit, [message.id for message in found])
    known = {message.id: message for message in found}
    said = [
        Said(
            message=message,
            mine=message.side == side,
            mark=states.get(message.id, "sent") if message.side == side else "",
            quoted=known.get(message.reply_to_id or 0),
        )
        for message in found
    ]
    parts = [f"{s.message.id}:{s.mark}:{s.message.edited_at}:{s.message.deleted_at}" for s in said]
    return {
        "said": said,
        "earlier": found[0].id if len(found) == PAGE else 0,
        "fingerprint": hashlib.sha256("|".join(parts).encode()).hexdigest()[:16],
    }


def _states(visit: Visit, message_ids: list[int]) -> dict[int, str]:
    """Tell how far each message got on its way to the other side's Telegram; the worst of several copies counts."""
    worst = ["delivered", "sent", "uncertain", "failed"]
    states: dict[int, str] = {}
    copies = visit.uow.session.query(MessageCopy).where(
        MessageCopy.message_id.in_(message_ids), MessageCopy.place == "telegram"
    )
    for copy in copies:
        before = states.get(copy.message_id, "delivered")
        states[copy.message_id] = max(before, copy.state, key=worst.index)
    return states
