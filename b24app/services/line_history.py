"""What a dialogue of the open line shows now beside what we know of it: which words of employees were changed or taken back unheard.

Called by the reading back of dialogues. Changes nothing and sends nothing: what was missed enters through the inbox like everything else.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from b24app.domain.side_marks import addressed
from storage.models import Message
from storage.unit_of_work import UnitOfWork

SOURCE = "open_line"


@dataclass(frozen=True)
class Change:
    """One change that was not heard of; `before` tells which state it follows, so that every change has a name of its own."""

    source_key: str
    before: str
    text: str = ""
    deleted: bool = False


def missed(uow: UnitOfWork, edited: Mapping[str, str], deleted: Collection[str]) -> list[Change]:
    """Compare `edited` (source key → present text) and `deleted` source keys with our records."""
    keys = {*edited, *deleted}
    if not keys:
        return []
    rows = uow.session.scalars(select(Message).where(Message.source == SOURCE, Message.source_key.in_(keys)))
    found = []
    for row in rows:
        if row.deleted_at is not None:
            continue
        before = (row.edited_at or row.sent_at).isoformat()
        if row.source_key in deleted:
            found.append(Change(row.source_key, before, deleted=True))
        elif addressed(edited[row.source_key])[1] != row.original:
            found.append(Change(row.source_key, before, edited[row.source_key]))
    return found
