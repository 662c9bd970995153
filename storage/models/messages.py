"""Messages of conversations and their copies in each chat."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, false, func
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class Message(Base):
    """What somebody said. `side` is buyer, factory or manager; `text` is what others see, `original` what was written.

    `source` and `source_key` name where it came from (`telegram`, `<chat id>:<message id>`), once.
    """

    __tablename__ = "messages"
    __table_args__ = (Index("uq_messages_source", "source", "source_key", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), index=True)
    side: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    user_id: Mapped[str] = mapped_column(server_default="")
    kind: Mapped[str] = mapped_column(server_default="text")
    text: Mapped[str] = mapped_column(server_default="")
    original: Mapped[str] = mapped_column(server_default="")
    hidden: Mapped[bool] = mapped_column(server_default=false())
    file_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"))
    telegram_file_id: Mapped[str] = mapped_column(server_default="")
    reply_to_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    source: Mapped[str]
    source_key: Mapped[str]
    sent_at: Mapped[datetime] = mapped_column(server_default=func.now())
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]


class MessageCopy(Base):
    """Where a message went: `place` is telegram, open_line or timeline; `chat` the chat's id there; `outside_id` its id there.

    `state`: sent (on its way), delivered, uncertain, failed. `outbox_key` names the outgoing message.
    """

    __tablename__ = "message_copies"
    __table_args__ = (
        Index("uq_message_copies_target", "message_id", "place", "chat", unique=True),
        Index("ix_message_copies_outside", "place", "chat", "outside_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"))
    place: Mapped[str]
    chat: Mapped[str]
    outside_id: Mapped[str] = mapped_column(server_default="")
    state: Mapped[str] = mapped_column(server_default="sent")
    outbox_key: Mapped[str] = mapped_column(server_default="", index=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    delivered_at: Mapped[datetime | None]
