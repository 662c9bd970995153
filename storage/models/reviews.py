"""What the sides of an order think of each other, and what the reviewed answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class Review(Base):
    """One review: `side` (buyer or factory) gave it, it is about `company_id`. `state`: submitted, published, declined.

    `stars` are 1–5, as are the `marks` by aspect, of which any may be missing. A published one counts in the rating of the
    company it is about, by its stars alone.
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
    marks: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"), default=dict)
    text: Mapped[str] = mapped_column(server_default="")
    state: Mapped[str] = mapped_column(server_default="submitted")
    given_at: Mapped[datetime] = mapped_column(server_default=func.now())
    decided_at: Mapped[datetime | None]


class ReviewReply(Base):
    """The one answer of the reviewed company to a published review. `state`: submitted, published, declined."""

    __tablename__ = "review_replies"
    __table_args__ = (
        UniqueConstraint("review_id"),
        Index("ix_review_replies_waiting", "given_at", postgresql_where=text("state = 'submitted'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    text: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="submitted")
    given_at: Mapped[datetime] = mapped_column(server_default=func.now())
    decided_at: Mapped[datetime | None]
