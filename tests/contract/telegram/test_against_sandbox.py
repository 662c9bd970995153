"""The bot and its gateway against the stand-in Telegram: what people do there reaches the others, and the way back."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import select
from telebot import TeleBot

from b24app.config import Settings
from b24app.services import file_links, message_changes, messages
from b24app.services.spoken import SpokenByManager
from sandbox.visitors import until
from storage.models import (
    Company,
    Conversation,
    Draft,
    File,
    InboxRow,
    Lot,
    Member,
    Message,
    MessageCopy,
    Offer,
    OutboxRow,
    Person,
)
from storage.unit_of_work import Transactions
from telegram_bridge.addresses import webhook_path
from telegram_bridge.client import TelegramClient
from telegram_bridge.miniapp.uploads import place_of
from telegram_bridge.setup import set_up
from telegram_bridge.updates import HANDLED
from tests import factories, telling_files
from tests.contract.telegram.world import TOKEN, TelegramWorld, bridged, running_bridge, running_telegram
from tests.telling_files import SECRET, plainly

IVAN, ABC = 7000000001, 7000000002


@pytest.fixture
def world(settings: Settings, transactions: Transactions, tmp_path: Path) -> Iterator[TelegramWorld]:
    """Telegram with two people in it, and our bridge."""
    with running_telegram(tmp_path) as telegram:
        telegram.control("users", {"id": IVAN, "first_name": "Ivan", "language_code": "ru"})
        telegram.control("users", {"id": ABC, "first_name": "Aziz", "language_code": "uz"})
        with running_bridge(bridged(settings, telegram), transactions):
            yield telegram


@pytest.fixture
def talk(world: TelegramWorld, transactions: Transactions) -> int:
    """A conversation about a lot between Ivan, a buyer, and Aziz, of a factory; both have started the bot."""
    with transactions() as uow:
        buyer, _ = _registered(uow, IVAN, "ru", "buyer")
        factory, director = _registered(uow, ABC, "uz", "factory")
        lot = Lot(company_id=buyer.id, person_id=1, client_key="1", segment="knit", quantity=1, unit="pcs")
        lot.person_id = uow.session.scalars(select(Person.id).where(Person.telegram_id == str(IVAN))).one()
        uow.session.add(lot)
        uow.session.flush()
        offer = Offer(lot_id=lot.id, company_id=factory.id, person_id=director.id, price_minor=1, currency="USD")
        offer.lead_time_days, offer.state, offer.decided_at = 9, "allowed", uow.now
        uow.session.add(offer)
        uow.session.flush()
        conversation = Conversation(kind="lot", lot_id=lot.id, offer_id=offer.id)
        conversation.buyer_company_id, conversation.factory_company_id = buyer.id, factory.id
        uow.session.add(conversation)
        uow.session.flush()
        number = conversation.id
    for person in (IVAN, ABC):
        world.act(person, "start")
        world.seen(person, lambda message: "reply_markup" in message)
    return number


def _registered(uow: Any, telegram_id: int, language: str, role: str) -> tuple[Company, Person]:
    person = Person(telegram_id=str(telegram_id), chat_id=str(telegram_id), language=language, active_role=role)
    company = Company(kind=role, name=f"{role} company", state="accepted")
    uow.session.add_all([person, company])
    uow.session.flush()
    uow.session.add(Member(company_id=company.id, person_id=person.id))
    return company, person


def test_newcomer_is_led_to_the_questionnaire(world: TelegramWorld) -> None:
    """Language and role are chosen by buttons under one message, which ends with the way to the questionnaire."""
    world.act(IVAN, "start", payload="lot_5")
    question = world.seen(IVAN, lambda message: "Choose your language" in message.get("text", ""))
    number = question["message_id"]
    assert world.act(IVAN, "press", message_id=number, callback_data="lang:ru")["ok"]
    world.seen(IVAN, lambda message: message["message_id"] == number and "Кто вы?" in message["text"])
    world.act(IVAN, "press", message_id=number, callback_data="role:buyer")
    invited = world.seen(IVAN, lambda message: "минут пять" in message.get("text", ""))
    [[form], *_] = invited["reply_markup"]["inline_keyboard"]
    assert form["web_app"]["url"].endswith("/app/form/buyer")
    assert [call for call in world.calls() if call["error"]] == []


def test_set_up_twice_is_set_up_once(world: TelegramWorld, settings: Settings) -> None:
    """Telling Telegram who we are again changes nothing, and no call of it is refused."""
    ours = replace(settings, telegram_api_url=world.url, public_url="http://127.0.0.1:9")
    client = TelegramClient(world.url, TOKEN)
    try:
        assert set_up(client, ours) == set_up(client, ours)
        found = client.call(TeleBot.get_webhook_info)
    finally:
        client.close()
    assert found.url == "http://127.0.0.1:9" + webhook_path(ours)
    allowed: Any = found.allowed_updates
    assert sorted(allowed) == sorted(HANDLED)
    assert [call for call in world.calls() if call["error"]] == []


def test_text_travels_with_formatting_reply_and_edit(world: TelegramWorld, talk: int) -> None:
    """Bold stays bold, an answer quotes what it answers, and an edit reaches the copy."""
    said = world.act(IVAN, "send", text="Нужно <b>20 000</b> & <i>срочно</i>", parse_mode="HTML")
    copy = world.seen(ABC, lambda message: "20 000" in message.get("text", ""))
    assert copy["text"].endswith("Нужно 20 000 & срочно")
    assert [entity["type"] for entity in copy["entities"]] == ["bold", "bold", "italic"]
    world.act(ABC, "send", text="Boʻladi", reply_to=copy["message_id"])
    answer = world.seen(IVAN, lambda message: "Boʻladi" in message.get("text", ""))
    assert answer["reply_to_message"]["message_id"] == said["message_id"]
    world.act(IVAN, "edit", message_id=said["message_id"], text="Нужно 25 000")
    world.seen(ABC, lambda message: message["message_id"] == copy["message_id"] and "25 000" in message["text"])


@pytest.mark.parametrize("kind", ["photo", "voice", "sticker", "video_note"])
def test_media_travel_as_themselves(world: TelegramWorld, talk: int, kind: str) -> None:
    """A picture, a voice, a sticker, a round video arrive as what they are, under a heading that says who sends."""
    world.act(IVAN, "send", **{kind: "sample"})
    world.seen(ABC, lambda message: kind in message)
    heading = world.seen(ABC, lambda message: "Xaridor" in message.get("text", "") + message.get("caption", ""))
    assert "Ivan" not in str(heading)


def test_place_travels_as_text(world: TelegramWorld, talk: int) -> None:
    """A location arrives as its coordinates."""
    world.act(IVAN, "send", location={"latitude": 41.311081, "longitude": 69.240562})
    shown = world.seen(ABC, lambda message: "41.31108, 69.24056" in message.get("text", ""))
    assert "location" not in shown


def test_contact_stays_back_before_the_contract(world: TelegramWorld, talk: int) -> None:
    """A contact card does not reach the other side, and the sender is told."""
    world.act(IVAN, "send", contact={"phone_number": "+998901234567", "first_name": "Ivan"})
    world.seen(IVAN, lambda message: "онтакты скрыты" in message.get("text", ""))
    assert "998901234567" not in str(world.chat(ABC))


def _content(world: TelegramWorld, file_id: str) -> bytes:
    given = requests.post(f"{world.url}/bot{TOKEN}/getFile", json={"file_id": file_id}, timeout=5)
    return requests.get(f"{world.url}/file/bot{TOKEN}/{given.json()['result']['file_path']}", timeout=5).content


@pytest.mark.parametrize(
    ("kind", "suffix", "content"),
    [
        ("document", ".docx", telling_files.docx()),
        ("video", ".mp4", telling_files.mp4()),
        ("animation", ".mp4", telling_files.mp4()),
        ("audio", ".mp3", telling_files.mp3()),
    ],
)
def test_files_arrive_cleaned_under_another_name(
    world: TelegramWorld, talk: int, kind: str, suffix: str, content: bytes
) -> None:
    """Before the contract a file is fetched, cleaned, renamed and uploaded anew; it arrives as what it is, with its caption."""
    sent = {"base64": base64.b64encode(content).decode(), "name": f"Petrov{suffix}"}
    world.act(IVAN, "send", caption="образец", **{kind: sent})
    found = world.seen(ABC, lambda message: kind in message)
    assert ("образец" in found["caption"], "Xaridor" in found["caption"]) == (True, True)
    assert (found[kind]["file_name"].startswith(kind), "Petrov" in str(found)) == (True, False)
    arrived = _content(world, found[kind]["file_id"])
    assert (SECRET in plainly(arrived), b"picture" in plainly(arrived)) == (False, True)


def test_a_text_file_loses_its_contacts_on_the_way(world: TelegramWorld, talk: int) -> None:
    """Before the contract the words of a text file arrive without contacts, and so does its name, with the ending of its kind."""
    content = "Ivan Petrov, ivan@shop.ru\nхлопок 180 г/м²"
    world.act(IVAN, "send", document={"text": content, "name": "Ivan.9012345"}, caption="спецификация")
    found = world.seen(ABC, lambda message: "document" in message)
    arrived = _content(world, found["document"]["file_id"]).decode()
    assert found["document"]["file_name"].partition(".")[2] == "txt"
    assert ("хлопок 180 г/м²" in arrived, "ivan@shop.ru" in arrived) == (True, False)


def test_a_file_that_cannot_be_cleaned_waits_for_the_manager(
    world: TelegramWorld, talk: int, transactions: Transactions
) -> None:
    """An archive stays with the employees, its words go on, its sender is told; released, it arrives as it was sent."""
    archive = {"text": "PK\x03\x04 broken", "name": "price.zip", "mime_type": "application/zip"}
    world.act(IVAN, "send", document=archive, caption="прайс")
    world.seen(IVAN, lambda message: "проверяет менеджер" in message.get("text", ""))
    world.seen(ABC, lambda message: "прайс" in message.get("text", ""))
    assert not any("document" in message for message in world.chat(ABC))
    with transactions() as uow:
        message_changes.release(
            uow, uow.session.scalars(select(Message.id).where(Message.kind == "document")).one(), "user/1"
        )
    assert world.seen(ABC, lambda message: "document" in message)["document"]["file_name"] == "price.zip"


def test_files_of_a_form_are_fetched_and_judged(
    world: TelegramWorld, talk: int, transactions: Transactions, settings: Settings
) -> None:
    """Photos sent together answer the question that waits, with one reply; a web page is refused in words; all bytes are ours."""
    with transactions() as uow:
        company = uow.session.scalars(select(Company).where(Company.kind == "factory")).one()
        company.state, company.corrections = "changes_requested", [{"field": "photos", "reason": "Tiniq emas"}]
    world.act(ABC, "start")
    shown = world.seen(ABC, lambda message: "fill:mend:0" in str(message.get("reply_markup")))
    world.act(ABC, "press", message_id=shown["message_id"], callback_data="fill:mend:0")
    world.seen(ABC, lambda message: "Tiniq emas" in message.get("text", ""))
    world.act(ABC, "send", document={"text": "<html><script>alert(1)</script>", "name": "photo.jpg"})
    world.seen(ABC, lambda message: "qabul qilinmaydi" in message.get("text", ""))
    world.act(ABC, "send", album=[{"type": "photo"}, {"type": "photo"}, {"type": "photo"}])
    world.seen(ABC, lambda message: "3 fayl" in message.get("text", "") and "⏳" not in message["text"])
    assert sum(" fayl" in message.get("text", "") and "Tiniq" in message["text"] for message in world.chat(ABC)) == 1
    with transactions() as uow:
        photos = uow.session.scalars(select(Draft.answers)).one()["photos"]
        kept = [uow.session.get_one(File, number) for number in photos]
    assert [file.mime for file in kept] == ["image/png"] * 3
    assert all(place_of(settings.files_dir, file.sha256).is_file() for file in kept)


def test_album_arrives_as_an_album(world: TelegramWorld, talk: int) -> None:
    """Pieces sent together arrive together, with one heading; an edited caption changes the right piece."""
    pieces = [{"type": "photo"}, {"type": "photo", "caption": "вид сзади"}, {"type": "photo"}]
    sent = world.act(IVAN, "send", album=pieces)
    world.seen(ABC, lambda message: "вид сзади" in message.get("caption", ""))
    album = [message for message in world.chat(ABC) if "photo" in message]
    assert len(album) == 3
    assert len({message["media_group_id"] for message in album}) == 1
    assert sum("Xaridor" in message.get("caption", "") for message in album) == 1
    world.act(IVAN, "edit", message_id=sent["message_ids"][1], caption="вид спереди")
    world.seen(ABC, lambda one: one["message_id"] == album[1]["message_id"] and one.get("caption") == "вид спереди")


def test_a_reply_to_any_part_finds_its_message(world: TelegramWorld, talk: int, transactions: Transactions) -> None:
    """A long text arrives in parts; replying to the first of them is a reply to the text, and quotes what was marked of it."""
    with transactions() as uow:
        text = "длинное слово " * 600
        long = messages.say_as_manager(
            uow, SpokenByManager(user_id="1", user_name="Olga", text=text, source_key="im:9"), conversation_id=talk
        )
        number = long.id
    world.seen(IVAN, lambda _: sum("длинное" in message.get("text", "") for message in world.chat(IVAN)) == 3)
    _all_delivered(world, transactions)
    first = next(message for message in world.chat(IVAN) if "длинное" in message.get("text", ""))
    world.act(IVAN, "send", text="понял", reply_to=first["message_id"], quote="слово длинное")
    world.seen(ABC, lambda message: "понял" in message.get("text", "") and message["quote"]["text"] == "слово длинное")
    with transactions() as uow:
        answer = uow.session.scalars(select(Message).where(Message.original == "понял")).one()
    assert answer.reply_to_id == number


def _all_delivered(world: TelegramWorld, transactions: Transactions) -> None:
    def done(_: Any) -> bool:
        with transactions() as uow:
            states = set(uow.session.scalars(select(MessageCopy.state).where(MessageCopy.place == "telegram")))
        return states == {"delivered"}

    world.seen(IVAN, done)


def test_a_reaction_is_shown_to_the_others(world: TelegramWorld, talk: int, transactions: Transactions) -> None:
    """A reaction under a copy is shown by the bot under the original."""
    said = world.act(IVAN, "send", text="Берём?")
    copy = world.seen(ABC, lambda message: "Берём?" in message.get("text", ""))
    _all_delivered(world, transactions)
    world.act(ABC, "react", message_id=copy["message_id"], emoji="👍")
    marked = world.seen(IVAN, lambda message: "👍" in str(message.get("reactions")))
    assert marked["message_id"] == said["message_id"]


def test_operators_file_arrives_as_a_file(world: TelegramWorld, talk: int, transactions: Transactions) -> None:
    """A file of the portal is fetched and sent as itself, never as a link; one that is gone is told to the operator."""
    given = f"{world.url}/sandbox/health"
    with transactions() as uow:
        factories.portal(uow, world.url.removeprefix("http://"))
        messages.say_as_manager(
            uow,
            SpokenByManager(
                user_id="1",
                user_name="Olga",
                text="Смотрите",
                source_key="im:7",
                files=[{"name": "plan.json", "url": given}, {"name": "lost.pdf", "url": f"{world.url}/nowhere"}],
            ),
            conversation_id=talk,
        )
    found = world.seen(IVAN, lambda message: "document" in message)
    assert (found["document"]["file_name"], "Смотрите" in found["caption"]) == ("plan.json", True)
    assert given not in str(world.chat(IVAN))

    def told(_: Any) -> bool:
        with transactions() as uow:
            rows = uow.session.scalars(select(OutboxRow).where(OutboxRow.kind == "NotifyUser")).all()
        return any("lost.pdf" in row.payload["text"] for row in rows)

    world.seen(IVAN, told)


def test_operator_writes_edits_and_deletes(world: TelegramWorld, talk: int, transactions: Transactions) -> None:
    """What an employee writes reaches both sides; a change and a deletion follow it."""
    with transactions() as uow:
        messages.say_as_manager(
            uow,
            SpokenByManager(user_id="1", user_name="Olga", text="[b]Добрый[/b] день", source_key="im:1"),
            conversation_id=talk,
        )
    first = world.seen(IVAN, lambda message: "Добрый день" in message.get("text", ""))
    world.seen(ABC, lambda message: "Добрый день" in message.get("text", ""))
    with transactions() as uow:
        message_changes.edit(uow, source="portal", source_key="im:1", text="Здравствуйте")
    changed = world.seen(IVAN, lambda message: "Здравствуйте" in message.get("text", ""))
    assert changed["message_id"] == first["message_id"]
    with transactions() as uow:
        message_changes.delete(uow, source="portal", source_key="im:1")
    for person in (IVAN, ABC):
        world.seen(person, lambda _: True)
        _until_gone(world, person, "Здравствуйте")


def _until_gone(world: TelegramWorld, person: int, text: str) -> None:
    world.act(person, "send", text="маяк")
    world.seen(person, lambda _: not any(text in message.get("text", "") for message in world.chat(person)))


def test_long_operator_text_arrives_whole(world: TelegramWorld, talk: int, transactions: Transactions) -> None:
    """A text over Telegram's limit arrives in parts, none of its words lost, and counts as one delivered copy."""
    with transactions() as uow:
        text = "[i]" + "длинное слово " * 700 + "[/i] конец"
        messages.say_as_manager(
            uow, SpokenByManager(user_id="1", user_name="Olga", text=text, source_key="im:2"), conversation_id=talk
        )
    world.seen(IVAN, lambda message: message.get("text", "").endswith("конец"))
    arrived = " ".join(message.get("text", "") for message in world.chat(IVAN))
    assert arrived.count("длинное") == 700
    _delivered(transactions)


def _delivered(transactions: Transactions) -> None:
    with transactions() as uow:
        states = uow.session.scalars(select(MessageCopy.state).where(MessageCopy.place == "telegram")).all()
    assert set(states) <= {"sent", "delivered"}


def test_file_for_the_portal_can_be_fetched(
    world: TelegramWorld, talk: int, transactions: Transactions, settings: Settings
) -> None:
    """The link given to the portal leads to the very bytes that were sent in Telegram."""
    world.act(IVAN, "send", document={"text": "tech pack", "name": "t.txt"}, caption="файл")
    world.seen(ABC, lambda message: "файл" in message.get("text", "") + message.get("caption", ""))
    with transactions() as uow:
        message = uow.session.scalars(select(Message).where(Message.kind == "document")).one()
        address = file_links.address("", settings.secret_keys, f"message/{message.id}", uow.now)
        webhook = requests.post(f"{world.url}/bot{TOKEN}/getWebhookInfo", timeout=5).json()["result"]["url"]
    answer = requests.get(webhook.partition("/telegram/")[0] + address, timeout=10)
    assert (answer.status_code, answer.content) == (200, b"tech pack")


def test_blocked_bot_is_noticed(world: TelegramWorld, talk: int, transactions: Transactions) -> None:
    """Who blocks the bot is known as blocked, and becomes reachable again by coming back."""
    world.act(ABC, "block")
    assert _state_becomes(transactions, "blocked") == "blocked"
    world.act(ABC, "unblock")
    world.act(ABC, "start")
    assert _state_becomes(transactions, "active") == "active"


def _state_becomes(transactions: Transactions, wanted: str) -> str:
    def reached() -> str | None:
        with transactions() as uow:
            state = uow.session.scalars(select(Person.state).where(Person.telegram_id == str(ABC))).one()
        return state if state == wanted else None

    return until(f"a person who is {wanted}", reached)


def test_hostile_messages_do_no_harm(world: TelegramWorld, talk: int, transactions: Transactions) -> None:
    """Markup typed as text, strange signs and the longest text all arrive as text, and nothing is left in trouble."""
    hostile = "<b>x</b> [b]y[/b] [url=https://evil.uz]z[/url] >>q ------ \u202eabc\u202c \u200b😀"
    world.act(IVAN, "send", text=hostile)
    shown = world.seen(ABC, lambda message: "<b>x</b>" in message.get("text", ""))
    assert "[b]y[/b]" in shown["text"]
    assert [entity["type"] for entity in shown.get("entities", [])][:1] == ["bold"]
    world.act(IVAN, "send", text="😀" * 2048)
    world.seen(ABC, lambda message: message.get("text", "").endswith("😀"))
    with transactions() as uow:
        assert uow.session.scalars(select(OutboxRow).where(OutboxRow.state.in_(("dead", "uncertain")))).all() == []
        assert uow.session.scalars(select(InboxRow).where(InboxRow.state == "poison")).all() == []
