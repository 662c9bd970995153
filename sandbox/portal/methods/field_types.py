"""`userfieldtype.*`: kinds of user field that an application draws itself."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from sandbox.portal.call import Answer, Call
from sandbox.portal.errors import RestError
from sandbox.portal.hooks import listen
from sandbox.portal.portal import Portal
from sandbox.portal.registry import method
from sandbox.portal.store import Row

FULL_CODE_MAX = 50
OUTPUT = ("USER_TYPE_ID", "HANDLER", "TITLE", "DESCRIPTION", "OPTIONS")


def full_code(app_id: str, code: str) -> str:
    """The kind's name in user fields."""
    return f"rest_{app_id}_{code}"


def _mine(call: Call) -> list[Row]:
    return [row for row in call.portal.store.rows("field_types") if row["app_id"] == call.app["ID"]]


def _find(call: Call) -> Row | None:
    code = _argument(call, "USER_TYPE_ID")
    return next((row for row in _mine(call) if row["USER_TYPE_ID"] == code), None)


def _argument(call: Call, name: str) -> str:
    value = call.text(name)
    if not value:
        raise RestError("ERROR_ARGUMENT", f"Argument '{name}' is null or empty", 400, argument=name)
    return value


def _check_handler(call: Call, handler: str) -> None:
    if urlsplit(handler).hostname != urlsplit(call.app["handler_url"]).hostname:
        text = "Unable to set placement handler: Handler URL must be in the domain of the application"
        raise RestError("ERROR_CORE", text, 400)
    if any(row["HANDLER"] == handler for row in _mine(call)):
        raise RestError("ERROR_CORE", "Unable to set placement handler: Handler already binded", 400)


@method("userfieldtype.add", scopes=("placement",), validate=False)
def add(call: Call) -> bool:
    """Registers a kind of field."""
    code, handler = _argument(call, "USER_TYPE_ID"), _argument(call, "HANDLER")
    if not re.fullmatch(r"[a-z0-9_]+", code) or len(full_code(call.app["ID"], code)) > FULL_CODE_MAX:
        raise RestError("ERROR_ARGUMENT", "Invalid USER_TYPE_ID", 400, argument="USER_TYPE_ID")
    if any(row["USER_TYPE_ID"] == code for row in call.portal.store.rows("field_types")):
        raise RestError("ERROR_CORE", "Unable to set placement handler: Handler already binded", 400)
    _check_handler(call, handler)
    row = {"app_id": call.app["ID"], "USER_TYPE_ID": code, "HANDLER": handler}
    row |= {key: call.text(key) for key in ("TITLE", "DESCRIPTION")} | {"OPTIONS": call.mapping("OPTIONS")}
    call.portal.store.insert("field_types", row)
    return True


@method("userfieldtype.update", scopes=("placement",), validate=False)
def update(call: Call) -> bool:
    """Changes a kind of field."""
    row = _find(call)
    if row is None:
        raise RestError("ERROR_NOT_FOUND", "User Field Type not found", 400)
    handler = call.text("HANDLER")
    if handler and handler != row["HANDLER"]:
        _check_handler(call, handler)
        row["HANDLER"] = handler
    for key in ("TITLE", "DESCRIPTION"):
        row[key] = call.text(key, row[key])
    if call.get("OPTIONS") is not None:
        row["OPTIONS"] = call.mapping("OPTIONS")
    call.portal.store.touch()
    return True


@method("userfieldtype.list", scopes=("placement",))
def list_types(call: Call) -> Answer:
    """The application's kinds of field."""
    return call.page([{key: row[key] for key in OUTPUT} for row in _mine(call)])


@method("userfieldtype.delete", scopes=("placement",), validate=False)
def delete(call: Call) -> bool:
    """Removes a kind of field."""
    row = _find(call)
    if row is None:
        raise RestError("ERROR_NOT_FOUND", "User Field Type not found", 400)
    del call.portal.store.table("field_types")[row["ID"]]
    call.portal.store.touch()
    return True


@listen("app_removed")
def forget(portal: Portal, app: Row, _clean: bool) -> None:
    """Kinds of field go with their application."""
    table: dict[str, Any] = portal.store.table("field_types")
    for row_id in [row_id for row_id, row in table.items() if row["app_id"] == app["ID"]]:
        del table[row_id]
