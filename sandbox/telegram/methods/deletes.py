"""Deleting messages."""

from __future__ import annotations

from sandbox.telegram.access import Access, find_message, has_right
from sandbox.telegram.call import Call, method
from sandbox.telegram.errors import bad_request
from sandbox.telegram.model import Chat, Message
from sandbox.telegram.posting import remove

DELETABLE_SECONDS = 48 * 3600


def may_delete(call: Call, chat: Chat, message: Message) -> bool:
    """The documented conditions: own or incoming in private chats, rights in groups, 48 hours."""
    if has_right(chat, call.bot.id, "can_delete_messages"):
        return True
    fresh = call.world.now() - message.date <= DELETABLE_SECONDS
    if chat.type == "private":
        return fresh
    own = message.sender_id == call.bot.id
    return own and fresh and "supergroup_chat_created" not in message.content


@method("deleteMessage")
def delete_message(call: Call) -> bool:
    """One message, for everybody."""
    if not call.get("message_id"):
        raise bad_request("message identifier is not specified")
    chat = call.chat(Access.EDIT)
    message = find_message(chat, call.get("message_id"), "message to delete")
    if not may_delete(call, chat, message):
        raise bad_request(
            "message can't be deleted for everyone" if chat.type == "private" else "message can't be deleted"
        )
    remove(call.world, chat, message, call.bot.id)
    return True


@method("deleteMessages")
def delete_messages(call: Call) -> bool:
    """Up to 100 messages; missing ones are skipped."""
    numbers = call.get("message_ids")
    if not numbers:
        raise bad_request("message identifiers are not specified")
    if len(numbers) > 100:
        raise bad_request("too many message identifiers specified")
    chat = call.chat(Access.EDIT)
    found = [chat.messages.get(int(number)) for number in numbers]
    present = [message for message in found if message is not None and not message.deleted]
    if any(not may_delete(call, chat, message) for message in present):
        raise bad_request("message can't be deleted")
    for message in present:
        remove(call.world, chat, message, call.bot.id)
    return True
