"""Awards: what a factory was chosen to make."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class Order(Base):
    """An awarded offer, shown in the CRM as a child deal. `state`: contract, production, shipped, done.

    `progress` is the production step of the industry pack reached last, or empty; `percent` how much of it is done. `due_at` is when the
    last step should be reached; `late_step` the step whose lateness was told last.
    """

    __tablename__ = "orders"
    __table_args__ = (Index("ix_orders_company_created", "company_id", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lots.id"), index=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"), unique=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    quantity: Mapped[int]
    price_minor: Mapped[int]
    currency: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="contract")
    progress: Mapped[str] = mapped_column(server_default="")
    percent: Mapped[int] = mapped_column(server_default=text("0"))
    due_at: Mapped[datetime | None]
    late_step: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class OrderUpdate(Base):
    """One report of a factory: which step, how much of it in percent, in words and with a photo when it likes."""

    __tablename__ = "order_updates"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    step: Mapped[str]
    percent: Mapped[int]
    note: Mapped[str] = mapped_column(server_default="")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"))
    reported_at: Mapped[datetime] = mapped_column(server_default=func.now())
