"""Reading conversations: their messages by page, by words and by files, and how far each got. Sends nothing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from sqlalchemy import Select, select

from b24app.domain.markup import to_plain
from b24app.domain.messages import FILE_KINDS, worst_state
from b24app.domain.search import fold
from b24app.services.spoken import TELEGRAM
from storage.models import Message, MessageCopy
from storage.unit_of_work import UnitOfWork


def history(
    uow: UnitOfWork,
    conversation_id: int,
    before_id: int | None = None,
    limit: int = 50,
    *,
    notes: bool = False,
    search: str = "",
    files: bool = False,
) -> list[Message]:
    """Give the newest messages, or those before one, in the order they were said; internal notes only for employees.

    With `search` only those in whose shown text these words stand, in either alphabet, with `files` only those that carry a file.
    """
    query = select(Message).where(Message.conversation_id == conversation_id)
    if files:
        query = query.where(Message.kind.in_(FILE_KINDS), Message.deleted_at.is_(None))
    if before_id is not None:
        query = query.where(Message.id < before_id)
    if not notes:
        query = query.where(Message.kind != "note")
    query = query.order_by(Message.id.desc())
    if search:
        query = select(Message).where(Message.id.in_(_holding(uow, query, search, limit))).order_by(Message.id.desc())
    return list(uow.session.scalars(query.limit(limit)))[::-1]


def _holding(uow: UnitOfWork, query: Select[Message], search: str, limit: int) -> list[int]:
    """Give the ids of the first messages of a query that hold these words, in either alphabet; read here, as the database knows none."""
    asked, folded = search.casefold(), fold(search)
    rows = uow.session.execute(query.with_only_columns(Message.id, Message.text).where(Message.deleted_at.is_(None)))
    plain = ((number, to_plain(text)) for number, text in rows)
    found = (number for number, text in plain if asked in text.casefold() or (bool(folded) and folded in fold(text)))
    return list(islice(found, limit))


def states(uow: UnitOfWork, message_ids: Sequence[int]) -> dict[int, str]:
    """Tell how far each message got on its way to Telegram: delivered, sent (under way), uncertain or failed."""
    return dict.fromkeys(message_ids, "sent") | reached(uow, message_ids)


def reached(uow: UnitOfWork, message_ids: Sequence[int]) -> dict[int, str]:
    """Tell the same of those messages alone that are for somebody on Telegram: who blocked the bot gets no copy."""
    found: dict[int, list[str]] = {}
    rows = uow.session.execute(
        select(MessageCopy.message_id, MessageCopy.state).where(
            MessageCopy.message_id.in_(message_ids), MessageCopy.place == TELEGRAM
        )
    )
    for number, state in rows:
        found.setdefault(number, []).append(state)
    return {number: worst_state(copies) for number, copies in found.items()}
