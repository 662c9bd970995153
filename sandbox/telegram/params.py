"""Parameters of a call: from text, JSON or form parts to values of the documented types.

The contract says which parameters a method has; unknown ones are ignored as the real service ignores them. Refusals
use the real service's words where they are known.
"""

from __future__ import annotations

import json
import math
import re
from functools import cache
from typing import Any

from sandbox.contract import load
from sandbox.telegram.errors import ApiError, bad_request
from sandbox.wire import Upload

_DIGITS = re.compile(r"-?\d+")
_TRUE = {"true", "yes", "1"}
_MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "user_id": "invalid user_id specified",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "latitude": "latitude is empty",
    "longitude": "longitude is empty",
    "action": "wrong parameter action in request",
    "file_id": "file_id not specified",
    "video_note": "there is no video note in the request",
}
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
_MISSING_OF = {
    ("answercallbackquery", "callback_query_id"): _TOO_OLD,
    ("answerinlinequery", "inline_query_id"): _TOO_OLD,
    ("answerprecheckoutquery", "pre_checkout_query_id"): _TOO_OLD,
    ("answershippingquery", "shipping_query_id"): _TOO_OLD,
    ("answerwebappquery", "result"): "result isn't specified",
    ("savepreparedinlinemessage", "result"): "result isn't specified",
    ("setchattitle", "title"): "title must be non-empty",
    ("createforumtopic", "name"): "name must be non-empty",
    ("editgeneralforumtopic", "name"): "name must be non-empty",
}
# What the service does without, whatever its table says: an empty address takes a webhook away, no commands are none.
_MAY_LACK = frozenset(
    {
        ("setwebhook", "url"),
        ("setmycommands", "commands"),
        ("answerinlinequery", "results"),
        ("answerprecheckoutquery", "ok"),
        ("answershippingquery", "ok"),
    }
)
# The order in which the service asks for these; what is not named here it asks for before.
_ASKED = ("title", "description", "payload", "currency", "prices", "question", "options", "phone_number", "first_name")
_FILES = {"animation", "audio", "document", "live_photo", "photo", "sticker", "video", "voice"}
_JSON_WORDS = {
    "reply_markup": "reply keyboard markup",
    "reply_parameters": "reply parameters",
    "link_preview_options": "link preview options",
    "menu_button": "menu button",
    "reaction": "reaction types",
    "message_ids": "message identifiers",
    "shipping_options": "shipping options",
    "scope": "BotCommandScope",
    "rights": "ChatAdministratorRights",
    "result": "inline query result",
}
_LABELS = {
    "InlineKeyboardButton": "inline keyboard button",
    "KeyboardButton": "keyboard button",
    "LabeledPrice": "labeled price",
    "ReactionType": "ReactionType",
    "MessageEntity": "MessageEntity",
    "BotCommand": "BotCommand",
    "MenuButton": "menu button",
    "ChatPermissions": "chat permissions",
    "ShippingOption": "shipping option",
}
_PLAIN = {"Integer", "String", "Boolean", "Float", "True"}


@cache
def types() -> dict[str, Any]:
    """All documented object types."""
    found: dict[str, Any] = load("telegram")["types"]
    return found


def coerce_all(facts: dict[str, Any], raw: dict[str, Any], method: str = "") -> dict[str, Any]:
    """Documented parameters of a method with documented types; raises 400 for what is missing or unreadable."""
    given: dict[str, Any] = {}
    for name, description in sorted(facts["params"].items(), key=_turn):
        value = raw.get(name)
        if value is None or value == "":
            if description["required"] and (method, name) not in _MAY_LACK:
                raise missing(name, description, method)
            continue
        given[name] = coerce(name, value, description["types"])
    return given


def _turn(described: tuple[str, Any]) -> int:
    return _ASKED.index(described[0]) if described[0] in _ASKED else -1


def missing(name: str, description: dict[str, Any], method: str) -> ApiError:
    """The refusal for a required parameter that is not there."""
    if (method, name) in _MISSING_OF:
        return bad_request(_MISSING_OF[method, name])
    if name in _MISSING:
        return bad_request(_MISSING[name])
    if name in _FILES and "InputFile" in description["types"]:
        return bad_request(f"there is no {name.replace('_', ' ')} in the request")
    return bad_request(f'parameter "{name}" is required')


def coerce(name: str, value: Any, kinds: list[str]) -> Any:
    """One value as the first documented kind that fits."""
    if "InputFile" in kinds:
        return value if isinstance(value, Upload) else str(value)
    if kinds[0] in {"Boolean", "True"}:
        return str(value).lower() in _TRUE
    if "String" in kinds and not isinstance(value, dict | list):
        return _as_text(value)
    if kinds == ["Integer"]:
        return _as_integer(name, value)
    if kinds == ["Float"]:
        return _as_float(name, value)
    return _as_json(name, value, kinds)


def _as_text(value: Any) -> str:
    if isinstance(value, Upload):
        return str(value["content"], "utf-8", "replace")
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _as_integer(name: str, value: Any) -> int:
    """The digits that a value begins with, as the server of the Bot API reads them: `1700000000.5` loses its fraction,
    junk is nothing, which only parameters that name something refuse."""
    if not _DIGITS.match(str(value).strip()) and (name in _MISSING or name.endswith("_id")):
        raise bad_request(_MISSING.get(name, f"invalid {name} specified"))
    return whole(value)


def whole(value: Any) -> int:
    """A number inside of a structure, read as leniently as one that stands alone; nothing and junk are 0."""
    found = _DIGITS.match(str(value).strip())
    return int(found[0]) if found else 0


def _as_float(name: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise bad_request(f"{name} is empty" if name in _MISSING else f"invalid {name} specified") from None
    if not math.isfinite(number):
        raise bad_request(f"invalid {name} specified")
    return number


def _as_json(name: str, value: Any, kinds: list[str]) -> Any:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise bad_request(f"can't parse {_JSON_WORDS.get(name, name)} JSON object") from None
    check(value, kinds, name)
    return value


BARE_TEXT = "InputPollOption"
"""A kind of object in whose place the service takes a plain text."""


def check(value: Any, kinds: list[str], label: str) -> None:
    """Refuses a structure that has not the documented shape."""
    objects = [kind for kind in kinds if kind not in _PLAIN and not kind.startswith("Array of ")]
    arrays = [kind for kind in kinds if kind.startswith("Array of ")]
    if isinstance(value, list):
        if not arrays:
            raise bad_request(_no_object(label))
        for item in value:
            check(item, [arrays[0].removeprefix("Array of ")], label)
    elif isinstance(value, dict):
        if objects:
            _check_object(value, objects, label)
        else:
            raise bad_request(f"expected an Array of {(arrays or kinds)[0].removeprefix('Array of ')}")
    elif isinstance(value, str) and BARE_TEXT in kinds:
        return
    elif value is None or not set(kinds) & _PLAIN:
        raise bad_request(
            f"expected an Array of {arrays[0].removeprefix('Array of ')}" if arrays else _no_object(label)
        )
    else:
        _check_plain(value, kinds, label)


def _no_object(label: str) -> str:
    return f"object expected as {_JSON_WORDS.get(label, label)}"


def _check_plain(value: Any, kinds: list[str], label: str) -> None:
    """One element of a list of numbers or texts."""
    if isinstance(value, dict | list) or ("String" not in kinds and "Integer" in kinds and not _is_number(value)):
        raise bad_request(f"can't parse {_JSON_WORDS.get(label, label)} JSON object")


def _check_object(value: dict[str, Any], objects: list[str], label: str) -> None:
    if len(objects) > 1:
        return
    facts = types().get(objects[0], {})
    if "subtypes" in facts:
        return
    where = _LABELS.get(objects[0], objects[0])
    for name, field in facts.get("fields", {}).items():
        item = value.get(name)
        if item is None:
            if field["required"]:
                raise bad_request(f"can't parse {where}: Can't find field \"{name}\"")
        elif field["types"] == ["String"] and not isinstance(item, str | int | float):
            raise bad_request(f'can\'t parse {where}: Field "{name}" must be of type String')
        elif field["types"] == ["Integer"] and not _is_number(item):
            raise bad_request(f'can\'t parse {where}: Field "{name}" must be of type Number')
        elif field["types"] == ["Boolean"] and not isinstance(item, bool):
            raise bad_request(f'can\'t parse {where}: Field "{name}" must be of type Boolean')
        else:
            check(item, field["types"], label)


def _is_number(item: Any) -> bool:
    if isinstance(item, bool):
        return False
    return isinstance(item, int) or (isinstance(item, str) and item.lstrip("-").isdigit())
