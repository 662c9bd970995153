"""tasks.task.getFields: type, title, default and values of a task's columns."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Call
from sandbox.portal.registry import method

FLAG = {"Y": "Yes", "N": "No"}
UNITS = ["secs", "mins", "hours", "days", "weeks", "months", "years"]
Field = dict[str, Any]


def _field(title: str | None, kind: str, **more: Any) -> Field:
    return {"title": title, "type": kind, **more}


def _choice(title: str | None, values: Any, default: Any) -> Field:
    return _field(title, "enum", values=values, default=default)


FIELDS: dict[str, Field] = {
    "ID": _field("ID", "integer", primary=True),
    "PARENT_ID": _field("Base Task ID", "integer", default=0),
    "TITLE": _field("Title", "string", required=True),
    "DESCRIPTION": _field("Description", "string"),
    "MARK": _choice("Rating", {"N": "Negative", "P": "Positive"}, None),
    "PRIORITY": _choice("Priority", {"2": "High", "1": "Medium", "0": "Low"}, 1),
    "STATUS": _choice(
        "Status", {"2": "Pending", "3": "In Progress", "4": "Awaiting Review", "5": "Completed", "6": "Deferred"}, 2
    ),
    "MULTITASK": _choice("Multitask", FLAG, "N"),
    "NOT_VIEWED": _choice(None, FLAG, "N"),
    "REPLICATE": _choice("Recurring Task", FLAG, "N"),
    **{name: _field(name[:-3].title(), "integer", default=0) for name in ("GROUP_ID", "STAGE_ID", "SPRINT_ID")},
    "BACKLOG_ID": _field("Backlog", "integer", default=0),
    "CREATED_BY": _field("Creator", "integer", required=True),
    "CREATED_DATE": _field(None, "datetime"),
    "RESPONSIBLE_ID": _field("Participant", "integer", required=True),
    "ACCOMPLICES": _field(None, "array"),
    "AUDITORS": _field(None, "array"),
    "CHANGED_BY": _field("Modified By", "integer"),
    "CHANGED_DATE": _field("Modification Date", "datetime"),
    "STATUS_CHANGED_BY": _field("Status Changed By", "integer"),
    "STATUS_CHANGED_DATE": _field("Status Change Date", "datetime"),
    "CLOSED_BY": _field("Closed By", "integer", default=None),
    "CLOSED_DATE": _field("Closure Date", "datetime", default=None),
    "ACTIVITY_DATE": _field(None, "datetime", default=None),
    "DATE_START": _field("Start Date", "datetime", default=None),
    "DEADLINE": _field("Deadline", "datetime", default=None),
    "START_DATE_PLAN": _field("Planned Start", "datetime", default=None),
    "END_DATE_PLAN": _field("Planned Completion", "datetime", default=None),
    "GUID": _field("GUID", "string", default=None),
    "XML_ID": _field("XML_ID", "string", default=None),
    "COMMENTS_COUNT": _field("Number of Comments", "integer", default=0),
    "SERVICE_COMMENTS_COUNT": _field(None, "integer", default=0),
    "NEW_COMMENTS_COUNT": _field(None, "integer", default=0),
    "ALLOW_CHANGE_DEADLINE": _choice(None, FLAG, "N"),
    "ALLOW_TIME_TRACKING": _choice(None, FLAG, "N"),
    "TASK_CONTROL": _choice("Accept Work", FLAG, "N"),
    "ADD_IN_REPORT": _choice("Add to Report", FLAG, "N"),
    "FORKED_BY_TEMPLATE_ID": _choice("Created from Template", FLAG, "N"),
    "TIME_ESTIMATE": _field("Estimated Time", "integer"),
    "TIME_SPENT_IN_LOGS": _field("Time Spent from Change History", "integer"),
    "MATCH_WORK_TIME": _field("Skip Weekends", "integer"),
    "FORUM_TOPIC_ID": _field("FORUM_TOPIC_ID", "integer"),
    "FORUM_ID": _field("FORUM_ID", "integer"),
    "SITE_ID": _field("SITE_ID", "string"),
    "SUBORDINATE": _choice("Subordinate Task", FLAG, None),
    "FAVORITE": _choice(None, FLAG, None),
    "EXCHANGE_MODIFIED": _field("EXCHANGE_MODIFIED", "datetime", default=None),
    "EXCHANGE_ID": _field("EXCHANGE_ID", "integer", default=None),
    "OUTLOOK_VERSION": _field("OUTLOOK_VERSION", "integer", default=None),
    "VIEWED_DATE": _field("Last Viewed Date", "datetime"),
    "SORTING": _field("Sorting Index", "double"),
    "DURATION_PLAN": _field("Spent (planned)", "integer"),
    "DURATION_FACT": _field("Spent (actual)", "integer"),
    "CHECKLIST": _field(None, "array"),
    "DURATION_TYPE": _choice("DURATION_TYPE", UNITS, "days"),
    "IS_MUTED": _choice(None, FLAG, "N"),
    "IS_PINNED": _choice(None, FLAG, "N"),
    "IS_PINNED_IN_GROUP": _choice(None, FLAG, "N"),
    "FLOW_ID": _field("Flow", "integer", default=0),
    "UF_CRM_TASK": _field("CRM Entities", "crm"),
    "UF_TASK_WEBDAV_FILES": _field("Upload Files", "disk_file"),
    "UF_MAIL_MESSAGE": _field(None, "mail_message"),
}


@method("tasks.task.getFields", missing="User fields of tasks do not exist; titles are English.")
def task_fields(_call: Call) -> dict[str, Any]:
    """The description of a task's columns."""
    return {"fields": FIELDS}
