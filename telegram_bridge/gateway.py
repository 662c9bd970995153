"""Carries outgoing messages to Telegram and says what became of each.

Called by the dispatcher, the only sender in the cluster, between its transactions; opens short ones of its own before and after
the calls, never during one. Different chats are served at the same time, one chat strictly in order.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.exc import SQLAlchemyError
from telebot import TeleBot
from telebot.types import InlineKeyboardMarkup

from b24app.config import Settings
from b24app.domain.deliveries import (
    AnswerCallback,
    DeleteChatMessage,
    EditChatMessage,
    SendChatAlbum,
    SendChatFile,
    SendChatMessage,
    SetReaction,
    ShowActivity,
)
from b24app.domain.delivery import Priority
from b24app.domain.outcomes import Done, Envelope, Outcome, Refused, TryLater, Unclear
from b24app.errors import DomainError, GatewayError, NotYet, Rejected, Retryable
from b24app.services import settings as chosen
from b24app.services import test_mode
from storage import correlation
from storage.models import File, OutboxRow, Person
from storage.unit_of_work import Transactions
from telegram_bridge import albums, data_copies, sends
from telegram_bridge.buttons import Rows, keyboard
from telegram_bridge.client import Barred, ChatMoved, TelegramClient
from telegram_bridge.current_bot import CurrentBot
from telegram_bridge.miniapp.uploads import place_of
from telegram_bridge.pace import Pace
from telegram_bridge.sends import Sent, Upload
from telegram_bridge.topics import Topics

logger = logging.getLogger(__name__)

PARALLEL = 8
MAX_UPLOAD_BYTES = 50 * 1024 * 1024
WITHOUT_BOT_SECONDS = 15.0
BARRED_SECONDS = 60.0
WITHOUT_DATABASE = "The database was away before this was sent."
SILENCED = {"blocked by the user": "blocked", "user is deactivated": "deleted"}
"""What Telegram says when a person cannot be written to any more → the code under which that is recorded."""

TelegramDelivery = (
    SendChatMessage
    | SendChatFile
    | SendChatAlbum
    | EditChatMessage
    | DeleteChatMessage
    | AnswerCallback
    | ShowActivity
    | SetReaction
)


class TelegramGateway:
    """The way out to Telegram. Close it to give threads and connections back."""

    def __init__(self, *, settings: Settings, transactions: Transactions, bot: CurrentBot | None = None) -> None:
        self._settings = settings
        self._transactions = transactions
        self._bot = bot or CurrentBot(settings, transactions)
        self._pace = Pace(settings.telegram_rate_per_second)
        self._topics = Topics(transactions, self._bot)
        self._threads = ThreadPoolExecutor(PARALLEL, thread_name_prefix="telegram")

    def close(self) -> None:
        """Wait for what is under way and give threads and connections back."""
        self._threads.shutdown()
        self._bot.close()

    def pause(self) -> float:
        """Give the seconds for which Telegram wants to hear nothing from us."""
        return self._pace.pause()

    def send(self, envelopes: list[Envelope]) -> list[Outcome]:
        """Send all; answers one outcome each, in the same order."""
        chats: dict[str, list[Envelope]] = {}
        for envelope in envelopes:
            chats.setdefault(getattr(envelope.delivery, "chat_id", "") or envelope.key, []).append(envelope)
        try:
            client, spared = self._now(chats)
        except DomainError as error:
            return [TryLater(error.message, WITHOUT_BOT_SECONDS, counted=False) for _ in envelopes]
        except SQLAlchemyError:
            return [TryLater(WITHOUT_DATABASE, counted=False) for _ in envelopes]
        outcomes: dict[int, Outcome] = {}
        for chat in spared:
            outcomes |= {one.row_id: _kept_back(one) for one in chats.pop(chat)}
        for done in self._threads.map(lambda chat: self._one_chat(client, chat), chats.values()):
            outcomes |= done
        return [outcomes[envelope.row_id] for envelope in envelopes]

    def _now(self, chats: Mapping[str, Any]) -> tuple[TelegramClient, frozenset[str]]:
        """Give the client of the bot and the chats that must hear nothing, as things stand. InvalidState without a bot."""
        with self._transactions() as uow:
            channel = chosen.get(uow, "tender_channel_id", self._settings.tender_channel_id)
            return self._bot.client_of(uow), test_mode.spared(uow, chats.keys(), channel)

    def prove(self, envelopes: list[Envelope]) -> list[Outcome]:
        """Telegram cannot be asked whether a message arrived."""
        return [Unclear("Telegram cannot be asked whether a message arrived.") for _ in envelopes]

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

    def _send_one(self, client: TelegramClient, envelope: Envelope, *, suspected: bool = False) -> Outcome:
        delivery = envelope.delivery
        if not isinstance(delivery, TelegramDelivery):
            return Refused(f"{type(delivery).__name__} is not for Telegram.", "unknown_kind")
        chat_id = str(getattr(delivery, "chat_id", ""))
        try:
            return Done(self._carried(client, delivery))
        except ChatMoved as moved:
            return self._moved(delivery, moved.new_chat_id)
        except (Rejected, ValueError) as error:
            return _refused(error)
        except Barred as error:
            return self._barred(client, envelope, error, suspected=suspected)
        except GatewayError as error:
            if error.code == "429" and isinstance(error, Retryable):
                self._pace.refused(chat_id, error.after_seconds or 1.0)
            return _failure(error)

    def _carried(self, client: TelegramClient, delivery: TelegramDelivery) -> sends.Answer:
        try:
            return self._deliver(client, delivery)
        except SQLAlchemyError as error:
            # What is read for a message, its topic, its file, what it changes, is read before it is sent.
            raise Retryable(WITHOUT_DATABASE, after_seconds=1.0) from error

    def _barred(self, client: TelegramClient, envelope: Envelope, error: Barred, *, suspected: bool) -> Outcome:
        if not _is_open(client):
            return TryLater(str(error), BARRED_SECONDS, counted=False)
        if not suspected:
            # Perhaps the door was only closed for a moment: the message is to blame when that happens again.
            return self._send_one(client, envelope, suspected=True)
        logger.warning("one message is refused where others pass: %s", error.code)
        said = f"Something in front of Telegram does not let this message through: {error}"
        return Refused(said, error.code, error.body)

    def _deliver(self, client: TelegramClient, delivery: TelegramDelivery) -> sends.Answer:
        if isinstance(delivery, SendChatFile | SendChatAlbum | SendChatMessage):
            if wait := self._pace.enter(delivery.chat_id):
                raise Retryable("This chat was written to a moment ago.", after_seconds=wait)
            self._pace.wait(urgent=delivery.priority is Priority.CONVERSATION)
            return self._topics.sending(client, delivery, lambda thread: self._send_new(client, delivery, thread))
        if isinstance(delivery, EditChatMessage):
            markup = self._keyboard(delivery.buttons)
            return sends.edit(client, delivery.chat_id, self._sent(delivery), delivery.text, markup)
        if isinstance(delivery, DeleteChatMessage):
            return sends.delete(client, delivery.chat_id, self._sent(delivery).message_ids)
        return _passing(client, delivery)

    def _send_new(
        self, client: TelegramClient, delivery: SendChatFile | SendChatAlbum | SendChatMessage, thread: int | None
    ) -> sends.Answer:
        if isinstance(delivery, SendChatFile):
            return sends.send_file(client, delivery, self._upload(delivery), thread)
        if isinstance(delivery, SendChatAlbum):
            return albums.send_album(client, delivery, [self._upload_piece(item) for item in delivery.items], thread)
        return sends.send_text(client, delivery, self._keyboard(delivery.buttons), thread)

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
            sent = Sent.from_answer(answer)
            return sent if delivery.piece < 0 else sent.piece(delivery.piece)
        except ValueError as error:
            raise Rejected(f"The message to change never arrived ({state}).", code="never_arrived") from error

    def _upload(self, delivery: SendChatFile) -> Upload | None:
        if delivery.content:
            return None
        if delivery.data_of:
            with self._transactions() as uow:
                person = uow.session.get_one(Person, delivery.data_of)
                copy = data_copies.pack(uow, person, self._settings.files_dir, room=data_copies.CHAT_BYTES)
            return Upload(place_of(self._settings.files_dir, copy.sha256), copy.name)
        return self._upload_piece(
            {"kind": delivery.kind, "telegram_file_id": delivery.telegram_file_id, "file_id": delivery.file_id}
        )

    def _upload_piece(self, item: Mapping[str, Any]) -> Upload | None:
        if item["kind"] not in sends.FILE_KINDS:
            raise ValueError(f"files of the kind {item['kind']} cannot be sent")
        if item.get("telegram_file_id"):
            return None
        with self._transactions() as uow:
            file = uow.session.get(File, int(item["file_id"]))
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
        with suppress(SQLAlchemyError), self._transactions() as uow:
            # Where this cannot be noted now, the next try is told the same.
            if chosen.get(uow, "tender_channel_id", self._settings.tender_channel_id) == old:
                chosen.put(uow, "tender_channel_id", new_chat_id, "automation")
            for row in uow.session.scalars(_waiting_for(old)):
                row.payload = {**row.payload, "chat_id": new_chat_id}
                # What is said there from now on must not pass what waits.
                if row.lane.endswith(f":{old}"):
                    row.lane = row.lane.removesuffix(old) + new_chat_id
        logger.warning("chat %s is now %s", old, new_chat_id)
        return TryLater("The group became a supergroup.", counted=False)


def _kept_back(envelope: Envelope) -> Outcome:
    """Leave a message where employees see it; that somebody is typing is worth nothing later."""
    if isinstance(envelope.delivery, ShowActivity | SetReaction):
        return Done()
    return Refused(test_mode.REASON, "test_mode")


def _passing(client: TelegramClient, delivery: AnswerCallback | ShowActivity | SetReaction) -> sends.Answer:
    if isinstance(delivery, AnswerCallback):
        return sends.answer_callback(client, delivery)
    if isinstance(delivery, ShowActivity):
        return sends.show_activity(client, delivery, time.time())
    return sends.set_reaction(client, delivery)


def _is_open(client: TelegramClient) -> bool:
    """Tell whether Telegram itself answers us at all, by a call that changes nothing."""
    try:
        client.call(TeleBot.get_me)
    except GatewayError:
        return False
    return True


def _failure(error: GatewayError) -> Outcome:
    if isinstance(error, Retryable | NotYet):
        # A closed gate, an unreachable network, a message still under way say nothing about this message.
        return TryLater(str(error), getattr(error, "after_seconds", None) or 1.0, counted=False)
    return Unclear(str(error), raw=error.body)


def _waiting_for(chat_id: str) -> Select[OutboxRow]:
    return select(OutboxRow).where(
        OutboxRow.network == "telegram",
        OutboxRow.state.in_(("todo", "doing")),
        OutboxRow.payload["chat_id"].astext == chat_id,
    )


def _refused(error: Rejected | ValueError) -> Outcome:
    said = str(error)
    if isinstance(error, ValueError):
        return Refused(said, "malformed")
    for sign, code in SILENCED.items():
        if error.code == "403" and sign in said:
            return Refused(said, code, error.body)
    if error.code in {"401", "404"}:
        # The token is wrong: an administrator mends that, and the message then goes.
        return TryLater(said, WITHOUT_BOT_SECONDS, counted=False)
    return Refused(said, error.code, error.body)
