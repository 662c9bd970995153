"""Messages of a conversation: what a person writes, sends or changes in their chat with the bot."""

from __future__ import annotations

from datetime import UTC, datetime

from telebot.types import Message

from b24app.errors import DomainError, NotFound
from b24app.services import drafts, messages
from telegram_bridge.chats import show_chats
from telegram_bridge.content import Content, content_of
from telegram_bridge.handlers import filling
from telegram_bridge.reply import Reply
from telegram_bridge.routing import PLACE, conversation_for, source_key
from telegram_bridge.steps import is_registered, next_step


def handle(reply: Reply, message: Message) -> None:
    """Carry a new message into its conversation, or say why it cannot be carried; a form in the chat takes what is typed first."""
    if message.reply_to_message is None and _answers_a_form(reply, message):
        return
    if not is_registered(reply):
        if message.location and drafts.put_point(
            reply.uow, reply.person, message.location.latitude, message.location.longitude
        ):
            reply.say(reply.t("This place is in your questionnaire now: the point on the map."))
        reply.say(*next_step(reply))
        return
    content = content_of(message)
    if refusal := _refusal(reply, content):
        reply.say(refusal, reply_to=message.message_id)
        return
    replied = message.reply_to_message.message_id if message.reply_to_message else None
    conversation = conversation_for(reply.uow, reply.person, replied, message.message_thread_id)
    if conversation is None:
        text, buttons = show_chats(reply)
        not_sent = reply.t("This message was not sent yet: it is not clear to whom.")
        reply.say(f"{not_sent}\n{text}", buttons, reply_to=message.message_id)
        return
    try:
        with reply.uow.session.begin_nested():
            messages.say(
                reply.uow,
                reply.person,
                conversation,
                kind=content.kind,
                text=_text(content),
                source_key=source_key(reply.person.chat_id, message.message_id),
                telegram_file_id=content.telegram_file_id,
                reply_to_outside_id=str(replied or ""),
                quote=content.quote,
                album=content.album,
                size=content.size,
                written_at=datetime.fromtimestamp(message.date, UTC) if message.date else None,
            )
    except DomainError as error:
        reply.say(reply.polite(error), reply_to=message.message_id)


def _answers_a_form(reply: Reply, message: Message) -> bool:
    """Let the form whose question waits in the chat take a text, a location or a file."""
    try:
        if message.text:
            return filling.take(reply, message.text)
        if message.location:
            return filling.take_point(reply, message.location.latitude, message.location.longitude)
        return filling.take_file(reply, content_of(message))
    except DomainError as error:
        reply.say(reply.polite(error), reply_to=message.message_id)
        return True


def handle_edit(reply: Reply, message: Message) -> None:
    """Carry a change of a message. One that is in no conversation is taken as it reads now: its original may come later, or never."""
    key, text = source_key(reply.person.chat_id, message.message_id), _text(content_of(message))
    try:
        with reply.uow.session.begin_nested():
            messages.edit(reply.uow, source=PLACE, source_key=key, text=text)
    except NotFound:
        if is_registered(reply) and not (message.text or "").startswith("/"):
            handle(reply, message)
    except DomainError as error:
        reply.say(reply.polite(error), reply_to=message.message_id)


def _text(content: Content) -> str:
    # Where it was forwarded from stays out: before the contract that would name somebody.
    return f"↪️ {content.text}".strip() if content.is_forwarded else content.text


def _refusal(reply: Reply, content: Content) -> str:
    t = reply.t
    if not content.kind:
        return t("Messages of this kind cannot be carried. Please send text, pictures, files, voice or a location.")
    return ""
