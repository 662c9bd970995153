"""Files sent together in the chat as the answer to one question of a form."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from b24app.errors import InvalidState
from storage.models import Draft, OutboxRow, Person, SentFile
from storage.unit_of_work import UnitOfWork
from telegram_bridge.content import Content
from telegram_bridge.handlers import form_files
from telegram_bridge.reply import Reply
from tests.contract.telegram.test_boards import press
from tests.contract.telegram.test_filling import fetch_next, returned_factory, send_file, waiting_draft
from tests.integration.services.outgoing import said_to, sent


def asked_for_photos(uow: UnitOfWork, *fields: str) -> tuple[Person, Draft, int]:
    """Give a factory that is asked for its photos anew, its form, and how much it was told so far."""
    abc, _ = returned_factory(uow, *(fields or ("photos",)))
    press(uow, abc, "fill:mend:0")
    return abc, waiting_draft(uow, abc), len(said_to(uow, abc.chat_id))


def gone_out(uow: UnitOfWork) -> None:
    """Let everything that waits be sent."""
    uow.session.execute(update(OutboxRow).where(OutboxRow.state == "todo").values(state="done", attempts=1))
    uow.session.expire_all()


def test_an_album_is_answered_once(uow: UnitOfWork) -> None:
    """However the pieces and their bytes come, one message tells at every moment how many are here and how many to come."""
    abc, draft, said = asked_for_photos(uow)
    send_file(uow, abc, 7, album="a")
    fetch_next(uow, abc)
    send_file(uow, abc, 8, album="a")
    send_file(uow, abc, 9, album="a")
    told = said_to(uow, abc.chat_id)[said:]
    assert ["1 fayl" in words and "2 ta fayl" in words for words in told] == [True]
    fetch_next(uow, abc)
    fetch_next(uow, abc)
    (last,) = said_to(uow, abc.chat_id)[said:]
    assert ("3 fayl" in last, "⏳" in last) == (True, False)
    assert len(draft.answers["photos"]) == 3


def test_the_message_about_an_album_follows_it(uow: UnitOfWork) -> None:
    """Once the message went out it is changed, and what has not gone out of the changes is replaced, not queued."""
    abc, _, said = asked_for_photos(uow)
    send_file(uow, abc, 7, album="a")
    gone_out(uow)
    send_file(uow, abc, 8, album="a")
    fetch_next(uow, abc)
    fetch_next(uow, abc)
    (change,) = sent(uow, "EditChatMessage", chat_id=abc.chat_id)
    assert len(said_to(uow, abc.chat_id)) == said + 2
    assert "2 fayl" in change.text
    assert "⏳" not in change.text
    assert change.buttons


def test_a_refused_piece_is_named_in_the_same_message(uow: UnitOfWork) -> None:
    """What is too large or of a wrong kind is told by its name beside the pieces that were taken."""
    abc, draft, said = asked_for_photos(uow)
    send_file(uow, abc, 7, album="a")
    send_file(uow, abc, 8, album="a", size=30 * 1024 * 1024)
    send_file(uow, abc, 9, album="a")
    fetch_next(uow, abc)
    fetch_next(uow, abc, refusal="Bu turdagi fayl")
    (told,) = said_to(uow, abc.chat_id)[said:]
    assert all(part in told for part in ("1 fayl", "scan-8.pdf: Fayl 20 MB", "scan-9.pdf: Bu turdagi fayl"))
    assert len(draft.answers["photos"]) == 1


def test_an_album_where_one_file_is_asked_for(uow: UnitOfWork) -> None:
    """The first piece is the answer; the others answer no later question, reach nobody, and their sender is told so once."""
    abc, draft, said = asked_for_photos(uow, "logo", "photos")
    send_file(uow, abc, 7, album="a")
    file = fetch_next(uow, abc)
    for number in (8, 9):
        piece = Content("photo", telegram_file_id=f"tg-{number}", album="a")
        assert form_files.take_file(Reply(uow, number, abc), piece)
    assert file is not None
    assert draft.answers == {"logo": file.id}
    assert uow.session.scalars(select(SentFile).where(~SentFile.settled)).all() == []
    assert sum("birinchi" in words for words in said_to(uow, abc.chat_id)[said:]) == 1


def test_a_file_on_its_way_is_not_left_behind(uow: UnitOfWork) -> None:
    """Whoever goes on before a file is here keeps it all the same, and the form is not sent without it."""
    abc, draft, _ = asked_for_photos(uow)
    send_file(uow, abc, 7, album="a")
    send_file(uow, abc, 8, album="a")
    fetch_next(uow, abc)
    press(uow, abc, f"pick:{draft.id}:0:-")
    with pytest.raises(InvalidState):
        press(uow, abc, f"form:{draft.id}:send")
    fetch_next(uow, abc)
    assert (len(draft.answers["photos"]), draft.step) == (2, "review")
    assert "2 fayl" in said_to(uow, abc.chat_id)[-1]
    press(uow, abc, f"form:{draft.id}:send")
