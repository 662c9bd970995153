"""The bot's own face: commands, menu button, names, descriptions, default rights."""

from __future__ import annotations

import re
from typing import Any

from sandbox.telegram.access import Access, find_chat, find_person
from sandbox.telegram.accounts import ADMIN_RIGHTS
from sandbox.telegram.call import Call, Handler, method
from sandbox.telegram.errors import bad_request
from sandbox.telegram.keyboards import web_app_url
from sandbox.telegram.outgoing import media_content

Json = dict[str, Any]
_COMMAND = re.compile(r"/?([a-z0-9_]{1,32})", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z]{2}")
_PLAIN_SCOPES = {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
_CHAT_SCOPES = {"chat", "chat_administrators", "chat_member"}


def _language(call: Call) -> str:
    code = str(call.get("language_code", ""))
    if code and not _LANGUAGE.fullmatch(code):
        raise bad_request("invalid language code specified")
    return code


def _scope_key(call: Call) -> str:
    scope = call.get("scope") or {"type": "default"}
    kind = scope.get("type")
    if kind in _PLAIN_SCOPES:
        return f"{kind}|{_language(call)}"
    if kind not in _CHAT_SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    chat = find_chat(call.world, call.bot, scope.get("chat_id"), Access.READ)
    if chat.type == "channel":
        raise bad_request("can't change commands in channel chats")
    if chat.type == "private" and kind != "chat":
        raise bad_request("can't use specified scope in private chats")
    member = f":{scope['user_id']}" if kind == "chat_member" else ""
    return f"{kind}:{chat.id}{member}|{_language(call)}"


def _command(item: Json) -> Json:
    match = _COMMAND.fullmatch(str(item.get("command", "")))
    if match is None:
        raise bad_request("BOT_COMMAND_INVALID")
    text = str(item.get("description", "")).strip()
    if not text:
        raise bad_request("command description must be non-empty")
    if len(text) > 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": match[1].lower(), "description": text}


@method("setMyCommands")
def set_my_commands(call: Call) -> bool:
    """The list behind the / button, per scope and language."""
    key = _scope_key(call)
    commands = [_command(item) for item in call.get("commands", [])]
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    if commands:
        call.bot.commands[key] = commands
    else:
        call.bot.commands.pop(key, None)
    call.world.tell("people")
    return True


@method("getMyCommands")
def get_my_commands(call: Call) -> list[Json]:
    """The list of exactly this scope and language."""
    return call.bot.commands.get(_scope_key(call), [])


@method("deleteMyCommands")
def delete_my_commands(call: Call) -> bool:
    """No list for this scope and language."""
    call.bot.commands.pop(_scope_key(call), None)
    call.world.tell("people")
    return True


@method("setChatMenuButton")
def set_chat_menu_button(call: Call) -> bool:
    """What stands beside the input field, for everybody or for one person."""
    button = call.get("menu_button") or {"type": "default"}
    kind = button.get("type")
    if kind not in {"default", "commands", "web_app"}:
        raise bad_request("can't parse menu button: MenuButton has unsupported type")
    if kind == "web_app":
        if not button.get("text"):
            raise bad_request("can't parse menu button: Can't find field \"text\"")
        url = web_app_url(button.get("web_app"), "menu button Web App URL")
        button = {"type": kind, "text": str(button["text"]), "web_app": {"url": url}}
    else:
        button = {"type": kind}
    key = str(_menu_chat(call))
    if kind == "default":
        call.bot.menu_buttons.pop(key, None)
    else:
        call.bot.menu_buttons[key] = button
    call.world.tell("people")
    return True


@method("getChatMenuButton")
def get_chat_menu_button(call: Call) -> Json:
    """The button of one person, else the one for everybody."""
    fallback = call.bot.menu_buttons.get("", {"type": "default" if "chat_id" in call.params else "commands"})
    return call.bot.menu_buttons.get(str(_menu_chat(call)), fallback)


def _menu_chat(call: Call) -> int | str:
    if not call.get("chat_id"):
        return ""
    chat = find_chat(call.world, call.bot, call.get("chat_id"), Access.READ)
    if chat.type != "private":
        raise bad_request("chat not found")
    return chat.user_id


def _register_text(kind: str, suffix: str, limit: int, refusal: str) -> None:
    def put(call: Call) -> bool:
        text = str(call.get(kind, ""))
        if len(text) > limit:
            raise bad_request(refusal)
        key = f"{kind}:{_language(call)}"
        if text:
            call.bot.texts[key] = text
        else:
            call.bot.texts.pop(key, None)
        if kind == "name" and key == "name:" and text:
            call.bot.first_name = text
        call.world.tell("people")
        return True

    def read(call: Call) -> Json:
        found = call.bot.texts.get(f"{kind}:{_language(call)}") or call.bot.texts.get(f"{kind}:", "")
        return {kind: found or (call.bot.first_name if kind == "name" else "")}

    setter: Handler = put
    getter: Handler = read
    method(f"setMy{suffix}")(setter)
    method(f"getMy{suffix}")(getter)


for _kind, _suffix, _limit, _refusal in (
    ("name", "Name", 64, "BOT_TITLE_INVALID"),
    ("description", "Description", 512, "BOT_DESCRIPTION_INVALID"),
    ("short_description", "ShortDescription", 120, "BOT_SHORT_DESCRIPTION_INVALID"),
):
    _register_text(_kind, _suffix, _limit, _refusal)


@method("setMyDefaultAdministratorRights")
def set_my_default_administrator_rights(call: Call) -> bool:
    """Rights that the bot asks for when it is added."""
    key = "channels" if call.get("for_channels") else "groups"
    rights = call.get("rights")
    if rights:
        wanted = {**rights, "is_anonymous": False} if key == "channels" else rights
        call.bot.admin_rights[key] = {name: bool(wanted.get(name, False)) for name in _right_names(key)}
    else:
        call.bot.admin_rights.pop(key, None)
    return True


@method("getMyDefaultAdministratorRights")
def get_my_default_administrator_rights(call: Call) -> Json:
    """The rights set before, or none."""
    key = "channels" if call.get("for_channels") else "groups"
    return call.bot.admin_rights.get(key, dict.fromkeys(_right_names(key), False))


def _right_names(key: str) -> list[str]:
    dropped = (
        {"can_pin_messages", "can_manage_topics", "can_manage_tags"}
        if key == "channels"
        else {"can_post_messages", "can_edit_messages"}
    )
    return [name for name in ADMIN_RIGHTS if name not in {*dropped, "can_be_edited"}]


@method("setMyProfilePhoto", gaps="of an animation the first picture is not taken: it must be a picture")
async def set_my_profile_photo(call: Call) -> bool:
    """A picture of the bot, sent along with the call."""
    given = call.get("photo")
    kind = given.get("type")
    if kind not in {"static", "animated"}:
        raise bad_request("invalid profile photo type specified")
    source = str(given.get("photo" if kind == "static" else "animation") or "")
    if call.upload(source.removeprefix("attach://")) is None:
        raise bad_request("photo must be uploaded as a file")
    call.bot.photos.insert(0, (await media_content(call, "photo", source))["photo"])
    call.world.tell("people")
    return True


@method("removeMyProfilePhoto")
def remove_my_profile_photo(call: Call) -> bool:
    """The bot's newest picture goes."""
    del call.bot.photos[:1]
    call.world.tell("people")
    return True


@method("savePreparedKeyboardButton", gaps="kept; no Mini App here asks for such a button")
def save_prepared_keyboard_button(call: Call) -> Json:
    """A button that a Mini App may offer the person, of the kinds that ask for somebody or something."""
    button = call.get("button")
    find_person(call.world, call.get("user_id"))
    if not {"request_users", "request_chat", "request_managed_bot"} & set(button):
        raise bad_request("BUTTON_TYPE_INVALID")
    prepared_id = call.world.secret("prepared", 22)
    call.world.state.prepared[prepared_id] = {"bot_id": call.bot.id, "user_id": call.get("user_id"), "button": button}
    return {"id": prepared_id}
