"""Topics of forums and of private chats with bots that have topics."""

from __future__ import annotations

from typing import Any

from sandbox.telegram.access import Access, has_right
from sandbox.telegram.call import Call, method
from sandbox.telegram.errors import bad_request
from sandbox.telegram.model import Chat, Message, Topic
from sandbox.telegram.posting import post, remove
from sandbox.telegram.render import GENERAL_TOPIC
from sandbox.telegram.sticker_sets import icon_set, shown_set

Json = dict[str, Any]
COLORS = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)


def forum(call: Call, *, manage: bool = True) -> Chat:
    """The forum, or the private chat of a bot with topics, that a call speaks of."""
    chat = call.chat(Access.WRITE)
    if chat.type == "private":
        if not call.bot.has_topics_enabled:
            raise bad_request("the chat is not a forum")
        return chat
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    if manage and not has_right(chat, call.bot.id, "can_manage_topics"):
        raise bad_request(f"not enough rights to {_deed(call.method)}")
    return chat


def _deed(method_name: str) -> str:
    """What a method does to a topic, in the words of a refusal."""
    if method_name.startswith("create"):
        return "create a topic"
    if method_name.startswith(("close", "reopen", "hide", "unhide")):
        return "close or open the topic"
    return "delete the topic" if method_name.startswith("delete") else "edit the topic"


def _topic(call: Call, chat: Chat) -> Topic:
    topic = chat.topics.get(int(call.get("message_thread_id", 0)))
    if topic is None:
        raise bad_request("message thread not found")
    return topic


def _notice(call: Call, chat: Chat, topic: Topic, content: Json) -> Message:
    message = Message(0, 0, call.bot.id, content, thread_id=topic.message_thread_id)
    return post(call.world, chat, message)


def _check_name(name: str) -> str:
    if not name.strip():
        raise bad_request("name must be non-empty")
    if len(name) > 128:
        raise bad_request("TOPIC_TITLE_TOO_LONG")
    return name


@method("createForumTopic")
def create_forum_topic(call: Call) -> Json:
    """A new topic; its id is the id of the notice that opens it."""
    chat = forum(call)
    color = int(call.get("icon_color", COLORS[0]))
    if color not in COLORS:
        raise bad_request("invalid icon color specified")
    made: Json = {"name": _check_name(call.get("name")), "icon_color": color}
    if call.get("icon_custom_emoji_id"):
        made["icon_custom_emoji_id"] = call.get("icon_custom_emoji_id")
    notice = post(call.world, chat, Message(0, 0, call.bot.id, {"forum_topic_created": made}))
    notice.thread_id = notice.message_id
    topic = Topic(notice.message_id, made["name"], color, made.get("icon_custom_emoji_id", ""))
    chat.topics[topic.message_thread_id] = topic
    call.world.tell("chat", chat=chat.key)
    return {"message_thread_id": topic.message_thread_id, **made}


@method("editForumTopic")
def edit_forum_topic(call: Call) -> bool:
    """Another name or icon."""
    chat = forum(call)
    topic = _topic(call, chat)
    changed: Json = {}
    if call.get("name") and _check_name(call.get("name")) != topic.name:
        topic.name = changed["name"] = call.get("name")
    if "icon_custom_emoji_id" in call.raw and call.get("icon_custom_emoji_id", "") != topic.icon_custom_emoji_id:
        topic.icon_custom_emoji_id = changed["icon_custom_emoji_id"] = call.get("icon_custom_emoji_id", "")
    if not changed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    _notice(call, chat, topic, {"forum_topic_edited": changed})
    return True


def _set_closed(call: Call, chat: Chat, topic: Topic, *, closed: bool) -> bool:
    if topic.closed == closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.closed = closed
    _notice(call, chat, topic, {"forum_topic_closed" if closed else "forum_topic_reopened": {}})
    return True


def _supergroup(call: Call) -> Chat:
    chat = forum(call)
    if chat.type == "private":
        raise bad_request("the chat is not a supergroup forum")
    return chat


@method("closeForumTopic")
def close_forum_topic(call: Call) -> bool:
    """Nobody writes there any more."""
    chat = _supergroup(call)
    return _set_closed(call, chat, _topic(call, chat), closed=True)


@method("reopenForumTopic")
def reopen_forum_topic(call: Call) -> bool:
    """Writing is possible again."""
    chat = _supergroup(call)
    return _set_closed(call, chat, _topic(call, chat), closed=False)


@method("deleteForumTopic")
def delete_forum_topic(call: Call) -> bool:
    """The topic with all its messages."""
    chat = forum(call)
    topic = _topic(call, chat)
    del chat.topics[topic.message_thread_id]
    for message in chat.messages.values():
        if message.thread_id == topic.message_thread_id and not message.deleted:
            remove(call.world, chat, message, call.bot.id)
    return True


def _general(call: Call) -> tuple[Chat, Topic]:
    chat = _supergroup(call)
    return chat, chat.topics.setdefault(GENERAL_TOPIC, Topic(GENERAL_TOPIC, "General"))


@method("editGeneralForumTopic")
def edit_general_forum_topic(call: Call) -> bool:
    """Another name for the first topic."""
    chat, topic = _general(call)
    topic.name = _check_name(call.get("name"))
    _notice(call, chat, topic, {"forum_topic_edited": {"name": topic.name}})
    return True


@method("closeGeneralForumTopic")
def close_general_forum_topic(call: Call) -> bool:
    """Closes the first topic."""
    chat, topic = _general(call)
    return _set_closed(call, chat, topic, closed=True)


@method("reopenGeneralForumTopic")
def reopen_general_forum_topic(call: Call) -> bool:
    """Opens the first topic again."""
    chat, topic = _general(call)
    return _set_closed(call, chat, topic, closed=False)


def _set_hidden(call: Call, *, hidden: bool) -> bool:
    chat, topic = _general(call)
    if topic.hidden == hidden:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.hidden = hidden
    _notice(call, chat, topic, {"general_forum_topic_hidden" if hidden else "general_forum_topic_unhidden": {}})
    return True


@method("hideGeneralForumTopic")
def hide_general_forum_topic(call: Call) -> bool:
    """Hides the first topic."""
    return _set_hidden(call, hidden=True)


@method("unhideGeneralForumTopic")
def unhide_general_forum_topic(call: Call) -> bool:
    """Shows the first topic again."""
    return _set_hidden(call, hidden=False)


@method("getForumTopicIconStickers", gaps="a short list of the sandbox's own")
def get_forum_topic_icon_stickers(call: Call) -> list[Json]:
    """Custom emoji that any topic may have as its icon."""
    icons: list[Json] = shown_set(call.world, icon_set(call.world))["stickers"]
    return icons
