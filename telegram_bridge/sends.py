"""What each kind of outgoing message means in Bot API calls.

Used by the gateway, outside any transaction. Everything the calls need was looked up before and comes as arguments. Each
function answers JSON-able ids or raises the failures of `TelegramClient.call`; a message of several parts whose first parts
are out raises Uncertain for whatever befalls the rest.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from telebot import TeleBot
from telebot.types import (
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    Message,
    ReactionType,
    ReactionTypeEmoji,
    ReplyParameters,
)

from b24app.domain.deliveries import AnswerCallback, SendChatFile, SendChatMessage, SetReaction, ShowActivity
from b24app.errors import GatewayError, Rejected, Uncertain
from telegram_bridge.client import TelegramClient
from telegram_bridge.formatting import CAPTION_LIMIT, RichText, from_html, split, to_entities, utf16_length

MAX_ANSWER = 200
FORBIDDEN = "403"
Answer = dict[str, Any]


@dataclass(frozen=True)
class Upload:
    """A file of ours to be uploaded: where its bytes lie and the name it is shown under."""

    path: Path
    name: str


@dataclass(frozen=True)
class Sent:
    """A message sent before: the ids of its parts, those among them that hold its text, and whether that is a caption."""

    message_ids: list[int]
    text_ids: list[int]
    is_caption: bool = False

    @classmethod
    def from_answer(cls, answer: Answer) -> Sent:
        """Read what a send answered. ValueError when it tells of no message."""
        ids = (
            [int(one) for one in answer.get("message_ids") or [answer["message_id"]]]
            if answer.get("message_id")
            else []
        )
        if not ids:
            raise ValueError("no message was sent")
        return cls(ids, [int(one) for one in answer.get("text_ids", ids)], bool(answer.get("is_caption")))

    def piece(self, number: int) -> Sent:
        """Give one piece of an album, from 0. ValueError when the album has fewer."""
        if not 0 <= number < len(self.message_ids):
            raise ValueError("the album has no such piece")
        return Sent([self.message_ids[number]], [self.message_ids[number]], self.is_caption)


def send_text(
    client: TelegramClient,
    delivery: SendChatMessage,
    markup: InlineKeyboardMarkup | None,
    thread: int | None = None,
) -> Answer:
    """Send a text, in parts when it is over the limit; buttons go under the last, the quote onto the first.

    `thread` is the topic of the chat that it goes to.
    """
    parts = split(from_html(delivery.text))

    def part(index: int, reply: ReplyParameters | None) -> Message:
        return client.call(
            TeleBot.send_message,
            delivery.chat_id,
            parts[index].text,
            entities=_entities(parts[index]),
            message_thread_id=thread,
            disable_notification=delivery.silent or None,
            reply_markup=markup if index == len(parts) - 1 else None,
            reply_parameters=reply,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )

    first = partial(_answering, delivery, partial(part, 0))
    return _in_order([first, *(partial(part, index, None) for index in range(1, len(parts)))])


def send_file(
    client: TelegramClient, delivery: SendChatFile, upload: Upload | None, thread: int | None = None
) -> Answer:
    """Send a file by the id Telegram knows it under, or upload it; a caption over the limit follows as a text."""
    caption = from_html(delivery.caption)
    own = delivery.kind not in {"sticker", "video_note"} and utf16_length(caption.text) <= CAPTION_LIMIT
    options = {"message_thread_id": thread, "disable_notification": delivery.silent or None}

    def send(reply: ReplyParameters | None) -> Message:
        shown = caption if own else RichText("")
        return _file(client, delivery, upload, shown, {**options, "reply_parameters": reply})

    steps = [partial(_answering, delivery, send)]
    if caption.text and not own:
        follow_up = SendChatMessage(
            chat_id=delivery.chat_id,
            text=delivery.caption,
            reply_to=delivery.reply_to,
            quote=delivery.quote,
            silent=delivery.silent,
        )
        # The text goes first: it carries the heading that says who speaks.
        first = send_text(client, follow_up, None, thread)
        return _after(first, steps)
    return {**_in_order(steps), "is_caption": True}


def _after(first: Answer, steps: Sequence[Callable[[], Message]]) -> Answer:
    try:
        rest = _in_order(steps)
    except GatewayError as error:
        raise Uncertain(f"The heading arrived, the file did not: {error}", code=error.code) from error
    said = first["message_ids"]
    return {**rest, "message_ids": [*said, *rest["message_ids"]], "text_ids": said}


def _file(
    client: TelegramClient,
    delivery: SendChatFile,
    upload: Upload | None,
    caption: RichText,
    options: dict[str, Any],
) -> Message:
    with ExitStack() as opened:
        content: Any = delivery.telegram_file_id
        if upload is not None:
            content = InputFile(opened.enter_context(upload.path.open("rb")), upload.name)
        elif delivery.content:
            content = InputFile(io.BytesIO(delivery.content.encode()), delivery.name)
        if caption.text:
            options = {**options, "caption": caption.text, "caption_entities": _entities(caption)}
        return client.call(_SENDERS[delivery.kind], delivery.chat_id, content, **options)


_SENDERS: dict[str, Callable[..., Message]] = {
    "photo": TeleBot.send_photo,
    "video": TeleBot.send_video,
    "voice": TeleBot.send_voice,
    "audio": TeleBot.send_audio,
    "document": TeleBot.send_document,
    "animation": TeleBot.send_animation,
    "sticker": TeleBot.send_sticker,
    "video_note": TeleBot.send_video_note,
}
FILE_KINDS = frozenset(_SENDERS)


def edit(client: TelegramClient, chat_id: str, sent: Sent, text: str, markup: InlineKeyboardMarkup | None) -> Answer:
    """Change a message sent before. What no longer fits its parts is cut with an ellipsis; parts left over are deleted."""
    if sent.is_caption:
        caption = split(from_html(text), CAPTION_LIMIT)[0]
        _tolerantly(
            client.call,
            TeleBot.edit_message_caption,
            caption.text,
            chat_id,
            sent.text_ids[-1],
            caption_entities=_entities(caption),
            reply_markup=markup,
        )
        return {"chat_id": chat_id, "message_ids": sent.message_ids}
    parts = _fitting(from_html(text), len(sent.text_ids))
    for index, (message_id, part) in enumerate(zip(sent.text_ids, parts, strict=False)):
        _tolerantly(
            client.call,
            TeleBot.edit_message_text,
            part.text,
            chat_id,
            message_id,
            entities=_entities(part),
            reply_markup=markup if index == len(parts) - 1 else None,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )
    left_over = sent.text_ids[len(parts) :]
    delete(client, chat_id, left_over)
    return {"chat_id": chat_id, "message_ids": [one for one in sent.message_ids if one not in left_over]}


def delete(client: TelegramClient, chat_id: str, message_ids: Sequence[int]) -> Answer:
    """Take messages back; one that is gone already is as good as deleted."""
    for message_id in message_ids:
        _tolerantly(client.call, TeleBot.delete_message, chat_id, message_id)
    return {"chat_id": chat_id, "message_ids": list(message_ids)}


def answer_callback(client: TelegramClient, delivery: AnswerCallback) -> Answer:
    """Stop the waiting mark on a button; a press too old to be answered is let go."""
    text = delivery.text if len(delivery.text) <= MAX_ANSWER else delivery.text[: MAX_ANSWER - 1] + "…"
    _tolerantly(
        client.call,
        TeleBot.answer_callback_query,
        delivery.callback_query_id,
        text=text or None,
        show_alert=delivery.alert or None,
    )
    return {}


def show_activity(client: TelegramClient, delivery: ShowActivity, now: float) -> Answer:
    """Show that something is coming, unless it is too late for that; no failure of this matters to anybody."""
    if now < delivery.until_epoch:
        with suppress(GatewayError):
            client.call(TeleBot.send_chat_action, delivery.chat_id, delivery.action)
    return {}


def set_reaction(client: TelegramClient, delivery: SetReaction) -> Answer:
    """Show a reaction, or none; where it is not allowed, or the message is gone, nothing is shown.

    Raises Rejected where the bot may not write at all: who blocked it is shown the reaction once they are back.
    """
    reaction: list[ReactionType] = [ReactionTypeEmoji(delivery.emoji)] if delivery.emoji else []
    try:
        client.call(TeleBot.set_message_reaction, delivery.chat_id, int(delivery.message_id), reaction)
    except Rejected as error:
        if error.code == FORBIDDEN:
            raise
    return {}


_AS_GOOD_AS_DONE = (
    "message is not modified",
    "message to delete not found",
    "message to edit not found",
    "query is too old",
    "query id is invalid",
)


def _tolerantly(call: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
    try:
        call(*args, **kwargs)
    except Rejected as error:
        if not any(sign in str(error).lower() for sign in _AS_GOOD_AS_DONE):
            raise


def _fitting(rich: RichText, room: int) -> list[RichText]:
    parts = split(rich)
    if len(parts) <= room:
        return parts
    last = split(parts[room - 1], 4000)[0]
    return [*parts[: room - 1], RichText(last.text + " …", last.spans)]


def _in_order(steps: Sequence[Callable[[], Message]]) -> Answer:
    sent: list[Message] = []
    for step in steps:
        try:
            sent.append(step())
        except GatewayError as error:
            if not sent:
                raise
            raise Uncertain(
                f"{len(sent)} of {len(steps)} parts arrived, the next did not: {error}", code=error.code
            ) from error
    return {
        "chat_id": str(sent[-1].chat.id),
        "message_id": sent[-1].message_id,
        "message_ids": [message.message_id for message in sent],
    }


def _entities(rich: RichText) -> Any:
    # Plain dicts: the library passes them on as they are, while its own type would fill every gap with a null.
    return to_entities(rich) or None


def quoting(message_id: str, words: str = "") -> ReplyParameters | None:
    """Give the answer to a message, left out when that is gone; none for an empty id. `words` are quoted of it, in HTML."""
    if not message_id:
        return None
    return ReplyParameters(
        int(message_id),
        allow_sending_without_reply=True,
        quote=words or None,
        quote_parse_mode="HTML" if words else None,
    )


def _answering(delivery: SendChatMessage | SendChatFile, send: Callable[[ReplyParameters | None], Message]) -> Message:
    """Send as an answer; where Telegram does not find the quoted words, which its people may have changed, as one without them."""
    try:
        return send(quoting(delivery.reply_to, delivery.quote))
    except Rejected as error:
        if not delivery.quote or "quote" not in str(error).lower():
            raise
    return send(quoting(delivery.reply_to))
