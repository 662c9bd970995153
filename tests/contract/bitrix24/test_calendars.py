"""Events in an employee's calendar, on the stand-in portal."""

from __future__ import annotations

from typing import Any

import pytest

from b24app.domain.calendar_deliveries import AddCalendarEvent, RemoveCalendarEvent
from b24app.domain.deliveries import SaveItem
from b24app.domain.outcomes import Done, TryLater
from tests.contract.bitrix24.conftest import Carrier, envelope_of

EVENT = AddCalendarEvent(
    user_id="1",
    title="Встреча: образцы",
    text="Лот № 256",
    place="https://meet.example/abc",
    starts_at="2026-12-01T10:00:00+00:00",
    ends_at="2026-12-01T10:45:00+00:00",
    marker="meeting/5",
    owner="company/1",
)


def _events(carrier: Carrier) -> list[Any]:
    window = {"type": "user", "ownerId": 1, "from": "2026-11-30", "to": "2026-12-03"}
    return list(carrier.deployment.call("calendar.event.get", window))


def test_an_event_stands_in_the_calendar_and_is_found_again(carrier: Carrier) -> None:
    """It has its time, its words and its company; after a lost answer it is found by its marker, and before it was made it is not."""
    carrier.done(SaveItem(ref="company/1", fields={"title": "ABC Textiles"}))
    assert isinstance(carrier.gateway.prove([envelope_of(EVENT)])[0], TryLater)
    made = carrier.done(EVENT)
    [event] = _events(carrier)
    assert (event["NAME"], event["DATE_FROM_TS_UTC"], event["DT_LENGTH"]) == ("Встреча: образцы", "1796119200", 2700)
    assert event["UF_CRM_CAL_EVENT"] == [f"CO_{carrier.item('company/1')['id']}"]
    proven = carrier.gateway.prove([envelope_of(EVENT)])[0]
    assert isinstance(proven, Done)
    assert proven.answer["event_id"] == made["event_id"]


def test_an_event_without_a_crm_item_is_an_event_all_the_same(carrier: Carrier) -> None:
    """What is not in the CRM does not keep a meeting out of the calendar."""
    assert carrier.done(AddCalendarEvent(**{**EVENT.payload(), "owner": "lot/999"}))["event_id"]


@pytest.mark.parametrize("times", [1, 2])
def test_an_event_is_taken_out_once(carrier: Carrier, times: int) -> None:
    """Deleting it again, after a lost answer or after the employee did, is as good as done."""
    removal = RemoveCalendarEvent(event_id=carrier.done(EVENT)["event_id"], marker="meeting/5")
    for _ in range(times):
        carrier.done(removal)
    assert _events(carrier) == []
