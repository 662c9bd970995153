"""What follows when the outcome of an outgoing message is known, and what a person decides about a doubtful one.

`record` is called by the dispatchers after they moved the row on; it never decides the row's state itself. May send: a delivery report to
the open line, a question or a notice to the sender. Errors: NotAllowed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select

from b24app.domain.deliveries import ConfirmOpenLineDelivery, NotifyUser
from b24app.domain.lines import LINE_OFF
from b24app.domain.markup import to_plain
from b24app.domain.outcomes import Done, Outcome, Refused, TryLater
from b24app.domain.shortening import shortened
from b24app.errors import NotAllowed
from b24app.services import (
    audit,
    automation,
    lines,
    message_edits,
    message_news,
    message_parts,
    outcomes_kept,
    people,
    portals,
    reactions,
)
from storage import outbox
from storage.holding import HELD
from storage.models import Conversation, InboxRow, Message, MessageCopy, OutboxRow, Person
from storage.unit_of_work import UnitOfWork

BLOCKED_CODES = {"blocked": "blocked", "deactivated": "deleted", "deleted": "deleted"}
PER_LIST = 100


def record(uow: UnitOfWork, row: OutboxRow, outcome: Outcome) -> None:
    """Keep what an outcome tells: ids of the other side, the state of a message's copy, a person who cannot be reached."""
    if isinstance(outcome, Done):
        keep = outcomes_kept.KEEPERS.get(row.kind)
        if keep is not None:
            keep(uow, row, outcome.answer)
    if isinstance(outcome, Refused) and outcome.code in BLOCKED_CODES:
        message_edits.missed(uow, row)
        reactions.missed(uow, row)
        person = people.set_state(uow, str(row.payload.get("chat_id", "")), BLOCKED_CODES[outcome.code])
        if person is not None:
            automation.blocked(uow, person)
    if isinstance(outcome, TryLater) and outcome.code == LINE_OFF:
        _line_is_off(uow, row)
    change = _CHANGES.get(row.state)
    copies = message_parts.copies_of(uow, row) if change is not None else []
    if row.state == "done":
        message_parts.keep(uow, copies, row.answer or {})
    for copy in copies:
        if change is not None:
            change(uow, row, copy)


def copy_of(uow: UnitOfWork, row: OutboxRow) -> MessageCopy | None:
    """Give the (first) copy of a conversation's message that a row carries, or None."""
    return next(iter(message_parts.copies_of(uow, row)), None)


def _arrived(uow: UnitOfWork, row: OutboxRow, copy: MessageCopy) -> None:
    answer = row.answer or {}
    copy.state = "delivered"
    copy.delivered_at = uow.now
    copy.outside_id = str(answer.get("comment_id") or "") or copy.outside_id
    uow.session.flush()
    message = uow.session.get_one(Message, copy.message_id)
    if message.source == "open_line" and copy.place == "telegram":
        _report_to_line(uow, message)


def _report_to_line(uow: UnitOfWork, message: Message) -> None:
    """Tell the open line once every copy of an operator's message has arrived."""
    copies = uow.session.scalars(
        select(MessageCopy).where(MessageCopy.message_id == message.id, MessageCopy.place == "telegram")
    ).all()
    chat, _, number = message.source_key.partition(":")
    if not number.isdigit() or any(copy.state != "delivered" for copy in copies):
        return
    uow.send(
        ConfirmOpenLineDelivery(
            conversation_id=str(message.conversation_id),
            im_chat_id=chat,
            im_message_id=number,
            message_ids=[str(message.id)],
            delivered_at_epoch=int(uow.now.timestamp()),
        ),
        key=f"message/{message.id}:reported",
    )


def _in_doubt(uow: UnitOfWork, row: OutboxRow, copy: MessageCopy) -> None:
    copy.state = "uncertain"
    message = uow.session.get_one(Message, copy.message_id)
    if message.person_id is not None:
        message_news.in_doubt(uow, uow.session.get_one(Person, message.person_id), message, row.id)
    else:
        t = portals.speech(uow)
        text = t("It is not known whether your message arrived in Telegram: {text}")
        _tell_employee(uow, message, text, f"sure/{row.id}")


def _failed(uow: UnitOfWork, row: OutboxRow, copy: MessageCopy) -> None:
    copy.state = "failed"
    message = uow.session.get_one(Message, copy.message_id)
    if copy.place != "telegram":
        return
    if message.person_id is not None:
        message_news.failed(uow, uow.session.get_one(Person, message.person_id), message, row.id)
    else:
        t = portals.speech(uow)
        text = t("Your message could not be delivered to Telegram: {text}")
        _tell_employee(uow, message, text, f"failed/{row.id}")


def _line_is_off(uow: UnitOfWork, row: OutboxRow) -> None:
    """Tell the portal's side that its line is switched off, and whoever called for help that nobody is there."""
    copy = copy_of(uow, row)
    if copy is None:
        return
    message = uow.session.get_one(Message, copy.message_id)
    conversation = uow.session.get_one(Conversation, message.conversation_id)
    lines.found_off(uow, conversation.line_id)
    if conversation.kind == "help" and message.person_id is not None:
        message_news.nobody_reads(uow, uow.session.get_one(Person, message.person_id), conversation)


def _tell_employee(uow: UnitOfWork, message: Message, text: str, tag: str) -> None:
    if message.user_id:
        words = text.format(text=shortened(to_plain(message.original), 80))
        uow.send(NotifyUser(user_id=message.user_id, text=words, tag=tag), key=f"notify:{tag}")


_CHANGES: dict[str, Callable[[UnitOfWork, OutboxRow, MessageCopy], None]] = {
    "done": _arrived,
    "uncertain": _in_doubt,
    "dead": _failed,
}


def confirm(uow: UnitOfWork, row_id: int, actor: str) -> bool:
    """Take a doubtful message as arrived; False when it was decided already. NotAllowed for a person who is not its sender."""
    row, copy = _deciding(uow, row_id, actor)
    if row is None or not outbox.drop(uow.session, row_id, "done"):
        return False
    for one in message_parts.copies_of(uow, row):
        one.state, one.delivered_at = "delivered", uow.now
    _after_decision(uow, row, copy, actor, again=False)
    return True


def resend(uow: UnitOfWork, row_id: int, actor: str) -> bool:
    """Send a doubtful or refused message again; False when it was decided already. NotAllowed for a person who is not its sender."""
    row, copy = _deciding(uow, row_id, actor)
    if row is None or not outbox.retry(uow.session, row_id):
        return False
    for one in message_parts.copies_of(uow, row):
        one.state = "sent"
    _after_decision(uow, row, copy, actor, again=True)
    return True


def drop(uow: UnitOfWork, row_id: int, actor: str) -> bool:
    """Give a doubtful or refused message up; False when it was decided already."""
    row, _ = _deciding(uow, row_id, actor)
    if row is None or not outbox.drop(uow.session, row_id):
        return False
    for one in message_parts.copies_of(uow, row):
        one.state = "failed"
    audit.record(uow, actor, "delivery_dropped", f"outbox/{row_id}", kind=row.kind)
    return True


def _deciding(uow: UnitOfWork, row_id: int, actor: str) -> tuple[OutboxRow | None, MessageCopy | None]:
    row = uow.session.get(OutboxRow, row_id, with_for_update=HELD)
    copy = copy_of(uow, row) if row is not None else None
    if actor.startswith("person/"):
        message = uow.session.get(Message, copy.message_id) if copy is not None else None
        if message is None or f"person/{message.person_id}" != actor:
            raise NotAllowed(code="not_your_message")
    return row, copy


def _after_decision(uow: UnitOfWork, row: OutboxRow, copy: MessageCopy | None, actor: str, *, again: bool) -> None:
    audit.record(uow, actor, "delivery_resent" if again else "delivery_confirmed", f"outbox/{row.id}", kind=row.kind)
    message = uow.session.get(Message, copy.message_id) if copy is not None else None
    if message is not None and message.person_id is not None and row.error_code is None:
        person = uow.session.get_one(Person, message.person_id)
        message_news.decided(uow, person, message, row.id, again=again)


@dataclass(frozen=True, kw_only=True)
class Troubled:
    """What needs a person: sends in doubt, sends refused for good, facts that could not be processed."""

    uncertain: list[OutboxRow]
    dead: list[OutboxRow]
    poison: list[InboxRow]


def troubled(uow: UnitOfWork) -> Troubled:
    """Give the rows in trouble, the oldest first, at most PER_LIST of a kind."""

    def outgoing(state: str) -> list[OutboxRow]:
        query = select(OutboxRow).where(OutboxRow.state == state).order_by(OutboxRow.id).limit(PER_LIST)
        return list(uow.session.scalars(query))

    poison = select(InboxRow).where(InboxRow.state == "poison").order_by(InboxRow.id).limit(PER_LIST)
    return Troubled(uncertain=outgoing("uncertain"), dead=outgoing("dead"), poison=list(uow.session.scalars(poison)))
