"""Files that managers send from cards and chats, and how far what they wrote got."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage

from b24app.services import conversation_reads, conversations, people
from storage.models import Conversation, File, Member, Message, MessageCopy, OutboxRow, Person
from tests.contract.placements.conftest import Desk

PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\n"


@pytest.fixture
def card(desk: Desk, tmp_path: Path) -> dict[str, Any]:
    """The button of a buyer's lead with the conversation begun, and a place for bytes; answers what a message needs."""
    desk.world.files_dir = str(tmp_path)
    buyer = desk.market.buyer()
    with desk.transactions() as uow:
        talk = conversations.open_help(uow, people.members_of(uow, buyer)[0], asked_by="user/7").id
    desk.open("lead_button", desk.market.in_crm[f"lead/{buyer}"], AUTH_ID="token-of-manager")
    return {"conversation_id": talk, "side": "both", "key": "abcdefgh"}


def _file(name: str, content: bytes = PDF) -> FileStorage:
    return FileStorage(BytesIO(content), filename=name)


def test_files_go_to_the_person_once(desk: Desk, card: dict[str, Any]) -> None:
    """Words and files leave as one album under the manager's words; the same press again sends nothing more."""
    for _ in range(2):
        files = [_file("shartnoma.pdf"), _file("namuna.pdf", PDF + b"2")]
        assert desk.press("say", **card, text="Договор и образец", files=files).status_code == 200
    with desk.transactions() as uow:
        said = uow.session.query(Message).order_by(Message.id).all()
        assert [(one.kind, one.original) for one in said] == [("document", "Договор и образец"), ("document", "")]
        assert [len(row.payload["items"]) for row in uow.session.query(OutboxRow).filter_by(kind="SendChatAlbum")] == [
            2
        ]
    page = desk.part("sent", conversation=str(card["conversation_id"])).text
    assert ("Договор и образец" in page, "namuna.pdf" in page, page.count("в пути")) == (True, True, 2)


def test_a_file_goes_without_words_and_nothing_does_not_go(desk: Desk, card: dict[str, Any]) -> None:
    """A file alone is a message; neither words nor files are none, which is said beside the button."""
    refused = desk.press("say", **card, text=" ", files=[_file("", b"")])
    assert (refused.status_code, "Напишите что-нибудь" in refused.text) == (422, True)
    assert desk.press("say", **card, text="", files=[_file("narx.pdf")]).status_code == 200
    with desk.transactions() as uow:
        assert uow.session.query(Message).one().kind == "document"


@pytest.mark.parametrize(
    ("files", "side", "words"),
    [
        ([("virus.exe", b"MZ\x00\x01")], "both", "virus.exe"),
        ([("<b>.pdf", b"")], "both", "&lt;b&gt;.pdf"),
        ([(f"{number}.pdf", PDF) for number in range(11)], "both", "10"),
        ([("narx.pdf", PDF)], "note", "заметк"),
    ],
)
def test_what_cannot_be_sent_is_refused_by_name(
    desk: Desk, card: dict[str, Any], files: list[tuple[str, bytes]], side: str, words: str
) -> None:
    """An unknown kind, an empty file, too many, or files of a note: nothing is kept, and the reason names what it is about."""
    form = {**card, "side": side, "text": "Смотрите", "files": [_file(*one) for one in files]}
    answer = desk.press("say", element="do-say", **form)
    assert (answer.status_code, words in answer.text.lower()) == (422, True)
    with desk.transactions() as uow:
        assert (uow.session.query(Message).count(), uow.session.query(File).count()) == (0, 0)


def test_more_than_the_server_takes_is_refused_in_words(desk: Desk, card: dict[str, Any]) -> None:
    """A body beyond the limit is answered beside the button, not with a page of the server."""
    desk.client.application.config["MAX_CONTENT_LENGTH"] = 1000
    answer = desk.press("say", element="do-say", **card, text="", files=[_file("a.pdf", PDF * 100)])
    assert (answer.status_code, "20 МБ" in answer.text, 'id="do-say-error"' in answer.text) == (422, True, True)


def test_how_far_a_message_got_is_told_until_it_is_known(desk: Desk, card: dict[str, Any]) -> None:
    """On its way the page asks again, ever more seldom; arrived, in doubt or refused it stops; nobody there is told at once."""
    desk.press("say", **card, text="Добрый день")
    talk = str(card["conversation_id"])
    first = desk.part("sent", conversation=talk, pause="2").text
    assert ("в пути" in first, "delay:4s" in first, "delay:64s" in desk.part("sent", pause="64").text) == (True,) * 3
    for state, words in (("delivered", "доставлено"), ("uncertain", "не подтверждено"), ("failed", "не доставлено")):
        with desk.transactions() as uow:
            uow.session.query(MessageCopy).filter_by(place="telegram").update({"state": state})
        page = desk.part("sent", conversation=talk).text
        assert (words in page, "delay:" in page) == (True, False)
    with desk.transactions() as uow:
        uow.session.query(MessageCopy).filter_by(place="telegram").delete()
    assert "писать некому" in desk.part("sent", conversation=talk).text


def test_what_was_written_into_stays_in_sight(desk: Desk, card: dict[str, Any]) -> None:
    """After a message to the second of a company's people, the form and the list are still theirs."""
    factory = desk.market.factory()
    colleague = desk.market.person(5000000077, "Olim", "uz", "factory")
    with desk.transactions() as uow:
        owner = people.members_of(uow, factory)[0]
        first = conversations.open_help(uow, owner, asked_by="user/7")
        uow.session.add(Member(person_id=colleague, company_id=factory, role="sales"))
        second = conversations.open_help(uow, uow.session.get_one(Person, colleague), asked_by="user/7")
        ids = first.id, second.id
    desk.open("company_button", desk.market.in_crm[f"company/{factory}"])
    answer = desk.press("say", conversation_id=ids[1], text="Salom", side="both", key="abcdefgh")
    assert answer.text.count(f'name="conversation_id" value="{ids[1]}"') >= 1
    assert f'name="conversation_id" value="{ids[0]}"' not in answer.text


def test_what_was_on_a_screen_is_told_as_seen(desk: Desk, card: dict[str, Any]) -> None:
    """A manager reads “seen” of what the person had open in the Mini App, not of what was written after that."""
    for number, words in enumerate(("Добрый день", "Ещё вопрос")):
        desk.press("say", **{**card, "key": f"abcdefg{number}"}, text=words)
    talk = card["conversation_id"]
    with desk.transactions() as uow:
        uow.session.query(MessageCopy).filter_by(place="telegram").update({"state": "delivered"})
        first, _ = uow.session.query(Message.id).order_by(Message.id)
        conversation = uow.session.get_one(Conversation, talk)
        conversation_reads.seen(uow, uow.session.get_one(Person, conversation.person_id), conversation, first.id)
    page = desk.part("sent", conversation=str(talk)).text
    assert (page.count("просмотрено"), page.count("доставлено")) == (1, 1)
