"""Each captured update leads to the services' call it stands for and to an answer in the person's language."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from storage.models import (
    Message,
    MessageCopy,
    MessagePart,
    OutboxRow,
    Person,
)
from storage.unit_of_work import UnitOfWork
from telegram_bridge.updates import MalformedUpdate, handle
from tests.contract.telegram.conftest import Payload, Play, Said
from tests.contract.telegram.talks import IVAN, new_company, new_conversation, new_person


def _data(row: OutboxRow) -> list[str]:
    return [
        button.get("data") or button.get("web_app") or button.get("url") or ""
        for line in row.payload.get("buttons", [])
        for button in line
    ]


def test_first_start_asks_for_the_language(uow: UnitOfWork, play: Play, said: Said) -> None:
    """A newcomer is known from now on and chooses among the three languages."""
    play("start_with_lot")
    [row] = said()
    assert _data(row) == ["lang:ru", "lang:uz", "lang:en"]
    person = uow.session.scalars(select(Person)).one()
    assert (person.telegram_id, person.first_name, person.start_payload) == (IVAN, "Иван", "lot_256")


def test_language_then_role_then_questionnaire(uow: UnitOfWork, play: Play, said: Said) -> None:
    """Each choice changes the pressed message into the next question, in the language just chosen."""
    play("start")
    said()
    play("callback", data="lang:uz")
    stopped, role = said()
    assert stopped.kind == "AnswerCallback"
    assert (role.kind, role.payload["message_id"]) == ("EditChatMessage", "31")
    assert "Siz kimsiz?" in role.payload["text"]
    play("callback", update_id=900099, data="role:factory", id="88000000000009")
    assert _data(said()[-1])[0] == "/app/form/factory"
    person = uow.session.scalars(select(Person)).one()
    assert (person.language, person.active_role) == ("uz", "factory")


@pytest.mark.parametrize("name", ["menu", "lots", "chats", "help", "text", "photo", "unknown_command"])
def test_nothing_but_registration_before_the_questionnaire(uow: UnitOfWork, play: Play, said: Said, name: str) -> None:
    """Whatever is sent before the questionnaire is complete is answered with the questionnaire and settings only."""
    new_person(uow)
    play(name)
    [row] = said()
    assert _data(row) == ["/app/form/buyer", "fill:buyer:0", "menu:settings"]


@pytest.mark.parametrize(
    ("state", "first"),
    [("submitted", "menu:help"), ("changes_requested", "/app/corrections"), ("accepted", "/app/form/lot")],
)
def test_menu_follows_the_stage(uow: UnitOfWork, play: Play, said: Said, state: str, first: str) -> None:
    """The menu of a registered buyer offers what the state of the questionnaire allows."""
    new_company(uow, new_person(uow), state)
    play("menu")
    [row] = said()
    assert _data(row)[0] == first


def test_company_name_is_shown_as_typed(uow: UnitOfWork, play: Play, said: Said) -> None:
    """A name with signs of markup stays a name."""
    new_company(uow, new_person(uow))
    play("menu")
    assert said()[0].payload["text"].startswith("<b>Ткани &amp; Ко</b>\n")


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("settings", "lang:ru"),
        ("language", "lang:ru"),
        ("lots", "/app/lots"),
        ("chats", "menu:help"),
        ("help", "/app/chats/"),
    ],
)
def test_commands(uow: UnitOfWork, play: Play, said: Said, name: str, first: str) -> None:
    """Each command leads a registered person to its place."""
    new_company(uow, new_person(uow))
    play(name)
    assert _data(said()[-1])[0].startswith(first)


def test_lot_link_leads_an_accepted_factory_to_the_lot(uow: UnitOfWork, play: Play, said: Said) -> None:
    """Who follows *Respond* from the channel gets the lot itself."""
    new_company(uow, new_person(uow, role="factory"))
    play("start_with_lot")
    [row] = said()
    assert _data(row) == ["/app/numbers/256"]


def test_message_goes_to_the_only_conversation(uow: UnitOfWork, play: Play, said: Said) -> None:
    """With one open conversation nothing has to be chosen: the text reaches the other side, formatted, once."""
    person = new_person(uow)
    conversation = new_conversation(uow, person, new_company(uow, person))
    play("text")
    play("text")
    message = uow.session.scalars(select(Message)).one()
    assert (message.conversation_id, message.original) == (conversation.id, "Нужно [b]20 000[/b] футболок")
    [row] = said()
    assert "Нужно <b>20 000</b> футболок" in row.payload["text"]


def test_unclear_addressee_is_asked_for(uow: UnitOfWork, play: Play, said: Said) -> None:
    """With two conversations and none chosen the message is not sent anywhere; the person chooses."""
    person = new_person(uow)
    company = new_company(uow, person)
    numbers = [new_conversation(uow, person, company).id, new_conversation(uow, person, company).id]
    play("text")
    [row] = said()
    assert uow.session.scalar(select(Message.id)) is None
    assert row.payload["reply_to"] == "12"
    assert {f"conv:{number}" for number in numbers} < set(_data(row))


def test_chosen_conversation_gets_the_messages(uow: UnitOfWork, play: Play, said: Said) -> None:
    """After a press on a conversation's button messages go there, and a header says so."""
    person = new_person(uow)
    company = new_company(uow, person)
    first, second = new_conversation(uow, person, company), new_conversation(uow, person, company)
    play("callback", data=f"conv:{second.id}")
    header = said()[-1]
    assert f"#{second.offer_id}" in header.payload["text"]
    play("text")
    assert uow.session.scalars(select(Message)).one().conversation_id == second.id != first.id


def test_reply_goes_where_the_message_came_from(uow: UnitOfWork, play: Play, said: Said) -> None:
    """A reply follows the message replied to, whichever conversation is current."""
    person = new_person(uow)
    company = new_company(uow, person)
    current, other = new_conversation(uow, person, company), new_conversation(uow, person, company)
    person.current_conversation_id = current.id
    asked = Message(conversation_id=other.id, side="factory", source="telegram", source_key="x:1", text="?")
    uow.session.add(asked)
    uow.session.flush()
    copy = MessageCopy(message_id=asked.id, place="telegram", chat=IVAN, outside_id="13", state="delivered")
    uow.session.add(copy)
    uow.session.flush()
    # A text in two parts: whichever of them is replied to, it is the same message.
    for part in ("12", "13"):
        uow.session.add(MessagePart(copy_id=copy.id, chat=IVAN, outside_id=part))
    play("reply")
    answer = uow.session.scalars(select(Message).order_by(Message.id.desc()).limit(1)).one()
    assert (answer.conversation_id, answer.reply_to_id) == (other.id, asked.id)


@pytest.mark.parametrize(
    ("is_bot", "key", "goes"),
    [
        (True, {"web_app": {"url": "https://market.example/app/chats/{number}"}}, "other"),
        (True, {"callback_data": "conv:{number}"}, "other"),
        (False, {"callback_data": "conv:{number}"}, "current"),
    ],
)
def test_a_reply_to_a_header_goes_to_its_conversation(
    uow: UnitOfWork, play: Play, is_bot: bool, key: dict[str, Any], goes: str
) -> None:
    """What answers a message of the bot about one conversation goes there, not to the current one; only the bot's own are believed."""
    person = new_person(uow)
    company = new_company(uow, person)
    talks = {name: new_conversation(uow, person, company) for name in ("current", "other")}
    person.current_conversation_id = talks["current"].id
    filled = json.loads(json.dumps(key).replace("{number}", str(talks["other"].id)))
    keys = [[{"text": "История"} | filled], [{"text": "Другой разговор", "callback_data": "menu:chats"}]]
    header = {"message_id": 77, "from": {"id": 5, "is_bot": is_bot, "first_name": "Market"}, "text": "Помощь"}
    where = {"chat": {"id": int(IVAN), "type": "private"}, "date": 1772443800}
    play("reply", reply_to_message=header | where | {"reply_markup": {"inline_keyboard": keys}})
    answer = uow.session.scalars(select(Message).order_by(Message.id.desc()).limit(1)).one()
    assert answer.conversation_id == talks[goes].id


def test_the_mark_of_the_current_conversation_moves(uow: UnitOfWork, play: Play, said: Said) -> None:
    """Choosing in the list says where messages go now, and the list shows it too."""
    person = new_person(uow)
    company = new_company(uow, person)
    first, second = new_conversation(uow, person, company), new_conversation(uow, person, company)
    person.current_conversation_id = first.id
    play("chats")
    [listed] = said()
    rows = [
        [
            {"text": key["text"], "web_app": {"url": f"https://market.example{key['web_app']}"}}
            if "web_app" in key
            else {"text": key["text"], "callback_data": key["data"]}
            for key in row
        ]
        for row in listed.payload["buttons"]
    ]
    where = {"chat": {"id": int(IVAN), "type": "private"}, "date": 1772443800}
    sender = {"id": 5, "is_bot": True, "first_name": "Market"}
    shown = {"message_id": 31, "from": sender, "text": "Выберите", "reply_markup": {"inline_keyboard": rows}}
    play("callback", data=f"conv:{second.id}", message=shown | where)
    [changed] = [row for row in said() if row.kind == "EditChatMessage"]
    marked = [key["data"] for row in changed.payload["buttons"] for key in row if key["text"].startswith("✅")]
    assert (changed.payload["message_id"], marked) == ("31", [f"conv:{second.id}"])


def test_edit_changes_the_message(uow: UnitOfWork, play: Play, said: Said) -> None:
    """An edit is carried to the message it edits."""
    person = new_person(uow)
    new_conversation(uow, person, new_company(uow, person))
    play("text")
    play("edited")
    assert said()[-1].kind == "EditChatMessage"
    assert uow.session.scalars(select(Message)).one().original == "Нужно 25 000 футболок"


def test_edit_before_its_original_is_the_message(uow: UnitOfWork, play: Play, said: Said) -> None:
    """An edit of a message that never came reaches the other side as it reads now; its original, or a changed command, nothing."""
    person = new_person(uow)
    new_conversation(uow, person, new_company(uow, person))
    play("edited")
    [row] = said()
    assert "Нужно 25 000 футболок" in row.payload["text"]
    play("text")
    play("edited", message_id=13, text="/menu please")
    assert said() == []
    assert uow.session.scalars(select(Message)).one().original == "Нужно 25 000 футболок"


def test_a_file_that_telegram_does_not_hand_out_waits_for_the_manager(uow: UnitOfWork, play: Play, said: Said) -> None:
    """A document over 20 MB is kept for the manager, its words go on, its sender is told."""
    person = new_person(uow)
    new_conversation(uow, person, new_company(uow, person))
    play("document_too_big")
    message = uow.session.scalars(select(Message)).one()
    assert (message.file_state, message.hidden) == ("held", True)
    assert any("проверяет менеджер" in row.payload["text"] for row in said() if row.payload["chat_id"] == IVAN)


@pytest.mark.parametrize(("name", "word"), [("story", "нельзя")])
def test_what_cannot_be_carried_is_said(uow: UnitOfWork, play: Play, said: Said, name: str, word: str) -> None:
    """A message that cannot be carried is answered at once, as a reply to it, and nothing of it is kept."""
    person = new_person(uow)
    new_conversation(uow, person, new_company(uow, person))
    play(name)
    [row] = said()
    assert word in row.payload["text"]
    assert row.payload["reply_to"] != ""
    assert uow.session.scalar(select(Message.id)) is None


def test_forward_does_not_tell_from_whom(uow: UnitOfWork, play: Play, said: Said) -> None:
    """A forwarded text is marked as such, without the name it came with."""
    person = new_person(uow)
    new_conversation(uow, person, new_company(uow, person))
    play("forward")
    message = uow.session.scalars(select(Message)).one()
    assert message.original == "↪️ Прайс на март"
    assert "Ali" not in said()[0].payload["text"]


def test_closed_conversation_is_said_politely(uow: UnitOfWork, play: Play, said: Said) -> None:
    """A reply into a closed conversation is refused in words and stored nowhere."""
    person = new_person(uow)
    conversation = new_conversation(uow, person, new_company(uow, person))
    play("text")
    conversation.state = "closed"
    said()
    play("reply")
    [row] = said()
    assert row.payload["reply_to"] == "13"
    assert len(uow.session.scalars(select(Message)).all()) == 1


@pytest.mark.parametrize(
    "data",
    [
        "",
        "nothing",
        "lang:kk",
        "role:admin",
        "conv:1",
        "conv:x",
        "conv:1:2",
        "conv:99999999999999999999",
        "offer:1:award_yes",
        "offer:1:explode",
        "lot:1:cancel_yes",
        "lot:²:open",
        "sure:1:arrived",
        "sure:1:again:x",
        ":::",
    ],
)
def test_data_of_a_press_is_believed_in_nothing(uow: UnitOfWork, play: Play, said: Said, data: str) -> None:
    """A press on a button that is not this person's, or never existed, is refused with a notice and changes nothing."""
    person = new_person(uow)
    other = new_person(uow, "7000000099")
    new_conversation(uow, other, new_company(uow, other))
    play("callback", data=data)
    [row] = said()
    assert row.kind == "AnswerCallback"
    assert row.payload["alert"]
    assert (person.language, person.active_role, person.current_conversation_id) == ("ru", "buyer", None)


def test_press_under_an_old_message_is_answered_anew(uow: UnitOfWork, play: Play, said: Said) -> None:
    """A message too old to be changed is left alone; the answer comes as a new one."""
    new_company(uow, new_person(uow))
    play("callback_inaccessible")
    assert [row.kind for row in said()] == ["AnswerCallback", "SendConversationMessage"]


def test_blocking_and_coming_back(uow: UnitOfWork, play: Play) -> None:
    """Who blocks the bot is not written to until they come back."""
    person = new_person(uow)
    play("blocked")
    assert person.state == "blocked"
    play("unblocked")
    assert person.state == "active"


@pytest.mark.parametrize("name", ["group_message", "channel_post", "reaction"])
def test_what_means_nothing_is_passed_over(
    uow: UnitOfWork, play: Play, said: Said, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """An update of no concern leaves a line in the log and nothing else."""
    with caplog.at_level("INFO"):
        play(name)
    assert "passed over" in caplog.text
    assert said() == []
    assert uow.session.scalar(select(Person.id)) is None


@pytest.mark.parametrize(
    "update",
    [
        {"malformed": "x", "why": "ValueError"},
        {"update_id": 1, "message": 5},
        {"update_id": 1, "message": {"chat": "x"}},
        {"update_id": 1, "callback_query": {}},
        {"update_id": 1, "my_chat_member": []},
    ],
)
def test_malformed_update_is_told_apart(uow: UnitOfWork, update: dict[str, Any]) -> None:
    """What does not follow the Bot API raises by name, so that the inbox sets it aside."""
    with pytest.raises(MalformedUpdate):
        handle(uow, update)


def test_update_without_a_chat_is_malformed(uow: UnitOfWork, payload: Payload) -> None:
    """A message that belongs to no chat cannot be worked."""
    with pytest.raises(MalformedUpdate):
        handle(uow, payload("without_chat"))
