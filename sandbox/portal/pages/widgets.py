"""Widgets of applications on the portal's pages: which of them stand at a place, and what a frame of one is told.

A page names the place (the code of a placement) and what the widget is opened for; the address of the page joins when
the frame is launched, where the documentation of that placement has it.
"""

from __future__ import annotations

from typing import Any

from sandbox.portal.methods.placement_options import facts_of
from sandbox.portal.pages import menu
from sandbox.portal.pages.visit import Visit
from sandbox.portal.store import Row

Widget = dict[str, Any]
WIDTH = 760


def at(visitor: Visit, code: str, **options: Any) -> list[Widget]:
    """Widgets of installed applications bound to a placement, in the order of their binding."""
    return [_widget(visitor, row, options) for row in bound(visitor, code)]


def bound(visitor: Visit, code: str) -> list[Row]:
    """Rows of a placement that this person may see."""
    apps = visitor.portal.apps
    return [
        row
        for row in visitor.portal.store.rows("placements")
        if row["placement"] == code and apps.get(row["app_id"], {}).get("installed") and _for_person(visitor, row)
    ]


def _for_person(visitor: Visit, row: Row) -> bool:
    wanted = str(row["user_id"] or visitor.user_id)
    role = str((row["options"] or {}).get("role") or "USER")
    return wanted == visitor.user_id and (role != "ADMIN" or visitor.admin)


def _widget(visitor: Visit, row: Row, options: dict[str, Any]) -> Widget:
    texts = (row["lang"] or {}).get(visitor.language)
    group = texts.get("GROUP_NAME") if isinstance(texts, dict) else None
    return {
        "id": row["ID"],
        "app_id": row["app_id"],
        "place": row["placement"],
        "title": menu.placement_title(row, visitor.language) or visitor.portal.apps[row["app_id"]]["title"],
        "group": group or row["group"],
        "options": {name: str(value) for name, value in options.items()},
        "width": WIDTH,
    }


def in_chat(visitor: Visit, code: str, **options: Any) -> list[Widget]:
    """Widgets of the messenger in a chat of an open line: those bound to all chats, to open lines or to CRM."""
    rows = [row for row in bound(visitor, code) if _for_lines(row)]
    return [{**_widget(visitor, row, options), "width": 420} for row in rows]


def _for_lines(row: Row) -> bool:
    contexts = str((row["options"] or {}).get("context") or "ALL").split(";")
    return bool({"ALL", "LINES"} & set(contexts))


def has_address(code: str) -> bool:
    """Whether frames of a placement are told the page they are opened from."""
    return "URI" in facts_of(code).get("options", {})
