"""Pinned messages."""

from __future__ import annotations

from sandbox.telegram.access import Access, find_message, has_right
from sandbox.telegram.call import Call, method
from sandbox.telegram.errors import bad_request
from sandbox.telegram.model import Chat
from sandbox.telegram.posting import is_service, service
from sandbox.telegram.render import GENERAL_TOPIC


def _chat(call: Call) -> Chat:
    chat = call.chat(Access.EDIT)
    right = "can_edit_messages" if chat.type == "channel" else "can_pin_messages"
    if chat.type != "private" and not has_right(chat, call.bot.id, right):
        raise bad_request("not enough rights to manage pinned messages in the chat")
    return chat


@method("pinChatMessage", ignored=("disable_notification", "business_connection_id"))
def pin_chat_message(call: Call) -> bool:
    """Puts a message on top."""
    chat = _chat(call)
    message = find_message(chat, call.get("message_id"), "message to pin")
    if is_service(message):
        raise bad_request("service messages can't be pinned")
    if message.message_id in chat.pinned:
        chat.pinned.remove(message.message_id)
    chat.pinned.append(message.message_id)
    notice = {"pinned_message_id": message.message_id}
    service(call.world, chat, call.bot.id, notice, message.thread_id)
    return True


@method("unpinChatMessage", ignored=("business_connection_id",))
def unpin_chat_message(call: Call) -> bool:
    """Takes one message, or the latest pinned one, off the top."""
    chat = _chat(call)
    message_id = call.get("message_id") or (chat.pinned[-1] if chat.pinned else 0)
    if message_id not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(message_id)
    call.world.tell("chat", chat=chat.key)
    return True


@method("unpinAllChatMessages")
def unpin_all_chat_messages(call: Call) -> bool:
    """Nothing is pinned any more."""
    chat = _chat(call)
    chat.pinned.clear()
    call.world.tell("chat", chat=chat.key)
    return True


def _unpin_topic(call: Call, thread_id: int) -> bool:
    chat = _chat(call)
    kept = [number for number in chat.pinned if chat.messages[number].thread_id != thread_id]
    chat.pinned[:] = kept
    call.world.tell("chat", chat=chat.key)
    return True


@method("unpinAllForumTopicMessages")
def unpin_all_forum_topic_messages(call: Call) -> bool:
    """Nothing is pinned in one topic."""
    return _unpin_topic(call, int(call.get("message_thread_id")))


@method("unpinAllGeneralForumTopicMessages")
def unpin_all_general_forum_topic_messages(call: Call) -> bool:
    """Nothing is pinned in the first topic."""
    return _unpin_topic(call, GENERAL_TOPIC)
