"""The gateway says for every message whether it happened, did not happen, may have happened or never will."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests
import responses
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProtocolError

from b24app.config import Settings
from b24app.domain.deliveries import (
    AnswerCallback,
    DeleteChatMessage,
    EditChatMessage,
    SaveItem,
    SendChatFile,
    SendChatMessage,
)
from b24app.domain.delivery import Delivery
from b24app.domain.outcomes import Done, Envelope, Outcome, Refused, TryLater, Unclear
from b24app.services import settings as chosen
from storage.models import File, OutboxRow
from storage.unit_of_work import Transactions
from telegram_bridge.gateway import TelegramGateway
from telegram_bridge.miniapp.uploads import place_of
from tests.contract.telegram.conftest import API, TOKEN

CHAT = "7000000001"


def _url(method: str) -> str:
    return f"{API}/bot{TOKEN}/{method}"


def _message(message_id: int = 55, chat_id: int = int(CHAT)) -> dict[str, Any]:
    chat = {"id": chat_id, "type": "private", "first_name": "Ivan"}
    return {"ok": True, "result": {"message_id": message_id, "chat": chat, "date": 1772443800}}


def _refusal(status: int, description: str, **parameters: int) -> dict[str, Any]:
    said: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    return {**said, "parameters": parameters} if parameters else said


def _envelope(delivery: Delivery, row_id: int = 1, lane: str = "") -> Envelope:
    return Envelope(row_id=row_id, key=f"key-{row_id}", lane=lane or f"lane-{row_id}", attempt=1, delivery=delivery)


def _send(gateway: TelegramGateway, delivery: Delivery) -> Outcome:
    [outcome] = gateway.send([_envelope(delivery)])
    return outcome


def _asked(api: responses.RequestsMock, index: int = 0) -> dict[str, str]:
    body = api.calls[index].request.body
    assert isinstance(body, str)
    return {name: values[0] for name, values in parse_qs(body).items()}


HELLO = SendChatMessage(chat_id=CHAT, text="<b>Hello</b> &amp; welcome")


def test_text_goes_with_entities_and_buttons(gateway: TelegramGateway, api: responses.RequestsMock) -> None:
    """A text is sent as plain text with entities, its buttons as an inline keyboard, and the ids come back."""
    api.post(_url("sendMessage"), json=_message(55))
    buttons = [[{"text": "Open", "web_app": "/app/lots/1"}, {"text": "Yes", "data": "lang:ru"}]]
    outcome = _send(gateway, SendChatMessage(chat_id=CHAT, text="<b>Hi</b> 1 &lt; 2", buttons=buttons, reply_to="41"))
    assert outcome == Done({"chat_id": CHAT, "message_id": 55, "message_ids": [55]})
    asked = _asked(api)
    assert asked["text"] == "Hi 1 < 2"
    assert json.loads(asked["entities"]) == [{"type": "bold", "offset": 0, "length": 2}]
    keys = json.loads(asked["reply_markup"])["inline_keyboard"][0]
    assert keys[0]["web_app"] == {"url": "https://market.test/app/lots/1"}
    assert keys[1]["callback_data"] == "lang:ru"
    assert json.loads(asked["reply_parameters"]) == {"message_id": 41, "allow_sending_without_reply": True}


def test_a_quote_that_telegram_does_not_find_costs_no_message(
    gateway: TelegramGateway, api: responses.RequestsMock
) -> None:
    """Marked words go as the quote; where they are not in the message any more, the answer goes without them."""
    refusal = {"ok": False, "error_code": 400, "description": "Bad Request: QUOTE_TEXT_INVALID"}
    api.post(_url("sendMessage"), json=refusal, status=400)
    api.post(_url("sendMessage"), json=_message(56))
    outcome = _send(gateway, SendChatMessage(chat_id=CHAT, text="да", reply_to="41", quote="<b>тёмный</b>"))
    assert isinstance(outcome, Done)
    plain = {"message_id": 41, "allow_sending_without_reply": True}
    tried = [json.loads(_asked(api, number)["reply_parameters"]) for number in (0, 1)]
    assert tried == [{**plain, "quote": "<b>тёмный</b>", "quote_parse_mode": "HTML"}, plain]


def test_deep_link_button_names_the_bot(gateway: TelegramGateway, api: responses.RequestsMock) -> None:
    """A button that opens the bot carries the bot's own name and the payload."""
    api.get(
        _url("getMe"), json={"ok": True, "result": {"id": 1, "is_bot": True, "first_name": "M", "username": "m_bot"}}
    )
    api.post(
        _url("getMe"), json={"ok": True, "result": {"id": 1, "is_bot": True, "first_name": "M", "username": "m_bot"}}
    )
    api.post(_url("sendMessage"), json=_message(5, -1001))
    buttons = [[{"text": "Respond", "start": "lot_256"}]]
    assert isinstance(_send(gateway, SendChatMessage(chat_id="-1001", text="Lot", buttons=buttons)), Done)
    [[key]] = json.loads(_asked(api, -1)["reply_markup"])["inline_keyboard"]
    assert key["url"] == "https://t.me/m_bot?start=lot_256"


@pytest.mark.parametrize(
    ("status", "answer", "outcome"),
    [
        (429, _refusal(429, "Too Many Requests: retry after 7", retry_after=7), ("later", 7.0)),
        (400, _refusal(400, "Bad Request: chat not found"), ("refused", "400")),
        (403, _refusal(403, "Forbidden: bot was kicked from the channel chat"), ("refused", "403")),
        (401, _refusal(401, "Unauthorized"), ("later", 15.0)),
        (500, _refusal(500, "Internal Server Error"), ("unclear", "")),
    ],
)
def test_refusals_are_sorted(
    gateway: TelegramGateway, api: responses.RequestsMock, status: int, answer: dict[str, Any], outcome: tuple[str, Any]
) -> None:
    """Each of Telegram's refusals says by itself what may be done next."""
    api.post(_url("sendMessage"), json=answer, status=status)
    got = _send(gateway, HELLO)
    if isinstance(got, TryLater):
        assert (("later", got.after_seconds), got.counted) == (outcome, False)
    elif isinstance(got, Refused):
        assert ("refused", got.code) == outcome
    else:
        assert isinstance(got, Unclear)
        assert outcome[0] == "unclear"


def _unreached() -> requests.ConnectionError:
    reason = NewConnectionError(HTTPConnection("localhost"), "refused")
    return requests.ConnectionError(MaxRetryError(HTTPConnectionPool("localhost"), f"/bot{TOKEN}/sendMessage", reason))


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (_unreached(), TryLater),
        (requests.ConnectionError(ProtocolError("Connection aborted.")), Unclear),
        (requests.ReadTimeout(f"{API}/bot{TOKEN}/sendMessage"), Unclear),
    ],
)
def test_lost_connections_are_sorted(
    gateway: TelegramGateway, api: responses.RequestsMock, error: Exception, kind: type
) -> None:
    """Before the connection stands nothing happened; after it anything may have; the token is told to nobody."""
    api.post(_url("sendMessage"), body=error)
    outcome = _send(gateway, HELLO)
    assert isinstance(outcome, kind)
    assert TOKEN not in repr(outcome)
    assert len(api.calls) == 1


@pytest.mark.parametrize(
    ("said", "code"),
    [("Forbidden: bot was blocked by the user", "blocked"), ("Forbidden: user is deactivated", "deleted")],
)
def test_person_who_cannot_be_reached_is_told_apart(
    gateway: TelegramGateway, api: responses.RequestsMock, said: str, code: str
) -> None:
    """Who blocked the bot or left Telegram is refused under a code of its own, so that it can be remembered."""
    api.post(_url("sendMessage"), json=_refusal(403, said), status=403)
    outcome = _send(gateway, HELLO)
    assert isinstance(outcome, Refused)
    assert outcome.code == code


def test_group_that_moved_is_followed(
    gateway: TelegramGateway, api: responses.RequestsMock, transactions: Transactions
) -> None:
    """When the tender channel's group becomes a supergroup, the setting and waiting messages follow."""
    with transactions() as uow:
        chosen.put(uow, "tender_channel_id", "-77", "user/1")
        uow.send(SendChatMessage(chat_id="-77", text="Lot"), key="lot")
    answer = _refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-10077)
    api.post(_url("sendMessage"), json=answer, status=400)
    outcome = _send(gateway, SendChatMessage(chat_id="-77", text="Lot"))
    assert isinstance(outcome, TryLater)
    with transactions() as uow:
        assert chosen.get(uow, "tender_channel_id") == "-10077"
        row = uow.session.query(OutboxRow).one()
        assert (row.payload["chat_id"], row.lane) == ("-10077", "chat:-10077")


def test_long_text_goes_in_parts(gateway: TelegramGateway, api: responses.RequestsMock) -> None:
    """A text over the limit arrives in several messages, buttons under the last."""
    for number in (61, 62):
        api.post(_url("sendMessage"), json=_message(number))
    long = SendChatMessage(chat_id=CHAT, text="word " * 1200, buttons=[[{"text": "Yes", "data": "x"}]])
    assert _send(gateway, long) == Done({"chat_id": CHAT, "message_id": 62, "message_ids": [61, 62]})
    assert ["reply_markup" in _asked(api, index) for index in (0, 1)] == [False, True]


def test_half_sent_text_is_unclear(gateway: TelegramGateway, api: responses.RequestsMock) -> None:
    """When the second part is refused the first is out already, and a person has to decide."""
    api.post(_url("sendMessage"), json=_message(61))
    api.post(_url("sendMessage"), json=_refusal(429, "Too Many Requests", retry_after=3), status=429)
    outcome = _send(gateway, SendChatMessage(chat_id=CHAT, text="word " * 1200))
    assert isinstance(outcome, Unclear)
    assert outcome.reason.startswith("1 of 2 parts arrived")


def test_one_chat_keeps_its_order(gateway: TelegramGateway, api: responses.RequestsMock) -> None:
    """When the first message of a lane has to wait, the second waits behind it; other chats go on."""
    api.post(_url("sendMessage"), json=_refusal(429, "Too Many Requests", retry_after=9), status=429)
    api.post(_url("sendMessage"), json=_refusal(429, "Too Many Requests", retry_after=9), status=429)
    other = SendChatMessage(chat_id="42", text="x")
    outcomes = gateway.send([_envelope(HELLO, 1, "chat"), _envelope(HELLO, 2, "chat"), _envelope(other, 3)])
    assert [type(outcome) for outcome in outcomes] == [TryLater, TryLater, TryLater]
    assert len(api.calls) == 2


@pytest.mark.parametrize(
    "said",
    [
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the same",
        "Bad Request: message to edit not found",
    ],
)
def test_edit_without_a_change_is_done(gateway: TelegramGateway, api: responses.RequestsMock, said: str) -> None:
    """Telegram's complaint that nothing changed, or that its person deleted the message, is success."""
    api.post(_url("editMessageText"), json=_refusal(400, said), status=400)
    outcome = _send(gateway, EditChatMessage(chat_id=CHAT, message_id="31", text="same"))
    assert isinstance(outcome, Done)


def _stored(
    transactions: Transactions, delivery: Delivery, key: str, state: str, answer: dict[str, Any] | None
) -> None:
    with transactions() as uow:
        uow.send(delivery, key=key)
        uow.session.flush()
        row = uow.session.query(OutboxRow).filter_by(key=key).one()
        row.state, row.answer = state, answer


def test_edit_finds_what_was_sent(
    gateway: TelegramGateway, api: responses.RequestsMock, transactions: Transactions
) -> None:
    """An edit names the message by the key it was sent under; a part no longer needed is deleted."""
    _stored(transactions, HELLO, "hello", "done", {"chat_id": CHAT, "message_id": 62, "message_ids": [61, 62]})
    api.post(_url("editMessageText"), json=_message(61))
    api.post(_url("deleteMessage"), json={"ok": True, "result": True})
    outcome = _send(gateway, EditChatMessage(chat_id=CHAT, original="hello", text="<i>short</i>"))
    assert outcome == Done({"chat_id": CHAT, "message_ids": [61]})
    assert (_asked(api, 0)["message_id"], _asked(api, 1)["message_id"]) == ("61", "62")


def test_edit_of_a_caption(gateway: TelegramGateway, api: responses.RequestsMock, transactions: Transactions) -> None:
    """The text of a file is its caption."""
    photo = SendChatFile(chat_id=CHAT, kind="photo", telegram_file_id="Ag", caption="old")
    _stored(
        transactions,
        photo,
        "photo",
        "done",
        {"chat_id": CHAT, "message_id": 70, "message_ids": [70], "is_caption": True},
    )
    api.post(_url("editMessageCaption"), json=_message(70))
    assert isinstance(_send(gateway, EditChatMessage(chat_id=CHAT, original="photo", text="new")), Done)
    assert _asked(api)["caption"] == "new"


def test_edit_waits_for_a_message_under_way(gateway: TelegramGateway, transactions: Transactions) -> None:
    """A change of something not sent yet is put off, not lost."""
    _stored(transactions, HELLO, "hello", "todo", None)
    outcome = _send(gateway, EditChatMessage(chat_id=CHAT, original="hello", text="x"))
    assert isinstance(outcome, TryLater)
    assert not outcome.counted


def test_edit_of_what_never_arrived_is_refused(gateway: TelegramGateway, transactions: Transactions) -> None:
    """A change of a message that was refused has nothing to change."""
    _stored(transactions, HELLO, "hello", "dead", None)
    assert _send(gateway, EditChatMessage(chat_id=CHAT, original="hello", text="x")) == Refused(
        "The message to change never arrived (dead).", "never_arrived"
    )


def test_deleting_what_is_gone_is_done(
    gateway: TelegramGateway, api: responses.RequestsMock, transactions: Transactions
) -> None:
    """A message that somebody else deleted already counts as deleted."""
    _stored(transactions, HELLO, "hello", "done", {"chat_id": CHAT, "message_id": 61})
    api.post(_url("deleteMessage"), json=_refusal(400, "Bad Request: message to delete not found"), status=400)
    assert isinstance(_send(gateway, DeleteChatMessage(chat_id=CHAT, original="hello")), Done)


def test_late_answer_to_a_press_is_let_go(gateway: TelegramGateway, api: responses.RequestsMock) -> None:
    """A press too old to be answered is no trouble, and a long notice is cut to Telegram's limit."""
    said = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    api.post(_url("answerCallbackQuery"), json=_refusal(400, said), status=400)
    assert _send(gateway, AnswerCallback(callback_query_id="9", text="x" * 300)) == Done({})
    assert len(_asked(api)["text"]) == 200


def test_known_file_is_sent_by_its_id(gateway: TelegramGateway, api: responses.RequestsMock) -> None:
    """A photo that Telegram holds is not uploaded again; its caption keeps its formatting."""
    api.post(_url("sendPhoto"), json=_message(80))
    photo = SendChatFile(chat_id=CHAT, kind="photo", telegram_file_id="AgLarge", caption="<b>Factory</b>\nsample")
    assert isinstance(_send(gateway, photo), Done)
    asked = _asked(api)
    assert (asked["photo"], asked["caption"]) == ("AgLarge", "Factory\nsample")
    assert json.loads(asked["caption_entities"])[0]["type"] == "bold"


def test_sticker_and_long_caption_follow_their_heading(gateway: TelegramGateway, api: responses.RequestsMock) -> None:
    """What cannot have a caption is announced by a message of its own, before it."""
    api.post(_url("sendMessage"), json=_message(81))
    api.post(_url("sendSticker"), json=_message(82))
    sticker = SendChatFile(chat_id=CHAT, kind="sticker", telegram_file_id="CA", caption="<b>Factory</b>")
    assert _send(gateway, sticker) == Done(
        {"chat_id": CHAT, "message_id": 82, "message_ids": [81, 82], "text_ids": [81]}
    )


def test_edit_under_a_sticker_changes_its_heading(
    gateway: TelegramGateway, api: responses.RequestsMock, transactions: Transactions
) -> None:
    """The text that went before a file without a caption is what an edit changes; deletion takes both back."""
    answer = {"chat_id": CHAT, "message_id": 82, "message_ids": [81, 82], "text_ids": [81]}
    _stored(transactions, SendChatFile(chat_id=CHAT, kind="sticker", telegram_file_id="CA"), "sticker", "done", answer)
    api.post(_url("editMessageText"), json=_message(81))
    api.post(_url("deleteMessage"), json={"ok": True, "result": True})
    edit = EditChatMessage(chat_id=CHAT, original="sticker", text="new")
    assert _send(gateway, edit) == Done({"chat_id": CHAT, "message_ids": [81, 82]})
    assert isinstance(_send(gateway, DeleteChatMessage(chat_id=CHAT, original="sticker")), Done)
    assert [_asked(api, index)["message_id"] for index in range(3)] == ["81", "81", "82"]


def test_own_file_is_uploaded(
    gateway: TelegramGateway, api: responses.RequestsMock, transactions: Transactions, settings: Settings
) -> None:
    """A file of ours goes as an upload under its name."""
    place = place_of(settings.files_dir, "ab" * 32)
    place.parent.mkdir(parents=True)
    place.write_bytes(b"%PDF-1.7 spec")
    with transactions() as uow:
        file = File(owner="lot/1", name="спецификация.pdf", mime="application/pdf", size=13, sha256="ab" * 32)
        uow.session.add(file)
        uow.session.flush()
        file_id = file.id
    api.post(_url("sendDocument"), json=_message(83))
    assert isinstance(_send(gateway, SendChatFile(chat_id=CHAT, kind="document", file_id=file_id)), Done)
    body = api.calls[0].request.body
    assert isinstance(body, bytes)
    assert b"%PDF-1.7 spec" in body
    assert "спецификация.pdf".encode() in body


def test_a_file_that_is_written_for_the_message_is_uploaded(
    gateway: TelegramGateway, api: responses.RequestsMock
) -> None:
    """A small text that lies nowhere goes as a file under its name, every letter of it."""
    api.post(_url("sendDocument"), json=_message(84))
    file = SendChatFile(chat_id=CHAT, kind="document", content="SUMMARY:Образцы", name="meeting.ics")
    assert isinstance(_send(gateway, file), Done)
    body = api.calls[0].request.body
    assert isinstance(body, bytes)
    assert ("SUMMARY:Образцы".encode() in body, b"meeting.ics" in body) == (True, True)


@pytest.mark.parametrize(
    ("delivery", "code"),
    [
        (SendChatFile(chat_id=CHAT, kind="document", file_id=404), "no_file"),
        (SendChatFile(chat_id=CHAT, kind="hologram", telegram_file_id="x"), "malformed"),
        (SendChatMessage(chat_id=CHAT, text="x", buttons=[[{"text": "b", "data": "y" * 65}]]), "malformed"),
        (SaveItem(ref="lot/1"), "unknown_kind"),
    ],
)
def test_what_can_never_be_sent_is_refused(gateway: TelegramGateway, delivery: Delivery, code: str) -> None:
    """A message that no try could send is refused without a call."""
    outcome = _send(gateway, delivery)
    assert isinstance(outcome, Refused)
    assert outcome.code == code


def test_without_a_token_everything_waits(settings: Settings, transactions: Transactions) -> None:
    """Until an administrator sets the bot's token nothing is lost and nothing counts as tried."""
    gateway = TelegramGateway(
        settings=Settings(**{**vars(settings), "telegram_bot_token": ""}), transactions=transactions
    )
    outcome = _send(gateway, HELLO)
    gateway.close()
    assert isinstance(outcome, TryLater)
    assert not outcome.counted


def test_nothing_can_be_proved(gateway: TelegramGateway) -> None:
    """Telegram has no way to ask whether a message arrived."""
    assert isinstance(gateway.prove([_envelope(HELLO)])[0], Unclear)
