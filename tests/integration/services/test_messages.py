"""Messages: taken once, copied to everybody, contacts hidden, edits and deletions carried."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from b24app.domain.outcomes import Done, Refused, Unclear
from b24app.errors import InvalidState, NotAllowed, NotFound
from b24app.services import (
    conversations,
    deliveries,
    message_changes,
    message_history,
    messages,
    offers,
    people,
    settings,
)
from b24app.services.spoken import Spoken, SpokenByManager
from storage import outbox
from storage.models import Conversation, CrmLink, Message, MessageCopy, OutboxRow, Person
from storage.unit_of_work import UnitOfWork
from tests import factories
from tests.integration.services.outgoing import rows, said_to, sent


@pytest.fixture
def talk(uow: UnitOfWork) -> tuple[Conversation, Person, Person]:
    """An open conversation, its buyer, its factory's person."""
    conversation, ivan, abc, _ = factories.conversation(uow)
    return conversation, ivan, abc


def say(uow: UnitOfWork, who: Person, where: Conversation, text: str, number: int = 10, **more: Any) -> Message:
    """Say something as the bot hands it over."""
    kind = more.pop("kind", "text")
    key = f"{who.chat_id}:{number}"
    return messages.say(uow, who, where, Spoken(kind=kind, text=text, source_key=key, **more))


def settle(uow: UnitOfWork, key: str, outcome: Done | Refused | Unclear, state: str) -> OutboxRow:
    """Move a row on as the dispatcher does and record the outcome."""
    row = uow.session.scalars(select(OutboxRow).where(OutboxRow.key == key)).one()
    answer = outcome.answer if isinstance(outcome, Done) else None
    row.error_code = outcome.code if isinstance(outcome, Refused) else None
    outbox.finish(row, state, uow.now, answer=answer)
    deliveries.record(uow, row, outcome)
    uow.session.flush()
    return row


def test_a_message_reaches_everybody_once(uow: UnitOfWork, talk: tuple[Conversation, Person, Person]) -> None:
    """The other side, the operator and the deal's timeline each get one copy, however often the update comes."""
    conversation, ivan, abc = talk
    first = say(uow, ivan, conversation, "[b]Salom[/b] <i>")
    assert say(uow, ivan, conversation, "other").id == first.id
    (copy,) = sent(uow, "SendConversationMessage")
    assert copy.chat_id == abc.chat_id
    assert copy.text.endswith("\n<b>Salom</b> &lt;i&gt;")
    assert "Xaridor" in copy.text.split("\n")[0]
    (line,) = sent(uow, "SendToOpenLine")
    assert (line.conversation_id, line.text) == (str(conversation.id), "[b]Salom[/b] <i>")
    assert [one.ref for one in sent(uow, "AddTimelineComment")] == [f"lot/{conversation.lot_id}"]


def test_contacts_are_hidden_from_the_other_side_only(
    uow: UnitOfWork, talk: tuple[Conversation, Person, Person]
) -> None:
    """The other side gets a mask, the operator the original, the sender a word about it."""
    conversation, ivan, abc = talk
    message = say(uow, ivan, conversation, "Позвоните +7 900 123-45-67")
    (copy,) = sent(uow, "SendConversationMessage")
    assert "900" not in copy.text
    (line,) = sent(uow, "SendToOpenLine")
    assert "+7 900 123-45-67" in line.text
    assert any("Контакты" in text or "контакты" in text for text in said_to(uow, ivan.chat_id))
    assert message.hidden
    message_changes.release(uow, message.id, "user/1")
    (edit,) = sent(uow, "EditChatMessage", chat_id=abc.chat_id)
    assert "+7 900 123-45-67" in edit.text


def test_the_buyer_name_is_hidden(uow: UnitOfWork, talk: tuple[Conversation, Person, Person]) -> None:
    """The buyer cannot be known by a name in a message before the contract."""
    conversation, ivan, _ = talk
    say(uow, ivan, conversation, "Мы компания Northern Style")
    (copy,) = sent(uow, "SendConversationMessage")
    assert "Northern" not in copy.text


@pytest.mark.parametrize(
    ("kind", "name", "noted"),
    [("sticker", "", True), ("document", "скан.PDF", True), ("document", "цех.jpg", True), ("voice", "", False)],
)
def test_whatever_shows_a_picture_is_for_the_manager_to_look_at(
    uow: UnitOfWork, talk: tuple[Conversation, Person, Person], kind: str, name: str, noted: bool
) -> None:
    """Before the contract the operator is told to look at what may show a contact: stickers, scans and pictures sent as files too."""
    conversation, ivan, _ = talk
    say(uow, ivan, conversation, "", 11, kind=kind, telegram_file_id="X", file_name=name)
    (shown,) = sent(uow, "SendToOpenLine")
    assert ("контакты на картинке не скрыты" in shown.text) is noted


def test_pictures_travel_and_documents_wait_for_the_manager(
    uow: UnitOfWork, talk: tuple[Conversation, Person, Person]
) -> None:
    """Before the contract a picture goes on, a document stays with the operator until released."""
    conversation, ivan, abc = talk
    say(uow, ivan, conversation, "", 11, kind="photo", telegram_file_id="PIC")
    held = say(uow, ivan, conversation, "", 12, kind="document", telegram_file_id="DOC")
    assert [one.telegram_file_id for one in sent(uow, "SendChatFile")] == ["PIC"]
    assert [one.files[0]["telegram_file_id"] for one in sent(uow, "SendToOpenLine")] == ["PIC", "DOC"]
    assert ["контакты на картинке не скрыты" in one.text for one in sent(uow, "SendToOpenLine")] == [True, False]
    message_changes.release(uow, held.id, "user/1")
    assert [one.telegram_file_id for one in sent(uow, "SendChatFile", chat_id=abc.chat_id)] == ["PIC", "DOC"]


def test_a_contact_card_never_travels(uow: UnitOfWork, talk: tuple[Conversation, Person, Person]) -> None:
    """A shared contact is shown to the operator only."""
    conversation, ivan, _ = talk
    say(uow, ivan, conversation, "Ivan\n+79001234567", kind="contact")
    assert all("900" not in one.text for one in sent(uow, "SendConversationMessage"))


def test_a_reply_quotes_the_same_message_in_the_other_chat(
    uow: UnitOfWork, talk: tuple[Conversation, Person, Person]
) -> None:
    """Replying to a copy quotes the original in its author's chat, and the other way round."""
    conversation, ivan, abc = talk
    first = say(uow, ivan, conversation, "Когда?", 10)
    settle(uow, f"message/{first.id}:telegram:{abc.chat_id}", Done({"chat_id": abc.chat_id, "message_id": 77}), "done")
    second = say(uow, abc, conversation, "Ertaga", 20, reply_to_outside_id="77")
    (back,) = sent(uow, "SendConversationMessage", chat_id=ivan.chat_id)
    assert (second.reply_to_id, back.reply_to) == (first.id, "10")


def test_a_reply_quotes_the_words_that_were_marked(uow: UnitOfWork, talk: tuple[Conversation, Person, Person]) -> None:
    """Marked words are quoted with their formatting where the reader sees them; hidden ones, and a heading, are quoted of nobody."""
    conversation, ivan, abc = talk
    first = say(uow, ivan, conversation, "Цвет [b]тёмно-синий[/b] или чёрный? Мой +998 90 123 45 67")
    second = say(uow, ivan, conversation, "Цвет [b]тёмно-синий[/b] или чёрный?", 11)
    for number, message in ((77, first), (78, second)):
        key = f"message/{message.id}:telegram:{abc.chat_id}"
        settle(uow, key, Done({"chat_id": abc.chat_id, "message_id": number}), "done")
    marked = [("78", "синий или"), ("77", "90 123"), ("78", "Buyer")]
    for number, (outside_id, words) in enumerate(marked):
        say(uow, abc, conversation, f"Ha {number}", 20 + number, reply_to_outside_id=outside_id, quote=words)
    quotes = [one.quote for one in sent(uow, "SendConversationMessage", chat_id=ivan.chat_id)]
    assert quotes == ["<b>синий</b> или", "", ""]


def test_an_edit_reaches_every_copy_and_is_masked_anew(
    uow: UnitOfWork, talk: tuple[Conversation, Person, Person]
) -> None:
    """Editing a contact into a message hides it too; the copies are changed, the change recorded."""
    conversation, ivan, abc = talk
    message = say(uow, ivan, conversation, "Здравствуйте")
    key = f"{ivan.chat_id}:10"
    message_changes.edit(uow, source="telegram", source_key=key, text="пишите @ivan_petrov")
    (edit,) = sent(uow, "EditChatMessage", chat_id=abc.chat_id)
    assert (edit.original, "ivan_petrov" in edit.text) == (f"message/{message.id}:telegram:{abc.chat_id}", False)
    (line,) = sent(uow, "EditInOpenLine")
    assert (line.message_id, "@ivan_petrov" in line.text) == (str(message.id), True)
    assert ["@ivan_petrov" in one.text for one in sent(uow, "AddTimelineComment")] == [False, True]
    with pytest.raises(NotFound):
        message_changes.edit(uow, source="telegram", source_key="1:1", text="x")


def test_edits_of_one_moment_are_all_carried(uow: UnitOfWork, talk: tuple[Conversation, Person, Person]) -> None:
    """Two edits of a message in the same moment both reach every copy, and the sender hears each time that something is hidden."""
    conversation, ivan, abc = talk
    say(uow, ivan, conversation, "Здравствуйте")
    for text in ("пишите @ivan_petrov", "Добрый день", "лучше @ivan_sidorov"):
        message_changes.edit(uow, source="telegram", source_key=f"{ivan.chat_id}:10", text=text)
    edits = sent(uow, "EditChatMessage", chat_id=abc.chat_id)
    assert len(edits) == 3
    assert "Добрый день" in edits[1].text
    assert len(sent(uow, "EditInOpenLine")) == 3
    assert len(sent(uow, "AddTimelineComment")) == 4
    assert len([text for text in said_to(uow, ivan.chat_id) if "контакты скрыты" in text]) == 2


def test_an_operator_answers_both_sides_or_one(uow: UnitOfWork, talk: tuple[Conversation, Person, Person]) -> None:
    """A text without a mark goes to both, with a mark to one side, a note to nobody."""
    conversation, ivan, abc = talk
    conversation.line_chat_id = "900"

    def answer(text: str, number: int) -> Message:
        return messages.say_as_manager(
            uow,
            SpokenByManager(user_id="5", user_name="Olga", text=text, source_key=f"900:{number}"),
            line_chat_id="900",
        )

    answer("Добрый день", 1)
    answer("Добрый день", 1)
    answer("#factory Iltimos", 2)
    note = answer("#note свой вопрос", 3)
    assert [one.chat_id for one in sent(uow, "SendConversationMessage")] == [ivan.chat_id, abc.chat_id, abc.chat_id]
    assert "Olga" in sent(uow, "SendConversationMessage")[0].text
    assert note.kind == "note"
    assert not [one for one in sent(uow) if "свой вопрос" in str(one.payload())]
    assert note not in message_history.history(uow, conversation.id)
    assert note in message_history.history(uow, conversation.id, notes=True)
    assert sent(uow, "SendToOpenLine") == []


def test_the_line_hears_when_every_copy_has_arrived(uow: UnitOfWork, talk: tuple[Conversation, Person, Person]) -> None:
    """Delivery is reported to the open line once, after the last chat got the message."""
    conversation, ivan, abc = talk
    message = messages.say_as_manager(
        uow,
        SpokenByManager(user_id="5", user_name="Olga", text="Hi", source_key="900:4"),
        conversation_id=conversation.id,
        line_chat_id="900",
    )
    settle(uow, f"message/{message.id}:telegram:{ivan.chat_id}", Done({"message_id": 1}), "done")
    assert sent(uow, "ConfirmOpenLineDelivery") == []
    settle(uow, f"message/{message.id}:telegram:{abc.chat_id}", Done({"message_id": 2}), "done")
    (report,) = sent(uow, "ConfirmOpenLineDelivery")
    assert (report.im_chat_id, report.im_message_id) == ("900", "4")
    assert message_history.states(uow, [message.id]) == {message.id: "delivered"}


def test_a_deletion_takes_the_copies_back(uow: UnitOfWork, talk: tuple[Conversation, Person, Person]) -> None:
    """What an operator deletes disappears from both chats."""
    conversation, _, _ = talk
    messages.say_as_manager(
        uow,
        SpokenByManager(user_id="5", user_name="O", text="Hi", source_key="900:4"),
        conversation_id=conversation.id,
        line_chat_id="900",
    )
    message_changes.delete(uow, source="open_line", source_key="900:4")
    message_changes.delete(uow, source="open_line", source_key="900:4")
    assert len(sent(uow, "DeleteChatMessage")) == 2


def test_a_doubtful_message_is_decided_by_its_sender(
    uow: UnitOfWork, talk: tuple[Conversation, Person, Person]
) -> None:
    """The sender is asked; nobody else of the chats may answer; either answer takes the question away."""
    conversation, ivan, abc = talk
    message = say(uow, ivan, conversation, "Здравствуйте")
    key = f"message/{message.id}:telegram:{abc.chat_id}"
    row = settle(uow, key, Unclear("timeout"), "uncertain")
    (question,) = [
        one for one in sent(uow, "SendChatMessage", chat_id=ivan.chat_id) if one.buttons and "sure:" in str(one.buttons)
    ]
    assert [button["data"] for button in question.buttons[0]] == [f"sure:{row.id}:arrived", f"sure:{row.id}:again"]
    assert message_history.states(uow, [message.id]) == {message.id: "uncertain"}
    assert [one.id for one in deliveries.troubled(uow).uncertain] == [row.id]
    with pytest.raises(NotAllowed):
        deliveries.resend(uow, row.id, f"person/{abc.id}")
    assert deliveries.resend(uow, row.id, f"person/{ivan.id}")
    assert not deliveries.confirm(uow, row.id, "user/1")
    assert row.state == "todo" or uow.session.get_one(OutboxRow, row.id, populate_existing=True).state == "todo"
    (edit,) = sent(uow, "EditChatMessage", chat_id=ivan.chat_id)
    assert edit.original == f"sure/{row.id}:person/{ivan.id}"


def test_a_person_who_blocked_the_bot_is_remembered(uow: UnitOfWork, talk: tuple[Conversation, Person, Person]) -> None:
    """A refused send marks the reader as unreachable and tells the sender."""
    conversation, ivan, abc = talk
    message = say(uow, ivan, conversation, "Здравствуйте")
    settle(uow, f"message/{message.id}:telegram:{abc.chat_id}", Refused("blocked by the user", "blocked"), "dead")
    assert uow.session.get_one(Person, abc.id).state == "blocked"
    assert uow.session.scalars(select(MessageCopy.state).where(MessageCopy.chat == abc.chat_id)).all() == ["failed"]
    assert any("не удалось доставить" in text for text in said_to(uow, ivan.chat_id))


def test_strangers_and_closed_conversations_are_refused(
    uow: UnitOfWork, talk: tuple[Conversation, Person, Person]
) -> None:
    """Nobody reads or writes a conversation that is not theirs, nor a closed one."""
    conversation, ivan, _ = talk
    stranger, _ = factories.factory(uow, "2009", company="Stranger")
    with pytest.raises(NotFound):
        conversations.get_for(uow, stranger, conversation.id)
    with pytest.raises(NotFound):
        say(uow, stranger, conversation, "hi")
    conversations.set_state(uow, conversation.id, "closed", "user/1")
    with pytest.raises(InvalidState):
        say(uow, ivan, conversation, "hi")


def test_plain_messages_go_to_the_chosen_conversation(
    uow: UnitOfWork, talk: tuple[Conversation, Person, Person]
) -> None:
    """The only open conversation is the current one; with several the choice decides."""
    conversation, ivan, _ = talk
    assert conversations.current(uow, ivan) is conversation
    helping = conversations.open_help(uow, ivan)
    assert conversations.open_help(uow, ivan).id == helping.id
    assert conversations.current(uow, ivan) is None
    conversations.switch(uow, ivan, helping.id)
    assert conversations.current(uow, ivan) is helping


def test_help_is_recorded_on_the_contact_and_unmasked(
    uow: UnitOfWork, talk: tuple[Conversation, Person, Person]
) -> None:
    """Talking to the platform hides nothing, reaches the line and the person's card, and comes back."""
    _, ivan, _ = talk
    helping = conversations.open_help(uow, ivan)
    message = say(uow, ivan, helping, "мой телефон +7 900 123-45-67")
    assert not message.hidden
    assert [one.ref for one in sent(uow, "AddTimelineComment")] == [f"contact/{ivan.id}"]
    messages.say_as_manager(
        uow, SpokenByManager(user_id="5", user_name="Olga", text="Hello", source_key="p:1"), conversation_id=helping.id
    )
    assert [one.chat_id for one in sent(uow, "SendConversationMessage")] == [ivan.chat_id]


def test_after_the_award_the_conversation_goes_on_as_the_order(
    uow: UnitOfWork, talk: tuple[Conversation, Person, Person]
) -> None:
    """The same thread is recorded on the child deal from the award on."""
    conversation, ivan, _ = talk
    order = offers.award(uow, ivan, conversation.offer_id or 0)
    say(uow, ivan, conversation, "Спасибо")
    assert [one.ref for one in sent(uow, "AddTimelineComment")] == [f"order/{order.id}"]


def test_a_saved_item_is_found_again(uow: UnitOfWork, talk: tuple[Conversation, Person, Person]) -> None:
    """The ids of the other side are kept: CRM items, cards, the line's dialogue."""
    conversation, ivan, _ = talk
    say(uow, ivan, conversation, "Здравствуйте")
    by_kind = {row.kind: row for row in rows(uow)}
    deliveries.record(uow, by_kind["SaveItem"], Done({"entity_type_id": 2, "entity_id": "41"}))
    deliveries.record(uow, by_kind["ShowCard"], Done({"activity_id": "77"}))
    deliveries.record(uow, by_kind["SendToOpenLine"], Done({"chat_id": "900", "session_id": "3"}))
    assert conversations.by_line_chat(uow, "900") is conversation
    assert people.crm_ref(uow, ivan) == f"contact/{ivan.id}"


def test_an_item_stands_for_one_thing(uow: UnitOfWork, talk: tuple[Conversation, Person, Person]) -> None:
    """When the CRM gives one item to two of our things, the later one has it, and nothing stops."""
    first, second = rows(uow, "SaveItem")[:2]
    deliveries.record(uow, first, Done({"entity_type_id": 2, "entity_id": "41"}))
    deliveries.record(uow, second, Done({"entity_type_id": 2, "entity_id": "41"}))
    assert uow.session.scalars(select(CrmLink.ref)).all() == [second.payload["ref"]]


def test_a_digest_is_one_entry_that_grows(uow: UnitOfWork, talk: tuple[Conversation, Person, Person]) -> None:
    """With digests the messages of a stretch become one timeline entry, which waits in a lane of its own; all of them count as told."""
    conversation, ivan, abc = talk
    settings.put(uow, "timeline_mode", "digest", "user/1")
    first = say(uow, ivan, conversation, "Когда?", 10)
    say(uow, abc, conversation, "Ertaga", 20)
    [row] = rows(uow, "AddTimelineComment")
    assert ["Когда?" in row.payload["text"], "Ertaga" in row.payload["text"]] == [True, True]
    assert (row.not_before, row.lane) == (uow.now + timedelta(minutes=30), f"digest:lot/{conversation.lot_id}")
    settle(uow, row.key, Done({"comment_id": "9"}), "done")
    copies = uow.session.scalars(select(MessageCopy).where(MessageCopy.place == "timeline")).all()
    assert [(copy.state, copy.outside_id) for copy in copies] == [("delivered", "9")] * 2
    message_changes.edit(uow, source="telegram", source_key=first.source_key, text="Когда точно?")
    assert len(rows(uow, "AddTimelineComment")) == 2


def test_the_timeline_can_be_left_alone(uow: UnitOfWork, talk: tuple[Conversation, Person, Person]) -> None:
    """With the open line only, nothing of a conversation is written on the deal."""
    conversation, ivan, _ = talk
    settings.put(uow, "timeline_mode", "line", "user/1")
    message = say(uow, ivan, conversation, "Когда?", 10)
    message_changes.edit(uow, source="telegram", source_key=message.source_key, text="Когда точно?")
    assert (len(sent(uow, "AddTimelineComment")), len(sent(uow, "SendToOpenLine"))) == (0, 1)
