"""What workflows ask of the signed-in person: approvals, things to read, questions; each is answered here.

The page reads and answers by the methods of assignments, as any client does.
"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from sandbox.portal.pages.rendering import page, show
from sandbox.portal.pages.visit import Visit

PATH = "/bizproc/userprocesses/"
SHOWN = ("ID", "NAME", "DESCRIPTION", "DOCUMENT_NAME", "DOCUMENT_URL", "OVERDUE_DATE", "PARAMETERS", "MODIFIED")
# The number of an answer → the key of its words, and the look of its button.
ANSWERS = {
    "1": ("StatusYesLabel", "button--blue"),
    "2": ("StatusNoLabel", ""),
    "3": ("StatusOkLabel", "button--blue"),
    "4": ("StatusCancelLabel", ""),
}
EDITORS = {"int": "number", "double": "number", "date": "date", "datetime": "datetime-local"}


async def waiting(visitor: Visit) -> list[dict[str, Any]]:
    """The assignments that the person has not answered yet, the oldest first."""
    mine = {"USER_ID": visitor.user_id, "USER_STATUS": 0, "STATUS": 0}
    found = await visitor.call("bizproc.task.list", SELECT=list(SHOWN), FILTER=mine, ORDER={"ID": "ASC"})
    return [_with_choices(row) for row in found]


def _with_choices(row: dict[str, Any]) -> dict[str, Any]:
    wanted = row["PARAMETERS"]
    choices = [
        {"status": status, "title": wanted[key], "look": look}
        for status, (key, look) in ANSWERS.items()
        if key in wanted
    ]
    fields = [{**field, "editor": EDITORS.get(field["Type"], "text")} for field in wanted.get("Fields", ())]
    return {**row, "choices": choices, "fields": fields, "comment": wanted["CommentLabel"]}


async def assignments(visitor: Visit) -> web.StreamResponse:
    """The page."""
    others = [row for row in visitor.portal.users.values() if row["ACTIVE"] and row["ID"] != visitor.user_id]
    return show(visitor, "assignments.html", rows=await waiting(visitor), people=others)


def attach(app: web.Application) -> None:
    """Adds the address."""
    app.router.add_get(PATH, page(assignments))
