"""Facts about chats and changes of their title, description, photo and permissions."""

from __future__ import annotations

from typing import Any

from sandbox.telegram.access import Access, is_admin, is_member, require_right
from sandbox.telegram.call import Call, method
from sandbox.telegram.errors import bad_request
from sandbox.telegram.files import by_file_id
from sandbox.telegram.model import Bot, Chat
from sandbox.telegram.outgoing import media_content
from sandbox.telegram.posting import member_changed, service
from sandbox.telegram.render import chat_json, member_json, pinned_json, user_json

Json = dict[str, Any]
DEFAULT_PERMISSIONS = {
    "can_send_messages": True,
    "can_send_audios": True,
    "can_send_documents": True,
    "can_send_photos": True,
    "can_send_videos": True,
    "can_send_video_notes": True,
    "can_send_voice_notes": True,
    "can_send_polls": True,
    "can_send_other_messages": True,
    "can_add_web_page_previews": True,
    "can_change_info": False,
    "can_invite_users": True,
    "can_pin_messages": False,
    "can_manage_topics": False,
}


@method("getChat", gaps="colours, gifts and profile extras are always the default")
def get_chat(call: Call) -> Json:
    """``ChatFullInfo``."""
    chat = call.chat(Access.READ)
    shown: Json = {**chat_json(call.world, chat), "accent_color_id": 0, "max_reaction_count": 11}
    accepted = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    shown["accepted_gift_types"] = dict.fromkeys(accepted, False)
    if shown.get("username"):
        shown["active_usernames"] = [shown["username"]]
    if chat.type != "private":
        if chat.description:
            shown["description"] = chat.description
        if chat.type != "channel":
            shown["permissions"] = {**DEFAULT_PERMISSIONS, **chat.permissions}
        if chat.photo:
            shown["photo"] = chat.photo
        if chat.sticker_set_name:
            shown["sticker_set_name"] = chat.sticker_set_name
        primary = next((link for link in chat.invite_links if link["is_primary"] and not link["is_revoked"]), None)
        if primary:
            shown["invite_link"] = primary["invite_link"]
    if chat.pinned:
        shown["pinned_message"] = pinned_json(call.world, chat, chat.pinned[-1])
    return shown


def group_only(call: Call, access: Access = Access.READ) -> Chat:
    """The chat of a call that makes no sense in private chats."""
    chat = call.chat(access)
    if chat.type == "private":
        raise bad_request("method is available for supergroup and channel chats only")
    return chat


@method("getChatMember")
def get_chat_member(call: Call) -> Json:
    """Somebody's standing in a chat."""
    chat = call.chat(Access.READ)
    user_id = call.get("user_id")
    account = call.world.account(user_id)
    if account is None:
        raise bad_request("invalid user_id specified" if user_id <= 0 else "member not found")
    if chat.type == "private":
        if user_id not in {chat.user_id, chat.bot_id}:
            raise bad_request("member not found")
        return {"user": user_json(account), "status": "member"}
    return member_json(call.world, chat, user_id)


@method("getChatAdministrators")
def get_chat_administrators(call: Call) -> list[Json]:
    """The owner and the administrators; other bots only when they are asked for."""
    chat = call.chat(Access.READ)
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    shown = [
        member_json(call.world, chat, account_id)
        for account_id in chat.members
        if is_admin(chat, account_id)
        and (
            account_id == call.bot.id or call.get("return_bots") or not isinstance(call.world.account(account_id), Bot)
        )
    ]
    return sorted(shown, key=lambda member: member["status"] != "creator")


@method("getChatMemberCount")
def get_chat_member_count(call: Call) -> int:
    """How many are inside."""
    chat = call.chat(Access.READ)
    return 2 if chat.type == "private" else sum(is_member(chat, account_id) for account_id in chat.members)


@method("leaveChat")
def leave_chat(call: Call) -> bool:
    """The bot goes."""
    chat = call.chat(Access.READ)
    if chat.type == "private":
        raise bad_request("chat not found")
    member_changed(call.world, chat, call.bot.id, call.bot.id, {"status": "left"})
    if chat.type != "channel":
        service(call.world, chat, call.bot.id, {"left_chat_member": user_json(call.bot)})
    return True


@method("setChatTitle")
def set_chat_title(call: Call) -> bool:
    """Another title; the same again changes nothing."""
    title = str(call.get("title")).strip()
    if not title:
        raise bad_request("title must be non-empty")
    chat = _changeable(call)
    if len(title) > 128:
        raise bad_request("title is too long")
    if title != chat.title:
        chat.title = title
        service(call.world, chat, call.bot.id, {"new_chat_title": title})
    return True


@method("setChatDescription")
def set_chat_description(call: Call) -> bool:
    """Another description, or none."""
    chat = _changeable(call)
    text = call.get("description", "")
    if len(text) > 255:
        raise bad_request("CHAT_ABOUT_TOO_LONG")
    if text == chat.description:
        raise bad_request("chat description is not modified")
    chat.description = text
    call.world.tell("chat", chat=chat.key)
    return True


def _changeable(call: Call) -> Chat:
    chat = call.chat(Access.EDIT)
    part = next(word for word in ("title", "description", "photo") if word in call.method)
    if chat.type == "private":
        raise bad_request(f"can't change private chat {part}")
    verb = "set" if part == "description" else "change"
    require_right(chat, call.bot, "can_change_info", f"not enough rights to {verb} chat {part}")
    return chat


@method("setChatPhoto")
async def set_chat_photo(call: Call) -> bool:
    """Another picture."""
    chat = _changeable(call)
    if call.upload("photo") is None:
        raise bad_request("photo must be uploaded as an InputFile")
    sizes = (await media_content(call, "photo", call.get("photo")))["photo"]
    small, big = sizes[0], sizes[-1]
    chat.photo = {
        "small_file_id": small["file_id"],
        "small_file_unique_id": small["file_unique_id"],
        "big_file_id": big["file_id"],
        "big_file_unique_id": big["file_unique_id"],
    }
    service(call.world, chat, call.bot.id, {"new_chat_photo": sizes})
    return True


@method("deleteChatPhoto")
def delete_chat_photo(call: Call) -> bool:
    """No picture any more."""
    chat = _changeable(call)
    if not chat.photo or by_file_id(call.world, chat.photo["big_file_id"]) is None:
        raise bad_request("CHAT_NOT_MODIFIED")
    chat.photo = {}
    service(call.world, chat, call.bot.id, {"delete_chat_photo": True})
    return True


@method("setChatPermissions", ignored=("use_independent_chat_permissions",))
def set_chat_permissions(call: Call) -> bool:
    """What plain members may do."""
    chat = call.chat(Access.EDIT)
    if chat.type in {"private", "channel"}:
        raise bad_request(f"can't change {chat.type} chat permissions")
    require_right(chat, call.bot, "can_restrict_members", "not enough rights to change chat permissions")
    given = call.get("permissions")
    chat.permissions = {name: bool(given.get(name, False)) for name in DEFAULT_PERMISSIONS}
    call.world.tell("chat", chat=chat.key)
    return True
