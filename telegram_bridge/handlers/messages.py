"""Messages of a conversation: what a person writes, sends or changes in their chat with the bot."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from telebot.types import Message

from b24app.errors import DomainError, NotFound
from b24app.services import conversations, drafts, message_changes, messages
from b24app.services.spoken import Spoken
from storage.models import Conversation
from storage.models import Message as KeptMessage
from telegram_bridge.buttons import opened_by
from telegram_bridge.chats import show_chats
from telegram_bridge.content import Content, content_of
from telegram_bridge.handlers import form_files, form_messages
from telegram_bridge.miniapp.uploads import safe_name
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
    opened = opened_by(message.reply_to_message)
    conversation = conversation_for(reply.uow, reply.person, replied, message.message_thread_id, opened=opened)
    if conversation is None:
        text, buttons = show_chats(reply)
        not_sent = reply.t("This message was not sent yet: it is not clear to whom.")
        reply.say(f"{not_sent}\n{text}", buttons, reply_to=message.message_id)
        return
    key = source_key(reply.person.chat_id, message.message_id)
    _carry(reply, message, conversation, content, key=key, reply_to=str(replied or ""))


def _carry(
    reply: Reply, message: Message, conversation: Conversation, content: Content, *, key: str, reply_to: str
) -> None:
    try:
        with reply.uow.session.begin_nested():
            messages.say(
                reply.uow,
                reply.person,
                conversation,
                Spoken(
                    kind=content.kind,
                    text=_text(content),
                    source_key=key,
                    telegram_file_id=content.telegram_file_id,
                    telegram_unique_id=content.unique_id,
                    file_name=safe_name(content.file_name) if content.file_name else "",
                    reply_to_outside_id=reply_to,
                    quote=content.quote,
                    album=content.album,
                    size=content.size,
                    written_at=datetime.fromtimestamp(message.date, UTC) if message.date else None,
                ),
            )
    except DomainError as error:
        reply.say(reply.polite(error), reply_to=message.message_id)


def _answers_a_form(reply: Reply, message: Message) -> bool:
    """Let the form whose question waits in the chat take a text, a location or a file."""
    try:
        if message.text:
            return form_messages.take(reply, message.text, message_id=message.message_id)
        if message.location:
            point = message.location.latitude, message.location.longitude
            return form_messages.take_point(reply, *point, message_id=message.message_id)
        return form_files.take_file(reply, content_of(message), message_id=message.message_id)
    except DomainError as error:
        reply.say(reply.polite(error), reply_to=message.message_id)
        return True


def handle_edit(reply: Reply, message: Message) -> None:
    """Carry a change of a message; one that answered a form corrects it.

    One that is in no conversation is taken as it reads now: its original may come later, or never.

    A file put in the place of another goes on as a new message; of a live location only where it stops.
    """
    content = content_of(message)
    if content.is_moving:
        return
    if form_messages.correct(reply, message.message_id, message.text or ""):
        return
    key = source_key(reply.person.chat_id, message.message_id)
    known = messages.find(reply.uow, PLACE, key)
    try:
        if known is not None and _is_another_file(known, content):
            _replace_file(reply, message, known, content)
            return
        with reply.uow.session.begin_nested():
            message_changes.edit(reply.uow, source=PLACE, source_key=key, text=_text(content))
    except NotFound as error:
        if known is not None:
            # It was said in a conversation that is the person's no more.
            reply.say(reply.polite(error), reply_to=message.message_id)
        elif is_registered(reply) and not (message.text or "").startswith("/"):
            handle(reply, message)
    except DomainError as error:
        reply.say(reply.polite(error), reply_to=message.message_id)


def _is_another_file(known: KeptMessage, content: Content) -> bool:
    # Of what came before files were told apart only the name is known, and Telegram may have changed that.
    told = known.telegram_unique_id or not known.telegram_file_id
    return bool(told) and content.unique_id not in {"", known.telegram_unique_id}


def _replace_file(reply: Reply, message: Message, known: KeptMessage, content: Content) -> None:
    """Send the file that took the place of another, once, as an answer to it; further changes of its caption change that message."""
    key = f"{known.source_key}#{content.unique_id}"
    try:
        message_changes.edit(reply.uow, source=PLACE, source_key=key, text=_text(content))
    except NotFound:
        conversation = conversations.get_for(reply.uow, reply.person, known.conversation_id)
        alone = replace(content, album="")
        _carry(reply, message, conversation, alone, key=key, reply_to=str(message.message_id))


def _text(content: Content) -> str:
    # Where it was forwarded from stays out: before the contract that would name somebody.
    return f"↪️ {content.text}".strip() if content.is_forwarded else content.text


def _refusal(reply: Reply, content: Content) -> str:
    t = reply.t
    if not content.kind:
        return t("Messages of this kind cannot be carried. Please send text, pictures, files, voice or a location.")
    return ""
