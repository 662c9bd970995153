"""What `tasks.task.list` adds to a task when it is asked for: results, spent time, the description, counters."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Call, is_yes, to_map
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row
from sandbox.portal.tasks import board, results
from sandbox.portal.tasks.item_methods import ELAPSED

TAGS = "task_tags"
NO_COUNTERS = ("expired", "newComments", "projectExpired", "projectNewComments", "mutedExpired", "mutedNewComments")


def of(call: Call, row: Row) -> dict[str, Any]:
    """The additions to one task."""
    wanted = {name.upper() for name, value in call.mapping("params").items() if is_yes(value)}
    chosen = {str(name).upper() for name in to_map(call.get("select")).values()}
    added: dict[str, Any] = {"descriptionInBbcode": "Y", "lengthDeadline": "1" if row["DEADLINE"] else None}
    if row["TAGS"] and "TAGS" in chosen:
        numbers = {title: _tag(call.portal, title) for title in row["TAGS"]}
        added["tags"] = {number: {"id": int(number), "title": title} for title, number in numbers.items()}
    if "WITH_RESULT_INFO" in wanted:
        held = [entry for entry in call.portal.store.rows(results.TABLE) if str(entry["taskId"]) == row["ID"]]
        still_open = any(entry["status"] == results.OPEN for entry in held) and row["STATUS"] != board.COMPLETED
        added |= {
            "taskRequireResult": "N",
            "taskHasOpenResult": "Y" if still_open else "N",
            "taskHasResult": "Y" if held else "N",
        }
    if "WITH_TIMER_INFO" in wanted:
        spent = [int(entry["SECONDS"]) for entry in call.portal.store.rows(ELAPSED) if entry["TASK_ID"] == row["ID"]]
        added |= {"timeElapsed": str(sum(spent)) if spent else None, "timerIsRunningForCurrentUser": "N"}
    if "WITH_PARSED_DESCRIPTION" in wanted:
        added["parsedDescription"] = row["DESCRIPTION"]
    if "COUNTERS" in chosen:
        added["counter"] = {"counters": dict.fromkeys(NO_COUNTERS, 0), "color": "gray", "value": 0}
    return added


def _tag(portal: Portal, title: str) -> str:
    """The number of a tag, given at first sight."""
    for row in portal.store.rows(TAGS):
        if row["title"] == title:
            return str(row["ID"])
    return str(portal.store.insert(TAGS, {"title": title})["ID"])
