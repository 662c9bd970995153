"""Recurring deals: templates, the deals that time makes of them, limits and refusals."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from sandbox.portal.recurring import schedule
from tests.sandbox.portal.conftest import Running

MONTHLY = {"MODE": "multiple", "MULTIPLE_TYPE": "month", "MULTIPLE_INTERVAL": 1}


def test_a_template_makes_deals_when_their_time_comes(portal: Running) -> None:
    """A deal with its goods is made at once by a call and later by the clock, and counted."""
    deal = portal.call("crm.deal.add", {"fields": {"TITLE": "Monthly yarn"}})
    rows = [{"PRODUCT_NAME": "Yarn", "PRICE": 10, "QUANTITY": 3}]
    portal.call("crm.deal.productrows.set", {"id": deal, "rows": rows})
    fields = {"DEAL_ID": deal, "PARAMS": {**MONTHLY, "MULTIPLE_TYPE": "day"}, "IS_LIMIT": "T", "LIMIT_REPEAT": 2}
    number = portal.call("crm.deal.recurring.add", {"fields": fields})
    found = portal.call("crm.deal.recurring.get", {"id": number})
    assert (found["BASED_ID"], found["COUNTER_REPEAT"], found["IS_LIMIT"]) == (str(deal), None, "T")
    made = portal.call("crm.deal.recurring.expose", {"id": number})["DEAL_ID"]
    assert portal.call("crm.deal.get", {"id": made})["TITLE"] == "Monthly yarn"
    assert portal.call("crm.deal.productrows.get", {"id": made})[0]["PRODUCT_NAME"] == "Yarn"
    portal.control("clock", {"advance_seconds": 2 * 86_400})
    (listed,) = portal.call("crm.deal.recurring.list", {"filter": {">COUNTER_REPEAT": 1, "PARAMS": "x"}})
    assert (listed["COUNTER_REPEAT"], listed["NEXT_EXECUTION"]) == ("2", "")
    assert (
        portal.call("crm.deal.list", {"filter": {"TITLE": "Monthly yarn", "IS_RECURRING": "Y"}})[0]["ID"]
        == (found["DEAL_ID"])
    )


def test_a_template_goes_with_its_deal(portal: Running) -> None:
    """The setting cannot be deleted before its deal, and is gone after it."""
    deal = portal.call("crm.deal.add", {"fields": {"TITLE": "x"}})
    number = portal.call("crm.deal.recurring.add", {"fields": {"DEAL_ID": deal, "PARAMS": MONTHLY}})
    assert portal.call("crm.deal.recurring.update", {"id": number, "fields": {"ACTIVE": "N", "IS_LIMIT": "?"}}) is True
    found = portal.call("crm.deal.recurring.get", {"id": number})
    assert (found["ACTIVE"], found["IS_LIMIT"], found["NEXT_EXECUTION"]) == ("N", "N", "")
    answer = portal.send("crm.deal.recurring.delete", {"id": number}).json()
    assert answer["error_description"] == "Deleting is impossible. Connected recurring deal exists."
    portal.call("crm.deal.delete", {"id": found["DEAL_ID"]})
    assert portal.send("crm.deal.recurring.get", {"id": number}).json()["error_description"] == (
        "Recurring deal is not found."
    )


MISTAKES: list[tuple[str, dict[str, Any], str]] = [
    ("add", {}, "Parameter 'fields' must be array."),
    ("add", {"fields": {"PARAMS": "x"}}, "Parameter 'params' must be array."),
    ("add", {"fields": {"PARAMS": {}}}, "Deal id is empty."),
    ("get", {}, "id is not defined or invalid."),
    ("expose", {"id": 77}, "Recurring deal is not found."),
    ("list", {"order": "x"}, "Parameter 'order' must be array."),
]


@pytest.mark.parametrize(("verb", "params", "text"), MISTAKES)
def test_mistakes_are_told_in_words(portal: Running, verb: str, params: dict[str, Any], text: str) -> None:
    """Refusals have an empty code and the documented text."""
    answer = portal.send(f"crm.deal.recurring.{verb}", params)
    assert (answer.status_code, answer.json()) == (400, {"error": "", "error_description": text})


def test_a_deal_has_one_template(portal: Running) -> None:
    """A second template of the same deal is refused."""
    fields = {"DEAL_ID": portal.call("crm.deal.add", {"fields": {"TITLE": "x"}}), "PARAMS": MONTHLY}
    portal.call("crm.deal.recurring.add", {"fields": fields})
    text = portal.send("crm.deal.recurring.add", {"fields": fields}).json()["error_description"]
    assert text == "Deal already has recurring settings."


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [("day", 3, "2026-02-03"), ("week", -1, "2026-01-24"), ("month", 1, "2026-02-28"), ("year", 1, "2027-01-31")],
)
def test_dates_move_by_the_calendar(kind: str, value: int, expected: str) -> None:
    """The last day of a month stays the last day of a shorter one."""
    assert schedule.moved(date(2026, 1, 31), kind, value).isoformat() == expected
