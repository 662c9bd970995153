"""Reading what a unit of work wants told to the outside."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from b24app.domain.deliveries import delivery_from
from storage.models import OutboxRow
from storage.unit_of_work import UnitOfWork


def rows(uow: UnitOfWork, kind: str = "") -> list[OutboxRow]:
    """Give the stored outgoing messages, of one kind or all, in order."""
    uow.session.flush()
    query = select(OutboxRow).order_by(OutboxRow.id).execution_options(populate_existing=True)
    return list(uow.session.scalars(query.where(OutboxRow.kind == kind) if kind else query))


def sent(uow: UnitOfWork, kind: str = "", **wanted: Any) -> list[Any]:
    """Give the outgoing messages of a kind whose fields have the wanted values; what a kind holds is its own."""
    found = [delivery_from(row.kind, row.payload) for row in rows(uow, kind)]
    return [one for one in found if all(getattr(one, name, None) == value for name, value in wanted.items())]


def said_to(uow: UnitOfWork, chat_id: str) -> list[str]:
    """Give every text sent to a chat, in order."""
    return [str(one.text) for one in sent(uow) if getattr(one, "chat_id", "") == chat_id and hasattr(one, "text")]
