"""bizproc.robot.* and bizproc.activity.*: what applications add to automation. Codes are shared by both kinds."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from sandbox.portal.automation import documents
from sandbox.portal.call import Call, is_yes, to_map
from sandbox.portal.errors import RestError
from sandbox.portal.hooks import listen
from sandbox.portal.portal import Portal
from sandbox.portal.readings import declare
from sandbox.portal.registry import method
from sandbox.portal.store import Row

TABLE = "bizproc_components"
FOREIGN_HANDLER = declare(
    "robot_handler_on_other_domain",
    "refused",
    "accepted",
    about="The text demands a HANDLER on the application's own domain; the tests of the official client library "
    "register one elsewhere.",
)
CODE = re.compile(r"[A-Za-z0-9._-]+")
PROPERTY = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
FIELDS = (
    "HANDLER",
    "AUTH_USER_ID",
    "USE_SUBSCRIPTION",
    "NAME",
    "DESCRIPTION",
    "PROPERTIES",
    "RETURN_PROPERTIES",
    "DOCUMENT_TYPE",
    "FILTER",
    "USE_PLACEMENT",
    "PLACEMENT_HANDLER",
)


def invalid(text: str) -> RestError:
    """The commonest refusal."""
    return RestError("ERROR_ACTIVITY_VALIDATION_FAILURE", text)


def find(portal: Portal, app_id: str, code: str) -> Row | None:
    """A component of an application."""
    return portal.store.table(TABLE).get(f"{app_id}:{code}")


def _code(call: Call) -> str:
    code = call.text("CODE")
    if not code:
        raise invalid("Empty activity code!")
    if not CODE.fullmatch(code):
        raise invalid("Wrong activity code!")
    return code


def _checked(call: Call, given: dict[str, Any], *, new: bool) -> Row:
    """The columns that were given (all of them for a new one), checked in the documented order."""
    row: Row = {name: given.get(name) for name in FIELDS if new or name in given}
    if "HANDLER" in row:
        row["HANDLER"] = _address(call, row["HANDLER"])
    if "NAME" in row and not row["NAME"]:
        raise invalid("Empty activity NAME!")
    for name in ("PROPERTIES", "RETURN_PROPERTIES"):
        if name in row:
            row[name] = _properties(row[name])
    if row.get("DOCUMENT_TYPE") and not documents.known_type(call.portal, row["DOCUMENT_TYPE"]):
        raise invalid("Wrong activity DOCUMENT_TYPE!")
    if row.get("FILTER") and not _filter_fits(row["FILTER"]):
        raise invalid("Wrong activity FILTER!")
    if is_yes(row.get("USE_PLACEMENT")):
        _address(call, given.get("PLACEMENT_HANDLER"))
    return row


def _address(call: Call, value: Any) -> str:
    parts = urlsplit(str(value or ""))
    if not parts.scheme or not parts.hostname:
        raise RestError("ERROR_WRONG_HANDLER_URL", "Wrong handler URL")
    if parts.scheme not in {"http", "https"}:
        raise RestError("ERROR_UNSUPPORTED_PROTOCOL", "Unsupported handler protocol")
    own = urlsplit(call.app["handler_url"]).hostname
    if parts.hostname != own and call.portal.readings[FOREIGN_HANDLER] == "refused":
        raise RestError("ERROR_WRONG_HANDLER_URL", "Wrong handler URL")
    return str(value)


def _properties(value: Any) -> dict[str, Row]:
    if value in (None, "", [], {}):
        return {}
    if not isinstance(value, dict):
        raise invalid("Wrong properties array!")
    checked = {}
    for key, item in value.items():
        if not PROPERTY.fullmatch(str(key)):
            raise invalid(f"Wrong property key {key}!")
        if not isinstance(item, dict):
            raise invalid("Wrong properties array!")
        spec = {str(name)[:1].upper() + str(name)[1:]: part for name, part in item.items()}
        if "NAME" in spec:
            spec = {name.capitalize(): part for name, part in spec.items()}
        if not spec.get("Name"):
            raise invalid(f"Empty property NAME {key}!")
        checked[str(key)] = {"Type": "string", **spec}
    return checked


def _filter_fits(value: Any) -> bool:
    return isinstance(value, dict) and set(map(str.upper, value)) <= {"INCLUDE", "EXCLUDE"}


def fits(component: Row, document_type: list[str]) -> bool:
    """Whether the component's filter lets it onto a kind of document."""
    rules = {str(key).upper(): list(to_map(item).values()) for key, item in to_map(component["FILTER"]).items()}
    if any(_covers(rule, document_type) for rule in rules.get("EXCLUDE", ())):
        return False
    included = rules.get("INCLUDE")
    return not included or any(_covers(rule, document_type) for rule in included)


def _covers(rule: Any, document_type: list[str]) -> bool:
    if isinstance(rule, str):
        return rule == "b24"
    parts = [str(part) for part in to_map(rule).values()]
    return document_type[: len(parts)] == parts


def _add(call: Call, kind: str) -> bool:
    given = {key.upper(): value for key, value in call.params.items()}
    code = _code(call)
    key = f"{call.app['ID']}:{code}"
    row = _checked(call, given, new=True)
    if key in call.portal.store.table(TABLE):
        raise RestError("ERROR_ACTIVITY_ALREADY_INSTALLED", "Activity or Automation rule already installed!")
    call.portal.store.table(TABLE)[key] = {"CODE": code, "kind": kind, "app_id": call.app["ID"], **row}
    call.portal.store.touch()
    return True


def _own(call: Call, kind: str) -> Row:
    row = find(call.portal, call.app["ID"], _code(call))
    if row is None or row["kind"] != kind:
        raise RestError("ERROR_ACTIVITY_NOT_FOUND", "Activity or Automation rule not found!")
    return row


def _update(call: Call, kind: str) -> bool:
    row = _own(call, kind)
    given = {key.upper(): value for key, value in call.mapping("FIELDS").items() if key.upper() in FIELDS}
    if not given:
        raise invalid("No fields to update")
    row.update(_checked(call, given, new=False))
    call.portal.store.touch()
    return True


def _delete(call: Call, kind: str) -> bool:
    row = _own(call, kind)
    del call.portal.store.table(TABLE)[f"{row['app_id']}:{row['CODE']}"]
    call.portal.store.touch()
    return True


def _list(call: Call, kind: str) -> list[str]:
    rows = call.portal.store.rows(TABLE)
    return [row["CODE"] for row in rows if row["app_id"] == call.app["ID"] and row["kind"] == kind]


@method("bizproc.robot.add", validate=False)
def robot_add(call: Call) -> bool:
    """Registers a robot."""
    return _add(call, "robot")


@method("bizproc.robot.update", validate=False)
def robot_update(call: Call) -> bool:
    """Changes a robot."""
    return _update(call, "robot")


@method("bizproc.robot.delete", validate=False)
def robot_delete(call: Call) -> bool:
    """Removes a robot; where it is placed it stays, blocked."""
    return _delete(call, "robot")


@method("bizproc.robot.list")
def robot_list(call: Call) -> list[str]:
    """Codes of the application's robots."""
    return _list(call, "robot")


@method("bizproc.activity.add", validate=False)
def activity_add(call: Call) -> bool:
    """Registers an action of workflows."""
    return _add(call, "activity")


@method("bizproc.activity.update", validate=False)
def activity_update(call: Call) -> bool:
    """Changes an action."""
    return _update(call, "activity")


@method("bizproc.activity.delete", validate=False)
def activity_delete(call: Call) -> bool:
    """Removes an action; where it is placed it stays, blocked."""
    return _delete(call, "activity")


@method("bizproc.activity.list")
def activity_list(call: Call) -> list[str]:
    """Codes of the application's actions."""
    return _list(call, "activity")


@listen("app_removed")
def forget_of_app(portal: Portal, app: Row, _clean: bool) -> None:
    """Robots and actions go with their application."""
    table = portal.store.table(TABLE)
    for key in [key for key, row in table.items() if row["app_id"] == app["ID"]]:
        del table[key]
