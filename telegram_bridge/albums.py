"""Sending several files as one album. Called by the gateway, outside any transaction.

Source: https://core.telegram.org/bots/api#sendmediagroup. An album has two to ten pieces; one alone is sent by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any

from telebot import TeleBot
from telebot.types import InputFile, InputMediaAudio, InputMediaDocument, InputMediaPhoto, InputMediaVideo

from b24app.domain.deliveries import SendChatAlbum, SendChatFile, SendChatMessage
from b24app.errors import GatewayError, Uncertain
from telegram_bridge import sends
from telegram_bridge.client import TelegramClient
from telegram_bridge.formatting import CAPTION_LIMIT, RichText, from_html, to_html, utf16_length
from telegram_bridge.sends import Answer, Upload

_PIECES: dict[str, Callable[..., Any]] = {
    "photo": InputMediaPhoto,
    "video": InputMediaVideo,
    "document": InputMediaDocument,
    "audio": InputMediaAudio,
}


def send_album(
    client: TelegramClient, delivery: SendChatAlbum, uploads: Sequence[Upload | None], thread: int | None = None
) -> Answer:
    """Send an album; `uploads` holds for each piece our file, or None when Telegram knows it. Captions over the limit go before it."""
    if len(delivery.items) == 1:
        return {**sends.send_file(client, _alone(delivery), uploads[0], thread), "is_caption": True}
    captions = [from_html(str(item.get("caption") or "")) for item in delivery.items]
    long = [number for number, caption in enumerate(captions) if utf16_length(caption.text) > CAPTION_LIMIT]
    out = 0
    try:
        for number in long:
            text = SendChatMessage(
                chat_id=delivery.chat_id, text=str(delivery.items[number]["caption"]), silent=delivery.silent
            )
            sends.send_text(client, text, None, thread)
            captions[number] = RichText("")
            out += 1
        sent = _send(client, delivery, captions, uploads, thread)
    except GatewayError as error:
        if out:
            raise Uncertain(f"The words of {out} pieces arrived, the rest did not: {error}", code=error.code) from error
        raise
    ids = [message.message_id for message in sent]
    return {"chat_id": delivery.chat_id, "message_id": ids[0], "message_ids": ids, "is_caption": True}


def _send(
    client: TelegramClient,
    delivery: SendChatAlbum,
    captions: Sequence[RichText],
    uploads: Sequence[Upload | None],
    thread: int | None,
) -> Sequence[Any]:
    with ExitStack() as opened:
        media = []
        for item, caption, upload in zip(delivery.items, captions, uploads, strict=True):
            content: Any = item["telegram_file_id"]
            if upload is not None:
                content = InputFile(opened.enter_context(upload.path.open("rb")), upload.name)
            piece = _PIECES[str(item["kind"])](content)
            if caption.text:
                # HTML here: the library would write entities with a null for every gap.
                piece.caption, piece.parse_mode = to_html(caption), "HTML"
            media.append(piece)
        reply = sends.quoting(delivery.reply_to)
        return client.call(
            TeleBot.send_media_group,
            delivery.chat_id,
            media,
            reply_parameters=reply,
            message_thread_id=thread,
            disable_notification=delivery.silent or None,
        )


def _alone(delivery: SendChatAlbum) -> SendChatFile:
    item = delivery.items[0]
    return SendChatFile(
        chat_id=delivery.chat_id,
        kind=str(item["kind"]),
        telegram_file_id=str(item.get("telegram_file_id") or ""),
        file_id=int(item.get("file_id") or 0),
        caption=str(item.get("caption") or ""),
        reply_to=delivery.reply_to,
        silent=delivery.silent,
    )
