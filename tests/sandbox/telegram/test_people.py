"""What people do: buttons, Mini Apps, payments, joining, topics."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sandbox.visitors import until
from tests.sandbox.telegram.client import ABC, CHANNEL, GULNORA, IVAN, TOKEN, Refused, Telegram

BUTTONS = {
    "inline_keyboard": [
        [{"text": "Yes", "callback_data": "y"}, {"text": "Form", "web_app": {"url": "http://127.0.0.1:9/app"}}],
        [{"text": "Site", "url": "https://example.com"}],
    ]
}


def answering(telegram: Telegram, kind: str, answer: Callable[[dict[str, Any]], None]) -> threading.Thread:
    """A bot in the background that answers the next query of a kind."""

    def work() -> None:
        for update in telegram.call("getUpdates", timeout=10):
            if kind in update:
                answer(update[kind])

    bot = threading.Thread(target=work)
    bot.start()
    return bot


def test_a_pressed_button_waits_for_the_answer(started: Telegram) -> None:
    """The person gets the bot's toast; the query carries message and data and can be answered once."""
    sent = started.call("sendMessage", chat_id=IVAN, text="?", reply_markup=BUTTONS)["message_id"]
    queries: list[dict[str, Any]] = []

    def answer(query: dict[str, Any]) -> None:
        queries.append(query)
        started.call("answerCallbackQuery", callback_query_id=query["id"], text="done", show_alert=True)

    bot = answering(started, "callback_query", answer)
    result = started.person(IVAN, "press", message_id=sent, button="Yes")
    bot.join()
    assert (result["answered"], result["text"], result["show_alert"]) == (True, "done", True)
    assert (queries[0]["data"], queries[0]["message"]["message_id"]) == ("y", sent)
    again = started.refused("answerCallbackQuery", callback_query_id=queries[0]["id"])
    assert again == "Bad Request: query is too old and response timeout expired or query ID is invalid"


def test_an_unanswered_button_says_so(started: Telegram) -> None:
    """Without an answer the press ends by itself, other buttons do what they are for."""
    sent = started.call("sendMessage", chat_id=IVAN, text="?", reply_markup=BUTTONS)["message_id"]
    assert started.person(IVAN, "press", message_id=sent, callback_data="y", wait_seconds=0.1)["answered"] is False
    assert started.person(IVAN, "press", message_id=sent, button="Site")["url"] == "https://example.com/"


def check_launch(telegram: Telegram, init_data: str) -> dict[str, str]:
    """Both documented signatures of launch data; its fields."""
    fields = dict(parse_qsl(init_data, strict_parsing=True))
    received = fields.pop("hash")
    lines = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
    secret = hmac.new(b"WebAppData", TOKEN.encode(), hashlib.sha256).digest()
    assert hmac.new(secret, lines.encode(), hashlib.sha256).hexdigest() == received
    signature = fields.pop("signature")
    bare = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(telegram.look("keys")["ed25519_public_key"]))
    raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    key.verify(raw, f"{TOKEN.partition(':')[0]}:WebAppData\n{bare}".encode())
    return fields


def test_a_mini_app_is_launched_with_signed_data(started: Telegram) -> None:
    """The fragment carries launch data whose two signatures hold, version, platform and theme."""
    sent = started.call("sendMessage", chat_id=IVAN, text="?", reply_markup=BUTTONS)["message_id"]
    opened = started.person(IVAN, "open_webapp", message_id=sent, button="Form", theme="dark")
    parts = urlsplit(opened["url"])
    assert (parts.netloc, parts.path) == ("127.0.0.1:9", "/app")
    launch = dict(parse_qsl(parts.fragment))
    assert launch["tgWebAppData"] == opened["init_data"]
    assert {"tgWebAppVersion", "tgWebAppPlatform"} < set(launch)
    assert json.loads(launch["tgWebAppThemeParams"])["bg_color"] == "#212121"
    fields = check_launch(started, opened["init_data"])
    user = json.loads(fields["user"])
    assert (user["id"], user["first_name"], user["language_code"]) == (IVAN, "Иван", "ru")
    assert fields["query_id"] == opened["query_id"]


def test_answer_web_app_query_speaks_for_the_person(started: Telegram) -> None:
    """The message appears in the person's name, via the bot, and the query works once."""
    started.call(
        "setChatMenuButton",
        menu_button={"type": "web_app", "text": "Open", "web_app": {"url": "https://app.test/x"}},
    )
    query_id = started.person(IVAN, "open_webapp")["query_id"]
    result = {"type": "article", "id": "1", "title": "t", "input_message_content": {"message_text": "from the form"}}
    started.call("answerWebAppQuery", web_app_query_id=query_id, result=result)
    seen = started.seen(IVAN)[-1]
    assert (seen["text"], seen["out"], seen["via_bot"]["is_bot"]) == ("from the form", True, True)
    assert (
        started.refused("answerWebAppQuery", web_app_query_id=query_id, result=result)
        == "Bad Request: query is too old and response timeout expired or query ID is invalid"
    )


def test_mini_apps_need_https_and_private_chats(started: Telegram) -> None:
    """Plain http elsewhere and groups are refused."""
    far = {"inline_keyboard": [[{"text": "a", "web_app": {"url": "http://far.test"}}]]}
    refusal = started.refused("sendMessage", chat_id=IVAN, text="x", reply_markup=far)
    assert refusal.endswith("Only HTTPS links are allowed")
    refusal = started.refused("sendMessage", chat_id=CHANNEL, text="x", reply_markup=BUTTONS)
    assert refusal == "Bad Request: BUTTON_TYPE_INVALID"


def test_keyboard_buttons(started: Telegram) -> None:
    """A keyboard stays with the chat, its buttons send text or a contact, removal takes it away."""
    keyboard = {"keyboard": [[{"text": "Lots"}, {"text": "Phone", "request_contact": True}]]}
    started.call("sendMessage", chat_id=IVAN, text="?", reply_markup=keyboard)
    started.person(IVAN, "press", button="Lots")
    started.person(IVAN, "press", button="Phone")
    texts = [update["message"] for update in started.updates()]
    assert texts[0]["text"] == "Lots"
    assert texts[1]["contact"]["user_id"] == IVAN
    started.call("sendMessage", chat_id=IVAN, text="?", reply_markup={"remove_keyboard": True})
    with pytest.raises(Refused, match="no such button"):
        started.person(IVAN, "press", button="Lots")


STARS = {
    "title": "t",
    "description": "d",
    "payload": "p-1",
    "currency": "XTR",
    "prices": [{"label": "l", "amount": 50}],
}


def test_paying_with_stars_and_refund(started: Telegram) -> None:
    """A confirmed checkout ends in successful_payment; the refund works once."""
    sent = started.call("sendInvoice", chat_id=IVAN, **STARS)
    assert sent["invoice"]["total_amount"] == 50

    def answer(query: dict[str, Any]) -> None:
        assert query["invoice_payload"] == "p-1"
        started.call("answerPreCheckoutQuery", pre_checkout_query_id=query["id"], ok=True)

    bot = answering(started, "pre_checkout_query", answer)
    assert started.person(IVAN, "pay", message_id=sent["message_id"])["status"] == "paid"
    bot.join()
    receipt = started.last_update()["message"]["successful_payment"]
    charge = receipt["telegram_payment_charge_id"]
    assert started.call("getMyStarBalance") == {"amount": 50}
    assert started.call("refundStarPayment", user_id=IVAN, telegram_payment_charge_id=charge) is True
    refusal = started.refused("refundStarPayment", user_id=IVAN, telegram_payment_charge_id=charge)
    assert refusal == "Bad Request: CHARGE_ALREADY_REFUNDED"
    with pytest.raises(Refused, match="INVOICE_ALREADY_PAID"):
        started.person(IVAN, "pay", message_id=sent["message_id"])


def test_checkout_is_refused_or_runs_out(started: Telegram) -> None:
    """A refused checkout says why; one without an answer fails and cannot be answered later."""
    link = started.call("createInvoiceLink", **STARS)

    def answer(query: dict[str, Any]) -> None:
        started.call("answerPreCheckoutQuery", pre_checkout_query_id=query["id"], ok=False, error_message="sold out")

    bot = answering(started, "pre_checkout_query", answer)
    assert started.person(IVAN, "pay", invoice_link=link) == {"ok": True, "status": "failed", "error": "sold out"}
    bot.join()
    started.updates()
    assert started.person(IVAN, "pay", invoice_link=link, wait_seconds=0.2)["status"] == "failed"
    query = started.last_update()["pre_checkout_query"]
    assert "too old" in started.refused("answerPreCheckoutQuery", pre_checkout_query_id=query["id"], ok=True)


def test_wrong_invoices(started: Telegram) -> None:
    """Currencies, providers and prices are checked."""
    assert (
        started.refused("sendInvoice", chat_id=IVAN, **{**STARS, "currency": "ZZZ"}) == "Bad Request: CURRENCY_INVALID"
    )
    assert (
        started.refused("sendInvoice", chat_id=IVAN, **{**STARS, "currency": "UZS"})
        == "Bad Request: PAYMENT_PROVIDER_INVALID"
    )
    assert (
        started.refused("sendInvoice", chat_id=IVAN, **{**STARS, "payload": "я" * 65})
        == "Bad Request: INVOICE_PAYLOAD_INVALID"
    )


def test_invite_links_and_bans(started: Telegram) -> None:
    """A link with one place lets one in; a banned person stays out."""
    chat = started.control("chats", type="supergroup", title="G", creator=ABC, admins=[700000001])["id"]
    link = started.call("createChatInviteLink", chat_id=chat, member_limit=1)["invite_link"]
    assert started.person(IVAN, "join", invite_link=link)["joined"] is True
    with pytest.raises(Refused, match="expired"):
        started.person(GULNORA, "join", invite_link=link)
    assert started.call("getChatMember", chat_id=chat, user_id=IVAN)["status"] == "member"
    assert started.call("banChatMember", chat_id=chat, user_id=IVAN) is True
    assert started.call("getChatMember", chat_id=chat, user_id=IVAN)["status"] == "kicked"
    with pytest.raises(Refused):
        started.person(IVAN, "send", chat_id=chat, text="x")
    assert started.call("getChatMemberCount", chat_id=chat) == 2


def test_join_requests(started: Telegram) -> None:
    """A link that asks first gives the bot a request to approve."""
    link = started.call("createChatInviteLink", chat_id=CHANNEL, creates_join_request=True)["invite_link"]
    newcomer = started.control("users", first_name="New")["id"]
    assert started.person(newcomer, "join", invite_link=link)["joined"] is False
    assert started.last_update()["chat_join_request"]["from"]["id"] == newcomer
    assert started.call("approveChatJoinRequest", chat_id=CHANNEL, user_id=newcomer) is True
    assert started.call("getChatMember", chat_id=CHANNEL, user_id=newcomer)["status"] == "member"


def test_topics_in_private_chats(started: Telegram) -> None:
    """A bot with topics makes threads; without them the chat is no forum; unknown threads are refused."""
    assert started.refused("createForumTopic", chat_id=IVAN, name="x") == "Bad Request: the chat is not a forum"
    token = started.control("bots", username="topic_bot", topics=True)["token"]
    bot = Telegram(started.address, started.session, token)
    assert bot.call("getMe")["has_topics_enabled"] is True
    bot.start(IVAN)
    thread = bot.call("createForumTopic", chat_id=IVAN, name="Lot 1")["message_thread_id"]
    sent = bot.call("sendMessage", chat_id=IVAN, text="in", message_thread_id=thread)
    assert (sent["message_thread_id"], sent["is_topic_message"]) == (thread, True)
    bot.person(IVAN, "send", chat_id="@topic_bot", text="answer", message_thread_id=thread)
    assert bot.last_update()["message"]["message_thread_id"] == thread
    refusal = bot.refused("sendMessage", chat_id=IVAN, text="x", message_thread_id=9999)
    assert refusal == "Bad Request: message thread not found"


def test_commands_and_names_by_language(started: Telegram) -> None:
    """Lists and texts are kept per scope and language and fall back."""
    started.call("setMyCommands", commands=[{"command": "lots", "description": "Лоты"}], language_code="ru")
    assert started.call("getMyCommands") == []
    assert started.call("getMyCommands", language_code="ru") == [{"command": "lots", "description": "Лоты"}]
    started.call("setMyDescription", description="about")
    assert started.call("getMyDescription", language_code="uz") == {"description": "about"}
    refusal = started.refused("setMyCommands", commands=[{"command": "Плохо", "description": "x"}])
    assert refusal == "Bad Request: BOT_COMMAND_INVALID"


def test_reactions_of_the_bot(started: Telegram) -> None:
    """One known emoji is taken and seen, others are refused."""
    theirs = started.person(IVAN, "send", text="x")["message_id"]
    place = {"chat_id": IVAN, "message_id": theirs}
    assert started.call("setMessageReaction", **place, reaction=[{"type": "emoji", "emoji": "👍"}]) is True
    assert started.seen(IVAN)[-1]["reactions"] == [{"type": {"type": "emoji", "emoji": "👍"}, "total_count": 1}]
    refusal = started.refused("setMessageReaction", **place, reaction=[{"type": "emoji", "emoji": "🚗"}])
    assert refusal == "Bad Request: REACTION_INVALID"


def test_cloud_storage(started: Telegram) -> None:
    """A Mini App's values are kept per bot and person; wrong keys are refused."""
    ask = {"bot": TOKEN, "method": "saveStorageValue", "params": {"key": "draft", "value": "1"}}
    assert started.person(IVAN, "invoke", **ask)["result"] is True
    read = {"bot": TOKEN, "method": "getStorageValues", "params": {"keys": ["draft", "none"]}}
    assert started.person(IVAN, "invoke", **read)["result"] == {"draft": "1", "none": ""}
    with pytest.raises(Refused, match="KEY_INVALID"):
        started.person(IVAN, "invoke", **{**ask, "params": {"key": "плохо", "value": "1"}})


def test_a_quiz_keeps_formatting_given_as_entities(started: Telegram) -> None:
    """Question, options and explanation take entities instead of a parse mode."""
    bold = [{"type": "bold", "offset": 0, "length": 1}]
    poll = started.call(
        "sendPoll",
        chat_id=IVAN,
        question="q",
        question_entities=bold,
        options=[{"text": "a", "text_entities": bold}],
        type="quiz",
        correct_option_ids=[0],
        explanation="why",
        explanation_entities=bold,
    )["poll"]
    assert poll["question_entities"] == poll["explanation_entities"] == poll["options"][0]["text_entities"] == bold


def test_a_button_of_a_mini_app_needs_a_readable_address(started: Telegram) -> None:
    """An address that cannot be taken apart is refused like any other wrong one."""
    keys = {"inline_keyboard": [[{"text": "a", "web_app": {"url": "https://[]"}}]]}
    assert "Wrong HTTP URL" in started.refused("sendMessage", chat_id=IVAN, text="x", reply_markup=keys)


def test_a_poll_closes_when_its_time_is_over(started: Telegram) -> None:
    """A poll with an end names it twice; when the clock gets there, it closes and its bot hears of it."""
    sent = started.call("sendPoll", chat_id=IVAN, question="q", options=["a", "b"], open_period=60)
    assert sent["poll"]["close_date"] - sent["date"] == 60
    started.updates()
    started.control("clock", advance_seconds=61)
    until("the closed poll", lambda: started.seen(IVAN)[-1]["poll"]["is_closed"])
    assert started.last_update()["poll"]["is_closed"] is True
    keys = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    changed = started.call("editMessageReplyMarkup", chat_id=IVAN, message_id=sent["message_id"], reply_markup=keys)
    assert changed["poll"]["is_closed"] is True


@pytest.mark.parametrize(("raw", "kept"), [("99999999999.5", 99999999999), ("junk", None)])
def test_numbers_are_read_as_the_service_reads_them(started: Telegram, raw: str, kept: int | None) -> None:
    """The digits that a number begins with count: a fraction is dropped, junk is nothing at all."""
    link = started.call("createChatInviteLink", chat_id=CHANNEL, expire_date=raw)
    assert link.get("expire_date") == kept
    assert started.refused("getUserProfilePhotos", user_id="junk") == "Bad Request: invalid user_id specified"
