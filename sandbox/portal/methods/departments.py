"""`department.*`: the company structure."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Answer, Call, to_int
from sandbox.portal.errors import RestError
from sandbox.portal.filters import compile_filter, sort_rows
from sandbox.portal.registry import method
from sandbox.portal.store import Row

KINDS = {"ID": "integer", "NAME": "string", "SORT": "integer", "PARENT": "integer", "UF_HEAD": "integer"}
TITLES = {"ID": "ID", "NAME": "Название", "SORT": "Сортировка", "PARENT": "Вышестоящее", "UF_HEAD": "Руководитель"}
CHANGED_BY_ADMINS = "Rights to the structure: only administrators change it."


def _given(call: Call) -> dict[str, Any]:
    """The fields of a call, in any case: but `sort` is the order of a list and `SORT` a field."""
    given = {key.upper(): value for key, value in call.params.items() if key != "sort"}
    return {key: value for key, value in given.items() if key in KINDS and value not in (None, "")}


@method("department.get", validate=False)
def get(call: Call) -> Answer:
    """Departments by exact values of their fields; the page documents no refusal, whatever the values."""
    given = _given(call)
    field = call.text("sort", "ID").upper()
    if "sort" not in call.params and str(given.get("SORT")).upper() in KINDS:
        # A column's name is no number to look for: clients that write everything in capitals mean the order.
        field = str(given.pop("SORT")).upper()
    rows = list(call.portal.store.rows("departments"))
    if str(given.get("PARENT")) == "0":
        given.pop("PARENT")
        rows = [row for row in rows if "PARENT" not in row]
    test = compile_filter(given, KINDS.get)
    rows = [row for row in rows if test is None or test(row)]
    if field in KINDS:
        rows = sort_rows(rows, {field: call.text("order", "ASC")}, KINDS.get)
    return call.page(rows)


@method("department.fields")
def fields(_call: Call) -> dict[str, str]:
    """Names of the fields with their titles."""
    return dict(TITLES)


def _change(call: Call, row: Row) -> None:
    given = _given(call)
    given.pop("ID", None)
    parent = str(given.get("PARENT", row.get("PARENT", "")))
    if "PARENT" in given | row and parent not in call.portal.store.table("departments"):
        text = "There can only be one top-level department in the company structure"
        raise RestError("ERROR_CORE", text, 400)
    row.update({key: to_int(value) if key == "SORT" else str(value) for key, value in given.items()})
    call.portal.store.touch()


def _require_editor(call: Call) -> None:
    if not call.admin:
        raise RestError("ERROR_CORE", "Access denied", 400)


def _require(call: Call) -> Row:
    _require_editor(call)
    row = call.portal.store.table("departments").get(str(call.integer("ID")))
    if row is None:
        raise RestError("ERROR_CORE", "Department not found", 400)
    return row


@method("department.add", validate=False, admin_only=False, missing=CHANGED_BY_ADMINS)
def add(call: Call) -> int:
    """A new department."""
    _require_editor(call)
    if not call.text("NAME"):
        raise RestError("ERROR_CORE", "Department name not provided.<br>", 400)
    row: Row = {"NAME": "", "SORT": 500, "PARENT": ""}
    _change(call, row)
    return int(call.portal.store.insert("departments", row)["ID"])


@method("department.update", validate=False, admin_only=False, missing=CHANGED_BY_ADMINS)
def update(call: Call) -> bool:
    """Changes a department."""
    _change(call, _require(call))
    return True


@method("department.delete", validate=False, admin_only=False, missing=CHANGED_BY_ADMINS)
def delete(call: Call) -> bool:
    """Removes a department; its people stay without one."""
    row = _require(call)
    if "PARENT" not in row:
        raise RestError("ERROR_CORE", "The root department cannot be deleted", 400)
    del call.portal.store.table("departments")[row["ID"]]
    call.portal.store.touch()
    return True
