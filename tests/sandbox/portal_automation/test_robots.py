"""Robots of an application: registered, placed on stages, called, answered; triggers; the portal's own robots."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.sandbox.portal_automation.world import Json, World

PROPERTIES = {
    "text": {"Name": "Text", "Type": "text"},
    "price": {"Name": "Price", "Type": "double"},
    "manager": {"Name": "To", "Type": "user", "Default": "user_1"},
    "urgent": {"Name": "Urgent", "Type": "bool", "Default": "N"},
    "tags": {"Name": "Tags", "Type": "string", "Multiple": "Y"},
}
RETURNS = {"found": {"Name": {"en": "Found"}, "Type": "int"}}


def register(world: World, code: str = "find_matches", **more: Any) -> Json:
    """Registers a robot; the whole answer."""
    fields = {
        "CODE": code,
        "HANDLER": f"{world.ear.url}/{code}",
        "AUTH_USER_ID": 1,
        "USE_SUBSCRIPTION": "Y",
        "NAME": {"en": "Find matches"},
        "PROPERTIES": PROPERTIES,
        "RETURN_PROPERTIES": RETURNS,
    }
    return world.rest("bizproc.robot.add", **{**fields, **more})


def place(world: World, *robots: Json, stage: str = "PREPARATION", **more: Any) -> Json:
    """Puts robots on a stage of deals."""
    placed = world.control("automation", entity="deal", stage=stage, robots=list(robots), **more)
    assert "error" not in placed, placed
    return placed


def move(world: World, deal: str, stage: str = "PREPARATION") -> None:
    """Moves a deal as a person would."""
    world.result("crm.item.update", entityTypeId=2, id=deal, fields={"stageId": stage})


def stage_of(world: World, deal: str) -> str:
    """Where a deal stands."""
    return str(world.result("crm.item.get", entityTypeId=2, id=deal)["item"]["stageId"])


def events(world: World) -> list[str]:
    """Kinds of lines in the log."""
    return [line["event"] for line in world.look("automation/log")["log"]]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"CODE": ""}, "ERROR_ACTIVITY_VALIDATION_FAILURE"),
        ({"CODE": "робот"}, "ERROR_ACTIVITY_VALIDATION_FAILURE"),
        ({"NAME": ""}, "ERROR_ACTIVITY_VALIDATION_FAILURE"),
        ({"HANDLER": "ftp://127.0.0.1/x"}, "ERROR_UNSUPPORTED_PROTOCOL"),
        ({"HANDLER": "https://elsewhere.example/x"}, "ERROR_WRONG_HANDLER_URL"),
        ({"PROPERTIES": {"1st": {"Name": "x"}}}, "ERROR_ACTIVITY_VALIDATION_FAILURE"),
        ({"PROPERTIES": {"first": {"Type": "string"}}}, "ERROR_ACTIVITY_VALIDATION_FAILURE"),
        ({"PROPERTIES": "text"}, "ERROR_ACTIVITY_VALIDATION_FAILURE"),
        ({"DOCUMENT_TYPE": ["crm", "Deal", "DEAL"]}, "ERROR_ACTIVITY_VALIDATION_FAILURE"),
        ({"USE_PLACEMENT": "Y"}, "ERROR_WRONG_HANDLER_URL"),
    ],
)
def test_broken_registrations_are_refused(world: World, wrong: Json, code: str) -> None:
    """Each mistake of bizproc.robot.add has its documented code."""
    assert register(world, **wrong)["error"] == code


def test_second_registration_is_refused_and_update_changes(world: World) -> None:
    """A known code is an error; list, update and delete find it."""
    assert register(world)["result"] is True
    assert register(world)["error"] == "ERROR_ACTIVITY_ALREADY_INSTALLED"
    assert world.result("bizproc.robot.list") == ["find_matches"]
    assert world.result("bizproc.robot.update", CODE="find_matches", FIELDS={"NAME": "New"}) is True
    assert world.error("bizproc.robot.update", CODE="none", FIELDS={"NAME": "x"}) == "ERROR_ACTIVITY_NOT_FOUND"
    assert world.result("bizproc.robot.delete", CODE="find_matches") is True
    assert world.result("bizproc.robot.list") == []


def test_webhooks_and_employees_may_not_register(world: World) -> None:
    """Registering needs an application and an administrator."""
    assert world.hook("bizproc.robot.list")["error"] == "ACCESS_DENIED"
    world.token = world.token_of("2")
    assert register(world)["error"] == "ACCESS_DENIED"


def test_robot_receives_the_documented_form(world: World) -> None:
    """Moving a deal posts ids, resolved values by declared type, a token and authorization."""
    register(world)
    values = {
        "text": "Lot {{Title}} of {=Document:ID}",
        "price": "{=Document:OPPORTUNITY}",
        "manager": "{=Document:ASSIGNED_BY_ID}",
        "urgent": True,
        "tags": ["a", "b"],
    }
    place(world, {"code": "find_matches", "properties": values, "timeout_seconds": 60})
    deal = world.deal(opportunity=1500.5, currencyId="USD", assignedById=2)
    move(world, deal)
    (call,) = world.heard("/find_matches")
    assert call["document_id"] == ["crm", "CCrmDocumentDeal", f"DEAL_{deal}"]
    assert call["document_type"] == ["crm", "CCrmDocumentDeal", "DEAL"]
    assert (call["code"], call["use_subscription"], call["timeout_duration"]) == ("find_matches", "Y", "60")
    assert call["properties"] == {
        "text": f"Lot Lot 104 of {deal}",
        "price": "1500.5",
        "manager": "user_2",
        "urgent": "Y",
        "tags": ["a", "b"],
    }
    assert call["auth"]["application_token"] == world.app["application_token"]
    assert {"access_token", "refresh_token", "user_id", "expires_in"} <= set(call["auth"])
    assert call["workflow_id"]


def test_answer_lets_the_next_robot_use_the_result_and_works_once(world: World) -> None:
    """The workflow waits for bizproc.event.send, passes declared values on and then refuses the token."""
    register(world)
    register(world, code="publish_lot", USE_SUBSCRIPTION="N")
    first = {"code": "find_matches", "id": "A1_1"}
    second = {"code": "publish_lot", "properties": {"text": "found {=A1_1:found}{=A1_1:secret}"}}
    place(world, first, second)
    move(world, world.deal())
    (call,) = world.heard("/find_matches")
    assert world.heard("/publish_lot") == []
    assert len(world.result("bizproc.workflow.instances")) == 1
    values = {"found": "7", "secret": "x"}
    token = call["event_token"]
    assert world.result("bizproc.activity.log", EVENT_TOKEN=token, LOG_MESSAGE="Searching") is True
    assert world.hook("bizproc.event.send", EVENT_TOKEN=token, RETURN_VALUES=values)["result"] is True
    (after,) = world.heard("/publish_lot")
    assert after["properties"]["text"] == "found 7"
    answer = world.session.post(f"{world.url}/rest/1/KEY/bizproc.event.send", json={"EVENT_TOKEN": token}, timeout=10)
    assert (answer.status_code, answer.json()["error"]) == (403, "ACCESS_DENIED")
    assert events(world) == ["started", "waiting", "log", "returned", "executed", "finished"]


def test_silent_application_is_waited_for_until_the_timeout(world: World) -> None:
    """With a timeout the workflow goes on alone, and the late answer is refused."""
    register(world)
    place(
        world,
        {"code": "find_matches", "timeout_seconds": 600},
        {"code": "change_stage", "properties": {"stage": "EXECUTING"}},
    )
    deal = world.deal()
    move(world, deal)
    (call,) = world.heard("/find_matches")
    world.control("clock", advance_seconds=601)
    assert stage_of(world, deal) == "EXECUTING"
    assert world.error("bizproc.event.send", EVENT_TOKEN=call["event_token"]) == "ACCESS_DENIED"
    assert "timeout" in events(world)


def test_delay_and_condition_of_placed_robots(world: World) -> None:
    """A delayed robot runs when its time has come; one whose condition fails is skipped."""
    register(world, USE_SUBSCRIPTION="N")
    rich = {"field": "OPPORTUNITY", "operator": ">", "value": 1000}
    place(
        world,
        {"code": "find_matches", "properties": {"text": "late"}, "delay_seconds": 3600},
        {"code": "find_matches", "properties": {"text": "rich"}, "condition": [rich]},
        {"code": "find_matches", "properties": {"text": "now"}},
    )
    move(world, world.deal(opportunity=10))
    assert [call["properties"]["text"] for call in world.heard("/find_matches")] == ["now"]
    world.control("clock", advance_seconds=3601)
    assert [call["properties"]["text"] for call in world.heard("/find_matches")] == ["now", "late"]


def test_a_condition_asks_what_an_earlier_robot_returned(world: World) -> None:
    """A robot runs only when the result of the one before it is what its condition wants, placeholders included."""
    register(world)
    register(world, code="publish_lot", USE_SUBSCRIPTION="N")
    few = {"field": "{=A1_1:found}", "operator": "<", "value": "{=Document:OPPORTUNITY}"}
    many = {"field": "{=A1_1:found}", "operator": ">", "value": "5"}
    place(
        world,
        {"code": "find_matches", "id": "A1_1"},
        {"code": "publish_lot", "properties": {"text": "few"}, "condition": [few]},
        {"code": "publish_lot", "properties": {"text": "many"}, "condition": [many]},
    )
    move(world, world.deal(opportunity=5))
    (call,) = world.heard("/find_matches")
    world.hook("bizproc.event.send", EVENT_TOKEN=call["event_token"], RETURN_VALUES={"found": "7"})
    assert [after["properties"]["text"] for after in world.heard("/publish_lot")] == ["many"]


def test_leaving_the_stage_stops_its_robots(world: World) -> None:
    """What waited on the old stage is stopped and its token goes stale."""
    register(world)
    place(world, {"code": "find_matches"}, {"code": "notify", "properties": {"text": "never"}})
    deal = world.deal()
    move(world, deal)
    (call,) = world.heard("/find_matches")
    move(world, deal, "EXECUTING")
    assert world.error("bizproc.event.send", EVENT_TOKEN=call["event_token"]) == "ACCESS_DENIED"
    assert world.result("bizproc.workflow.instances") == []


def test_robots_of_the_first_stage_run_on_creation(world: World) -> None:
    """A new deal starts the robots of the stage it is born on."""
    register(world, USE_SUBSCRIPTION="N")
    place(world, {"code": "find_matches"}, stage="NEW")
    world.deal()
    assert len(world.heard("/find_matches")) == 1


def test_own_robots_make_task_notification_and_move(world: World) -> None:
    """The portal's own robots leave a task, a notification and a moved deal; events of it carry no tokens."""
    world.bind("ONCRMDEALUPDATE", "/moved")
    place(
        world,
        {"code": "add_task", "properties": {"title": "Check {{Title}}", "responsible": "user_2"}},
        {"code": "notify", "properties": {"users": "user_2", "text": "Lot {=Document:ID}"}},
        {"code": "change_stage", "properties": {"stage": "EXECUTING"}},
    )
    deal = world.deal()
    move(world, deal)
    assert stage_of(world, deal) == "EXECUTING"
    tokens = ["access_token" in event["auth"] for event in world.heard("/moved")]
    assert sorted(tokens) == [False, True]
    world.token = world.token_of("2")
    assert world.result("im.notify.get")["notifications"][0]["text"] == f"Lot {deal}"


def test_robot_of_a_removed_application_stays_blocked(world: World) -> None:
    """A placed robot whose code was deleted is passed over and marked."""
    register(world)
    place(world, {"code": "find_matches"})
    world.result("bizproc.robot.delete", CODE="find_matches")
    assert world.look("automation?entity=deal")["stages"][0]["robots"][0]["blocked"] is True
    move(world, world.deal())
    assert "blocked" in events(world)


def test_filter_keeps_a_robot_off_other_kinds(world: World) -> None:
    """A robot for leads only cannot be placed on deals."""
    register(world, FILTER={"INCLUDE": [["crm", "CCrmDocumentLead"]]})
    refused = world.control("automation", entity="deal", stage="NEW", robots=[{"code": "find_matches"}])
    assert "filter" in refused["error"]


def test_settings_page_receives_the_robot(world: World) -> None:
    """The slider gets code, values and declared properties as PLACEMENT_OPTIONS."""
    register(world, USE_PLACEMENT="Y", PLACEMENT_HANDLER=f"{world.ear.url}/robot-settings")
    robot = place(world, {"code": "find_matches", "properties": {"text": "hi"}})["robots"][0]["id"]
    launch = world.control("automation/settings", entity="deal", stage="PREPARATION", robot_id=robot, user_id="1")
    assert launch["url"].startswith(f"{world.ear.url}/robot-settings")
    assert '"current_values": {"text": "hi"}' in launch["fields"]["PLACEMENT_OPTIONS"]


def test_action_of_a_template_runs_by_workflow_start(world: World) -> None:
    """A template with an application's action is started over a deal and can be terminated."""
    fields = {"CODE": "escrow", "HANDLER": f"{world.ear.url}/escrow", "NAME": "Escrow"}
    assert world.result("bizproc.activity.add", **fields) is True
    template = world.control("automation", entity="deal", template="Escrow", robots=[{"code": "escrow"}])
    document = ["crm", "CCrmDocumentDeal", f"DEAL_{world.deal()}"]
    started = world.result("bizproc.workflow.start", TEMPLATE_ID=template["ID"], DOCUMENT_ID=document)
    (call,) = world.heard("/escrow")
    assert call["workflow_id"] == started
    assert "access_token" not in call["auth"]
    assert world.result("bizproc.workflow.terminate", ID=started, STATUS="enough") is True
    assert world.error("bizproc.event.send", EVENT_TOKEN=call["event_token"]) == "ACCESS_DENIED"


def test_trigger_moves_a_deal_forward_only(world: World) -> None:
    """A trigger moves to its stage from earlier ones; unused ones are true, unknown ones refused."""
    assert world.error("crm.automation.trigger.add", CODE="Upper", NAME="x") == ""
    assert world.result("crm.automation.trigger.add", CODE="factory_responded", NAME="Factory responded") is True
    deal = world.deal()
    pull = {"CODE": "factory_responded", "OWNER_TYPE_ID": 2, "OWNER_ID": deal}
    assert world.result("crm.automation.trigger.execute", **pull) is True
    assert stage_of(world, deal) == "NEW"
    world.control("automation", entity="deal", stage="EXECUTING", triggers=[{"code": "factory_responded"}])
    assert world.result("crm.automation.trigger.execute", **pull) is True
    assert stage_of(world, deal) == "EXECUTING"
    move(world, deal, "FINAL_INVOICE")
    world.result("crm.automation.trigger.execute", **pull)
    assert stage_of(world, deal) == "FINAL_INVOICE"
    assert world.rest("crm.automation.trigger.execute", **{**pull, "CODE": "other"})["error"] == ""


def test_robots_that_chase_each_other_do_not_hang_the_portal(world: World) -> None:
    """Two stages that send a deal to one another leave the portal answering."""
    place(world, {"code": "change_stage", "properties": {"stage": "EXECUTING"}})
    place(world, {"code": "change_stage", "properties": {"stage": "PREPARATION"}}, stage="EXECUTING")
    deal = world.deal()
    move(world, deal)
    world.control("automation", entity="deal", stage="EXECUTING", robots=[])
    until = time.monotonic() + 10
    while stage_of(world, deal) != "EXECUTING" and time.monotonic() < until:
        time.sleep(0.1)
    assert stage_of(world, deal) == "EXECUTING"


def test_imported_items_keep_their_past_and_start_no_robots(world: World) -> None:
    """Import answers numbers only, takes the time of making from an administrator, refuses single items of a batch."""
    robot = {"code": "set_field", "properties": {"field": "TITLE", "value": "touched"}}
    world.control("automation", entity="deal", stage="NEW", robots=[robot])
    fields = {"title": "Old lot", "createdTime": "2024-01-10T10:00:00+03:00", "createdBy": 2}
    made = world.result("crm.item.import", entityTypeId=2, fields=fields)["item"]
    shown = world.result("crm.item.get", entityTypeId=2, id=made["id"])["item"]
    assert (set(made), shown["title"], shown["createdBy"]) == ({"id"}, "Old lot", 2)
    assert shown["createdTime"].startswith("2024-01-10T10:00:00")
    wrong = {"title": "Bad", "createdBy": 999}
    items = world.result("crm.item.batchImport", entityTypeId=2, data=[{"title": "A"}, wrong])["items"]
    assert ("item" in items[0], items[1]["error"]) == (True, "CRM_FIELD_ERROR_VALUE_NOT_VALID")
    many = [{"title": str(number)} for number in range(21)]
    assert world.error("crm.item.batchImport", entityTypeId=2, data=many) == "MAX_IMPORT_BATCH_SIZE_EXCEEDED"
