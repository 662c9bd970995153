"""Meetings that a manager proposes from the desk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from storage.models import Meeting, OutboxRow
from tests.contract.placements.conftest import Desk


def _propose(desk: Desk, talk: int, **changes: Any) -> Any:
    day = (datetime.now(UTC) + timedelta(days=3)).strftime("%Y-%m-%d")
    form: dict[str, Any] = {
        "conversation_id": talk,
        "subject": "Образцы <b>",
        "slot.1": f"{day}T15:00",
        "slot.2": f"{day}T17:30",
        "slot.3": "",
        "zone": "Asia/Tashkent",
        "minutes": 60,
        "link": "",
        "side": "both",
        "key": "meeting-1",
        **changes,
    }
    return desk.press("propose_meeting", **form)


def _meeting(desk: Desk) -> Meeting:
    with desk.transactions() as uow:
        return uow.session.scalars(select(Meeting).order_by(Meeting.id.desc())).first() or Meeting()


def test_a_meeting_is_proposed_and_withdrawn_from_the_tab(desk: Desk, talk: int) -> None:
    """The form sends the times to both sides; the meeting then stands in it with what each side said, until it is withdrawn."""
    assert _propose(desk, talk).status_code == 200
    page = desk.part("transcript").text
    assert "Образцы &lt;b&gt;" in page
    assert "Покупатель: пока без ответа" in page
    meeting = _meeting(desk)
    with desk.transactions() as uow:
        cards = uow.session.scalars(select(OutboxRow.payload).where(OutboxRow.kind == "SendConversationMessage")).all()
    assert [len(card["buttons"]) for card in cards] == [3, 3]
    assert desk.press("withdraw_meeting", conversation_id=talk, meeting_id=meeting.id).status_code == 200
    assert _meeting(desk).state == "withdrawn"
    again = desk.press("withdraw_meeting", conversation_id=talk, meeting_id=meeting.id)
    assert (again.status_code, "уже" in again.text) == (409, True)


def test_proposing_other_times_ends_the_first(desk: Desk, talk: int) -> None:
    """Chosen in the form, the earlier proposal gives way to the new one."""
    _propose(desk, talk)
    first = _meeting(desk)
    assert _propose(desk, talk, key="meeting-2", instead_of=first.id).status_code == 200
    with desk.transactions() as uow:
        assert list(uow.session.scalars(select(Meeting.state).order_by(Meeting.id))) == ["replaced", "proposed"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"slot.1": "", "slot.2": ""}, "хотя бы одно время"),
        ({"slot.1": "завтра"}, "день и время"),
        ({"slot.1": "2020-01-01T10:00"}, "прошло"),
        ({"slot.2": "2099-01-01T10:00"}, "полгода"),
        ({"subject": " "}, "о чём встреча"),
        ({"link": "https://a@b.example/"}, "Скопируйте адрес"),
        ({"zone": "Nowhere"}, "из списка"),
        ({"minutes": 1}, "из списка"),
    ],
)
def test_a_proposal_that_cannot_be_is_answered_in_words(
    desk: Desk, talk: int, changes: dict[str, Any], said: str
) -> None:
    """What is wrong is said beside the form, and nothing is proposed."""
    answer = _propose(desk, talk, **changes)
    assert answer.status_code == 422
    assert said in answer.text
    assert _meeting(desk).id is None
