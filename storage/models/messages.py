"""Messages of conversations and their copies in each chat."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, false, func, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class Message(Base):
    """What somebody said. `side` is buyer, factory or manager; `text` is what others see, `original` what was written.

    `source` and `source_key` name where it came from (`telegram`, `<chat id>:<message id>`), once. `addressed` is the side an
    employee's words are for and `speaker_name` what he is called. `album` is shared by the pieces of
    one album. `file_state` of a file that does not travel as it is: fetching, cleaning, ready (`clean_file_id` travels), held or lost;
    `held_reason` is the code of why it is held. `written_at` is kept only of what reached us late.
    `quote` is the part of the message replied to that the reply quotes, plain, as others see it.
    `telegram_unique_id` tells a file from any other, however Telegram names it; `file_name` is what its sender calls it, for employees.
    `card` names what an employee's card shows (`company/12`, `lot/5`).
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
    telegram_unique_id: Mapped[str] = mapped_column(server_default="")
    clean_file_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"))
    file_state: Mapped[str] = mapped_column(server_default="", index=True)
    held_reason: Mapped[str] = mapped_column(server_default="")
    file_address: Mapped[str] = mapped_column(server_default="")
    file_name: Mapped[str] = mapped_column(server_default="")
    album: Mapped[str] = mapped_column(server_default="")
    addressed: Mapped[str] = mapped_column(server_default="both")
    card: Mapped[str] = mapped_column(server_default="")
    speaker_name: Mapped[str] = mapped_column(server_default="")
    reply_to_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    quote: Mapped[str] = mapped_column(server_default="")
    source: Mapped[str]
    source_key: Mapped[str]
    sent_at: Mapped[datetime] = mapped_column(server_default=func.now())
    written_at: Mapped[datetime | None]
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]


class MessageCopy(Base):
    """Where a message went: `place` is telegram, open_line or timeline; `chat` the chat's id there; `outside_id` its id there.

    `state`: sent (on its way), delivered, uncertain, failed. `outbox_key` names the outgoing message.
    `behind` is a copy that a change or a deletion could not reach, since its reader had blocked the bot.
    """

    __tablename__ = "message_copies"
    __table_args__ = (
        Index("uq_message_copies_target", "message_id", "place", "chat", unique=True),
        Index("ix_message_copies_outside", "place", "chat", "outside_id"),
        Index("ix_message_copies_behind", "chat", postgresql_where=text("behind")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"))
    place: Mapped[str]
    chat: Mapped[str]
    outside_id: Mapped[str] = mapped_column(server_default="")
    state: Mapped[str] = mapped_column(server_default="sent")
    outbox_key: Mapped[str] = mapped_column(server_default="", index=True)
    behind: Mapped[bool] = mapped_column(server_default=false())
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    delivered_at: Mapped[datetime | None]


class MessagePart(Base):
    """One Telegram message that a copy consists of: long texts and headings above stickers take several."""

    __tablename__ = "message_parts"
    __table_args__ = (
        Index("uq_message_parts_outside", "chat", "outside_id", unique=True),
        Index("ix_message_parts_copy", "copy_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    copy_id: Mapped[int] = mapped_column(ForeignKey("message_copies.id", ondelete="CASCADE"))
    chat: Mapped[str]
    outside_id: Mapped[str]


class MissedReaction(Base):
    """What is to be shown under a message once a reader who had blocked the bot is back; an empty `emoji` takes away what is shown."""

    __tablename__ = "missed_reactions"
    __table_args__ = (Index("ix_missed_reactions_message", "message_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True)
    emoji: Mapped[str]
