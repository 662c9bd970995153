"""Conversations between a buyer, a factory and managers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, func, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class Conversation(Base):
    """One thread. `kind` is lot, order, catalogue or help; `state` open or closed; `masked` while contacts are hidden.

    `owes` is the side that has to answer since `owed_since`; the two moments after it tell that it was reminded and that the manager
    was called. `line_id` is the open line it goes over; `line_chat_id` and `line_session_id` are that line's own ids
    once the operator has the dialogue.
    """

    __tablename__ = "conversations"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="open")
    masked: Mapped[bool] = mapped_column(server_default=text("true"))
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("lots.id"), index=True)
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("offers.id"), unique=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))
    buyer_company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id"), index=True)
    factory_company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    line_id: Mapped[str] = mapped_column(server_default="", index=True)
    line_chat_id: Mapped[str] = mapped_column(server_default="", index=True)
    line_session_id: Mapped[str] = mapped_column(server_default="")
    opened_at: Mapped[datetime] = mapped_column(server_default=func.now())
    closed_at: Mapped[datetime | None]
    last_message_at: Mapped[datetime | None]
    owes: Mapped[str] = mapped_column(server_default="")
    owed_since: Mapped[datetime | None] = mapped_column(index=True)
    reminded_at: Mapped[datetime | None]
    overdue_at: Mapped[datetime | None]
