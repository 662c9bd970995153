"""What the sides of an order think of each other."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class Review(Base):
    """One review: `side` (buyer or factory) gave it, it is about `company_id`. `state`: submitted, published, declined.

    `stars` are 1–5. A published one counts in the rating of the company it is about.
    """

    __tablename__ = "reviews"
    __table_args__ = (
        UniqueConstraint("order_id", "side"),
        Index("ix_reviews_waiting", "given_at", postgresql_where=text("state = 'submitted'")),
        Index("ix_reviews_company", "company_id", "given_at", postgresql_where=text("state = 'published'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    side: Mapped[str]
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    stars: Mapped[int]
    text: Mapped[str] = mapped_column(server_default="")
    state: Mapped[str] = mapped_column(server_default="submitted")
    given_at: Mapped[datetime] = mapped_column(server_default=func.now())
    decided_at: Mapped[datetime | None]
