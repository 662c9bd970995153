"""Tasks: the table, defaults, changes and their events. Called by methods and by robots.

A row has classic upper-case columns; numbers are kept as text, flags as Y/N, dates as ISO text or None.
"""

from __future__ import annotations

from typing import Any

from sandbox.portal.events import emit
from sandbox.portal.identity import Actor
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row
from sandbox.portal.tasks import history

TABLE = "tasks"
WAITING, IN_PROGRESS, SUPPOSEDLY_COMPLETED, COMPLETED, DEFERRED = "2", "3", "4", "5", "6"
DEFAULTS: Row = {
    "TITLE": "",
    "DESCRIPTION": "",
    "DESCRIPTION_IN_BBCODE": "Y",
    "PRIORITY": "1",
    "STATUS": WAITING,
    "PARENT_ID": None,
    "GROUP_ID": "0",
    "STAGE_ID": "0",
    "DEADLINE": None,
    "START_DATE_PLAN": None,
    "END_DATE_PLAN": None,
    "CLOSED_BY": None,
    "CLOSED_DATE": None,
    "DATE_START": None,
    "ACCOMPLICES": [],
    "AUDITORS": [],
    "TAGS": [],
    "UF_CRM_TASK": [],
    "UF_TASK_WEBDAV_FILES": [],
    "UF_MAIL_MESSAGE": None,
    "SPRINT_ID": None,
    "BACKLOG_ID": None,
    "MARK": None,
    "XML_ID": None,
    "COMMENTS_COUNT": None,
    "ALLOW_CHANGE_DEADLINE": "N",
    "ALLOW_TIME_TRACKING": "N",
    "TASK_CONTROL": "N",
    "TIME_ESTIMATE": "0",
    "TIME_SPENT_IN_LOGS": None,
    "MULTITASK": "N",
    "NOT_VIEWED": "N",
    "REPLICATE": "N",
    "STATUS_CHANGED_BY": None,
    "SERVICE_COMMENTS_COUNT": None,
    "ADD_IN_REPORT": "N",
    "FORKED_BY_TEMPLATE_ID": None,
    "MATCH_WORK_TIME": "N",
    "FORUM_TOPIC_ID": None,
    "FORUM_ID": None,
    "SITE_ID": "s1",
    "SUBORDINATE": "N",
    "EXCHANGE_MODIFIED": None,
    "EXCHANGE_ID": None,
    "OUTLOOK_VERSION": "1",
    "VIEWED_DATE": None,
    "SORTING": None,
    "DURATION_FACT": None,
    "DURATION_PLAN": None,
    "DURATION_TYPE": "days",
    "IS_PINNED_IN_GROUP": "N",
    "FLOW_ID": None,
}


def add(portal: Portal, actor: Actor, values: Row) -> Row:
    """A new task; tells subscribers."""
    now = portal.stamp()
    row = portal.store.insert(
        TABLE,
        {
            "ID": "",
            **DEFAULTS,
            "RESPONSIBLE_ID": actor.user_id,
            "CREATED_BY": actor.user_id,
            "CHANGED_BY": actor.user_id,
            "CREATED_DATE": now,
            "CHANGED_DATE": now,
            "STATUS_CHANGED_DATE": now,
            "ACTIVITY_DATE": now,
            "GUID": f"{{{_guid(portal)}}}",
            **values,
        },
    )
    history.record(portal, actor, row["ID"], "NEW")
    _tell(portal, "OnTaskAdd", actor, None, row["ID"])
    return row


def _guid(portal: Portal) -> str:
    text = portal.store.hex_secret()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:32]))


def change(portal: Portal, actor: Actor, row: Row, values: Row) -> None:
    """Changes a task; tells subscribers."""
    if "STATUS" in values and values["STATUS"] != row["STATUS"]:
        done = values["STATUS"] == COMPLETED
        values |= {"STATUS_CHANGED_DATE": portal.stamp(), "STATUS_CHANGED_BY": actor.user_id}
        values |= {"CLOSED_BY": actor.user_id if done else None, "CLOSED_DATE": portal.stamp() if done else None}
    history.record_changes(portal, actor, row, values)
    row.update(values, CHANGED_DATE=portal.stamp(), CHANGED_BY=actor.user_id)
    portal.store.touch()
    _tell(portal, "OnTaskUpdate", actor, row["ID"], row["ID"])


def remove(portal: Portal, actor: Actor, row: Row) -> None:
    """Deletes a task; tells subscribers."""
    del portal.store.table(TABLE)[row["ID"]]
    portal.store.touch()
    _tell(portal, "OnTaskDelete", actor, row["ID"], None)


def _tell(portal: Portal, event: str, actor: Actor, before: str | None, after: str | None) -> None:
    data: dict[str, Any] = {
        "FIELDS_BEFORE": {"ID": before} if before else "undefined",
        "FIELDS_AFTER": {"ID": after} if after else "undefined",
        "IS_ACCESSIBLE_BEFORE": "N" if before is None else "Y",
        "IS_ACCESSIBLE_AFTER": "N" if after is None else "Y",
    }
    emit(portal, event, data, actor)
