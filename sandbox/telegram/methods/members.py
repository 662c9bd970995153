"""Banning, restricting and promoting members; requests to join."""

from __future__ import annotations

from typing import Any

from sandbox.telegram import deadlines
from sandbox.telegram.access import Access, is_admin, is_member, require_right
from sandbox.telegram.accounts import ADMIN_RIGHTS, admin_facts
from sandbox.telegram.call import Call, method
from sandbox.telegram.errors import bad_request
from sandbox.telegram.methods.chats import DEFAULT_PERMISSIONS, group_only
from sandbox.telegram.model import Chat, Message, Person
from sandbox.telegram.posting import member_changed, post, remove, service
from sandbox.telegram.render import user_json

Json = dict[str, Any]


def _subject(call: Call, chat: Chat) -> int:
    user_id = int(call.get("user_id"))
    if call.world.account(user_id) is None:
        raise bad_request("PARTICIPANT_ID_INVALID" if user_id > 0 else "invalid user_id specified")
    if chat.members.get(user_id, {}).get("status") == "creator":
        raise bad_request("can't remove chat owner")
    return user_id


@method("banChatMember")
def ban_chat_member(call: Call) -> bool:
    """Out, and not back in."""
    chat = group_only(call, Access.EDIT)
    require_right(chat, call.bot, "can_restrict_members", "not enough rights to restrict/unrestrict chat member")
    user_id = _subject(call, chat)
    if is_admin(chat, user_id):
        raise bad_request("user is an administrator of the chat")
    was_in = is_member(chat, user_id)
    until = deadlines.end_of(call.world, int(call.get("until_date", 0)))
    member_changed(call.world, chat, call.bot.id, user_id, {"status": "kicked", "until_date": until})
    deadlines.watch_member(call.world, chat, user_id, until)
    if was_in and chat.type != "channel":
        service(call.world, chat, call.bot.id, {"left_chat_member": user_json(call.world.account(user_id), user_id)})
    if call.get("revoke_messages"):
        for message in chat.messages.values():
            if message.sender_id == user_id and not message.deleted:
                remove(call.world, chat, message, call.bot.id)
    return True


@method("unbanChatMember")
def unban_chat_member(call: Call) -> bool:
    """May come back; a member who was not banned is put out unless ``only_if_banned``."""
    chat = group_only(call, Access.EDIT)
    require_right(chat, call.bot, "can_restrict_members", "not enough rights to restrict/unrestrict chat member")
    user_id = _subject(call, chat)
    banned = chat.members.get(user_id, {}).get("status") == "kicked"
    if banned or not call.get("only_if_banned"):
        member_changed(call.world, chat, call.bot.id, user_id, {"status": "left"})
    return True


@method("restrictChatMember", ignored=("use_independent_chat_permissions",))
def restrict_chat_member(call: Call) -> bool:
    """Takes rights of one member."""
    chat = group_only(call, Access.EDIT)
    if chat.type != "supergroup":
        raise bad_request("method is available only for supergroups")
    require_right(chat, call.bot, "can_restrict_members", "not enough rights to restrict/unrestrict chat member")
    user_id = _subject(call, chat)
    given = call.get("permissions")
    rights = {name: bool(given.get(name, False)) for name in DEFAULT_PERMISSIONS}
    if all(rights[name] for name, value in DEFAULT_PERMISSIONS.items() if value):
        facts: Json = {"status": "member"}
    else:
        until = deadlines.end_of(call.world, int(call.get("until_date", 0)))
        facts = {"status": "restricted", "is_member": is_member(chat, user_id), **rights, "until_date": until}
        deadlines.watch_member(call.world, chat, user_id, until)
    member_changed(call.world, chat, call.bot.id, user_id, facts)
    return True


@method("promoteChatMember")
def promote_chat_member(call: Call) -> bool:
    """Gives rights; none at all makes a plain member again."""
    chat = group_only(call, Access.EDIT)
    require_right(chat, call.bot, "can_promote_members", "not enough rights")
    user_id = _subject(call, chat)
    given = {name: bool(call.get(name)) for name in ADMIN_RIGHTS if name in call.params}
    if any(given.values()):
        cleared = dict.fromkeys((name for name in ADMIN_RIGHTS if name.startswith("can_")), False)
        facts = admin_facts(chat.type, **{**cleared, "can_manage_chat": True, "can_be_edited": True, **given})
    else:
        facts = {"status": "member"}
    member_changed(call.world, chat, call.bot.id, user_id, facts)
    return True


@method("setChatAdministratorCustomTitle")
def set_chat_administrator_custom_title(call: Call) -> bool:
    """A title beside an administrator's name."""
    chat = group_only(call, Access.EDIT)
    if chat.type != "supergroup":
        raise bad_request("method is available only for groups and supergroups")
    user_id = int(call.get("user_id"))
    facts = chat.members.get(user_id, {})
    if facts.get("status") != "administrator":
        only_owner = facts.get("status") == "creator"
        raise bad_request(
            "only the owner can edit their custom title" if only_owner else "user is not an administrator"
        )
    if len(str(call.get("custom_title"))) > 16:
        raise bad_request("CUSTOM_TITLE_INVALID")
    member_changed(call.world, chat, call.bot.id, user_id, {**facts, "custom_title": call.get("custom_title")})
    return True


def _requester(call: Call) -> tuple[Chat, Person]:
    chat = group_only(call, Access.EDIT)
    require_right(chat, call.bot, "can_invite_users", "not enough rights")
    person = call.world.state.people.get(int(call.get("user_id")))
    if person is None or person.id not in chat.join_requests:
        joined = person is not None and is_member(chat, person.id)
        raise bad_request("USER_ALREADY_PARTICIPANT" if joined else "HIDE_REQUESTER_MISSING")
    chat.join_requests.remove(person.id)
    return chat, person


@method("approveChatJoinRequest")
def approve_chat_join_request(call: Call) -> bool:
    """Lets somebody in who asked."""
    chat, person = _requester(call)
    member_changed(call.world, chat, call.bot.id, person.id, {"status": "member"}, via_join_request=True)
    if chat.type != "channel":
        post(call.world, chat, Message(0, 0, person.id, {"new_chat_members": [user_json(person)]}))
    return True


@method("declineChatJoinRequest")
def decline_chat_join_request(call: Call) -> bool:
    """Leaves somebody out who asked."""
    _requester(call)
    return True
