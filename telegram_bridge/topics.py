"""The topics of private chats: one for each conversation, where the bot has topics at all.

Used by the gateway around every new message, between its transactions. A topic is made when the first message of its conversation goes
to a chat; one that the person deleted is made anew. Without topics everything goes into the plain chat, under its heading. Source:
https://core.telegram.org/bots/api#createforumtopic (also for private chats).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from telebot import TeleBot

from b24app.domain.deliveries import SendChatAlbum, SendChatFile, SendChatMessage
from b24app.errors import Rejected, Retryable, Uncertain
from storage.models import ConversationTopic
from storage.unit_of_work import Transactions
from telegram_bridge.client import TelegramClient
from telegram_bridge.current_bot import CurrentBot

logger = logging.getLogger(__name__)

LONGEST_NAME = 128
GONE = ("message thread not found", "topic_deleted")
"""What Telegram says of a topic that is not there any more."""

R = TypeVar("R")
NewMessage = SendChatMessage | SendChatFile | SendChatAlbum


class Topics:
    """Finds and makes topics."""

    def __init__(self, transactions: Transactions, bot: CurrentBot) -> None:
        self._transactions = transactions
        self._bot = bot

    def sending(self, client: TelegramClient, delivery: NewMessage, send: Callable[[int | None], R]) -> R:
        """Send into the right topic, or into the plain chat; the failures of `send`."""
        thread = self._thread(client, delivery)
        try:
            return send(thread)
        except Rejected as error:
            if thread is None or not any(sign in str(error).lower() for sign in GONE):
                raise
        # Refused as a whole, so nothing has arrived: the topic is made again, or the plain chat takes the message.
        logger.info("a topic of chat %s is gone", delivery.chat_id)
        self._forget(delivery.chat_id, thread)
        return send(self._made(client, delivery) if delivery.conversation_id else None)

    def _thread(self, client: TelegramClient, delivery: NewMessage) -> int | None:
        given = getattr(delivery, "thread_id", "")
        if not (given or delivery.conversation_id):
            return None
        try:
            if not self._bot.has_topics(client, time.monotonic()):
                return None
            return int(given) if given else self._known(delivery) or self._made(client, delivery)
        except Uncertain as error:
            # Whatever became of the topic, the message itself was not sent.
            raise Retryable(str(error), code=error.code) from error

    def _known(self, delivery: NewMessage) -> int | None:
        with self._transactions() as uow:
            found = uow.session.scalar(
                select(ConversationTopic.thread_id).where(
                    ConversationTopic.chat == delivery.chat_id,
                    ConversationTopic.conversation_id == int(delivery.conversation_id),
                )
            )
        return int(found) if found else None

    def _made(self, client: TelegramClient, delivery: NewMessage) -> int | None:
        try:
            made = client.call(TeleBot.create_forum_topic, int(delivery.chat_id), delivery.topic[:LONGEST_NAME])
        except Rejected as error:
            # A chat that cannot have topics still gets its messages.
            logger.warning("chat %s has no topic: %s", delivery.chat_id, error)
            return None
        row = {
            "conversation_id": int(delivery.conversation_id),
            "chat": delivery.chat_id,
            "thread_id": str(made.message_thread_id),
        }
        with self._transactions() as uow:
            uow.session.execute(insert(ConversationTopic).values(**row).on_conflict_do_nothing())
        return self._known(delivery)

    def _forget(self, chat_id: str, thread: int) -> None:
        gone = delete(ConversationTopic).where(
            ConversationTopic.chat == chat_id, ConversationTopic.thread_id == str(thread)
        )
        with self._transactions() as uow:
            uow.session.execute(gone)
