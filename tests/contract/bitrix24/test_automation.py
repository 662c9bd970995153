"""Our robots and triggers in the portal's automation: the call arrives, the answer lets the process go on, stages move."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import requests
from sqlalchemy import select

from b24app.domain.deliveries import FinishRobot, FireTrigger, SaveItem
from storage.models import InboxRow
from tests.contract.bitrix24.conftest import Carrier

LOT = SaveItem(ref="lot/1", fields={"title": "Лот 1"}, stage="new", pipeline="orders")


def soon(found: Callable[[], Any]) -> Any:
    """Wait for what the portal does in the background."""
    until = time.monotonic() + 10
    while not (value := found()) and time.monotonic() < until:
        time.sleep(0.05)
    return value


def place(carrier: Carrier, stage: str, **what: Any) -> None:
    """Put robots or triggers on a stage of our pipeline, as an administrator does in the designer."""
    category = carrier.item("lot/1")["categoryId"]
    wanted = {"entity": "DEAL", "stage": f"C{category}:{stage}", **what}
    carrier.deployment.world.control("automation", wanted)


def calls(carrier: Carrier) -> list[dict[str, Any]]:
    """Give the stored calls of robots."""
    with carrier.deployment.transactions() as uow:
        return list(uow.session.scalars(select(InboxRow.payload).where(InboxRow.source == "bitrix24.robot")))


def test_a_robot_on_a_stage_reaches_us_and_waits_for_the_answer(carrier: Carrier) -> None:
    """The deal enters the stage, our address gets the call with its settings, the answer is taken once."""
    carrier.done(LOT)
    robot = {"code": "find_matches", "app_id": carrier.deployment.app["app_id"], "properties": {"limit": "3"}}
    place(carrier, "MODERATION", robots=[robot])
    carrier.done(SaveItem(ref="lot/1", stage="moderation", pipeline="orders"))
    (call,) = soon(lambda: calls(carrier))
    assert call["code"] == "find_matches"
    assert call["properties"]["limit"] == "3"
    assert call["document_id"][2] == f"DEAL_{carrier.item('lot/1')['id']}"
    answer = FinishRobot(event_token=call["event_token"], return_values={"count": 2}, log_message="Найдено: 2")
    assert carrier.done(answer) == {}
    assert carrier.done(answer) == {"already": True}
    log = requests.get(f"{carrier.deployment.world.url}/sandbox/automation/log", timeout=10).json()["log"]
    assert "Найдено: 2" in str(log)


def test_a_trigger_moves_the_deal(carrier: Carrier) -> None:
    """A factory's answer moves the deal to the stage on which an administrator put the trigger."""
    carrier.done(LOT)
    place(carrier, "OFFERS", triggers=[{"code": "factory_responded", "app_id": carrier.deployment.app["app_id"]}])
    carrier.done(FireTrigger(code="factory_responded", ref="lot/1"))
    assert soon(lambda: carrier.item("lot/1")["stageId"].endswith(":OFFERS"))
