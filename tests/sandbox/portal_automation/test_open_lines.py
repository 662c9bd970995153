"""The life of a connector, dialogs with outside people, what operators do, receipts."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.sandbox.portal_automation.world import Json, World

ICON = {"DATA_IMAGE": "data:image/svg+xml,%3Csvg%2F%3E", "COLOR": "#69acc0"}


def register(world: World, **more: Any) -> Any:
    """Registers the connector of these tests."""
    fields = {"ID": "TG_bridge", "NAME": "Telegram", "ICON": ICON, "PLACEMENT_HANDLER": f"{world.ear.url}/settings"}
    return world.result("imconnector.register", **{**fields, **more})


@pytest.fixture
def channel(world: World) -> World:
    """A portal whose connector is switched on for line 1, without signatures."""
    assert register(world, NEED_SIGNATURE=False) == {"result": True}
    line = {"CONNECTOR": "tg_bridge", "LINE": 1}
    assert world.result("imconnector.activate", **line, ACTIVE="1") is True
    assert world.result("imconnector.connector.data.set", **line, DATA={"ID": "c1", "NAME": "Bot"}) is True
    return world


def message(text: str = "Good afternoon", *, number: str = "m1", **user: Any) -> Json:
    """One outside message."""
    return {
        "user": {"id": "ext-42", "name": "Иван", "last_name": "O'Neil-Петров", **user},
        "message": {"id": number, "date": 1773265993, "text": text},
        "chat": {"id": "channel-123", "url": "https://example.com/chats/123"},
    }


def send(world: World, *messages: Json) -> Json:
    """Sends messages through the connector."""
    sent: Json = world.result("imconnector.send.messages", CONNECTOR="tg_bridge", LINE=1, MESSAGES=list(messages))
    return sent


def chat_id(world: World, *messages: Json) -> str:
    """Sends messages; the chat of the first one."""
    return str(send(world, *(messages or (message(),)))["DATA"]["RESULT"][0]["session"]["CHAT_ID"])


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"ID": ""}, "CONNECTOR_ID_REQUIRED"),
        ({"ID": "my.bot"}, "APPLICATION_REGISTRATION_ERROR_POINT"),
        ({"NAME": ""}, "NAME_REQUIRED"),
        ({"ICON": {}}, "ICON_REQUIRED"),
        ({"PLACEMENT_HANDLER": ""}, "NO_PLACEMENT_HANDLER"),
    ],
)
def test_refusals_of_register_come_with_status_200(world: World, wrong: Json, code: str) -> None:
    """Mistakes of registration are told inside a successful answer."""
    answer = register(world, **wrong)
    assert (answer["result"], answer["error"]) == (False, code)


def test_webhook_may_not_use_connectors(world: World) -> None:
    """Connector methods need an application."""
    assert world.hook("imconnector.status", CONNECTOR="tg_bridge")["error"] == "WRONG_AUTH_TYPE"


def test_status_follows_the_life_cycle_and_needs_the_line(channel: World) -> None:
    """After activation and settings the line is ready; line 0 never is."""
    ready = channel.result("imconnector.status", CONNECTOR="tg_bridge", LINE=1)
    assert (ready["CONFIGURED"], ready["STATUS"]) == (True, True)
    assert channel.result("imconnector.status", CONNECTOR="tg_bridge")["STATUS"] is False


def test_connect_button_opens_the_settings_page_with_the_state(world: World) -> None:
    """Contact Center posts SETTING_CONNECTOR with the flags of the line."""
    register(world)
    launch = world.control("connectors/tg_bridge/connect", line="1", user_id="1")
    assert launch["url"].startswith(f"{world.ear.url}/settings")
    assert launch["fields"]["PLACEMENT"] == "SETTING_CONNECTOR"
    assert '"ACTIVE_STATUS": false' in launch["fields"]["PLACEMENT_OPTIONS"]


def test_message_starts_a_dialog_with_a_lead_and_events(channel: World) -> None:
    """The first message makes chat, session, lead and its timeline entry, and tells the application."""
    channel.bind("OnSessionStart", "/session")
    channel.bind("OnImConnectorDialogStart", "/dialog")
    sent = send(channel, message())
    (result,) = sent["DATA"]["RESULT"]
    assert sent["SUCCESS"] is True
    assert result["chat"]["description"] == "Link to the original post: https://example.com/chats/123"
    session = result["session"]
    (event,) = channel.heard("/session")
    assert event["data"]["DATA"][0]["session"]["id"] == session["ID"]
    (event,) = channel.heard("/dialog")
    assert (event["data"]["CONNECTOR"], event["data"]["LINE"]) == ("tg_bridge", "1")
    dialog = channel.result("imopenlines.dialog.get", CHAT_ID=session["CHAT_ID"])
    assert dialog["entity_data_2"].startswith("LEAD|1|")
    (activity,) = channel.result("crm.activity.list", filter={"OWNER_TYPE_ID": 1, "OWNER_ID": 1})
    assert activity["PROVIDER_ID"] == "IMOPENLINES_SESSION"


def test_known_phone_finds_the_contact_instead_of_a_lead(channel: World) -> None:
    """The tracker binds the dialog to the contact with the same number."""
    fm = [{"typeId": "PHONE", "valueType": "WORK", "value": "+998 90 123-45-67"}]
    contact = channel.result("crm.item.add", entityTypeId=3, fields={"name": "Ivan", "fm": fm})["item"]["id"]
    chat = chat_id(channel, message(phone="+998901234567"))
    found = channel.result("imopenlines.crm.chat.get", CRM_ENTITY_TYPE="contact", CRM_ENTITY=contact)
    assert [row["CHAT_ID"] for row in found] == [chat]
    assert channel.rest("crm.item.list", entityTypeId=1)["total"] == 0


def test_disable_crm_leaves_crm_alone(channel: World) -> None:
    """With disable_crm no lead is made, and the answer says so."""
    quiet = message()
    quiet["message"]["disable_crm"] = "Y"
    assert send(channel, quiet)["DATA"]["RESULT"][0]["extra"] == {"disable_tracker": "Y"}
    assert channel.rest("crm.item.list", entityTypeId=1)["total"] == 0


@pytest.mark.parametrize("name", ["Ivan1", "Ivan 🙂", "x" * 26, "a@b", "A_B"])
def test_forbidden_names_fail_their_message_only(channel: World, name: str) -> None:
    """A wrong name fails one message of two."""
    results = send(channel, message(name=name), message(number="m2"))["DATA"]["RESULT"]
    assert [item["SUCCESS"] for item in results] == [False, True]
    assert results[0]["ERRORS"]


def test_repeated_message_appears_twice(channel: World) -> None:
    """Nothing recognizes a message sent before."""
    chat = chat_id(channel, message())
    assert chat_id(channel, message()) == chat
    (dialog,) = channel.look("openlines")["dialogs"]
    assert [row["text"] for row in dialog["messages"] if row["incoming"]] == ["Good afternoon"] * 2


def test_other_chat_of_the_same_person_is_the_same_dialog_unless_grouped(channel: World) -> None:
    """Without CHAT_GROUP people make dialogs, with it outside chats do, and CRM stays untouched."""
    second = message(number="m2")
    second["chat"] = {"id": "channel-7"}
    assert chat_id(channel) == chat_id(channel, second)
    register(channel, CHAT_GROUP="true", ID="grp")
    channel.result("imconnector.activate", CONNECTOR="grp", LINE=1, ACTIVE="1")
    found = [
        channel.result("imconnector.send.messages", CONNECTOR="grp", LINE=1, MESSAGES=[item])["DATA"]["RESULT"][0]
        for item in (message(), second, message(id="other"))
    ]
    ids = [item["session"]["CHAT_ID"] for item in found]
    assert ids[0] == ids[2] != ids[1]
    assert channel.rest("crm.item.list", entityTypeId=1)["total"] == 1


def test_file_is_fetched_from_its_address(channel: World) -> None:
    """A file of an outside message is downloaded and kept; a dead address fails a message without text."""
    channel.ear.files["/photo.png"] = b"picture"
    item = message("")
    item["message"]["files"] = [{"url": f"{channel.ear.url}/photo.png", "name": "Фото.png"}]
    lost = message("", number="m2")
    lost["message"]["files"] = [{"url": f"{channel.ear.url}/gone.png"}]
    results = send(channel, item, lost)["DATA"]["RESULT"]
    assert [one["SUCCESS"] for one in results] == [True, False]
    (dialog,) = channel.look("openlines")["dialogs"]
    (file,) = next(row["files"] for row in dialog["messages"] if row["files"])
    assert file["name"] == "Фото.png"
    assert channel.session.get(file["urlDownload"], timeout=10).content == b"picture"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"LINE": 99}, "NOT_ACTIVE_LINE"),
        ({"CONNECTOR": "nobody"}, "IMCONNECTOR_NO_CORRECT_PROVIDER"),
        ({"MESSAGES": []}, "ERROR_ARGUMENT"),
        ({"MESSAGES": [{"user": {"id": "1"}}]}, "ERROR_ARGUMENT"),
        ({"MESSAGES": "text"}, "ERROR_ARGUMENT"),
    ],
)
def test_wrong_calls_are_refused_whole(channel: World, change: Json, code: str) -> None:
    """Mistakes of the call itself have documented codes."""
    call = {"CONNECTOR": "tg_bridge", "LINE": 1, "MESSAGES": [message()]}
    assert channel.error("imconnector.send.messages", **{**call, **change}) == code


def test_operator_writes_edits_and_deletes(channel: World) -> None:
    """The application hears the message, and after its receipt the change and the removal by its own id."""
    for name in ("Add", "Update", "Delete"):
        channel.bind(f"OnImConnectorMessage{name}", f"/{name}")
    chat = chat_id(channel)
    said = channel.control(f"openlines/{chat}/say", user_id="2", text="Guten Tag!")["result"]
    (event,) = channel.heard("/Add")
    (item,) = event["data"]["MESSAGES"]
    assert item == {
        "im": {"chat_id": chat, "message_id": said["id"]},
        "message": {"user_id": "2", "text": "Guten Tag!"},
        "chat": {"id": "channel-123"},
    }
    receipt = {"im": item["im"], "message": {"id": ["tg-5"], "date": 1738065600}, "chat": item["chat"]}
    line = {"CONNECTOR": "tg_bridge", "LINE": 1}
    done = channel.result("imconnector.send.status.delivery", **line, MESSAGES=[receipt])
    assert done == {"SUCCESS": True, "DATA": []}
    channel.control(f"openlines/{chat}/edit", user_id="2", message_id=said["id"], text="Hallo")
    channel.control(f"openlines/{chat}/delete", user_id="2", message_id=said["id"])
    (event,) = channel.heard("/Update")
    assert event["data"]["MESSAGES"][0]["message"] == {"id": ["tg-5"], "text": "Hallo"}
    (event,) = channel.heard("/Delete")
    assert event["data"]["MESSAGES"][0]["message"] == {"id": "tg-5"}


def test_signature_stands_before_the_text_by_default(world: World) -> None:
    """Without NEED_SIGNATURE=false the operator's name comes along."""
    register(world)
    world.result("imconnector.activate", CONNECTOR="tg_bridge", LINE=1, ACTIVE="Y")
    world.bind("OnImConnectorMessageAdd", "/Add")
    world.control(f"openlines/{chat_id(world)}/say", user_id="2", text="Hello")
    (event,) = world.heard("/Add")
    assert event["data"]["MESSAGES"][0]["message"]["text"] == "[b]Anna Petrova:[/b] [br]Hello"


def test_receipt_needs_an_array_of_ids_and_an_operators_message(channel: World) -> None:
    """A bare id, or a message from outside, is not confirmed."""
    chat = chat_id(channel)
    said = channel.control(f"openlines/{chat}/say", user_id="2", text="Hi")["result"]["id"]
    incoming = channel.look("openlines")["dialogs"][0]["messages"][0]["id"]
    line = {"CONNECTOR": "tg_bridge", "LINE": 1}
    for number, outside in ((said, "tg-5"), (incoming, ["tg-5"])):
        item = {"im": {"chat_id": chat, "message_id": number}, "message": {"id": outside}, "chat": {"id": "c"}}
        assert channel.result("imconnector.send.status.delivery", **line, MESSAGES=[item])["SUCCESS"] is False


def test_operator_sends_a_file(channel: World) -> None:
    """A file comes as a list with name and a link that works."""
    channel.bind("OnImConnectorMessageAdd", "/Add")
    files = [["price.txt", base64.b64encode(b"100").decode()]]
    channel.control(f"openlines/{chat_id(channel)}/say", user_id="2", text="", files=files)
    (event,) = channel.heard("/Add")
    (file,) = event["data"]["MESSAGES"][0]["message"]["files"]
    assert file["name"] == "price.txt"
    assert channel.session.get(file["link"], timeout=10).content == b"100"


def test_outside_edits_and_deletions_change_the_chat(channel: World) -> None:
    """update.messages and delete.messages find messages by their outside id, and fail on unknown ones."""
    chat_id(channel)
    line = {"CONNECTOR": "tg_bridge", "LINE": 1}
    updated = channel.result("imconnector.update.messages", **line, MESSAGES=[message("Corrected")])
    assert updated["SUCCESS"] is True
    assert channel.look("openlines")["dialogs"][0]["messages"][0]["text"] != "Good afternoon"
    unknown = channel.result("imconnector.update.messages", **line, MESSAGES=[message("x", number="m9")])
    assert unknown["DATA"]["RESULT"][0]["SUCCESS"] is False
    channel.result("imconnector.delete.messages", **line, MESSAGES=[message()])
    rows = channel.look("openlines")["dialogs"][0]["messages"]
    assert [row["deleted"] for row in rows if row["incoming"]] == [True]


def test_finished_dialog_continues_in_a_new_session(channel: World) -> None:
    """After the end the same chat goes on with a session whose parent is the old one; history is per session."""
    channel.bind("OnSessionFinish", "/finish")
    chat = chat_id(channel)
    old = channel.look("openlines")["dialogs"][0]["session"]["ID"]
    assert channel.result("imopenlines.operator.finish", CHAT_ID=chat) is True
    assert channel.heard("/finish")[0]["data"]["DATA"][0]["session"]["closed"] == "Y"
    again = send(channel, message("Back", number="m2"))["DATA"]["RESULT"][0]["session"]
    assert again["CHAT_ID"] == chat
    assert again["ID"] != old
    history = channel.result("imopenlines.session.history.get", SESSION_ID=again["ID"])
    texts = [row["text"] for row in history["message"].values()]
    assert "Back" in texts
    assert "Good afternoon" not in texts


def test_working_hours_are_acted_upon(channel: World) -> None:
    """Outside of its hours a line says so once per session, in its own time zone; inside of them it says nothing."""
    channel.bind("OnImConnectorMessageAdd", "/out")
    closed = {
        "WORKTIME_ENABLE": "Y",
        "WORKTIME_FROM": "00:00",
        "WORKTIME_TO": "00:00",
        "WORKTIME_TIMEZONE": "Asia/Tashkent",
    }
    closed |= {"WORKTIME_DAYOFF_RULE": "text", "WORKTIME_DAYOFF_TEXT": "We sleep"}
    channel.result("imopenlines.config.update", CONFIG_ID=1, PARAMS=closed)
    chat = chat_id(channel)
    channel.result("imopenlines.operator.finish", CHAT_ID=chat)
    for number in ("m2", "m3"):
        send(channel, message("Anybody?", number=number))
    assert [one["data"]["MESSAGES"][0]["message"]["text"] for one in channel.heard("/out")] == ["We sleep"] * 2
    channel.result("imopenlines.config.update", CONFIG_ID=1, PARAMS={"WORKTIME_ENABLE": "N"})
    channel.result("imopenlines.operator.finish", CHAT_ID=chat)
    send(channel, message("Anybody now?", number="m4"))
    assert len(channel.heard("/out")) == 2


def test_a_finished_dialog_is_rated(channel: World) -> None:
    """Asked for a rating, the client's digit is one and begins no session; transferred dialogs wait for their operator."""
    channel.bind("OnImConnectorMessageAdd", "/out")
    words = {"VOTE_MESSAGE": "Y", "VOTE_MESSAGE_2_TEXT": "1 or 0?", "VOTE_MESSAGE_2_LIKE": "Thanks"}
    channel.result("imopenlines.config.update", CONFIG_ID=1, PARAMS=words)
    chat = chat_id(channel)
    channel.control(f"openlines/{chat}/answer", user_id="1")
    handed = channel.control(f"openlines/{chat}/transfer", user_id="1", to="2")["result"]["session"]
    assert (handed["operator"], handed["answered"]) == ("2", False)
    channel.control(f"openlines/{chat}/answer", user_id="2")
    channel.control(f"openlines/{chat}/finish", user_id="2")
    send(channel, message("1", number="m2"))
    session = channel.look("openlines")["dialogs"][0]["session"]
    assert (session["closed"], session["vote"]) == (True, "like")
    texts = [one["data"]["MESSAGES"][0]["message"]["text"] for one in channel.heard("/out")]
    assert texts == ["1 or 0?", "Thanks"]
    again = send(channel, message("1", number="m3"))["DATA"]["RESULT"][0]["session"]
    assert again["ID"] != session["ID"]


def test_disconnecting_and_deleting_a_line_are_told(channel: World) -> None:
    """Status deletion has lower-case keys, line deletion a bare number."""
    channel.bind("OnImConnectorStatusDelete", "/status")
    channel.bind("OnImConnectorLineDelete", "/line")
    channel.control("connectors/tg_bridge/disconnect", line="1", user_id="1")
    assert channel.heard("/status")[0]["data"] == {"connector": "tg_bridge", "line": "1"}
    line = channel.result("imopenlines.config.add", PARAMS={"LINE_NAME": "Second"})
    assert channel.result("imopenlines.config.get", CONFIG_ID=line)["LINE_NAME"] == "Second"
    assert channel.result("imopenlines.config.delete", CONFIG_ID=line) is True
    assert channel.heard("/line")[0]["data"] == str(line)
    assert channel.result("imopenlines.config.get", CONFIG_ID=line) is False


def test_chats_and_notifications_of_people(world: World) -> None:
    """A chat is made, written to and read; a notification with the same tag replaces the first."""
    chat = world.result("im.chat.add", TITLE="Lot 104", USERS=[2, 3], ENTITY_TYPE="CRM", ENTITY_ID="DEAL|7")
    assert world.result("im.chat.get", ENTITY_TYPE="CRM", ENTITY_ID="DEAL|7") == {"ID": chat}
    sent = world.result("im.message.add", DIALOG_ID=f"chat{chat}", MESSAGE="Hello")
    read = world.result("im.dialog.messages.get", DIALOG_ID=f"chat{chat}")
    assert [(row["id"], row["text"]) for row in read["messages"]] == [(sent, "Hello")]
    assert world.error("im.message.add", DIALOG_ID="chat999", MESSAGE="x") == "CHAT_ID"
    assert world.error("im.message.add", DIALOG_ID="999", MESSAGE="x") == "USER_NOT_FOUND"
    for text in ("one", "two"):
        world.result("im.notify.system.add", USER_ID=2, MESSAGE=text, TAG="lot-104")
    world.token = world.token_of("2")
    shown = world.result("im.notify.get")["notifications"]
    assert [row["text"] for row in shown] == ["two"]


def test_all_dialogs_are_pinned_at_once_and_a_manager_votes(channel: World) -> None:
    """pinAll and unpinAll answer the sessions they changed; a vote without stars and words is refused."""
    session = send(channel, message())["DATA"]["RESULT"][0]["session"]
    channel.result("imopenlines.operator.answer", CHAT_ID=session["CHAT_ID"])
    assert channel.result("imopenlines.session.mode.pinAll") == [int(session["ID"])]
    assert channel.result("imopenlines.session.mode.pinAll") == []
    assert channel.result("imopenlines.session.mode.unpinAll") == [int(session["ID"])]
    assert channel.error("imopenlines.session.head.vote", SESSION_ID=session["ID"]) == "EMPTY_VOTE_PARAMS"
    assert channel.result("imopenlines.session.head.vote", SESSION_ID=session["ID"], RATING=5) is True


def test_a_message_begins_a_new_dialog_or_stays_as_a_quick_answer(channel: World) -> None:
    """A dialog that starts from a message is a new one; a message of another chat is no answer."""
    chat = chat_id(channel)
    history = channel.result("imopenlines.session.history.get", CHAT_ID=chat)
    said = min(int(number) for number, row in history["message"].items() if row["senderid"] != "0")
    place = {"CHAT_ID": chat, "MESSAGE_ID": said}
    assert channel.result("imopenlines.message.quick.save", **place) is True
    assert channel.error("imopenlines.message.quick.save", **{**place, "MESSAGE_ID": 9999}) == "CANT_SAVE_QUICK_ANSWER"
    assert channel.result("imopenlines.message.session.start", **place) is True
    fresh = channel.result("imopenlines.session.history.get", CHAT_ID=chat)
    assert fresh["sessionId"] != history["sessionId"]
    assert channel.error("imopenlines.message.session.start", CHAT_ID=0, MESSAGE_ID=1) == "CHAT_ID"


def test_no_bots_and_no_network(channel: World) -> None:
    """A line says a text for an application; what needs a bot or another portal is refused by its code."""
    chat = chat_id(channel)
    text = {"CHAT_ID": chat, "NAME": "DEFAULT", "MESSAGE": "We answer soon"}
    assert channel.result("imopenlines.bot.session.message.send", **text) is True
    shown = channel.result("im.dialog.messages.get", DIALOG_ID=f"chat{chat}")["messages"]
    assert "We answer soon" in [row["text"] for row in shown]
    assert channel.error("imopenlines.bot.session.message.send") == "CHAT_ID_EMPTY"
    assert channel.error("imopenlines.bot.session.finish", CHAT_ID=chat) == "BOT_ID_ERROR"
    assert channel.error("imopenlines.bot.session.operator", CHAT_ID=chat) == "WRONG_CHAT"
    assert channel.error("imopenlines.bot.session.transfer", CHAT_ID=chat) == "TRANSFER_ID_EMPTY"
    assert channel.error("imopenlines.bot.session.transfer", CHAT_ID=chat, USER_ID=0) == "USER_ID_EMPTY"
    assert channel.error("imopenlines.network.join", CODE="short") == "CODE"
    assert channel.error("imopenlines.network.message.add", CODE="a" * 32, USER_ID=1, MESSAGE="x") == "NOT_FOUND"
    assert channel.error("im.message.command", MESSAGE_ID=0, BOT_ID=1, COMMAND="x") == "MESSAGE_ID_ERROR"
