"""`tasks.task.list`: tasks by filter, with what is asked for beside their columns."""

from __future__ import annotations

from sandbox.portal.call import Answer, Call
from sandbox.portal.errors import RestError
from sandbox.portal.filters import split_operator
from sandbox.portal.listing import filtered, ordered
from sandbox.portal.registry import method
from sandbox.portal.tasks import board, extras
from sandbox.portal.tasks.task_methods import DATES, KINDS, NUMBERS, Result, may_see
from sandbox.portal.tasks.view import shown


@method("tasks.task.list")
def task_list(call: Call) -> Answer:
    """The caller's tasks by filter on upper-case columns."""
    for name in call.mapping("order"):
        if name.upper() not in {"ID", *board.DEFAULTS, *NUMBERS, *DATES}:
            raise RestError("0", "Invalid sorting key (internal error)")
    rows = [row for row in call.portal.store.rows(board.TABLE) if may_see(call, row)]
    rows = ordered(filtered(rows, _conditions(call), KINDS), call.get("order"), {"ID": "ASC"}, KINDS)
    page = call.page(rows)
    page.result = {"tasks": [{**shown(call, row, call.get("select")), **extras.of(call, row)} for row in page.result]}
    return page


def _conditions(call: Call) -> Result:
    conditions: Result = {}
    for key, value in call.mapping("filter").items():
        operator, name = split_operator(key)
        conditions[f"{operator}{'STATUS' if name.upper() == 'REAL_STATUS' else name.upper()}"] = value
    return conditions
