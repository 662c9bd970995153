"""Robots that a manager put on stages do their work, hand their results on, and a trigger moves the deal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.stack import Stack
from sandbox.story import Story
from sandbox.visitors import control, until
from sandbox.witness import DEAL, Witness
from storage.embedded import EmbeddedServer
from tests.functional.stacks import running


class Automation:
    """A portal with a lot that waits for moderation, and its automation designer."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.story = Story(stack)
        for _, chapter in self.story.chapters()[:6]:
            chapter()
        self.world = Witness(stack)
        category = self.world.item(DEAL, self.story.deal_id)["categoryId"]
        self.prefix = f"C{category}:"

    def put(self, stage: str, *robots: dict[str, Any], triggers: list[str] | None = None) -> None:
        """Put robots and triggers on a stage of Orders."""
        placed = [{"app_id": self.stack.app_id, "properties": {}, "timeout_seconds": 60, **robot} for robot in robots]
        wanted: dict[str, Any] = {"entity": "deal", "stage": self.prefix + stage, "robots": placed}
        if triggers:
            wanted["triggers"] = [{"code": code, "app_id": self.stack.app_id} for code in triggers]
        control("POST", f"{self.stack.portal_url}/sandbox/automation", wanted)

    def drag(self, stage: str) -> None:
        """Drag the lot's deal to a stage."""
        fields = {"stageId": self.prefix + stage}
        self.story.manager.rest("crm.item.update", entityTypeId=DEAL, id=self.story.deal_id, fields=fields)

    def tasks(self) -> list[dict[str, Any]]:
        """Give the tasks bound to the lot's deal."""
        found = self.story.manager.rest("tasks.task.list", filter={"UF_CRM_TASK": f"D_{self.story.deal_id}"})
        return list(found["tasks"])

    def log(self) -> str:
        """Give the process log as one text."""
        return str(control("GET", f"{self.stack.portal_url}/sandbox/automation/log"))


@pytest.fixture(scope="module")
def automation(postgres: EmbeddedServer, template_database: str) -> Iterator[Automation]:
    """One portal for the tests of this module, told up to a lot that waits for moderation."""
    postgres.drop_database("automation")
    postgres.create_database("automation", template=template_database)
    with running(postgres.address("automation")) as stack:
        yield Automation(stack)
    postgres.drop_database("automation")


def test_robots_publish_match_and_write(automation: Automation) -> None:
    """Dragged to Published, the deal's robots publish the lot, find its factories and write the buyer what they found."""
    words = {
        "to": "buyer",
        "text_ru": "Лот опубликован, подходящих фабрик: {=A2:count}, лучшая {=A2:best_score} из 100.",
    }
    automation.put(
        "PUBLISHED",
        {"code": "publish_lot", "id": "A1"},
        {"code": "find_matches", "id": "A2", "properties": {"limit": "5"}},
        {"code": "send_telegram", "id": "A3", "properties": words},
    )
    automation.drag("PUBLISHED")
    told = automation.story.ivan.wait_for("подходящих фабрик: 1")
    assert "из 100" in told["text"], automation.log()
    assert until("the post in the channel", automation.world.channel_posts)


def test_silence_becomes_a_task(automation: Automation) -> None:
    """On Published a robot tells the factories and another waits; when nobody answers, the portal's own robot makes the task."""
    patience = {"who": "factory", "hours": "0", "minutes": "1"}
    task = {"title": "Фабрики молчат, время вышло: {=W2:timed_out}", "responsible": "responsible"}
    automation.put(
        "PUBLISHED",
        {"code": "notify_factories", "id": "W1"},
        {"code": "wait_for_reply", "id": "W2", "properties": patience, "timeout_seconds": 300},
        {"code": "add_task", "app_id": None, "id": "W3", "properties": task, "after_previous": True},
    )
    automation.drag("OFFERS")
    automation.drag("PUBLISHED")
    until("the rule to wait", lambda: "W1" in automation.log())
    assert automation.tasks() == []
    made = until("the task of the portal's own robot", automation.tasks, seconds=150)
    assert made[0]["title"] == "Фабрики молчат, время вышло: Y"


def test_a_trigger_moves_the_deal(automation: Automation) -> None:
    """When a factory answers, the trigger that a manager put on a stage moves the deal there."""
    automation.put("SHIPPED", triggers=["factory_responded"])
    automation.story.abc_offers_quietly()
    assert until(
        "the deal moved by the trigger", lambda: automation.world.at_stage(automation.story.deal_id, "SHIPPED")
    )


def test_a_robot_opens_the_conversation(automation: Automation) -> None:
    """Dragged to Negotiation, the deal's robot allows the contact and both may talk."""
    automation.put("NEGOTIATION", {"code": "open_conversation", "id": "B1"})
    automation.drag("NEGOTIATION")
    assert automation.story.ivan.wait_for("новое предложение")
    automation.story.ivan.act("send", text="Здравствуйте, это робот нас познакомил?")
    assert automation.story.abc.wait_for("робот нас познакомил")


def test_a_refusal_is_a_plain_sentence_in_the_log(automation: Automation) -> None:
    """A robot that cannot do its work says so in the process log in words and lets the process go on."""
    automation.put("SHIPPED", {"code": "publish_lot", "id": "C1"})
    automation.drag("SHIPPED")
    assert until(
        "a sentence in the process log", lambda: "publish_lot" in automation.log() and "C1" in automation.log()
    )
    assert "Traceback" not in automation.log()
