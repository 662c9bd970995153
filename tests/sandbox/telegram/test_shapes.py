"""Everything that the stand-in answers has the documented shape: all required fields, no unknown ones."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.contract import load
from tests.sandbox.telegram.client import CHANNEL, IVAN, Telegram
from tests.sandbox.telegram.test_files import PICTURE

TYPES = load("telegram")["types"]
METHODS = load("telegram")["methods"]
PRICES = [{"label": "Lot", "amount": 5}]
KEYS = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}


def misshapen(kinds: list[str], value: Any, path: str) -> list[str]:
    """Where a value is not of any of the documented types."""
    if not any(kind in TYPES or kind.startswith("Array of ") for kind in kinds):
        return []
    found = [_wrong(kind, value, path) for kind in kinds]
    return min(found, key=len)


def _wrong(kind: str, value: Any, path: str) -> list[str]:
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            return [f"{path}: not a list"]
        inner = kind.removeprefix("Array of ")
        return [fault for place, one in enumerate(value) for fault in _wrong(inner, one, f"{path}[{place}]")]
    facts = TYPES.get(kind)
    if facts is None:
        return [f"{path}: {kind} expected"] if isinstance(value, dict | list) else []
    if "subtypes" in facts:
        return min((_wrong(one, value, f"{path}<{one}>") for one in facts["subtypes"]), key=len)
    if not isinstance(value, dict):
        return [f"{path}: {kind} expected"]
    fields = facts.get("fields", {})
    faults = [f"{path}.{name} is missing" for name, rule in fields.items() if rule["required"] and name not in value]
    faults += [f"{path}.{name} is unknown" for name in value if name not in fields]
    return faults + [
        fault
        for name, part in value.items()
        if name in fields
        for fault in misshapen(fields[name]["types"], part, f"{path}.{name}")
    ]


def calls(message_id: int) -> list[tuple[str, dict[str, Any]]]:
    """Calls of every family that need nothing but a person and a channel."""
    to: dict[str, Any] = {"chat_id": IVAN}
    return [
        ("getMe", {}),
        ("sendMessage", {**to, "text": "<b>x</b> https://a.example", "parse_mode": "HTML", "reply_markup": KEYS}),
        ("sendMessage", {**to, "text": "r", "reply_parameters": {"message_id": message_id}}),
        ("editMessageText", {**to, "message_id": message_id, "text": "two"}),
        ("sendPoll", {**to, "question": "q", "options": ["a", {"text": "b"}]}),
        ("sendPoll", {**to, "question": "q", "options": ["a", "b"], "type": "quiz", "correct_option_ids": [1]}),
        ("sendLocation", {**to, "latitude": 41.3, "longitude": 69.2}),
        ("sendVenue", {**to, "latitude": 41.3, "longitude": 69.2, "title": "t", "address": "a"}),
        ("sendContact", {**to, "phone_number": "+998901234567", "first_name": "A"}),
        ("sendDice", to),
        ("sendInvoice", {**to, "title": "t", "description": "d", "payload": "p", "currency": "XTR", "prices": PRICES}),
        ("copyMessage", {**to, "from_chat_id": IVAN, "message_id": message_id}),
        ("forwardMessage", {**to, "from_chat_id": IVAN, "message_id": message_id}),
        ("getChat", to),
        ("getChat", {"chat_id": CHANNEL}),
        ("getChatAdministrators", {"chat_id": CHANNEL}),
        ("getChatMember", {"chat_id": CHANNEL, "user_id": IVAN}),
        ("createChatInviteLink", {"chat_id": CHANNEL, "member_limit": 3}),
        (
            "createChatSubscriptionInviteLink",
            {"chat_id": CHANNEL, "subscription_period": 2_592_000, "subscription_price": 10},
        ),
        ("getMyDefaultAdministratorRights", {}),
        ("getMyCommands", {}),
        ("getChatMenuButton", {}),
        ("getWebhookInfo", {}),
        ("getUserProfilePhotos", {"user_id": IVAN}),
        ("getStarTransactions", {}),
        ("getMyStarBalance", {}),
        ("getForumTopicIconStickers", {}),
        ("getStickerSet", {"name": "Topics"}),
        ("getAvailableGifts", {}),
        ("getUserGifts", {"user_id": IVAN}),
        ("getUserChatBoosts", {"chat_id": CHANNEL, "user_id": IVAN}),
        ("sendGame", {**to, "game_short_name": "looms"}),
        ("sendMessage", {"chat_id": CHANNEL, "text": "post"}),
    ]


def test_answers_have_the_documented_shape(started: Telegram) -> None:
    """Results of calls of every family, files included, hold all required fields of their types and no others."""
    faults: list[str] = []
    first = started.call("sendMessage", chat_id=IVAN, text="one")
    started.control(f"bots/{started.call('getMe')['id']}/games", looms={"title": "Looms"})
    for name, params in calls(first["message_id"]):
        faults += misshapen(METHODS[name]["returns"], started.call(name, **params), name)
    for name, field in (("sendPhoto", "photo"), ("sendDocument", "document"), ("sendVideo", "video")):
        sent = started.call(name, files={field: ("a.png", PICTURE)}, chat_id=IVAN, caption="c")
        faults += misshapen(METHODS[name]["returns"], sent, name)
    assert faults == []


@pytest.mark.parametrize("act", ["send", "edit", "react", "vote", "press", "leave", "block"])
def test_updates_have_the_documented_shape(started: Telegram, act: str) -> None:
    """Updates about what people do hold all required fields of their types and no others."""
    sent = started.call(
        "sendPoll", chat_id=IVAN, question="q", options=["a", "b"], is_anonymous=False, reply_markup=KEYS
    )
    about = {"message_id": sent["message_id"], "bot": started.token}
    said = started.person(IVAN, "send", bot=started.token, text="/start x")
    done: dict[str, dict[str, Any]] = {
        "send": {"bot": started.token, "text": "look https://a.example"},
        "edit": {"message_id": said["message_id"], "bot": started.token, "text": "other"},
        "react": {**about, "emoji": "👍"},
        "vote": {**about, "options": [0]},
        "press": {**about, "button": "a", "wait_seconds": 0},
        "leave": {"chat_id": CHANNEL},
        "block": {"bot": started.token},
    }
    started.person(IVAN, act, **done[act])
    kinds = ["message", "edited_message", "message_reaction", "poll_answer", "callback_query", "chat_member"]
    updates = started.updates(allowed_updates=[*kinds, "my_chat_member", "channel_post", "poll"])
    assert updates
    assert misshapen(["Array of Update"], updates, act) == []
