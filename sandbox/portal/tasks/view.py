"""Tasks as methods print them: camelCase columns, everybody's data, rights, marks of the caller, checklists."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Call, to_map
from sandbox.portal.crm.naming import to_camel
from sandbox.portal.im import chats
from sandbox.portal.store import Row
from sandbox.portal.tasks import board, checklist, marks

# These come only when one of them is asked for, and then all three.
FILES_AND_LINKS = frozenset({"UF_CRM_TASK", "UF_TASK_WEBDAV_FILES", "UF_MAIL_MESSAGE"})
OFF = ("accept", "decline", "take", "edit.originator", "dayplan.timer.toggle")
ON = ("create", "changeDeadline", "checklistAddItems", "rate", "checklist.reorder")
ON_TOO = ("elapsedtime.add", "edit.plan", "checklist.add")
Result = dict[str, Any]


def person(call: Call, user_id: str) -> Result:
    """Creator or responsible person as tasks print them."""
    row = call.portal.users.get(user_id, {})
    return {
        "id": user_id,
        "name": chats.full_name(call.portal, user_id),
        "link": f"/company/personal/user/{user_id}/",
        "icon": "/bitrix/images/tasks/default_avatar.png",
        "workPosition": row.get("WORK_POSITION", ""),
    }


def shown(call: Call, row: Row, select: Any = None) -> Result:
    """A task in camelCase; `select` holds upper-case columns, `*` and `UF_*`."""
    names = {str(name).upper() for name in to_map(select).values()}
    if names & FILES_AND_LINKS:
        names |= FILES_AND_LINKS
    columns = {**row, **marks.columns(call.portal, row["ID"], call.user_id)}
    chosen = {to_camel(name): value for name, value in columns.items() if _wanted(name, names)}
    if "ufTaskWebdavFiles" in chosen:
        chosen["ufTaskWebdavFiles"] = [int(number) for number in row["UF_TASK_WEBDAV_FILES"]]
    people = {"creator": person(call, row["CREATED_BY"]), "responsible": person(call, row["RESPONSIBLE_ID"])}
    return {**chosen, "subStatus": row["STATUS"], "group": [], **people, **_around(call, row)}


def _wanted(name: str, names: set[str]) -> bool:
    own = name.startswith("UF_")
    if not names:
        return not own
    return name == "ID" or name in names or ("UF_*" if own else "*") in names


def _around(call: Call, row: Row) -> Result:
    """What tasks carry beside their columns."""
    return {
        "accomplicesData": {user_id: person(call, user_id) for user_id in row["ACCOMPLICES"]} or [],
        "auditorsData": {user_id: person(call, user_id) for user_id in row["AUDITORS"]} or [],
        "newCommentsCount": 0,
        "action": actions(call, row, call.user_id),
        "checklist": checklist.flat(call.portal, row["ID"]) or [],
        "checkListTree": checklist.tree(call.portal, row["ID"], call.user_id),
        "checkListCanAdd": True,
    }


def actions(call: Call, row: Row, user_id: str) -> dict[str, bool]:
    """What a person may do with a task, by the names that tasks print."""
    admin = bool(call.portal.users.get(user_id, {}).get("ADMIN"))
    own = admin or user_id in {row["RESPONSIBLE_ID"], row["CREATED_BY"]}
    status = row["STATUS"]
    favourite = marks.holds(call.portal, row["ID"], marks.FAVORITE, user_id)
    return {
        **dict.fromkeys(OFF, False),
        **dict.fromkeys((*ON, *ON_TOO), True),
        **dict.fromkeys(("addFavorite", "favorite.add"), not favourite),
        **dict.fromkeys(("deleteFavorite", "favorite.delete"), favourite),
        "complete": own and status != board.COMPLETED,
        "start": own and status in {board.WAITING, board.DEFERRED},
        "pause": own and status == board.IN_PROGRESS,
        "defer": own and status in {board.WAITING, board.IN_PROGRESS},
        "renew": own and status in {board.COMPLETED, board.DEFERRED},
        "approve": own and status == board.SUPPOSEDLY_COMPLETED,
        "disapprove": own and status == board.SUPPOSEDLY_COMPLETED,
        "delegate": own and status != board.COMPLETED,
        "edit": own,
        "remove": own,
    }
