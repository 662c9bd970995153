"""Topics that conversations have in private chats with the bot."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class ConversationTopic(Base):
    """The topic of one conversation in one person's chat; `thread_id` is Telegram's number of it there."""

    __tablename__ = "conversation_topics"
    __table_args__ = (
        Index("uq_conversation_topics_conversation", "conversation_id", "chat", unique=True),
        Index("uq_conversation_topics_thread", "chat", "thread_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    chat: Mapped[str]
    thread_id: Mapped[str]
