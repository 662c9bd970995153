"""Plays performed into running worlds: one at a time, once, and honest about what broke."""

from __future__ import annotations

import threading

from sandbox.performance import Performance
from sandbox.visitors import Failed, until


def states(performance: Performance, name: str) -> list[str]:
    """Give how far each chapter of a play is."""
    return [chapter["state"] for chapter in performance.seen()[name]["chapters"]]


def test_a_play_is_watched_chapter_by_chapter() -> None:
    """While a chapter is played it says so, later ones wait, and at the end each shows what was seen."""
    curtain, first = threading.Event(), threading.Event()

    def act() -> list[str]:
        first.set()
        curtain.wait(10)
        return ["a lead"]

    performance = Performance({"story": [("Ivan comes", act), ("Ivan goes", lambda: ["nobody"])]})
    assert performance.begin("story")
    assert first.wait(10)
    assert states(performance, "story") == ["playing", "waiting"]
    curtain.set()
    until("the end", lambda: states(performance, "story") == ["done", "done"])
    assert [chapter["seen"] for chapter in performance.seen()["story"]["chapters"]] == [["a lead"], ["nobody"]]


def test_one_play_at_a_time_and_each_once() -> None:
    """A second play is refused while the first runs, and a play that was begun is never begun again."""
    curtain = threading.Event()

    def act() -> list[str]:
        curtain.wait(10)
        return []

    performance = Performance({"story": [("Ivan comes", act)], "market": [("They trade", list)]})
    assert performance.begin("story")
    assert not performance.begin("market")
    curtain.set()
    until("the next turn", lambda: performance.begin("market"))
    until("the end", lambda: states(performance, "market") == ["done"])
    assert not performance.begin("story")


def test_a_chapter_that_breaks_off_is_told_and_ends_the_play() -> None:
    """What failed stands under its chapter, what came after is not played, and another play may begin."""

    def act() -> list[str]:
        raise Failed("waited in vain for a lead")

    performance = Performance({"story": [("Ivan comes", act), ("Ivan goes", list)], "market": [("They trade", list)]})
    assert performance.begin("story")
    until("the failure", lambda: states(performance, "story") == ["failed", "waiting"])
    assert performance.seen()["story"]["chapters"][0]["seen"] == ["waited in vain for a lead"]
    until("the next turn", lambda: performance.begin("market"))
