"""After an outage the backlog comes in order, and everybody sees when it was written."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from b24app.services import late_marks, message_files, messages, people, settings
from b24app.services.spoken import Spoken
from storage.unit_of_work import UnitOfWork
from tests import factories
from tests.integration.services.outgoing import rows, sent


def test_what_comes_late_says_when_it_was_written(uow: UnitOfWork) -> None:
    """The other side, the operator and the timeline read the moment of writing; the backlog keeps its order."""
    conversation, ivan, _, _ = factories.conversation(uow)
    written = uow.now - timedelta(hours=3)
    for number, words in enumerate(("первое", "второе")):
        messages.say(
            uow,
            ivan,
            conversation,
            Spoken(
                kind="text",
                text=words,
                source_key=f"{ivan.chat_id}:{number}",
                written_at=written + timedelta(minutes=number),
            ),
        )
    copies = sent(uow, "SendConversationMessage")
    assert [copy.text.rpartition("\n")[2] for copy in copies] == ["первое", "второе"]
    assert all("yozilgan" in copy.text or "написано" in copy.text for copy in copies)
    lines = sent(uow, "SendToOpenLine")
    assert [line.sent_at_epoch for line in lines] == [int(written.timestamp()), int(written.timestamp()) + 60]
    assert all("написано" in line.text for line in lines)
    assert all("написано" in entry.text for entry in sent(uow, "AddTimelineComment"))


def test_what_comes_in_time_says_nothing_of_it(uow: UnitOfWork) -> None:
    """A message of a minute ago carries no mark."""
    conversation, ivan, _, _ = factories.conversation(uow)
    before = uow.now - timedelta(minutes=1)
    said = messages.say(uow, ivan, conversation, Spoken(kind="text", text="да", source_key="1:1", written_at=before))
    assert said.written_at is None
    assert all("написано" not in line.text for line in sent(uow, "SendToOpenLine"))


def test_a_held_file_is_told_to_the_employee_with_its_reason(uow: UnitOfWork) -> None:
    """Whoever answers for the deal learns which conversation's file waits and why."""
    settings.put(uow, "responsible_ids", "7", "user/1")
    conversation, ivan, _, _ = factories.conversation(uow)
    file: dict[str, Any] = {"kind": "document", "text": "", "telegram_file_id": "F"}
    small = messages.say(uow, ivan, conversation, Spoken(source_key="1:1", size=10, **file))
    message_files.held(uow, small.id, "locked")
    large = messages.say(uow, ivan, conversation, Spoken(source_key="1:2", size=30 * 1024 * 1024, **file))
    assert (small.held_reason, large.held_reason) == ("locked", "too_big")
    told = [notice.text for notice in sent(uow, "NotifyUser") if "ждёт вашего решения" in notice.text]
    assert ["паролем" in told[0], "20 МБ" in told[1]] == [True, True]


def test_what_waited_with_us_says_so_too(uow: UnitOfWork) -> None:
    """A side that was out of reach reads above the message, once, when it was written, in its own language; a minute is no delay."""
    conversation, ivan, aziz, _ = factories.conversation(uow)
    messages.say(uow, ivan, conversation, Spoken(kind="text", text="да", source_key="1:1"))
    album: dict[str, Any] = {"kind": "photo", "text": "", "telegram_file_id": "F", "album": "A"}
    messages.say(uow, ivan, conversation, Spoken(source_key="1:2", **album))
    messages.say(uow, ivan, conversation, Spoken(kind="voice", text="", telegram_file_id="V", source_key="1:3"))
    stored = rows(uow)
    for row in stored:
        late_marks.mark(uow, row)
    assert not any(row.payload.get("late") for row in stored)
    for row in stored * 2:
        row.created_at = uow.now - timedelta(hours=1)
        late_marks.mark(uow, row)
    top = {
        row.kind: str(row.payload.get("text") or row.payload.get("caption") or row.payload["items"][0]["caption"])
        for row in stored
        if row.payload.get("late")
    }
    assert set(top) == {
        "SendConversationMessage",
        "SendChatAlbum",
        "SendChatFile",
        "SendToOpenLine",
        "AddTimelineComment",
    }
    word = {"ru": "написано", "uz": "yozilgan"}[people.language_of(aziz)]
    for kind, text in top.items():
        assert text.splitlines()[0].count("написано" if kind in {"SendToOpenLine", "AddTimelineComment"} else word) == 1
        assert sum("написано" in part or "yozilgan" in part for part in text.splitlines()) == 1


def test_a_digest_that_collects_on_purpose_is_not_late(uow: UnitOfWork) -> None:
    """The one entry for a stretch of time waits by its nature and carries no mark."""
    settings.put(uow, "timeline_mode", "digest", "user/1")
    conversation, ivan, _, _ = factories.conversation(uow)
    messages.say(uow, ivan, conversation, Spoken(kind="text", text="да", source_key="1:1"))
    (row,) = rows(uow, "AddTimelineComment")
    row.created_at = uow.now - timedelta(minutes=30)
    late_marks.mark(uow, row)
    assert "написано" not in row.payload["text"]
