"""sendMessage, drafts and chat actions."""

from __future__ import annotations

from typing import Any

from sandbox.telegram.access import Access
from sandbox.telegram.call import Call, method
from sandbox.telegram.errors import bad_request
from sandbox.telegram.outgoing import SENT_ONLY_NOTED, answer, send, text_content, thread_of

_ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}


@method("sendMessage", ignored=SENT_ONLY_NOTED, gaps="link previews are stored, never generated")
def send_message(call: Call) -> Any:
    """Text to a chat."""
    content = text_content(call.get("text"), call.get("parse_mode"), call.get("entities"))
    if call.get("link_preview_options"):
        content["link_preview_options"] = call.get("link_preview_options")
    chat = call.chat(Access.WRITE)
    return answer(call, chat, send(call, chat, content))


@method("sendMessageDraft", gaps="the growing text is shown to the person until a message replaces it; no expiry")
def send_message_draft(call: Call) -> bool:
    """A text that is still being written, shown only to the person."""
    if not call.get("draft_id"):
        raise bad_request("DRAFT_ID_INVALID")
    chat = call.chat(Access.WRITE)
    if chat.type != "private":
        raise bad_request("PEER_ID_INVALID")
    draft: dict[str, Any] = {"id": call.get("draft_id"), "thread_id": thread_of(call, chat)}
    if call.get("text"):
        draft.update(text_content(call.get("text"), call.get("parse_mode"), call.get("entities")))
    chat.draft = draft
    call.world.tell("draft", chat=chat.key)
    return True


@method("sendChatAction")
def send_chat_action(call: Call) -> bool:
    """Typing and its relatives; shown for five seconds."""
    action = str(call.get("action")).lower()
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = call.chat(Access.WRITE)
    chat.action = {"action": action, "until": call.world.now() + 5, "bot_id": call.bot.id}
    call.world.tell("action", chat=chat.key, action=action)
    return True
