"""imconnector.register, activate, status and the like: channels of applications and their state per line.

The Contact Center page and control call `placement_options` and `switch_off`.
"""

from __future__ import annotations

import re
from typing import Any

from sandbox.portal.call import Call, to_map
from sandbox.portal.errors import RestError
from sandbox.portal.events import emit
from sandbox.portal.hooks import listen
from sandbox.portal.identity import Actor
from sandbox.portal.openlines import lines
from sandbox.portal.portal import Portal
from sandbox.portal.readings import declare
from sandbox.portal.registry import method
from sandbox.portal.store import Row

TABLE, STATES = "connectors", "connector_states"
FLAGS = {
    "DEL_EXTERNAL_MESSAGES": True,
    "EDIT_INTERNAL_MESSAGES": True,
    "DEL_INTERNAL_MESSAGES": True,
    "NEWSLETTER": True,
    "NEED_SYSTEM_MESSAGES": True,
    "NEED_SIGNATURE": True,
    "CHAT_GROUP": False,
}
STANDARD = {"livechat": "Live Chat", "telegrambot": "Telegram", "network": "Bitrix24.Network"}
ID = re.compile(r"[0-9a-z_]+")
BLANK_STATE: Row = {"active": False, "connection": False, "register": False, "error": False, "data": {}}
ACTIVE_N = declare(
    "connector_active_n",
    "off",
    "on",
    about="imconnector.activate with ACTIVE=N: the text enables a connector by any non-empty value but recommends N "
    "for switching off.",
)


def argument(call: Call, name: str) -> Any:
    """A required parameter of a connector method. Raises ERROR_ARGUMENT."""
    value = call.get(name)
    if value is None or value in ("", {}, []):
        raise RestError("ERROR_ARGUMENT", f"Argument '{name}' is null or empty")
    return value


def find(portal: Portal, connector_id: Any) -> Row | None:
    """A connector by its code."""
    return portal.store.table(TABLE).get(str(connector_id).lower())


def state(portal: Portal, connector_id: str, line_id: Any) -> Row:
    """The state of a connector on a line; made when there is none."""
    states = portal.store.table(STATES)
    return states.setdefault(f"{connector_id}:{line_id}", dict(BLANK_STATE))


def configured(row: Row) -> bool:
    """Whether nothing is left to set up."""
    return bool(row["active"] and row["connection"] and row["register"])


def _failed(code: str, text: str) -> dict[str, Any]:
    return {"result": False, "error": code, "error_description": text}


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _flag(value: Any, default: bool) -> bool:
    if value is None:
        return default
    return str(value).lower() not in {"", "0", "false", "n"}


@method("imconnector.register", validate=False, ignores=("NEWSLETTER",))
def register(call: Call) -> dict[str, Any]:
    """Registers a channel, or changes it when the code is known; refusals come with HTTP 200."""
    connector_id = _text(call.get("ID")).lower()
    if mistake := _mistake(call, connector_id):
        return _failed(*mistake)
    call.portal.store.table(TABLE)[connector_id] = {
        "ID": connector_id,
        "app_id": call.app["ID"],
        "NAME": call.text("NAME"),
        "ICON": to_map(call.get("ICON")),
        "ICON_DISABLED": to_map(call.get("ICON_DISABLED")),
        "PLACEMENT_HANDLER": call.text("PLACEMENT_HANDLER"),
        **{name: _flag(call.get(name), default) for name, default in FLAGS.items()},
    }
    call.portal.store.touch()
    return {"result": True}


def _mistake(call: Call, connector_id: str) -> tuple[str, str] | None:
    known = find(call.portal, connector_id)
    foreign = connector_id in STANDARD or (known is not None and known["app_id"] != call.app["ID"])
    rules = (
        (not connector_id, "CONNECTOR_ID_REQUIRED", "Connector ID is not specified"),
        ("." in connector_id, "APPLICATION_REGISTRATION_ERROR_POINT", "Using a dot in the ID is not allowed"),
        (not _text(call.get("NAME")), "NAME_REQUIRED", "Connector name is not specified"),
        (not _text(to_map(call.get("ICON")).get("DATA_IMAGE")), "ICON_REQUIRED", "Connector icon is not specified"),
        (not _text(call.get("PLACEMENT_HANDLER")), "NO_PLACEMENT_HANDLER", "Failed to get embedding handler URL"),
        (not ID.fullmatch(connector_id) or foreign, "GENERAL_CONNECTOR_REGISTRATION_ERROR", "General error"),
    )
    return next(((code, text) for broken, code, text in rules if broken), None)


@method("imconnector.unregister", validate=False)
def unregister(call: Call) -> dict[str, Any]:
    """Removes a channel of the calling application."""
    row = find(call.portal, call.text("ID"))
    if row is None or row["app_id"] != call.app["ID"]:
        return _failed("APPLICATION_UNREGISTRATION_ERROR", "Error unregistering the application")
    forget(call.portal, row)
    return {"result": True}


def forget(portal: Portal, row: Row) -> None:
    """Drops a connector with its states."""
    del portal.store.table(TABLE)[row["ID"]]
    states = portal.store.table(STATES)
    for key in [key for key in states if key.partition(":")[0] == row["ID"]]:
        del states[key]
    portal.store.touch()


@listen("app_removed")
def forget_of_app(portal: Portal, app: Row, _clean: bool) -> None:
    """Connectors go with their application."""
    for row in [row for row in portal.store.rows(TABLE) if row["app_id"] == app["ID"]]:
        forget(portal, row)


def _own(call: Call) -> str:
    connector_id = str(argument(call, "CONNECTOR")).lower()
    argument(call, "LINE")
    return connector_id


@method("imconnector.activate", validate=False)
def activate(call: Call) -> bool:
    """Switches a channel on a line."""
    connector_id, value = _own(call), str(argument(call, "ACTIVE"))
    off = {"0", "", "false", "False"} | ({"N", "n"} if call.portal.readings[ACTIVE_N] == "off" else set())
    row = state(call.portal, connector_id, call.integer("LINE"))
    row["active"] = value not in off
    call.portal.store.touch()
    return True


@method("imconnector.connector.data.set", validate=False)
def data_set(call: Call) -> bool:
    """Replaces the description of the outside channel; confirms connection and registration."""
    connector_id, data = _own(call), to_map(argument(call, "DATA"))
    row = state(call.portal, connector_id, call.integer("LINE"))
    row.update(data=data, connection=True, register=True)
    call.portal.store.touch()
    return True


@method("imconnector.status", validate=False)
def status(call: Call) -> dict[str, Any]:
    """The state of a channel on a line; without LINE that of line 0, which is never set up."""
    connector_id = str(argument(call, "CONNECTOR")).lower()
    line_id = call.integer("LINE")
    row = call.portal.store.table(STATES).get(f"{connector_id}:{line_id}", BLANK_STATE)
    return {
        "LINE": line_id,
        "CONNECTOR": connector_id,
        "ERROR": row["error"],
        "CONFIGURED": configured(row),
        "STATUS": configured(row) and not row["error"],
    }


@method("imconnector.list")
def listing(call: Call) -> dict[str, str]:
    """Codes and names of all channels."""
    if not call.admin and not any(
        call.user_id in lines.operators(call.portal, row) for row in lines.every(call.portal)
    ):
        raise RestError("ACCESS_DENIED", "You don't have access to this action")
    return {**STANDARD, **{row["ID"]: row["NAME"] for row in call.portal.store.rows(TABLE)}}


def placement_options(portal: Portal, connector_id: str, line_id: str) -> dict[str, Any]:
    """What the settings page of a connector receives as PLACEMENT_OPTIONS."""
    row = portal.store.table(STATES).get(f"{connector_id}:{line_id}", BLANK_STATE)
    return {
        "CONNECTOR": connector_id,
        "LINE": str(line_id),
        "STATUS": configured(row) and not row["error"],
        "ACTIVE_STATUS": row["active"],
        "CONNECTION_STATUS": row["connection"],
        "REGISTER_STATUS": row["register"],
        "ERROR_STATUS": row["error"],
        "URI": f"/contact_center/connector/?ID={connector_id}&IFRAME=Y&IFRAME_TYPE=SIDE_SLIDER",
    }


def switch_off(portal: Portal, connector_id: str, line_id: str, user_id: str) -> None:
    """A person disconnects a channel from a line in the Contact Center."""
    row = find(portal, connector_id)
    portal.store.table(STATES).pop(f"{connector_id}:{line_id}", None)
    portal.store.touch()
    if row:
        data = {"connector": connector_id, "line": int(line_id)}
        emit(portal, "OnImConnectorStatusDelete", data, Actor(user_id), app_id=row["app_id"])
