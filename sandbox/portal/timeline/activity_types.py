"""crm.activity.type.* and crm.activity.badge.*: kinds of activities of an application, badges on the kanban."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Call, is_yes
from sandbox.portal.disk import contents
from sandbox.portal.errors import RestError
from sandbox.portal.registry import method
from sandbox.portal.store import Row
from sandbox.portal.timeline.layout import LANGUAGES

TYPES = "activity_types"
BADGES = "activity_badges"


def _key(call: Call, type_id: Any) -> str:
    return f"{call.app['ID']}:{type_id}"


@method("crm.activity.type.add", validate=False)
def type_add(call: Call) -> bool:
    """Registers a kind of activity."""
    fields = {key.upper(): value for key, value in call.mapping("fields").items()}
    type_id = str(fields.get("TYPE_ID") or "")
    if not type_id:
        raise RestError("INVALID_ARG_VALUE", "TYPE_ID is not defined or invalid")
    if _key(call, type_id) in call.portal.store.table(TYPES):
        raise RestError("INVALID_ARG_VALUE", f"The type {type_id} is already registered")
    icon = contents.decode(fields.get("ICON_FILE"))
    icon_id = contents.keep(call.portal, *icon, call.user_id)["ID"] if icon else "0"
    call.portal.store.table(TYPES)[_key(call, type_id)] = {
        "app": call.app["ID"],
        "TYPE_ID": type_id,
        "NAME": str(fields.get("NAME") or ""),
        "IS_CONFIGURABLE_TYPE": "Y" if is_yes(fields.get("IS_CONFIGURABLE_TYPE")) else "N",
        "ICON_ID": icon_id,
    }
    call.portal.store.touch()
    return True


@method("crm.activity.type.list")
def type_list(call: Call) -> list[Row]:
    """The kinds of the calling application."""
    own = [row for row in call.portal.store.rows(TYPES) if row["app"] == call.app["ID"]]
    return [{key: value for key, value in row.items() if key != "app"} for row in own]


@method("crm.activity.type.delete", validate=False)
def type_delete(call: Call) -> bool:
    """Deletes a kind of the calling application."""
    if call.portal.store.table(TYPES).pop(_key(call, call.get("TYPE_ID")), None) is None:
        raise RestError("INVALID_ARG_VALUE", "The type is not registered")
    call.portal.store.touch()
    return True


def _texts(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        if not value or set(value) - set(LANGUAGES):
            raise RestError("REQUIRED_ARG_MISSING", f"Wrong languages of {name}")
        return {language: str(text) for language, text in value.items()}
    return str(value)


@method("crm.activity.badge.add", admin_only=True, missing="Whether a known code is replaced is not documented: it is.")
def badge_add(call: Call) -> dict[str, Any]:
    """Adds a badge."""
    if call.text("type") not in {"success", "failure", "warning", "primary", "secondary"}:
        raise RestError("REQUIRED_ARG_MISSING", "Wrong value of field type")
    row = {
        "code": call.text("code"),
        "title": _texts("title", call.get("title")),
        "value": _texts("value", call.get("value")),
        "type": call.text("type"),
    }
    call.portal.store.table(BADGES)[row["code"]] = row
    call.portal.store.touch()
    return {"badge": row}


@method("crm.activity.badge.get")
def badge_get(call: Call) -> dict[str, Any]:
    """One badge."""
    if row := call.portal.store.table(BADGES).get(call.text("code")):
        return {"badge": row}
    raise RestError("NOT_FOUND", "Not found.")


@method("crm.activity.badge.list")
def badge_list(call: Call) -> dict[str, Any]:
    """All badges."""
    return {"badges": list(call.portal.store.rows(BADGES))}


@method("crm.activity.badge.delete", admin_only=True)
def badge_delete(call: Call) -> bool:
    """Deletes a badge."""
    if call.portal.store.table(BADGES).pop(call.text("code"), None) is None:
        raise RestError("NOT_FOUND", "Not found.")
    call.portal.store.touch()
    return True
