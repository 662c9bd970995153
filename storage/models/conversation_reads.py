"""How far people have read their conversations on the Mini App's screens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class ConversationRead(Base):
    """The newest message of a conversation that a person had on the screen. Chats with the bot tell nobody what was read."""

    __tablename__ = "conversation_reads"
    __table_args__ = (Index("uq_conversation_reads_person", "conversation_id", "person_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"))
    read_at: Mapped[datetime] = mapped_column(server_default=func.now())
