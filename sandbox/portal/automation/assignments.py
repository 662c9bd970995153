"""Assignments: what a workflow asks of people and waits for. Made by the engine, answered through methods and pages.

A row: ID, workflow (id), step (id), token, activity, name, description, parameters, everyone (whether all must
answer), people {user id: answer}, status, modified, overdue, closed. Status and answers are the documented numbers.
"""

from __future__ import annotations

from typing import Any

from sandbox.portal import moments
from sandbox.portal.automation.placeholders import as_text
from sandbox.portal.call import is_yes
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row

TABLE = "assignments"
WAITING, YES, NO, OK, OVERDUE = 0, 1, 2, 3, 4
CANCEL = 4
APPROVE, REVIEW = "ApproveActivity", "ReviewActivity"
REQUEST, OPTIONAL = "RequestInformationActivity", "RequestInformationOptionalActivity"
# Robot → the activity that it is.
ASKING = {"approve": APPROVE, "review": REVIEW, "request": REQUEST, "request_optional": OPTIONAL}
# Activity → the statuses that end it.
ALLOWED = {APPROVE: {YES, NO}, REVIEW: {OK}, REQUEST: {OK}, OPTIONAL: {OK, CANCEL}}
DAY_SECONDS = 86_400


def ask(portal: Portal, workflow: Row, step: Row, values: Row, *, people: list[str], token: str) -> Row:
    """A new assignment for people. `values`: the filled properties of the robot."""
    activity = ASKING[step["code"]]
    timeout = step["timeout_seconds"]
    return portal.store.insert(
        TABLE,
        {
            "workflow": workflow["ID"],
            "step": step["id"],
            "token": token,
            "activity": activity,
            "name": as_text(values.get("name")) or step["title"] or activity,
            "description": as_text(values.get("description")),
            "parameters": _parameters(activity, values),
            "everyone": is_yes(values.get("everyone")),
            "people": dict.fromkeys(people, WAITING),
            "status": WAITING,
            "modified": portal.stamp(),
            "overdue": moments.later(portal.stamp(), seconds=timeout) if timeout else None,
            "closed": None,
        },
    )


def _parameters(activity: str, values: Row) -> Row:
    required = as_text(values.get("comment_required"))
    shown: Row = {
        "CommentLabel": "Comment",
        "CommentRequired": required if required in {"Y", "YA", "YR"} else "N",
        "ShowComment": "Y",
    }
    if activity == APPROVE:
        return {**shown, "StatusYesLabel": "Approve", "StatusNoLabel": "Reject"}
    shown["StatusOkLabel"] = "Acknowledged" if activity == REVIEW else "Save"
    if activity == OPTIONAL:
        shown["StatusCancelLabel"] = "Reject"
    if activity != REVIEW:
        shown["Fields"] = [_field(item) for item in _listed(values.get("fields"))]
    return shown


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else as_text(value).splitlines()


def _field(item: Any) -> Row:
    """A question: a map with its documented keys, or a line `id:type:name`, the name ending in * when required."""
    given: Row = item if isinstance(item, dict) else _from_line(str(item))
    return {
        "Id": str(given.get("Id") or ""),
        "Type": str(given.get("Type") or "string"),
        "Name": str(given.get("Name") or given.get("Id") or ""),
        "Description": str(given.get("Description") or ""),
        "Multiple": is_yes(given.get("Multiple")),
        "Required": is_yes(given.get("Required")),
        "Options": given.get("Options"),
        "Settings": None,
        "Default": given.get("Default", ""),
    }


def _from_line(line: str) -> Row:
    name_id, _, rest = line.strip().partition(":")
    kind, _, name = rest.partition(":")
    return {"Id": name_id.strip(), "Type": kind.strip(), "Name": name.strip(" *"), "Required": name.endswith("*")}


def lacking(row: Row, status: int, comment: str, fields: Row) -> str:
    """What an answer lacks, in words; empty when nothing."""
    demanded = row["parameters"]["CommentRequired"]
    wanted = demanded == "Y" or (demanded == "YA" and status == YES) or (demanded == "YR" and status == NO)
    if wanted and not comment:
        return "The comment is required"
    if status == OK:
        for field in row["parameters"].get("Fields", ()):
            if field["Required"] and fields.get(field["Id"]) in (None, "", []):
                return f"The field '{field['Name']}' is required"
    return ""


def answer(portal: Portal, row: Row, user_id: str, status: int) -> bool:
    """Notes one person's answer; whether the assignment is decided by it."""
    row["people"][user_id] = NO if status == CANCEL else status
    row["modified"] = portal.stamp()
    portal.store.touch()
    refused = status in {NO, CANCEL}
    if row["everyone"] and not refused and WAITING in row["people"].values():
        return False
    close(portal, row, NO if refused else status)
    return True


def close(portal: Portal, row: Row, status: int) -> None:
    """Ends an assignment."""
    row.update(status=status, modified=portal.stamp(), closed=portal.clock.timestamp())
    portal.store.touch()


def behind(portal: Portal, token: str | None) -> Row | None:
    """The assignment that a branch waits for; None when it waits for an application."""
    return next((row for row in portal.store.rows(TABLE) if row["token"] == token), None) if token else None


def overdue(portal: Portal, token: str | None) -> None:
    """Nobody answered in time."""
    if row := behind(portal, token):
        close(portal, row, OVERDUE)


def drop(portal: Portal, token: str | None) -> None:
    """The workflow does not want an answer any more."""
    if row := behind(portal, token):
        del portal.store.table(TABLE)[row["ID"]]


def known(portal: Portal) -> list[Row]:
    """The assignments that are open, and those ended within a day."""
    since = portal.clock.timestamp() - DAY_SECONDS
    return [row for row in portal.store.rows(TABLE) if row["closed"] is None or row["closed"] > since]
