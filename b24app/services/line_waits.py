"""Messages that wait because their open line takes none: counted, sent on when it does again or another line was chosen, given up at last.

Called by `lines`, the job that looks at lines, the desk and the connector's page. A refused message heads its conversation's lane, and what
was said after it waits behind, so that all of it goes in its order. Errors: NotFound, InvalidState.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select

from b24app.domain.lines import DEAF, LINE_OFF
from b24app.errors import InvalidState, NotFound
from b24app.services import audit
from storage import outbox
from storage.models import Conversation, MessageCopy, OpenLine, OutboxRow
from storage.unit_of_work import UnitOfWork

LONGEST = timedelta(days=7)
"""How long a message waits for its line. Afterwards it is one of those that need a decision."""
AT_ONCE = 500


@dataclass(frozen=True)
class Waiting:
    """What waits for one line, an empty `line_id` standing for conversations that have none at the moment."""

    line_id: str
    messages: int
    conversations: int
    since: datetime


def _held() -> Select[str]:
    return select(OutboxRow.lane).where(
        OutboxRow.network == "bitrix24", OutboxRow.state == "todo", OutboxRow.error_code == LINE_OFF
    )


def waiting(uow: UnitOfWork) -> list[Waiting]:
    """Count what waits, line by line."""
    number = OutboxRow.payload["conversation_id"].astext.cast(Conversation.id.type)
    rows = uow.session.execute(
        select(
            Conversation.line_id, func.count(), func.count(Conversation.id.distinct()), func.min(OutboxRow.created_at)
        )
        .join(Conversation, Conversation.id == number)
        .where(
            OutboxRow.network == "bitrix24",
            OutboxRow.state == "todo",
            OutboxRow.kind == "SendToOpenLine",
            OutboxRow.lane.in_(_held()),
        )
        .group_by(Conversation.line_id)
        .order_by(Conversation.line_id)
    )
    return [Waiting(*row) for row in rows]


def resume(uow: UnitOfWork, line_id: str) -> None:
    """Let what waits in the conversations of a line go now, in its order; harmless when nothing waits."""
    talks = select(Conversation.id).where(Conversation.line_id == line_id)
    number = OutboxRow.payload["conversation_id"].astext.cast(Conversation.id.type)
    heads = _held().with_only_columns(OutboxRow.id).where(number.in_(talks)).with_for_update(key_share=True)
    outbox.hasten(uow.session, uow.session.scalars(heads).all())


def without_line(uow: UnitOfWork) -> list[Conversation]:
    """Give the conversations in which something waits and that have lost their line."""
    number = OutboxRow.payload["conversation_id"].astext.cast(Conversation.id.type)
    waits = select(Conversation).where(
        Conversation.line_id == "", Conversation.id.in_(_held().with_only_columns(number))
    )
    return list(uow.session.scalars(waits))


def move(uow: UnitOfWork, number: int, other: int, actor: str) -> int:
    """Carry the conversations of a line over another one, and with them what waits; answers how many there are.

    NotFound, InvalidState when the other line takes no messages either.
    """
    line, chosen = uow.session.get(OpenLine, number), uow.session.get(OpenLine, other)
    if line is None or chosen is None or line is chosen:
        raise NotFound(code="line")
    if DEAF & set(chosen.troubles):
        raise InvalidState("This line takes no messages either.", code="line_off")
    theirs = uow.session.scalars(select(Conversation).where(Conversation.line_id == line.line_id)).all()
    for talk in theirs:
        talk.line_id, talk.line_chat_id, talk.line_session_id = chosen.line_id, "", ""
    uow.session.flush()
    resume(uow, chosen.line_id)
    audit.record(uow, actor, "line_moved", f"line/{line.line_id}", to=chosen.line_id, conversations=len(theirs))
    return len(theirs)


def give_up(uow: UnitOfWork) -> int:
    """Leave what has waited too long to a person's decision, and let what stands behind it be tried; answers how many there were."""
    old = _held().with_only_columns(OutboxRow.id).where(OutboxRow.created_at < uow.now - LONGEST)
    ids = uow.session.scalars(old.order_by(OutboxRow.id).limit(AT_ONCE)).all()
    for row in outbox.locked(uow.session, ids).values():
        if row.state == "todo":
            outbox.finish(row, "dead", uow.now)
            for copy in uow.session.scalars(select(MessageCopy).where(MessageCopy.outbox_key == row.key)):
                copy.state = "failed"
    return len(ids)
