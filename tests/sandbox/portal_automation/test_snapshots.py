"""Snapshots hold what automation and open lines are in the middle of."""

from __future__ import annotations

from tests.sandbox.portal_automation.test_robots import move, place, register, stage_of
from tests.sandbox.portal_automation.world import World


def test_waiting_robot_survives_a_restore(world: World) -> None:
    """A token given before the snapshot is good again after the restore, though it was used in between."""
    register(world)
    place(world, {"code": "find_matches"}, {"code": "change_stage", "properties": {"stage": "EXECUTING"}})
    deal = world.deal()
    move(world, deal)
    (call,) = world.heard("/find_matches")
    world.control("snapshot", name="waiting")
    for _ in range(2):
        assert world.result("bizproc.event.send", EVENT_TOKEN=call["event_token"]) is True
        assert stage_of(world, deal) == "EXECUTING"
        world.control("restore", name="waiting")
    assert stage_of(world, deal) == "PREPARATION"


def test_restored_dialog_goes_on_in_its_chat(world: World) -> None:
    """An outside person's next message after a restore lands in the same chat."""
    icon = {"DATA_IMAGE": "data:image/svg+xml,%3Csvg%2F%3E"}
    world.result("imconnector.register", ID="tg", NAME="Telegram", ICON=icon, PLACEMENT_HANDLER=f"{world.ear.url}/s")
    world.result("imconnector.activate", CONNECTOR="tg", LINE=1, ACTIVE="1")
    item = {"user": {"id": "42"}, "message": {"id": "1", "text": "Hello"}, "chat": {"id": "42"}}
    send = {"CONNECTOR": "tg", "LINE": 1, "MESSAGES": [item]}
    first = world.result("imconnector.send.messages", **send)["DATA"]["RESULT"][0]["session"]
    world.control("snapshot", name="talk")
    world.control("restore", name="talk")
    assert world.result("imconnector.send.messages", **send)["DATA"]["RESULT"][0]["session"] == first
