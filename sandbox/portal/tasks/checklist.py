"""Checklists of tasks: items, their order under a parent, and the two forms in which tasks print them.

An item whose parent is 0 is a checklist; its title is the name of the list.
"""

from __future__ import annotations

from typing import Any

from sandbox.portal.crm.naming import to_camel
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row

TABLE = "task_checklist"
ROOT = "0"
DEFAULT_NAME = "Checklist 1"
RIGHTS = {"modify": True, "remove": True, "toggle": True, "add": True, "addAccomplice": True}


def items_of(portal: Portal, task_id: str) -> list[Row]:
    """The items of a task by sort index."""
    rows = [row for row in portal.store.rows(TABLE) if row["TASK_ID"] == task_id]
    return sorted(rows, key=lambda row: (int(row["SORT_INDEX"]), int(row["ID"])))


def children(rows: list[Row], parent_id: str) -> list[Row]:
    """The items right under one."""
    return [row for row in rows if row["PARENT_ID"] == parent_id]


def add(portal: Portal, task_id: str, user_id: str, fields: Row) -> Row:
    """A new item. An unknown parent makes a new list of it; none puts it into the first list, made when missing."""
    rows, sent = items_of(portal, task_id), fields.pop("PARENT_ID", None)
    parent = _first_list(portal, rows, task_id, user_id) if sent is None else str(sent)
    if sent is not None and parent not in {row["ID"] for row in rows}:
        parent = ROOT
    values = {"SORT_INDEX": str(len(children(rows, parent))), "IS_COMPLETE": "N", "IS_IMPORTANT": "N", **fields}
    return _insert(portal, task_id, user_id, parent, values)


def _first_list(portal: Portal, rows: list[Row], task_id: str, user_id: str) -> str:
    lists = children(rows, ROOT)
    made = lists[0] if lists else _insert(portal, task_id, user_id, ROOT, {"TITLE": DEFAULT_NAME, "SORT_INDEX": "0"})
    return str(made["ID"])


def _insert(portal: Portal, task_id: str, user_id: str, parent: str, values: Row) -> Row:
    row: Row = {
        "ID": "",
        "TASK_ID": task_id,
        "PARENT_ID": parent,
        "CREATED_BY": user_id,
        "TITLE": "",
        "SORT_INDEX": "0",
    }
    row |= {"IS_COMPLETE": "N", "IS_IMPORTANT": "N", "TOGGLED_BY": None, "TOGGLED_DATE": "", "MEMBERS": []}
    return portal.store.insert(TABLE, {**row, "ATTACHMENTS": [], **values})


def toggle(portal: Portal, row: Row, user_id: str, *, done: bool) -> None:
    """Marks an item completed or not."""
    row.update(IS_COMPLETE="Y" if done else "N", TOGGLED_BY=user_id, TOGGLED_DATE=portal.stamp())
    portal.store.touch()


def move_after(portal: Portal, row: Row, other: Row) -> None:
    """Puts an item right behind another one, under its parent."""
    row["PARENT_ID"] = other["PARENT_ID"]
    around = [item for item in children(items_of(portal, row["TASK_ID"]), row["PARENT_ID"]) if item is not row]
    around.insert(around.index(other) + 1, row)
    for place, item in enumerate(around):
        item["SORT_INDEX"] = str(place)
    portal.store.touch()


def remove(portal: Portal, row: Row) -> None:
    """Deletes an item with everything under it."""
    for child in children(items_of(portal, row["TASK_ID"]), row["ID"]):
        remove(portal, child)
    del portal.store.table(TABLE)[row["ID"]]
    portal.store.touch()


def printed(row: Row) -> Row:
    """An item in upper case: a list has the number 0 for its parent."""
    return {**row, "PARENT_ID": row["PARENT_ID"] if row["PARENT_ID"] != ROOT else 0}


def flat(portal: Portal, task_id: str) -> dict[str, Any]:
    """Item id → item, as tasks carry them."""
    return {row["ID"]: _camel(row) for row in items_of(portal, task_id)}


def _camel(row: Row) -> dict[str, Any]:
    shown = {to_camel(name): value for name, value in printed(row).items()}
    shown["toggledDate"] = shown["toggledDate"] or None
    return {**shown, "ufChecklistFiles": False, "entityId": row["TASK_ID"], "action": RIGHTS}


def tree(portal: Portal, task_id: str, user_id: str) -> dict[str, Any]:
    """The checklists under a root that is no item; nodes are numbered in the order of reading."""
    rows, numbers = items_of(portal, task_id), iter(range(1, 10**9))

    def below(parent_id: str, prefix: str) -> list[dict[str, Any]]:
        found = []
        for place, row in enumerate(children(rows, parent_id), 1):
            number = next(numbers)
            index = "" if parent_id == ROOT else f"{prefix}{place}"
            under = below(row["ID"], f"{index}." if index else "")
            done = sum(child["IS_COMPLETE"] == "Y" for child in children(rows, row["ID"]))
            fields = _node(user_id, row, index, done)
            found.append({"nodeId": number, "fields": fields, "action": RIGHTS, "descendants": under})
        return found

    return {"nodeId": 0, "fields": _node(user_id, None, "", 0), "action": [], "descendants": below(ROOT, "")}


def _node(user_id: str, row: Row | None, index: str, done: int) -> dict[str, Any]:
    held = row or {}
    return {
        "id": int(held["ID"]) if row else None,
        "copiedId": None,
        "entityId": int(held["TASK_ID"]) if row else None,
        "userId": int(user_id),
        "createdBy": int(held["CREATED_BY"]) if row else None,
        "parentId": int(held["PARENT_ID"]) if row else None,
        "title": held.get("TITLE", ""),
        "sortIndex": int(held["SORT_INDEX"]) if row else None,
        "displaySortIndex": index,
        "isComplete": held.get("IS_COMPLETE") == "Y",
        "isImportant": held.get("IS_IMPORTANT") == "Y",
        "completedCount": done,
        "members": held.get("MEMBERS", []),
        "attachments": [],
        "nodeId": None,
    }
