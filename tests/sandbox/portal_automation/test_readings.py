"""What the portal sends to handlers where the documentation leaves it open, read the other way."""

from __future__ import annotations

import pytest

from tests.sandbox.portal_automation import test_robots as robots
from tests.sandbox.portal_automation.test_open_lines import chat_id, message, register, send
from tests.sandbox.portal_automation.world import World


def connect(world: World) -> None:
    """Switches a connector on for line 1."""
    assert register(world) == {"result": True}
    assert world.result("imconnector.activate", CONNECTOR="tg_bridge", LINE=1, ACTIVE="1") is True


def test_a_robot_s_call_may_hold_only_what_the_pages_name(world: World) -> None:
    """By the other reading the call has the document, the token, properties unless there are none, and authorization."""
    world.control("readings", robot_call_fields="named", handler_call_body="json")
    assert robots.register(world)["result"] is True
    robots.place(world, {"code": "find_matches", "properties": {}})
    robots.move(world, world.deal())
    (call,) = world.heard("/find_matches")
    assert set(call) == {"document_id", "event_token", "properties", "auth"}
    assert (call["properties"]["text"], call["document_id"][0]) == ("", "crm")


def test_repeated_message_is_known_by_the_other_reading(world: World) -> None:
    """Where repeats are recognized the second answer names the same session, and the dialog shows the message once."""
    connect(world)
    world.control("readings", connector_repeated_message="known")
    chat = chat_id(world, message(number="m7"))
    again = send(world, message(number="m7"), message("More", number="m8"))
    assert again["SUCCESS"] is True
    assert [item["session"]["CHAT_ID"] for item in again["DATA"]["RESULT"]] == [chat, chat]
    shown = world.result("im.dialog.messages.get", DIALOG_ID=f"chat{chat}")["messages"]
    assert [row["text"] for row in shown if row["author_id"]].count("Good afternoon") == 1


@pytest.mark.parametrize("name", ["event_handler_id", "eventId"])
def test_the_handler_s_number_has_the_chosen_name(world: World, name: str) -> None:
    """Events of sessions name their handler by the chosen reading, all other events as the page of events says."""
    connect(world)
    world.control("readings", open_line_event_number=name)
    for event in ("OnSessionStart", "OnCrmLeadAdd"):
        world.bind(event, f"/{event}")
    send(world, message())
    world.hook("crm.lead.add", fields={"TITLE": "From outside"})
    [started] = world.heard("/OnSessionStart")
    lead = world.heard("/OnCrmLeadAdd")[-1]
    assert name in started
    assert "event_handler_id" in lead
    assert "eventId" not in lead


def test_an_entry_of_spent_time_may_come_in_a_list(world: World) -> None:
    """By the table of its page the entry is an object, by the example of the same page a list with one."""
    task = world.result("tasks.task.add", fields={"TITLE": "Dye", "RESPONSIBLE_ID": 1})["task"]["id"]
    spent = {"SECONDS": 60, "COMMENT_TEXT": "Washed"}
    entry = {"TASKID": task, "ITEMID": world.result("task.elapseditem.add", TASKID=task, ARFIELDS=spent)}
    one = world.result("task.elapseditem.get", **entry)
    world.control("readings", elapsed_item_result="list")
    assert world.result("task.elapseditem.get", **entry) == [one]
