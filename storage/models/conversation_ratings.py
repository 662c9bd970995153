"""What people think of how a conversation was led."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class ConversationRating(Base):
    """The stars (1 to 5) that a person gave the managers when a conversation was closed; the last ones count."""

    __tablename__ = "conversation_ratings"
    __table_args__ = (Index("uq_conversation_ratings_person", "conversation_id", "person_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    stars: Mapped[int]
    given_at: Mapped[datetime] = mapped_column(server_default=func.now())
