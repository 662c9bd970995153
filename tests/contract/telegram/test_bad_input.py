"""What people and networks send that they should not: each has a visible outcome, and nobody else is held up."""

from __future__ import annotations

from pathlib import Path

import pytest
import responses
from sqlalchemy import select
from telebot.types import Message as TelegramMessage

from b24app.bitrix24 import events
from b24app.config import Settings
from b24app.domain.deliveries import SendChatAlbum, SendChatMessage, SetReaction, ShowActivity
from b24app.domain.delivery import Delivery
from b24app.domain.masking import mask
from b24app.domain.outcomes import Done, Envelope, Outcome, Refused
from b24app.services import messages
from b24app.services.spoken import Spoken, SpokenByManager
from storage.models import File, Message, OutboxRow
from storage.unit_of_work import Transactions, UnitOfWork
from telegram_bridge import portal_files
from telegram_bridge.cleaning import NotCleanable, clean
from telegram_bridge.content import content_of
from telegram_bridge.current_bot import CurrentBot
from telegram_bridge.file_job import FileJob
from telegram_bridge.formatting import (
    RichText,
    entities_to_bbcode,
    from_bbcode,
    from_html,
    split,
    to_entities,
    utf16_length,
)
from telegram_bridge.gateway import TelegramGateway
from tests import factories
from tests.contract.telegram.conftest import API, TOKEN, Payload

CHAT = "7000000001"
FAR_FUTURE = 4_000_000_000


def _send(gateway: TelegramGateway, *deliveries: Delivery) -> list[Outcome]:
    return gateway.send(
        [
            Envelope(row_id=number, key=f"k{number}", lane=f"l{number}", attempt=1, delivery=one)
            for number, one in enumerate(deliveries)
        ]
    )


@pytest.mark.parametrize(
    "entities",
    [
        [{"type": "bold", "offset": -5, "length": 3}],
        [{"type": "bold", "offset": 2, "length": 5000}],
        [{"type": "bold", "offset": 0, "length": 4}, {"type": "italic", "offset": 2, "length": 4}],
        [{"type": "bold", "offset": 0, "length": 0}, {"type": "nonsense", "offset": 0, "length": 2}],
        [{"type": "bold"}, {"type": "code", "offset": "1", "length": "2"}, {}],
        [{"type": "text_link", "offset": 0, "length": 3, "url": "javascript:alert(1)"}],
    ],
)
def test_entities_that_make_no_sense_lose_themselves_not_the_text(entities: list[dict[str, object]]) -> None:
    """Overlapping, endless, negative or unknown entities never cost a letter and never become an unsafe link."""
    kept = from_bbcode(entities_to_bbcode("Привет, мир", entities))
    assert kept.text == "Привет, мир"
    assert all(span.kind != "link" for span in kept.spans)
    assert all(0 <= one["offset"] < one["offset"] + one["length"] <= 11 for one in to_entities(kept))


@pytest.mark.parametrize(
    "text", ["😀" * 4096, "👨‍👩‍👧‍👦" * 600, "\u202e" * 5000, "\u200b" * 5000, "a" * 9000, "\n" * 5000]
)
def test_the_longest_texts_fit_telegram(text: str) -> None:
    """Whatever a text consists of, its parts are within the limit and there is at least one."""
    parts = split(RichText(text))
    assert parts
    assert all(utf16_length(part.text) <= 4096 for part in parts)


@pytest.mark.parametrize(
    "text",
    [
        "\u202e7654321 09 899+\u202c +998 90 123 45 67",
        "+998\u200b 90\u200d 123\u2060 45\u00ad 67",
        "ivan\u200b@\u200bmail\u200b.\u200bru",
        "@\u2066northern_buyer\u2069",
    ],
)
def test_direction_and_zero_width_tricks_hide_no_contact(text: str) -> None:
    """Marks of direction and of no width do not carry a contact through."""
    assert mask(text).hidden


def test_a_kind_of_the_future_is_no_crash(payload: Payload) -> None:
    """A message of a kind that nobody knows yet is read as one that cannot be carried."""
    raw = payload("text")["message"]
    del raw["text"]
    raw.pop("entities", None)
    assert content_of(TelegramMessage.de_json(raw | {"hologram": {"file_id": "x"}})).kind == ""


def test_a_reply_to_nothing_is_a_plain_message(uow: UnitOfWork) -> None:
    """A reply to a message we never saw is a plain message of the conversation."""
    conversation, ivan, _, _ = factories.conversation(uow)
    said = messages.say(
        uow,
        ivan,
        conversation,
        Spoken(kind="text", text="да", source_key=f"{ivan.chat_id}:5", reply_to_outside_id="999999"),
    )
    assert said.reply_to_id is None


@pytest.mark.parametrize(
    "failing",
    [
        ShowActivity(chat_id=CHAT, action="typing", until_epoch=FAR_FUTURE),
        SetReaction(chat_id=CHAT, message_id="5", emoji="🦄"),
    ],
)
def test_a_failed_side_effect_holds_nothing_back(
    gateway: TelegramGateway, api: responses.RequestsMock, failing: Delivery
) -> None:
    """A typing mark or a reaction that Telegram refuses is over; the message behind it goes."""
    refusal = {"ok": False, "error_code": 400, "description": "Bad Request: REACTION_INVALID"}
    for method in ("sendChatAction", "setMessageReaction"):
        api.post(f"{API}/bot{TOKEN}/{method}", json=refusal, status=400)
        api.get(f"{API}/bot{TOKEN}/{method}", json=refusal, status=400)
    chat = {"id": int(CHAT), "type": "private"}
    message = {"ok": True, "result": {"message_id": 55, "chat": chat, "date": 1772443800}}
    api.post(f"{API}/bot{TOKEN}/sendMessage", json=message)
    side, main = _send(gateway, failing, SendChatMessage(chat_id=CHAT, text="да"))
    assert (side, isinstance(main, Done)) == (Done({}), True)


def test_a_late_typing_mark_is_not_sent(gateway: TelegramGateway, api: responses.RequestsMock) -> None:
    """After an outage nobody is shown typing of an hour ago."""
    assert _send(gateway, ShowActivity(chat_id=CHAT, until_epoch=1)) == [Done({})]
    assert len(api.calls) == 0


def test_an_album_of_what_cannot_be_sent_is_refused(gateway: TelegramGateway) -> None:
    """An unknown kind in an album is a refusal that a person sees, never a retry without end."""
    album = SendChatAlbum(chat_id=CHAT, items=[{"kind": "hologram", "telegram_file_id": "x", "caption": ""}] * 2)
    [outcome] = _send(gateway, album)
    assert isinstance(outcome, Refused)


@pytest.fixture
def job(settings: Settings, transactions: Transactions) -> FileJob:
    """The job that prepares files."""
    return FileJob(settings, transactions, CurrentBot(settings, transactions))


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\x\\y.pdf", "a\u202efdp.exe", "\x00\n.pdf", ""])
def test_a_file_name_with_a_path_leads_nowhere(
    transactions: Transactions, job: FileJob, settings: Settings, name: str
) -> None:
    """Folders, directions and control characters in a name are gone; bytes lie under their hash only."""
    _portal_file(transactions, job, name, b"%PDF-1.7 x")
    with transactions() as uow:
        kept = uow.session.scalars(select(File.name).where(File.owner.like("message/%"))).one()
    assert not set(kept) & set("/\\\u202e\x00\n")
    stored = [path.relative_to(settings.files_dir) for path in Path(settings.files_dir).rglob("*") if path.is_file()]
    assert [len(path.parts) for path in stored] == [2]


def _portal_file(transactions: Transactions, job: FileJob, name: str, body: bytes) -> int:
    with transactions() as uow:
        factories.portal(uow, "portal.test")
        conversation, *_ = factories.conversation(uow)
        messages.say_as_manager(
            uow,
            SpokenByManager(
                user_id="5",
                user_name="Olga",
                text="Смотрите",
                source_key="9:1",
                files=[{"name": name, "url": "https://portal.test/f"}],
            ),
            conversation_id=conversation.id,
        )
    with responses.RequestsMock() as portal:
        portal.get("https://portal.test/f", body=body)
        return job.run()


def test_a_huge_file_is_told_not_loaded(
    transactions: Transactions, job: FileJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file over Telegram's limit for bots is given up while it is read; the operator is told and the words go."""
    monkeypatch.setattr(portal_files, "LARGEST_BYTES", 100_000)
    assert _portal_file(transactions, job, "video.mov", b"x" * 300_000) == 1
    with transactions() as uow:
        told = uow.session.scalars(select(OutboxRow.payload).where(OutboxRow.kind == "NotifyUser")).all()
        state = uow.session.scalars(select(Message.file_state)).one()
    assert (state, any("video.mov" in one["text"] for one in told)) == ("lost", True)


def test_an_empty_file_of_an_operator_is_told(transactions: Transactions, job: FileJob) -> None:
    """Telegram takes no empty files: the operator is told instead of a message that fails later."""
    assert _portal_file(transactions, job, "empty.pdf", b"") == 1
    with transactions() as uow:
        assert uow.session.scalars(select(Message.file_state)).one() == "lost"


TYPED = (
    "[b]жирно[/b] и [i]косо",
    "<b>жирно</b> &lt;i&gt; <script>alert(1)</script>",
    "[url=javascript:alert(1)]тут[/url] [url=https://example.com]там[/url]",
    "[USER=1]Timur[/USER] [SEND=/x]y[/SEND] [IMG]z[/IMG] [br]",
    ">>цитата\n------",
)


@pytest.mark.parametrize("typed", TYPED)
def test_markup_that_a_person_types_stays_words(uow: UnitOfWork, typed: str) -> None:
    """Codes and tags typed in Telegram are words for the other side and for the operator: no formatting, no link, no call."""
    conversation, ivan, *_ = factories.conversation(uow)
    conversation.masked = False
    messages.say(
        uow, ivan, conversation, Spoken(kind="text", text=entities_to_bbcode(typed), source_key=f"{ivan.chat_id}:5")
    )
    told = {row.kind: row.payload for row in uow.session.scalars(select(OutboxRow))}
    chat = from_html(told["SendConversationMessage"]["text"])
    heading, _, words = chat.text.partition("\n")
    line = from_bbcode(told["SendToOpenLine"]["text"])
    assert (words, line.text, line.spans) == (typed, typed, ())
    assert all(span.end <= len(heading) for span in chat.spans)


def _event(name: str, text: str, message_id: int, talk: int) -> dict[str, object]:
    item = {
        "im": {"chat_id": 777, "message_id": message_id},
        "chat": {"id": str(talk)},
        "message": {"user_id": 1, "text": text},
    }
    return {"event": f"ONIMCONNECTORMESSAGE{name}", "data": {"MESSAGES": [item]}}


def _told(uow: UnitOfWork, kind: str) -> list[str]:
    query = select(OutboxRow.payload).where(OutboxRow.kind == kind).order_by(OutboxRow.id)
    return [str(payload["text"]) for payload in uow.session.scalars(query)]


def test_of_an_operators_markup_only_formatting_passes(uow: UnitOfWork) -> None:
    """An operator's codes are formatting, his tags are words, and neither makes a link that is no web address."""
    conversation, *_ = factories.conversation(uow)
    text = (
        "<b>x</b> [b]y[/b] [url=javascript:alert(1)]тут[/url] [USER=5]Timur[/USER] [url=https://example.com]там[/url]"
    )
    events.handle(uow, _event("ADD", text, 1, conversation.id))
    for told in _told(uow, "SendConversationMessage"):
        chat = from_html(told)
        formatted = {(span.kind, chat.text[span.start : span.end], span.value) for span in chat.spans[1:]}
        assert formatted == {("bold", "y", ""), ("link", "там", "https://example.com")}
        assert "<b>x</b> y" in chat.text


def test_an_operators_endless_text_is_told_to_him(uow: UnitOfWork) -> None:
    """Over twenty thousand signs nothing is sent half: the operator reads why, and his next words go."""
    conversation, *_ = factories.conversation(uow)
    events.handle(uow, _event("ADD", "а" * 20_001, 1, conversation.id))
    events.handle(uow, _event("ADD", "коротко", 2, conversation.id))
    assert len(_told(uow, "NotifyUser")) == 1
    assert ["коротко" in told for told in _told(uow, "SendConversationMessage")] == [True, True]


def test_an_operators_change_before_its_words_holds_nothing_up(uow: UnitOfWork) -> None:
    """A change or deletion of what we have not heard yet is passed over; the words themselves go when they come."""
    conversation, *_ = factories.conversation(uow)
    for name in ("UPDATE", "DELETE"):
        events.handle(uow, _event(name, "Цена 3", 1, conversation.id))
    assert _told(uow, "SendConversationMessage") == []
    events.handle(uow, _event("ADD", "Цена 3", 1, conversation.id))
    assert ["Цена 3" in told for told in _told(uow, "SendConversationMessage")] == [True, True]


@pytest.mark.parametrize("mime", ["application/pdf", "text/plain", "video/mp4"])
def test_an_empty_file_of_a_person_waits_for_the_manager(mime: str) -> None:
    """A file without a byte has nothing to clean: it is held with that reason."""
    with pytest.raises(NotCleanable) as refusal:
        clean(b"", mime, ())
    assert refusal.value.reason == "empty"
