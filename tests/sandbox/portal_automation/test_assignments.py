"""What workflows ask of people: who sees it, how it is answered, given away or missed, and how the workflow goes on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.portal_automation.test_robots import move, place, stage_of
from tests.sandbox.portal_automation.world import Json, World

MOVED = {
    "code": "change_stage",
    "properties": {"stage": "EXECUTING"},
    "condition": [{"field": "{=Q1:Approved}", "operator": "=", "value": "Y"}],
}
EVERYTHING = ["ID", "STATUS", "USER_STATUS", "ACTIVITY", "PARAMETERS", "USER_ID", "DOCUMENT_ID", "NAME"]


def ask(world: World, code: str, *after: Json, **properties: Any) -> str:
    """A deal that has come to a robot which asks; its number."""
    place(world, {"id": "Q1", "code": code, "properties": {"users": "user_1", **properties}}, *after)
    deal = world.deal()
    move(world, deal)
    return deal


def only(world: World) -> Json:
    """The one assignment there is."""
    (row,) = world.result("bizproc.task.list", SELECT=EVERYTHING)
    assert isinstance(row, dict)
    return row


def test_an_approval_lets_the_deal_go_on(world: World) -> None:
    """The assignment names its deal; approved, the next robot sees that; answered twice, it is refused."""
    deal = ask(world, "approve", MOVED, name="Price of {=Document:ID}")
    row = only(world)
    assert (row["ACTIVITY"], row["NAME"], row["STATUS"]) == ("ApproveActivity", f"Price of {deal}", "0")
    assert row["DOCUMENT_ID"] == f"DEAL_{deal}"
    assert world.result("bizproc.task.complete", TASK_ID=row["ID"], STATUS="yes") is True
    assert stage_of(world, deal) == "EXECUTING"
    assert world.error("bizproc.task.complete", TASK_ID=row["ID"], STATUS=1) == "ERROR_TASK_COMPLETED"
    assert only(world)["STATUS"] == "1"
    world.control("clock", advance_seconds=2 * 86_400)
    assert world.hook("bizproc.task.list")["result"] == []


def test_a_refusal_is_seen_by_the_next_robot(world: World) -> None:
    """Rejected with the words that it demands, the deal stays."""
    deal = ask(world, "approve", MOVED, comment_required="YR")
    number = only(world)["ID"]
    assert world.error("bizproc.task.complete", TASK_ID=number, STATUS=2) == "ERROR_TASK_EXECUTION"
    assert world.result("bizproc.task.complete", TASK_ID=number, STATUS=2, COMMENT="Too dear") is True
    assert stage_of(world, deal) == "PREPARATION"
    assert only(world)["STATUS"] == "2"


def test_everybody_must_read(world: World) -> None:
    """An assignment for all waits for the last one; each sees the own row."""
    ask(world, "review", users="user_1,user_2", everyone="Y")
    mine = next(row for row in world.result("bizproc.task.list", SELECT=EVERYTHING) if row["USER_ID"] == "1")
    assert world.error("bizproc.task.complete", TASK_ID=mine["ID"], STATUS="no") == "ERROR_TASK_VALIDATION"
    assert world.result("bizproc.task.complete", TASK_ID=mine["ID"], STATUS="ok") is True
    world.token = world.token_of("2")
    (theirs,) = world.result("bizproc.task.list", SELECT=EVERYTHING)
    assert (theirs["STATUS"], theirs["USER_STATUS"]) == ("0", "0")
    assert world.result("bizproc.task.complete", TASK_ID=theirs["ID"], STATUS=3) is True
    assert world.result("bizproc.task.list", SELECT=["STATUS"]) == [{"STATUS": "3"}]


def test_information_is_asked_for(world: World) -> None:
    """Required questions must be answered; the answers are there for later robots."""
    note = {"code": "set_field", "properties": {"field": "COMMENTS", "value": "{=Q1:phone}"}}
    deal = ask(world, "request", note, fields="phone:string:Phone *\nnote:text:Note")
    row = only(world)
    assert [field["Required"] for field in row["PARAMETERS"]["Fields"]] == [True, False]
    assert world.error("bizproc.task.complete", TASK_ID=row["ID"], STATUS=3) == "ERROR_TASK_EXECUTION"
    assert world.result("bizproc.task.complete", TASK_ID=row["ID"], STATUS=3, FIELDS={"phone": "+99890"}) is True
    assert world.result("crm.deal.get", id=deal)["COMMENTS"] == "+99890"


def test_nobody_answers_in_time(world: World) -> None:
    """A missed assignment is overdue and the workflow goes on without it."""
    place(world, {"id": "Q1", "code": "approve", "timeout_seconds": 60, "properties": {"users": "user_1"}})
    move(world, world.deal())
    world.control("clock", advance_seconds=120)
    assert only(world)["STATUS"] == "4"
    assert world.result("bizproc.workflow.instances") == []


def test_an_assignment_is_given_away(world: World) -> None:
    """It leaves one person and comes to another; not what is somebody else's, not to nobody."""
    ask(world, "approve")
    gift: Json = {"TASK_IDS": [only(world)["ID"]], "FROM_USER_ID": 1, "TO_USER_ID": 2}
    assert world.result("bizproc.task.delegate", **gift) is True
    assert only(world)["USER_ID"] == "2"
    assert world.error("bizproc.task.delegate", **gift) == "ERROR_DELEGATION_NOT_ALLOWED"
    assert world.error("bizproc.task.delegate", **{**gift, "TO_USER_ID": 99}) == "ERROR_INVALID_USER_ID"
    assert world.error("bizproc.task.delegate", **{**gift, "TASK_IDS": []}) == "ERROR_TASK_VALIDATION"
    assert world.error("bizproc.task.complete", TASK_ID=gift["TASK_IDS"][0], STATUS=1) == "ERROR_TASK_NOT_FOUND"


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"STATUS": 1}, "ERROR_TASK_VALIDATION"),
        ({"TASK_ID": 1, "STATUS": "maybe"}, "ERROR_TASK_VALIDATION"),
        ({"TASK_ID": 77, "STATUS": 1}, "ERROR_TASK_NOT_FOUND"),
    ],
)
def test_wrong_answers_are_refused(world: World, params: Json, code: str) -> None:
    """An answer needs an assignment and a status that exists."""
    assert world.error("bizproc.task.complete", **params) == code


def test_assignments_are_private(world: World) -> None:
    """A subordinate sees his own only, and a stopped workflow asks nothing any more."""
    ask(world, "approve")
    assert world.error("bizproc.task.list", SELECT=["NONSENSE"]) == "ERROR_SELECT_VALIDATION_FAILURE"
    (running,) = world.result("bizproc.workflow.instances", SELECT=["ID"])
    admin, world.token = world.token, world.token_of("2")
    assert world.result("bizproc.task.list") == []
    assert world.error("bizproc.task.list", FILTER={"USER_ID": 1}) == "ACCESS_DENIED"
    world.token = admin
    world.result("bizproc.workflow.terminate", ID=running["ID"])
    assert world.result("bizproc.task.list") == []
