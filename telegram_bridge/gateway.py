"""Carries outgoing messages to Telegram and says what became of each.

Called by the dispatcher, the only sender in the cluster, between its transactions; opens short ones of its own before and after
the calls, never during one. Different chats are served at the same time, one chat strictly in order.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import assert_never

from sqlalchemy import Select, select
from telebot.types import InlineKeyboardMarkup

from b24app.config import Settings
from b24app.domain.deliveries import AnswerCallback, DeleteChatMessage, EditChatMessage, SendChatFile, SendChatMessage
from b24app.domain.outcomes import Done, Envelope, Outcome, Refused, TryLater, Unclear
from b24app.errors import DomainError, GatewayError, NotYet, Rejected, Retryable
from b24app.services import settings as chosen
from storage import correlation
from storage.models import File, OutboxRow
from storage.unit_of_work import Transactions
from telegram_bridge import sends
from telegram_bridge.buttons import Rows, keyboard
from telegram_bridge.client import ChatMoved, TelegramClient
from telegram_bridge.current_bot import CurrentBot
from telegram_bridge.miniapp.uploads import place_of
from telegram_bridge.pace import Pace
from telegram_bridge.sends import Sent, Upload

logger = logging.getLogger(__name__)

PARALLEL = 8
MAX_UPLOAD_BYTES = 50 * 1024 * 1024
WITHOUT_BOT_SECONDS = 15.0
SILENCED = {"blocked by the user": "blocked", "user is deactivated": "deleted"}
"""What Telegram says when a person cannot be written to any more → the code under which that is recorded."""

TelegramDelivery = SendChatMessage | SendChatFile | EditChatMessage | DeleteChatMessage | AnswerCallback


class TelegramGateway:
    """The way out to Telegram. Close it to give threads and connections back."""

    def __init__(self, *, settings: Settings, transactions: Transactions, bot: CurrentBot | None = None) -> None:
        self._settings = settings
        self._transactions = transactions
        self._bot = bot or CurrentBot(settings, transactions)
        self._pace = Pace(settings.telegram_rate_per_second)
        self._threads = ThreadPoolExecutor(PARALLEL, thread_name_prefix="telegram")

    def close(self) -> None:
        """Wait for what is under way and give threads and connections back."""
        self._threads.shutdown()
        self._bot.close()

    def send(self, envelopes: list[Envelope]) -> list[Outcome]:
        """Send all; answers one outcome each, in the same order."""
        try:
            client = self._bot.client()
        except DomainError as error:
            return [TryLater(error.message, WITHOUT_BOT_SECONDS, counted=False) for _ in envelopes]
        chats: dict[str, list[Envelope]] = {}
        for envelope in envelopes:
            chats.setdefault(getattr(envelope.delivery, "chat_id", "") or envelope.key, []).append(envelope)
        outcomes: dict[int, Outcome] = {}
        for done in self._threads.map(lambda chat: self._one_chat(client, chat), chats.values()):
            outcomes |= done
        return [outcomes[envelope.row_id] for envelope in envelopes]

    def prove(self, envelope: Envelope) -> Outcome:
        """Telegram cannot be asked whether a message arrived."""
        return Unclear("Telegram cannot be asked whether a message arrived.")

    def _one_chat(self, client: TelegramClient, envelopes: Iterable[Envelope]) -> dict[int, Outcome]:
        outcomes: dict[int, Outcome] = {}
        held: set[str] = set()
        for envelope in envelopes:
            if envelope.lane in held:
                outcomes[envelope.row_id] = TryLater("An earlier message waits.", counted=False)
                continue
            with correlation.following(envelope.correlation_id):
                outcome = self._send_one(client, envelope)
            if isinstance(outcome, TryLater):
                held.add(envelope.lane)
            outcomes[envelope.row_id] = outcome
        return outcomes

    def _send_one(self, client: TelegramClient, envelope: Envelope) -> Outcome:
        delivery = envelope.delivery
        if not isinstance(delivery, TelegramDelivery):
            return Refused(f"{type(delivery).__name__} is not for Telegram.", "unknown_kind")
        try:
            return Done(self._deliver(client, delivery))
        except ChatMoved as moved:
            return self._moved(delivery, moved.new_chat_id)
        except Rejected as error:
            return _refused(error)
        except GatewayError as error:
            return _failure(error)
        except ValueError as error:
            return Refused(str(error), "malformed")

    def _deliver(self, client: TelegramClient, delivery: TelegramDelivery) -> sends.Answer:
        if isinstance(delivery, AnswerCallback):
            return sends.answer_callback(client, delivery)
        if isinstance(delivery, DeleteChatMessage):
            return sends.delete(client, delivery.chat_id, self._sent(delivery).message_ids)
        if isinstance(delivery, EditChatMessage):
            markup = self._keyboard(delivery.buttons)
            return sends.edit(client, delivery.chat_id, self._sent(delivery), delivery.text, markup)
        self._pace.wait()
        if isinstance(delivery, SendChatFile):
            return sends.send_file(client, delivery, self._upload(delivery))
        if isinstance(delivery, SendChatMessage):
            return sends.send_text(client, delivery, self._keyboard(delivery.buttons))
        assert_never(delivery)

    def _keyboard(self, rows: Rows) -> InlineKeyboardMarkup | None:
        return keyboard(rows, public_url=self._settings.public_url, start_link=self._start_link)

    def _start_link(self, payload: str) -> str:
        return f"{self._settings.telegram_client_url}/{self._bot.username()}?start={payload}"

    def _sent(self, delivery: EditChatMessage | DeleteChatMessage) -> Sent:
        known = getattr(delivery, "message_id", "")
        if known:
            return Sent([int(known)], [int(known)])
        with self._transactions() as uow:
            row = uow.session.scalar(select(OutboxRow).where(OutboxRow.key == delivery.original))
            state, answer = (row.state, row.answer or {}) if row else ("missing", {})
        if state in {"todo", "doing"}:
            raise NotYet("The message to change is still on its way.")
        try:
            return Sent.from_answer(answer)
        except ValueError as error:
            raise Rejected(f"The message to change never arrived ({state}).", code="never_arrived") from error

    def _upload(self, delivery: SendChatFile) -> Upload | None:
        if delivery.kind not in sends.FILE_KINDS:
            raise ValueError(f"files of the kind {delivery.kind} cannot be sent")
        if delivery.telegram_file_id:
            return None
        with self._transactions() as uow:
            file = uow.session.get(File, delivery.file_id)
        if file is None:
            raise Rejected("The file to send is not there.", code="no_file")
        if file.size > MAX_UPLOAD_BYTES:
            raise Rejected("The file is over Telegram's 50 MB for bots.", code="too_big")
        path = place_of(self._settings.files_dir, file.sha256)
        if not path.is_file():
            raise Rejected("The bytes of the file are not there.", code="no_file")
        return Upload(path, file.name)

    def _moved(self, delivery: TelegramDelivery, new_chat_id: str) -> Outcome:
        old = getattr(delivery, "chat_id", "")
        with self._transactions() as uow:
            if chosen.get(uow, "tender_channel_id", self._settings.tender_channel_id) == old:
                chosen.put(uow, "tender_channel_id", new_chat_id, "automation")
            for row in uow.session.scalars(_waiting_for(old)):
                row.payload = {**row.payload, "chat_id": new_chat_id}
        logger.warning("chat %s is now %s", old, new_chat_id)
        return TryLater("The group became a supergroup.", counted=False)


def _failure(error: GatewayError) -> Outcome:
    if isinstance(error, Retryable | NotYet):
        # A closed gate, an unreachable network, a message still under way say nothing about this message.
        return TryLater(str(error), getattr(error, "after_seconds", None) or 1.0, counted=False)
    return Unclear(str(error))


def _waiting_for(chat_id: str) -> Select[OutboxRow]:
    return select(OutboxRow).where(
        OutboxRow.network == "telegram",
        OutboxRow.state.in_(("todo", "doing")),
        OutboxRow.payload["chat_id"].astext == chat_id,
    )


def _refused(error: Rejected) -> Outcome:
    said = str(error)
    for sign, code in SILENCED.items():
        if error.code == "403" and sign in said:
            return Refused(said, code)
    if error.code in {"401", "404"}:
        # The token is wrong: an administrator mends that, and the message then goes.
        return TryLater(said, WITHOUT_BOT_SECONDS, counted=False)
    return Refused(said, error.code)
