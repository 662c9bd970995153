"""The engine: runs the robots of a stage for one element, waits, goes on, ends.

A workflow holds branches; a branch is a list of steps done one after another. Robots without a delay make the first
branch, in order; a robot with a delay starts a branch of its own unless it stands "after the previous one". A branch
waits for a time (`until`) or for an application or people (`token`, with `until` when a timeout is set).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.portal.automation import (
    assignments,
    components,
    conditions,
    documents,
    handler_calls,
    journal,
    own_robots,
    plans,
)
from sandbox.portal.automation.placeholders import as_text, fill
from sandbox.portal.call import is_yes, to_int
from sandbox.portal.crm import items, types
from sandbox.portal.crm.types import EntityType
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row

TABLE, TOKENS, PAST = "workflows", "workflow_tokens", "workflows_past"
PAST_KEPT = 500
RUNNING, DONE, STOPPED = "running", "done", "terminated"


def start(portal: Portal, kind: EntityType, item_id: int, robots: list[Row], **more: Any) -> Row:
    """Begins a workflow over an element. `more`: stage, template, started_by."""
    row = {
        "ID": f"{portal.store.hex_secret()[:14]}.{int(portal.store.next_id('workflow')):08}",
        "entity_type_id": kind.id,
        "item_id": item_id,
        "document_id": documents.document_id(kind, item_id),
        "document_type": documents.document_type(kind),
        "stage": None,
        "template": "0",
        "started_by": "0",
        **more,
        "started": portal.stamp(),
        "modified": portal.stamp(),
        "status": RUNNING,
        "results": {},
        "branches": _branches(robots),
    }
    portal.store.table(TABLE)[row["ID"]] = row
    journal.write(portal, row, "started")
    now = portal.clock.timestamp()
    for branch in row["branches"]:
        if branch["steps"][0]["delay_seconds"]:
            _delay(portal, row, branch, branch["steps"][0], now)
    run(portal, row)
    return row


def _branches(robots: list[Row]) -> list[Row]:
    main: Row = {"steps": [], "place": 0, "until": None, "token": None, "delayed": False}
    branches, last = [main], main
    for robot in robots:
        if robot["after_previous"]:
            target = last
        elif robot["delay_seconds"]:
            target = {**main, "steps": []}
            branches.append(target)
        else:
            target = main
        target["steps"].append(robot)
        last = target
    return [branch for branch in branches if branch["steps"]]


def _delay(portal: Portal, row: Row, branch: Row, step: Row, now: float) -> None:
    branch["until"], branch["delayed"] = now + step["delay_seconds"], True
    journal.write(portal, row, "delayed", step, f"{step['delay_seconds']:g} s")


def run(portal: Portal, row: Row) -> None:
    """Does everything that can be done now."""
    for branch in row["branches"]:
        while row["status"] == RUNNING and branch["place"] < len(branch["steps"]) and branch["until"] is None:
            if branch["token"]:
                break
            _step(portal, row, branch)
    finished = all(branch["place"] >= len(branch["steps"]) for branch in row["branches"])
    if row["status"] == RUNNING and finished:
        journal.write(portal, row, "finished")
        _retire(portal, row, DONE)
    row["modified"] = portal.stamp()
    portal.store.touch()


def _step(portal: Portal, row: Row, branch: Row) -> None:
    step = branch["steps"][branch["place"]]
    if step["delay_seconds"] and not branch["delayed"]:
        _delay(portal, row, branch, step, portal.clock.timestamp())
        return
    branch["delayed"] = False
    element = element_of(portal, row)
    if element is None:
        stop(portal, row, "the element is gone")
        return
    turn = Turn(portal, row, branch, step, *element)
    if not conditions.hold(turn.resolve, step["condition"]):
        turn.passed("skipped", "condition")
    elif plans.blocked(portal, step):
        turn.passed("blocked", "the application no longer offers this robot")
    elif step["app_id"] is None and step["code"] in assignments.ASKING:
        _ask(turn)
    elif step["app_id"] is None:
        _run_own(turn)
    else:
        _call_application(turn)


@dataclass(frozen=True, slots=True)
class Turn:
    """One robot's turn in one workflow."""

    portal: Portal
    row: Row
    branch: Row
    step: Row
    kind: EntityType
    item: Row

    def values(self) -> Row:
        """The robot's properties with placeholders resolved."""
        filled: Row = fill(self.step["properties"], self.resolve)
        return filled

    def resolve(self, source: str, name: str) -> Any:
        """A placeholder: the document, the workflow, or what an earlier robot returned."""
        if source == "Document":
            return documents.value(self.portal, self.kind, self.item, name)
        if source == "Workflow":
            return {"ID": self.row["ID"], "id": self.row["ID"]}.get(name)
        return self.row["results"].get(source, {}).get(name)

    def passed(self, event: str, text: str) -> None:
        """Logs and goes on to the next robot."""
        self.branch["place"] += 1
        journal.write(self.portal, self.row, event, self.step, text)


def _run_own(turn: Turn) -> None:
    values = turn.values()
    turn.branch["place"] += 1
    text = own_robots.ROBOTS[turn.step["code"]](turn.portal, turn.kind, turn.item, values)
    journal.write(turn.portal, turn.row, "executed", turn.step, text)
    if turn.step["code"] == "pause":
        turn.branch["until"] = turn.portal.clock.timestamp() + to_int(as_text(values.get("seconds")))


def _ask(turn: Turn) -> None:
    """Gives people an assignment and waits for their answer; the administrator is asked when there is nobody else."""
    values = turn.values()
    people = own_robots.people(turn.portal, values.get("users"), turn.item) or ["1"]
    token = _token(turn)
    assignments.ask(turn.portal, turn.row, turn.step, values, people=people, token=token)
    _wait(turn, token, f"for {', '.join(people)}", values)


def _token(turn: Turn) -> str:
    secret = f"{turn.portal.store.secret(32)}.{turn.portal.store.hex_secret()}"
    return f"{turn.row['ID']}|{turn.step['id']}|{secret}"


def _wait(turn: Turn, token: str, text: str, values: Row) -> None:
    place = turn.row["branches"].index(turn.branch)
    turn.portal.store.table(TOKENS)[token] = {"workflow": turn.row["ID"], "branch": place, "step": turn.step["id"]}
    turn.branch["token"] = token
    if turn.step["timeout_seconds"]:
        turn.branch["until"] = turn.portal.clock.timestamp() + turn.step["timeout_seconds"]
    journal.write(turn.portal, turn.row, "waiting", turn.step, text, values=values)


def _call_application(turn: Turn) -> None:
    portal, row, step = turn.portal, turn.row, turn.step
    component = components.find(portal, step["app_id"], step["code"])
    app = portal.apps.get(step["app_id"])
    if component is None or app is None:
        return
    waits = component["USE_SUBSCRIPTION"] in (None, "") or is_yes(component["USE_SUBSCRIPTION"])
    properties = handler_calls.properties(component, turn.values())
    token = _token(turn)
    handler_calls.post(portal, app, component, row, properties, token=token, timeout=step["timeout_seconds"])
    if waits:
        _wait(turn, token, "for the application", properties)
    else:
        turn.passed("executed", "called, not waiting")


def element_of(portal: Portal, row: Row) -> tuple[EntityType, Row] | None:
    """The element a workflow runs over."""
    kind = types.find(portal, row["entity_type_id"])
    item = items.find(portal, kind, row["item_id"]) if kind else None
    return (kind, item) if kind and item else None


def waiting_for(portal: Portal, token: str) -> tuple[Row, Row, Row] | None:
    """Workflow, branch and robot that wait under a token; None when it is stale, used or unknown."""
    place = portal.store.table(TOKENS).get(token)
    row = portal.store.table(TABLE).get(place["workflow"]) if place else None
    if place is None or row is None:
        return None
    branch = row["branches"][place["branch"]]
    if branch["token"] != token:
        return None
    return row, branch, branch["steps"][branch["place"]]


def answered(portal: Portal, token: str, values: Row, text: str) -> None:
    """The application returns values; the branch goes on. The token must be waited for."""
    found = waiting_for(portal, token)
    if found is None:
        return
    row, branch, step = found
    row["results"][step["id"]] = values
    journal.write(portal, row, "returned", step, text, values=values)
    _go_on(portal, branch)
    run(portal, row)


def _go_on(portal: Portal, branch: Row) -> None:
    portal.store.table(TOKENS).pop(branch["token"], None)
    branch["token"], branch["until"] = None, None
    branch["place"] += 1


def tick(portal: Portal) -> None:
    """Continues whatever is due: delays that have passed, robots that got no answer in time."""
    now = portal.clock.timestamp()
    for row in list(portal.store.rows(TABLE)):
        due = [branch for branch in row["branches"] if branch["until"] is not None and branch["until"] <= now]
        for branch in due:
            if branch["token"]:
                journal.write(portal, row, "timeout", branch["steps"][branch["place"]])
                assignments.overdue(portal, branch["token"])
                _go_on(portal, branch)
            branch["until"] = None
        if due:
            run(portal, row)


def _retire(portal: Portal, row: Row, status: str) -> None:
    """Moves a workflow that is over out of the table that every tick looks through."""
    row["status"] = status
    portal.store.table(TABLE).pop(row["ID"], None)
    past = portal.store.table(PAST)
    past[row["ID"]] = row
    while len(past) > PAST_KEPT:
        del past[next(iter(past))]


def stop(portal: Portal, row: Row, text: str) -> None:
    """Ends a workflow where it stands; tokens it waited for go stale."""
    _retire(portal, row, STOPPED)
    for branch in row["branches"]:
        assignments.drop(portal, branch["token"])
        portal.store.table(TOKENS).pop(branch["token"] or "", None)
        branch["token"], branch["until"] = None, None
    journal.write(portal, row, "terminated", text=text)
    portal.store.touch()


def running(portal: Portal, entity_type_id: int | None = None, item_id: int | None = None) -> list[Row]:
    """Workflows that are not over, of one element when it is given."""
    return [
        row
        for row in portal.store.rows(TABLE)
        if entity_type_id in {None, row["entity_type_id"]} and item_id in {None, row["item_id"]}
    ]
