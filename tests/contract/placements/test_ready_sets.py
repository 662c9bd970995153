"""The page of ready-made sets: told where to put each robot, switched on as a rule by administrators only."""

from __future__ import annotations

from b24app.services import stage_rules
from tests.contract.placements.conftest import Desk


def test_an_administrator_switches_a_set_on_and_off_from_the_designer(desk: Desk) -> None:
    """What was chosen is kept and shown again; switching off keeps the numbers."""
    page = desk.open("robot_designer").text
    assert "Набор: объявить лот фабрикам" in page
    chosen = {"code": "announce_lot", "stage": "published", "number.hours": "36", "number.limit": "20"}
    answer = desk.press("switch_rule", **chosen, **{"number.minimum_score": "50", "on": "true"})
    assert (answer.status_code, 'value="36"' in answer.text) == (200, True)
    with desk.transactions() as uow:
        rule = stage_rules.shown(uow)["announce_lot"]
        assert (rule.is_on, rule.numbers) == (True, {"hours": 36, "limit": 20, "minimum_score": 50})
    desk.press("switch_rule", **chosen, **{"number.minimum_score": "50"})
    with desk.transactions() as uow:
        assert stage_rules.shown(uow)["announce_lot"].is_on is False


def test_numbers_out_of_bounds_are_refused_in_words(desk: Desk) -> None:
    """A slip is told beside the button and nothing is switched on."""
    desk.open("robot_designer")
    for hours in ("0", "", "many"):
        answer = desk.press("switch_rule", code="announce_lot", stage="published", on="true", **{"number.hours": hours})
        assert (answer.status_code, "цел" in answer.text) == (422, True)
    with desk.transactions() as uow:
        assert stage_rules.shown(uow) == {}


def test_a_manager_reads_how_the_sets_are_used(desk: Desk) -> None:
    """Who may not switch sees the same page without fields."""
    page = desk.open("robot_designer", AUTH_ID="token-of-manager").text
    assert "Готовые наборы" in page
    assert "<form" not in page
