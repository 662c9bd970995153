"""What the catalogue is searched by: one row a factory, and the words that occur in any of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Double, ForeignKey, Index, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base

_NONE = text("'{}'::text[]")


class CatalogueEntry(Base):
    """A factory as searching sees it; everything repeats the company's answers, standing and past, in shapes fit for filters.

    `name_words` and `equipment_words` are words folded to one Latin spelling. `certificates` maps a code to the day it
    holds until. `merit` (0–60) is what speaks for the factory whoever looks; `answer_minutes` its median answer time. What follows
    `refreshed_at` is what matching scores by: `prices` maps a segment to `[currency, usual price per unit in minor units]`;
    `rating_total` sums the stars of reviews by the weights that `rating_weight` sums.
    """

    __tablename__ = "catalogue_entries"
    # The second holds what the list and a search by words are shown and ordered by: the rows themselves are ten times as wide.
    __table_args__ = (
        Index("ix_catalogue_entries_segments", "segments", postgresql_using="gin"),
        Index(
            "ix_catalogue_entries_listed",
            "company_id",
            postgresql_include=[
                "publication",
                "subscribed_until",
                "verified_until",
                "accepted_at",
                "answer_minutes",
                "merit",
                "segments",
                "name_words",
            ],
            postgresql_where=text("accepted IS true"),
        ),
    )

    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), primary_key=True, autoincrement=False)
    publication: Mapped[str]
    accepted: Mapped[bool]
    subscribed_until: Mapped[datetime | None]
    verified_until: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    name_words: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=_NONE)
    equipment_words: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=_NONE)
    segments: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=_NONE)
    certificates: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    region: Mapped[str] = mapped_column(server_default="")
    unit: Mapped[str] = mapped_column(server_default="")
    moq: Mapped[int] = mapped_column(server_default="0")
    lead_time_days: Mapped[int] = mapped_column(server_default="0")
    quality_department: Mapped[bool] = mapped_column(server_default=text("false"))
    completed_orders: Mapped[int] = mapped_column(server_default="0")
    answer_minutes: Mapped[int | None]
    merit: Mapped[int] = mapped_column(server_default="0")
    refreshed_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)
    capacity_per_month: Mapped[int] = mapped_column(server_default="0")
    invited_lots: Mapped[int] = mapped_column(server_default="0")
    answered_lots: Mapped[int] = mapped_column(server_default="0")
    open_orders: Mapped[int] = mapped_column(server_default="0")
    finished_orders: Mapped[int] = mapped_column(server_default="0")
    on_time_orders: Mapped[int] = mapped_column(server_default="0")
    rating_total: Mapped[float] = mapped_column(Double, server_default="0")
    rating_weight: Mapped[float] = mapped_column(Double, server_default="0")
    rating_count: Mapped[int] = mapped_column(server_default="0")
    prices: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))


class CatalogueWord(Base):
    """A folded word by which a factory is found."""

    __tablename__ = "catalogue_words"

    word: Mapped[str] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), primary_key=True, index=True)


class SearchWord(Base):
    """A folded word that some entry holds, with its trigrams: what a mistyped word is looked up in."""

    __tablename__ = "search_words"
    __table_args__ = (Index("ix_search_words_trigrams", "trigrams", postgresql_using="gin"),)

    word: Mapped[str] = mapped_column(primary_key=True)
    trigrams: Mapped[list[str]] = mapped_column(ARRAY(Text))
