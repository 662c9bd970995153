"""Tasks as REST 3.0 prints them: its own names, words for numbers, booleans for flags. Reads only."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Call
from sandbox.portal.store import Row
from sandbox.portal.tasks import board, checklist, marks
from sandbox.portal.tasks.view import actions
from sandbox.portal.version3.errors import RefusedError

STATUSES = {"2": "pending", "3": "in_progress", "4": "supposedly_completed", "5": "completed", "6": "deferred"}
STATUSES |= {"7": "declined"}
PRIORITIES = {"0": "low", "1": "average", "2": "high"}
MARKS = {"P": "positive", "N": "negative"}
# Field → column.
TEXTS = {"title": "TITLE", "description": "DESCRIPTION", "durationType": "DURATION_TYPE", "guid": "GUID"}
TEXTS |= {"xmlId": "XML_ID", "exchangeId": "EXCHANGE_ID", "exchangeModified": "EXCHANGE_MODIFIED", "siteId": "SITE_ID"}
DATES = {"created": "CREATED_DATE", "deadline": "DEADLINE", "startPlan": "START_DATE_PLAN", "endPlan": "END_DATE_PLAN"}
DATES |= {"statusChanged": "STATUS_CHANGED_DATE", "started": "DATE_START", "changed": "CHANGED_DATE"}
DATES |= {"closed": "CLOSED_DATE", "activity": "ACTIVITY_DATE"}
NUMBERS = {"creatorId": "CREATED_BY", "responsibleId": "RESPONSIBLE_ID", "groupId": "GROUP_ID", "stageId": "STAGE_ID"}
NUMBERS |= {"parentId": "PARENT_ID", "flowId": "FLOW_ID", "changedById": "CHANGED_BY", "closedById": "CLOSED_BY"}
NUMBERS |= {"estimatedTime": "TIME_ESTIMATE", "outlookVersion": "OUTLOOK_VERSION", "forumTopicId": "FORUM_TOPIC_ID"}
NUMBERS |= {"statusChangedById": "STATUS_CHANGED_BY", "forkedByTemplateId": "FORKED_BY_TEMPLATE_ID"}
FLAGS = {"needsControl": "TASK_CONTROL", "replicate": "REPLICATE", "isMultitask": "MULTITASK"}
FLAGS |= {"allowsChangeDeadline": "ALLOW_CHANGE_DEADLINE", "allowsTimeTracking": "ALLOW_TIME_TRACKING"}
FLAGS |= {"matchesWorkTime": "MATCH_WORK_TIME", "addInReport": "ADD_IN_REPORT"}
# What the sandbox has nothing for, as a task without any of it prints it.
EMPTY: dict[str, Any] = {
    **dict.fromkeys(("epicId", "storyPoints", "deadlineCount", "declineReason", "chatId", "emailId")),
    **dict.fromkeys(("maxDeadlineChangeDate", "maxDeadlineChanges")),
    **dict.fromkeys(("containsRelatedTasks", "containsGanttLinks", "requireResult", "matchesSubTasksTime"), False),
    **dict.fromkeys(("autocompleteSubTasks", "allowsChangeDatePlan", "requireDeadlineChangeReason"), False),
    **dict.fromkeys(("numberOfReminders", "plannedDuration", "actualDuration"), 0),
    "containsPlacements": True,
    "containsResults": False,
    "inGroupPin": [],
    "dependsOn": [],
    "scenarios": ["default"],
}
PEOPLE = {"creator": "CREATED_BY", "responsible": "RESPONSIBLE_ID", "changedBy": "CHANGED_BY", "closedBy": "CLOSED_BY"}
CROWDS = {"accomplices": "ACCOMPLICES", "auditors": "AUDITORS"}
USER_FIELDS = ("id", "name", "role", "image", "gender", "email", "externalAuthId", "rights")


def plain(call: Call, row: Row) -> dict[str, Any]:
    """A task with its own fields, without those of other objects."""
    portal, number = call.portal, row["ID"]
    entries = checklist.items_of(portal, number)
    held = {"inFavorite": marks.FAVORITE, "inPin": marks.PINNED, "inMute": marks.MUTED}
    return {
        "id": int(number),
        **{name: row.get(column) for name, column in {**TEXTS, **DATES}.items()},
        **{name: int(row[column]) if row.get(column) else None for name, column in NUMBERS.items()},
        **{name: row.get(column) == "Y" for name, column in FLAGS.items()},
        **EMPTY,
        "status": STATUSES.get(row["STATUS"], "pending"),
        "priority": PRIORITIES.get(row["PRIORITY"], "average"),
        "mark": MARKS.get(row["MARK"] or "", "none"),
        "fileIds": [int(file_id) for file_id in row["UF_TASK_WEBDAV_FILES"]] or None,
        "checklist": [int(entry["ID"]) for entry in entries],
        "containsChecklist": bool(entries),
        "containsSubTasks": any(other["PARENT_ID"] == number for other in portal.store.rows(board.TABLE)),
        "crmItemIds": row["UF_CRM_TASK"],
        "link": f"/company/personal/user/{call.user_id}/tasks/task/view/{number}/",
        "archiveLink": "",
        "rights": {name: allowed for name, allowed in actions(call, row, call.user_id).items() if "." not in name},
        **{
            name: [int(call.user_id)] if marks.holds(portal, number, mark, call.user_id) else []
            for name, mark in held.items()
        },
    }


def chosen(call: Call, row: Row, select: list[str]) -> dict[str, Any]:
    """The fields of `select`; those of people behind a dot. Unknown own fields are left out. Raises RefusedError."""
    known = plain(call, row)
    shown: dict[str, Any] = {"id": known["id"]}
    for name in select:
        own, dot, inner = name.partition(".")
        if own in PEOPLE:
            shown[own] = {**shown.get(own, {}), **_person(call, row[PEOPLE[own]], inner if dot else "")}
        elif own in CROWDS:
            people = [_person(call, user_id, inner if dot else "") for user_id in row[CROWDS[own]]]
            before = shown.get(own, [{}] * len(people))
            shown[own] = [{**old, **new} for old, new in zip(before, people, strict=True)]
        elif own in known:
            shown[own] = known[own]
    return shown


def _person(call: Call, user_id: str | None, wanted: str) -> dict[str, Any]:
    if wanted and wanted not in USER_FIELDS:
        raise RefusedError("UNKNOWNDTOPROPERTY", f"Unknown field `{wanted}` for entity `UserDto`")
    row = call.portal.users.get(user_id or "", {})
    known = {
        **dict.fromkeys(USER_FIELDS),
        "id": int(user_id) if user_id else None,
        "name": f"{row.get('NAME', '')} {row.get('LAST_NAME', '')}".strip(),
        "role": "admin" if row.get("ADMIN") else "employee",
        "gender": row.get("PERSONAL_GENDER") or "M",
        "email": row.get("EMAIL"),
    }
    return {wanted: known[wanted]} if wanted else known
