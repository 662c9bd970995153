"""Sending, editing, deleting, copying: results, refusals and what the person sees."""

from __future__ import annotations

import pytest

from tests.sandbox.telegram.client import ABC, CHANNEL, IVAN, Refused, Telegram

BUTTONS = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}


def test_a_sent_text_reaches_the_person(started: Telegram) -> None:
    """A message comes back as documented and stands in the person's chat."""
    sent = started.call("sendMessage", chat_id=IVAN, text="<b>Hi</b> 👋", parse_mode="HTML", reply_markup=BUTTONS)
    assert sent["text"] == "Hi 👋"
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 2}]
    assert sent["chat"]["id"] == IVAN
    assert sent["from"]["is_bot"] is True
    seen = started.seen(IVAN)[-1]
    assert (seen["text"], seen["reply_markup"], seen["out"]) == ("Hi 👋", BUTTONS, False)


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({"text": "x"}, "Bad Request: chat_id is empty"),
        ({"chat_id": IVAN}, "Bad Request: message text is empty"),
        ({"chat_id": IVAN, "text": " \n "}, "Bad Request: message text is empty"),
        ({"chat_id": 42, "text": "x"}, "Bad Request: chat not found"),
        ({"chat_id": "@nobody_here", "text": "x"}, "Bad Request: chat not found"),
        ({"chat_id": IVAN, "text": "x" * 4097}, "Bad Request: message is too long"),
        ({"chat_id": IVAN, "text": "x", "parse_mode": "BB"}, "Bad Request: unsupported parse_mode"),
        (
            {"chat_id": IVAN, "text": "x", "reply_parameters": {"message_id": 999}},
            "Bad Request: message to be replied not found",
        ),
        (
            {
                "chat_id": IVAN,
                "text": "x",
                "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "д" * 33}]]},
            },
            "Bad Request: BUTTON_DATA_INVALID",
        ),
        (
            {"chat_id": IVAN, "text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a"}]]}},
            "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"chat_id": IVAN, "text": "x", "reply_markup": "{not json"},
            "Bad Request: can't parse reply keyboard markup JSON object",
        ),
    ],
)
def test_what_the_service_refuses_is_refused(started: Telegram, params: dict, refusal: str) -> None:
    """Wrong calls fail with the real service's words."""
    assert started.refused("sendMessage", **params) == refusal


TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


@pytest.mark.parametrize(
    ("method", "params", "refusal"),
    [
        ("sendInvoice", {"chat_id": IVAN}, 'Bad Request: parameter "title" is required'),
        ("createInvoiceLink", {"title": "a", "description": "b"}, 'Bad Request: parameter "payload" is required'),
        ("sendContact", {"chat_id": IVAN}, 'Bad Request: parameter "phone_number" is required'),
        ("forwardMessage", {"chat_id": IVAN, "message_id": 1}, 'Bad Request: parameter "from_chat_id" is required'),
        ("answerCallbackQuery", {}, TOO_OLD),
        ("answerInlineQuery", {"inline_query_id": "1"}, TOO_OLD),
        ("answerPreCheckoutQuery", {}, TOO_OLD),
        ("answerWebAppQuery", {"web_app_query_id": "1"}, "Bad Request: result isn't specified"),
    ],
)
def test_what_is_left_out_is_named_in_the_service_s_order(
    started: Telegram, method: str, params: dict, refusal: str
) -> None:
    """Of several parameters that are not there the one is named that the service reads first."""
    assert started.refused(method, **params) == refusal


def test_an_empty_address_and_no_commands_take_away(started: Telegram) -> None:
    """setWebhook with an empty address is deleteWebhook, setMyCommands without commands leaves none."""
    assert started.call("setWebhook", url="") is True
    started.call("setMyCommands", commands=[{"command": "lots", "description": "Lots"}])
    assert started.call("setMyCommands") is True
    assert started.call("getMyCommands") == []


def test_lengths_count_after_parsing(started: Telegram) -> None:
    """4096 characters pass however much markup surrounds them, and emoji count twice."""
    started.call("sendMessage", chat_id=IVAN, text=f"<b>{'x' * 4096}</b>", parse_mode="HTML")
    assert started.refused("sendMessage", chat_id=IVAN, text="👋" * 2049) == "Bad Request: message is too long"


def test_a_stranger_cannot_be_written_to(telegram: Telegram) -> None:
    """Before a person writes, the bot may not."""
    assert telegram.refused("sendMessage", chat_id=IVAN, text="x") in {
        "Forbidden: bot can't initiate conversation with a user",
        "Bad Request: chat not found",
    }


def test_blocked_and_deleted_are_403(started: Telegram) -> None:
    """A person who blocked the bot or left Telegram cannot be reached, and unblocking helps."""
    started.person(IVAN, "block")
    assert started.last_update()["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    assert started.refused("sendMessage", chat_id=IVAN, text="x") == "Forbidden: bot was blocked by the user"
    started.person(IVAN, "unblock")
    started.call("sendMessage", chat_id=IVAN, text="x")
    started.person(IVAN, "delete_account")
    assert started.refused("sendMessage", chat_id=IVAN, text="x") == "Forbidden: user is deactivated"


def test_editing(started: Telegram) -> None:
    """An edit changes the message once; the same edit again is refused, a missing message is named."""
    sent = started.call("sendMessage", chat_id=IVAN, text="one")
    place = {"chat_id": IVAN, "message_id": sent["message_id"]}
    edited = started.call("editMessageText", **place, text="two", reply_markup=BUTTONS)
    assert edited["text"] == "two"
    assert edited["edit_date"] >= sent["date"]
    again = started.refused("editMessageText", **place, text="two", reply_markup=BUTTONS)
    assert again.startswith("Bad Request: message is not modified: specified new message content")
    assert "reply_markup" not in started.call("editMessageReplyMarkup", **place)
    missing = started.refused("editMessageText", chat_id=IVAN, message_id=999, text="x")
    assert missing == "Bad Request: message to edit not found"
    assert started.seen(IVAN)[-1]["text"] == "two"


def test_others_messages_cannot_be_edited(started: Telegram) -> None:
    """A bot edits its own messages only."""
    theirs = started.person(IVAN, "send", text="mine")["message_id"]
    assert (
        started.refused("editMessageText", chat_id=IVAN, message_id=theirs, text="x")
        == "Bad Request: message can't be edited"
    )


def test_deleting(started: Telegram) -> None:
    """A deleted message is gone for the person; deleting it twice is refused; two days later it is too late."""
    first = started.call("sendMessage", chat_id=IVAN, text="one")["message_id"]
    second = started.call("sendMessage", chat_id=IVAN, text="two")["message_id"]
    assert started.call("deleteMessage", chat_id=IVAN, message_id=first) is True
    assert [m["deleted"] for m in started.seen(IVAN)][-2:] == [True, False]
    assert (
        started.refused("deleteMessage", chat_id=IVAN, message_id=first) == "Bad Request: message to delete not found"
    )
    started.control("clock", advance_seconds=48 * 3600 + 60)
    assert "can't be deleted" in started.refused("deleteMessage", chat_id=IVAN, message_id=second)


def test_people_edit_and_bots_learn_of_it(started: Telegram) -> None:
    """A person's edit is an edited_message, a person's deletion tells the bot nothing."""
    mine = started.person(IVAN, "send", text="frist")["message_id"]
    started.updates()
    started.person(IVAN, "edit", message_id=mine, text="first")
    update = started.last_update()["edited_message"]
    assert (update["text"], update["message_id"]) == ("first", mine)
    started.person(IVAN, "delete", message_id=mine)
    assert started.updates() == []


def test_copy_and_forward(started: Telegram) -> None:
    """A forward names its origin, a copy does not, and a new caption replaces the old one."""
    started.start(ABC)
    theirs = started.person(IVAN, "send", photo=True, caption="sketch")["message_id"]
    forwarded = started.call("forwardMessage", chat_id=ABC, from_chat_id=IVAN, message_id=theirs)
    assert forwarded["forward_origin"]["sender_user"]["id"] == IVAN
    started.call("copyMessage", chat_id=ABC, from_chat_id=IVAN, message_id=theirs, caption="other")
    copied = started.seen(ABC)[-1]
    assert copied["caption"] == "other"
    assert "forward_origin" not in copied
    missing = started.refused("copyMessage", chat_id=ABC, from_chat_id=IVAN, message_id=999)
    assert missing == "Bad Request: message to copy not found"


def test_channel_posts(started: Telegram) -> None:
    """A post stands in the channel without an author, and only administrators may post."""
    sent = started.call("sendMessage", chat_id="@tender_sandbox", text="Lot 1")
    assert sent["sender_chat"]["id"] == CHANNEL
    assert "from" not in sent
    assert started.seen(ABC, CHANNEL)[-1]["text"] == "Lot 1"
    started.control(f"chats/{CHANNEL}/members", account_id=700000001, status="member")
    assert (
        started.refused("sendMessage", chat_id=CHANNEL, text="x")
        == "Bad Request: need administrator rights in the channel chat"
    )


def test_a_group_that_became_a_supergroup_says_where_it_went(started: Telegram) -> None:
    """Writing to the old id answers migrate_to_chat_id."""
    group = started.control("chats", type="group", title="G", creator=IVAN, members=[700000001])["id"]
    started.call("sendMessage", chat_id=group, text="x")
    moved = started.control(f"chats/{group}/migrate")["id"]
    with pytest.raises(Refused) as refusal:
        started.call("sendMessage", chat_id=group, text="x")
    assert refusal.value.body["parameters"] == {"migrate_to_chat_id": moved}
    started.call("sendMessage", chat_id=moved, text="x")


def test_unknown_things_are_404_and_401(started: Telegram) -> None:
    """An unknown method is not found, an unknown token is unauthorized."""
    assert started.refused("sendTelepathy").startswith("Not Found")
    assert (
        Telegram(started.address, started.session, "700000002:AAEwrongwrongwrongwrong").refused("getMe")
        == "Unauthorized"
    )


def test_every_way_of_passing_parameters(started: Telegram) -> None:
    """Query string, form, JSON and multipart mean the same; method names ignore case."""
    url = f"{started.address}/bot{started.token}/SENDMESSAGE"
    fields = {"chat_id": str(IVAN), "text": "привет"}
    answers = [
        started.session.get(url, params=fields, timeout=10),
        started.session.post(url, data=fields, timeout=10),
        started.session.post(url, json={"chat_id": IVAN, "text": "привет"}, timeout=10),
        started.session.post(url, files={name: (None, value) for name, value in fields.items()}, timeout=10),
    ]
    assert [answer.json()["result"]["text"] for answer in answers] == ["привет"] * 4
