"""What an operator attaches in the portal arrives in Telegram as what it is."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import responses
from sqlalchemy import select

from b24app.config import Settings
from b24app.domain.messages import kind_by_name
from b24app.services import messages
from b24app.services.spoken import SpokenByManager
from storage.models import File, Message, OutboxRow
from storage.unit_of_work import Transactions, UnitOfWork
from telegram_bridge import file_job
from telegram_bridge.current_bot import CurrentBot
from telegram_bridge.file_job import FileJob
from tests import factories

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PORTAL = "https://portal.test/disk"


@pytest.fixture
def job(settings: Settings, transactions: Transactions) -> FileJob:
    """The job that prepares files."""
    return FileJob(settings, transactions, CurrentBot(settings, transactions))


def _say(uow: UnitOfWork, *names: str, text: str = "Смотрите") -> Message:
    factories.portal(uow, "portal.test")
    conversation, *_ = factories.conversation(uow)
    files = [{"name": name, "url": f"{PORTAL}/{name}"} for name in names]
    return messages.say_as_manager(
        uow,
        SpokenByManager(user_id="5", user_name="Olga", text=text, source_key="9:1", files=files),
        conversation_id=conversation.id,
    )


def _rows(transactions: Transactions, kind: str) -> list[dict[str, Any]]:
    with transactions() as uow:
        query = select(OutboxRow.payload).where(OutboxRow.kind == kind).order_by(OutboxRow.id)
        return list(uow.session.scalars(query))


def test_operators_picture_arrives_as_a_picture(transactions: Transactions, job: FileJob, settings: Settings) -> None:
    """A picture goes as a picture with the operator's words under the heading, to both sides."""
    with transactions() as uow:
        _say(uow, "plan.png")
    with responses.RequestsMock() as portal:
        portal.get(f"{PORTAL}/plan.png", body=PIXEL)
        assert job.run() == 1
    sent = _rows(transactions, "SendChatFile")
    assert [(one["kind"], "Смотрите" in one["caption"]) for one in sent] == [("photo", True)] * 2
    with transactions() as uow:
        file = uow.session.get_one(File, sent[0]["file_id"])
    assert (file.mime, file.name) == ("image/png", "plan.png")
    assert (Path(settings.files_dir) / file.sha256[:2] / file.sha256).read_bytes() == PIXEL
    assert job.run() == 0


def test_operators_pictures_arrive_as_an_album(transactions: Transactions, job: FileJob) -> None:
    """Several pictures of one message go as one album to each side, the words under the first."""
    with transactions() as uow:
        _say(uow, "a.jpg", "b.jpg")
    with responses.RequestsMock() as portal:
        portal.get(f"{PORTAL}/a.jpg", body=PIXEL)
        portal.get(f"{PORTAL}/b.jpg", body=PIXEL + b" ")
        job.run()
    albums = _rows(transactions, "SendChatAlbum")
    assert [["Смотрите" in item["caption"] for item in album["items"]] for album in albums] == [[True, False]] * 2


def test_while_a_file_is_fetched_telegram_shows_it(transactions: Transactions) -> None:
    """The readers see that a file is coming; the sign is worthless later and says until when it counts."""
    with transactions() as uow:
        _say(uow, "plan.pdf")
        now = int(uow.now.timestamp())
    shown = _rows(transactions, "ShowActivity")
    assert {one["action"] for one in shown} == {"upload_document"}
    assert all(now < one["until_epoch"] <= now + 10 for one in shown)


@pytest.mark.parametrize(("status", "settled"), [(404, 1), (403, 1), (500, 0), (429, 0)])
def test_a_portal_that_fails_is_asked_again_and_one_that_refuses_is_told(
    transactions: Transactions, job: FileJob, status: int, settled: int
) -> None:
    """A refusal is told to the operator and the words go alone; a failure is tried again later and loses nothing."""
    with transactions() as uow:
        _say(uow, "plan.pdf")
    with responses.RequestsMock() as portal:
        portal.get(f"{PORTAL}/plan.pdf", status=status)
        assert job.run() == settled
    told = [one for one in _rows(transactions, "NotifyUser") if "plan.pdf" in one["text"]]
    assert (len(told), len(_rows(transactions, "SendConversationMessage"))) == (settled, 2 * settled)


def test_a_file_that_is_our_own_fault_holds_no_other_up(
    transactions: Transactions, job: FileJob, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What breaks while one file is prepared is logged, and the next file goes to both sides all the same."""
    with transactions() as uow:
        _say(uow, "a.png", "b.png", text="")
    kinds: Iterator[Exception | str] = iter([RuntimeError("never foreseen"), "image/png"])
    monkeypatch.setattr(file_job, "kind_of", lambda *_: _raised_or_given(next(kinds)))
    with responses.RequestsMock() as portal:
        portal.get(f"{PORTAL}/a.png", body=PIXEL)
        portal.get(f"{PORTAL}/b.png", body=PIXEL + b" ")
        assert job.run() == 1
    assert "never foreseen" in caplog.text


def _raised_or_given(what: Exception | str) -> str:
    if isinstance(what, Exception):
        raise what
    return what


def test_an_internal_note_keeps_its_file_inside(transactions: Transactions, job: FileJob) -> None:
    """A file attached to a note is fetched by nobody and goes nowhere."""
    with transactions() as uow:
        message = _say(uow, "inner.pdf", text="#note только нам")
        assert (message.kind, "inner.pdf" in message.text) == ("note", True)
    assert job.run() == 0
    assert _rows(transactions, "SendChatFile") == []


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.JPG", "photo"), ("b.mp4", "video"), ("c.mp3", "audio"), ("d.pdf", "document"), ("", "document")],
)
def test_the_kind_follows_the_name(name: str, kind: str) -> None:
    """A file goes as what its name says it is."""
    assert kind_by_name(name) == kind
