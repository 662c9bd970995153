"""The pages in the messenger and above the timeline: the same conversation, the same rights, nothing of other chats."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from b24app.services import conversations, people
from storage.models import Conversation, ConversationRating, Message, Offer
from tests.contract.placements.conftest import Desk
from tests.contract.placements.world import Marketplace
from tests.databases import Prepared

CHAT = json.dumps({"dialogId": "chat777", "URI": "/online/"})


@pytest.fixture
def talk(desk: Desk, prepared: Prepared) -> int:
    """A conversation of a buyer and a factory that open-line chat 777 mirrors."""
    return desk.market.begin(prepared, "a conversation with a dialogue", _talk)


def _talk(market: Marketplace) -> int:
    market.buyer()
    lot = market.lot(published=True)
    market.talk(market.offer(lot, market.factory()))
    with market.transactions() as uow:
        found = uow.session.query(Conversation).one()
        found.line_chat_id = "777"
        return found.id


def _said(desk: Desk) -> list[str]:
    with desk.transactions() as uow:
        return [one.addressed for one in uow.session.scalars(select(Message).where(Message.side == "manager"))]


def test_the_sidebar_tells_whose_conversation_it_is(desk: Desk, talk: int) -> None:
    """Beside an open-line chat stand both companies and the whole conversation; a manager writes from there."""
    page = desk.open("chat_sidebar", PLACEMENT_OPTIONS=CHAT).text
    assert "Северный стиль" in page
    assert desk.part("transcript").status_code == 200
    form: dict[str, Any] = {"conversation_id": talk, "text": "Добрый день", "side": "factory", "key": "abcdefgh"}
    assert desk.press("say", **form).status_code == 200
    assert _said(desk) == ["factory"]


def test_the_mobile_menu_tells_who_this_is_and_which_lot(desk: Desk, talk: int) -> None:
    """On a telephone come both companies, the lot with its state, then the conversation, in which a manager writes."""
    page = desk.open("chat_mobile", PLACEMENT_OPTIONS=json.dumps({"dialogId": "chat777"})).text
    for words in ("Северный стиль", "ABC Textiles", "Лот №", "Футболки хлопковые", "Опубликован"):
        assert words in page, words
    assert desk.part("transcript").status_code == 200
    form: dict[str, Any] = {"conversation_id": talk, "text": "Добрый день", "side": "factory", "key": "abcdefgh"}
    assert desk.press("say", **form).status_code == 200
    assert _said(desk) == ["factory"]


def test_a_private_chat_is_not_taken_for_the_line_chat_of_its_number(desk: Desk, talk: int) -> None:
    """The mobile application offers the page in every chat: with colleague 777 nothing of line chat 777 is shown or pressed."""
    page = desk.open("chat_mobile", PLACEMENT_OPTIONS=json.dumps({"dialogId": "777"})).text
    assert "Здесь нет ничего от маркетплейса" in page
    assert "Северный стиль" not in page
    form: dict[str, Any] = {"conversation_id": talk, "text": "x", "side": "both", "key": "abcdefgh"}
    assert desk.press("say", **form).status_code == 404


def test_the_text_area_writes_to_one_side(desk: Desk, talk: int) -> None:
    """The panel above the input field sends to the chosen side, and offers nothing else."""
    desk.open("chat_textarea", PLACEMENT_OPTIONS=CHAT)
    form: dict[str, Any] = {"conversation_id": talk, "text": "Только вам", "side": "buyer", "key": "abcdefgh"}
    assert desk.press("say", **form).status_code == 200
    assert _said(desk) == ["buyer"]
    assert desk.press("set_conversation", conversation_id=talk, state="closed").status_code == 404


def test_the_button_above_the_timeline_writes(desk: Desk, talk: int) -> None:
    """From the deal's timeline a manager writes into its conversation."""
    with desk.transactions() as uow:
        lot_id = uow.session.get_one(Conversation, talk).lot_id
    page = desk.open("deal_button", desk.market.in_crm[f"lot/{lot_id}"]).text
    assert 'name="text"' in page
    form: dict[str, Any] = {"conversation_id": talk, "text": "Обоим", "side": "both", "key": "abcdefgh"}
    assert desk.press("say", **form).status_code == 200
    assert _said(desk) == ["both"]


@pytest.mark.parametrize("dialog", ["chat778", "chat0"])
def test_a_chat_that_is_not_ours_shows_nothing(desk: Desk, talk: int, dialog: str) -> None:
    """Beside another open-line chat nothing of ours is shown, and nothing of ours can be pressed."""
    options = json.dumps({"dialogId": dialog, "URI": "/online/"})
    page = desk.open("chat_sidebar", PLACEMENT_OPTIONS=options).text
    assert "Здесь нет ничего от маркетплейса" in page
    form: dict[str, Any] = {"conversation_id": talk, "text": "x", "side": "both", "key": "abcdefgh"}
    assert desk.press("say", **form).status_code == 404


@pytest.mark.parametrize("options", ['{"dialogId": "5"}x', "{}", '{"dialogId": "chat1;drop"}', ""])
def test_a_launch_without_a_chat_is_refused(desk: Desk, options: str) -> None:
    """What names no chat opens no page."""
    assert desk.open("chat_sidebar", PLACEMENT_OPTIONS=options).status_code == 403


def test_whoever_may_not_read_the_chat_sees_no_page(desk: Desk, talk: int) -> None:
    """The portal is asked about the very chat; without its word the page stays closed."""
    desk.open("chat_sidebar", PLACEMENT_OPTIONS=CHAT)
    assert [(one.entity_type_id, one.entity_id) for one in desk.portal.asked] == [(-1, "777")]


def test_stars_of_a_closed_conversation_are_shown(desk: Desk, talk: int) -> None:
    """What people thought of the conversation stands with it."""
    with desk.transactions() as uow:
        person_id = uow.session.scalars(select(Offer.person_id)).one()
        uow.session.add(ConversationRating(conversation_id=talk, person_id=person_id, stars=4))
    assert "Оценка: 4 из 5" in desk.open("chat_sidebar", PLACEMENT_OPTIONS=CHAT).text


@pytest.mark.parametrize("code", ["lead_button", "contact_button", "company_button"])
def test_a_manager_begins_a_conversation_from_a_card_of_people(desk: Desk, code: str) -> None:
    """The button of a lead, a contact or a company opens the person's conversation once, and what is written there is kept for them."""
    market = desk.market
    buyer = market.buyer()
    with desk.transactions() as uow:
        person = people.members_of(uow, buyer)[0].id
    item = {"lead_button": f"lead/{buyer}", "contact_button": f"contact/{person}", "company_button": f"company/{buyer}"}
    page = desk.open(code, market.in_crm[item[code]], AUTH_ID="token-of-manager").text
    assert ("Открыть разговор: Иван" in page, 'name="text"' in page) == (True, False)
    assert desk.press("begin_conversation", person_id=person + 1).status_code == 404
    assert [desk.press("begin_conversation", person_id=person).status_code for _ in range(2)] == [200, 200]
    with desk.transactions() as uow:
        talk = uow.session.scalars(select(Conversation)).one().id
    said = desk.press("say", conversation_id=talk, text="Добрый день!", side="both", key="abcdefgh")
    assert (said.status_code, "Открыть разговор" in said.text) == (200, False)
    with desk.transactions() as uow:
        assert [one.original for one in uow.session.scalars(select(Message))] == ["Добрый день!"]


def test_a_card_of_people_opens_no_conversation_of_others(desk: Desk) -> None:
    """Neither a lot's conversation nor one of another company can be written into from a company's button."""
    market = desk.market
    market.buyer()
    factory, other = market.factory(), market.factory(3, "Silk Road Mill")
    market.talk(market.offer(market.lot(published=True), factory))
    with desk.transactions() as uow:
        lot_talk = uow.session.scalars(select(Conversation)).one().id
        foreign = conversations.open_help(uow, people.members_of(uow, other)[0]).id
    desk.open("company_button", market.in_crm[f"company/{factory}"])
    for talk in (lot_talk, foreign):
        assert desk.press("say", conversation_id=talk, text="Привет", side="both", key="abcdefgh").status_code == 404
