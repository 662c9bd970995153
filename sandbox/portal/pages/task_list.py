"""The tasks of an employee: the open ones, each with the CRM items it hangs on.

The page reads them by the method that any client lists tasks by.
"""

from __future__ import annotations

import re
from typing import Any

from aiohttp import web

from sandbox.portal.crm import types
from sandbox.portal.pages import addresses, field_view
from sandbox.portal.pages.rendering import page, show
from sandbox.portal.pages.visit import Visit
from sandbox.portal.tasks import board

SHOWN = ("ID", "TITLE", "RESPONSIBLE_ID", "CREATED_DATE", "DEADLINE", "UF_CRM_TASK")
KINDS = {"L": types.LEAD, "D": types.DEAL, "C": types.CONTACT, "CO": types.COMPANY}


async def tasks(visitor: Visit) -> web.StreamResponse:
    """The page: what waits for the employee whom the address names, the newest first."""
    user_id = visitor.request.match_info["id"]
    wanted = {"RESPONSIBLE_ID": user_id, "!STATUS": board.COMPLETED}
    found = await visitor.call("tasks.task.list", select=list(SHOWN), filter=wanted, order={"ID": "desc"})
    rows = [{**row, "items": _items(visitor, row.get("ufCrmTask") or [])} for row in found["tasks"]]
    return show(visitor, "task_list.html", rows=rows, whose=field_view.person(visitor, user_id))


def _items(visitor: Visit, bindings: list[str]) -> list[Any]:
    """Links to the items that codes like `D_12` or `T83_4` name; an unknown code shows none."""
    found = []
    for code in bindings:
        short, _, item_id = str(code).partition("_")
        process = re.fullmatch(r"T([0-9a-f]+)", short)
        number = int(process[1], 16) if process else KINDS.get(short, 0)
        found.append(field_view.linked(visitor, number, item_id))
    return [link for link in found if link]


def attach(app: web.Application) -> None:
    """Adds the address."""
    app.router.add_get(addresses.TASKS.replace("{id}", r"{id:\d+}"), page(tasks))
