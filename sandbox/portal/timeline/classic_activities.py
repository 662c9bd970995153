"""crm.activity.add|get|list|update|delete|fields and bindings: the classic methods over all activities."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Answer, Call, to_int, to_map
from sandbox.portal.crm import access
from sandbox.portal.disk import contents
from sandbox.portal.errors import RestError
from sandbox.portal.listing import filtered, ordered, selected
from sandbox.portal.registry import method
from sandbox.portal.store import Row
from sandbox.portal.timeline import activities, configurable, owners

READ_ONLY = frozenset({"ID", "CREATED", "LAST_UPDATED", "AUTHOR_ID", "EDITOR_ID", "BINDINGS"})
DATES = frozenset({"START_TIME", "END_TIME", "DEADLINE"})
EXTRA_COLUMNS = ("COMMUNICATIONS", "FILES")
SYSTEM_TYPES = frozenset({"1", "2", "3", "4"})
CALL = "2"
KINDS = {
    **dict.fromkeys(("OWNER_ID", "OWNER_TYPE_ID", "TYPE_ID", "RESPONSIBLE_ID", "ASSOCIATED_ENTITY_ID"), "integer"),
    **dict.fromkeys(("START_TIME", "END_TIME", "DEADLINE", "CREATED", "LAST_UPDATED"), "datetime"),
}
LISTS = {
    "BINDINGS": "crm_activity_binding",
    "COMMUNICATIONS": "crm_activity_communication",
    "FILES": "diskfile",
    "WEBDAV_ELEMENTS": "diskfile",
}
REQUIRED = frozenset({"OWNER_ID", "OWNER_TYPE_ID", "TYPE_ID", "SUBJECT", "RESPONSIBLE_ID", "COMMUNICATIONS"})
INTEGERS = frozenset({"ID", "OWNER_ID", "ASSOCIATED_ENTITY_ID", "RESULT_MARK", "AUTOCOMPLETE_RULE"})


def _columns(call: Call, fields: dict[str, Any]) -> Row:
    row: Row = {}
    for name, value in fields.items():
        column = name.upper()
        if column in READ_ONLY or column not in {*activities.DEFAULTS, "RESPONSIBLE_ID"}:
            continue
        if column in DATES:
            row[column] = activities.moment(value, "") if value else ""
        else:
            row[column] = value if isinstance(value, dict | list) or value is None else str(value)
    if "COMPLETED" in row:
        row["STATUS"] = "2" if row["COMPLETED"] == "Y" else "1"
    if files := _files(call, fields.get("FILES") or fields.get("WEBDAV_ELEMENTS")):
        row["_files"] = files
    return row


def _files(call: Call, value: Any) -> list[str]:
    decoded = [contents.decode(item) for item in to_map(value).values()]
    return [contents.keep(call.portal, *file, call.user_id)["ID"] for file in decoded if file]


def _communications(fields: dict[str, Any]) -> list[Row]:
    return [item for item in to_map(fields.get("COMMUNICATIONS")).values() if isinstance(item, dict)]


def _check_new(call: Call, fields: dict[str, Any]) -> None:
    provider = str(fields.get("PROVIDER_ID") or "")
    if provider == configurable.PROVIDER:
        raise RestError("", "Use crm.activity.configurable.add for this activity provider")
    kind = str(fields.get("TYPE_ID") or "")
    if provider == "REST_APP":
        if not call.identity.in_app:
            raise RestError("", "Application context required.")
    elif kind not in SYSTEM_TYPES:
        if not kind:
            raise RestError("", "The field TYPE_ID is not defined or invalid.")
        raise RestError("", "The custom activity without provider is not supported in current context.")
    if not str(fields.get("SUBJECT") or "").strip():
        raise RestError("", "The field SUBJECT is not defined or empty.")
    if str(fields.get("RESPONSIBLE_ID") or call.user_id) not in call.portal.users:
        raise RestError("", "The field RESPONSIBLE_ID is not defined or invalid.")
    communications = _communications(fields)
    if kind in {"1", "2", "4"} and not communications:
        raise RestError("", "The field COMMUNICATIONS is not defined or invalid.")
    if kind == "2" and len(communications) > 1:
        raise RestError("", "The only one communication is allowed for activity of specified type")


@method("crm.activity.add", app_only=False, validate=False, missing="E-mails are not sent.")
def activity_add(call: Call) -> int:
    """Adds an activity of a system type, or one of the calling application (REST_APP)."""
    fields = {key.upper(): value for key, value in call.mapping("fields").items()}
    if not fields:
        raise RestError("100", "Could not find value for parameter {fields}")
    _check_new(call, fields)
    number, item_id = to_int(fields.get("OWNER_TYPE_ID")), to_int(fields.get("OWNER_ID"))
    element = owners.find(call.portal, number, item_id)
    if element is None:
        raise RestError("", "Could not build binding. Please ensure that owner info and communications are defined")
    if not owners.allowed(call.portal, call.user_id, element):
        raise RestError("", "Access denied.")
    columns = _columns(call, fields)
    if not columns.get("DEADLINE"):
        columns["DEADLINE"] = columns.get("START_TIME") or columns.get("END_TIME") or activities.FAR
    columns["_communications"] = [
        {"ID": str(place), **item} for place, item in enumerate(_communications(fields), start=1)
    ]
    row = activities.add(call.portal, call.actor, number, item_id, columns)
    for item in row["_communications"]:
        kind, bound_id = to_int(item.get("ENTITY_TYPE_ID")), str(item.get("ENTITY_ID"))
        if [kind, bound_id] not in row["_bindings"] and owners.find(call.portal, kind, bound_id):
            row["_bindings"].append([kind, bound_id])
    return int(row["ID"])


def _find(call: Call) -> Row:
    row = activities.find(call.portal, call.integer("id"))
    if row is None:
        raise RestError("", "Activity is not found.")
    if not activities.may_work_with(call.portal, call.user_id, row):
        raise RestError("", "Access denied.")
    return row


@method("crm.activity.get", app_only=False)
def activity_get(call: Call) -> Row:
    """One activity."""
    return activities.shown(_find(call))


@method("crm.activity.update", app_only=False, validate=False)
def activity_update(call: Call) -> bool:
    """Changes an activity, except cards of applications."""
    row = _find(call)
    fields = {key.upper(): value for key, value in call.mapping("fields").items()}
    if row["PROVIDER_ID"] == configurable.PROVIDER:
        raise RestError("", "Use crm.activity.configurable.update for this activity provider")
    if row["PROVIDER_ID"] == "REST_APP" and row["_app"] != call.identity.app_id:
        raise RestError("", "Application context required.")
    columns = {key: value for key, value in _columns(call, fields).items() if key not in {"TYPE_ID", "PROVIDER_ID"}}
    if "SUBJECT" in columns and not str(columns["SUBJECT"] or "").strip():
        raise RestError("", "The field SUBJECT is not defined or empty.")
    if "RESPONSIBLE_ID" in columns:
        activities.responsible(call, columns["RESPONSIBLE_ID"], "")
    activities.change(call.portal, call.actor, row, columns)
    return True


@method("crm.activity.delete", app_only=False)
def activity_delete(call: Call) -> bool:
    """Deletes an activity of any kind."""
    activities.remove(call.portal, call.actor, _find(call))
    return True


@method("crm.activity.list")
def activity_list(call: Call) -> Answer:
    """Activities by filter; `BINDINGS` finds by any bound element and gives one row per matching pair."""
    conditions = dict(call.mapping("filter"))
    bindings = next((conditions.pop(key) for key in list(conditions) if key.upper() == "BINDINGS"), None)
    rows = [
        _listed(call, row)
        for row in call.portal.store.rows(activities.TABLE)
        for _ in range(_pairs(row, bindings))
        if activities.may_work_with(call.portal, call.user_id, row)
    ]
    rows = ordered(filtered(rows, conditions, KINDS), call.get("order"), {"START_TIME": "ASC", "ID": "ASC"}, KINDS)
    return call.page([selected(row, call.get("select"), hidden=EXTRA_COLUMNS) for row in rows])


def _pairs(row: Row, bindings: Any) -> int:
    if not bindings:
        return 1
    return sum(_bound(row, to_map(wanted)) for wanted in to_map(bindings).values())


def _bound(row: Row, wanted: dict[str, Any]) -> bool:
    number, item_id = wanted.get("OWNER_TYPE_ID"), wanted.get("OWNER_ID")
    return any(
        (number is None or to_int(number) == bound[0]) and (item_id is None or str(item_id) == bound[1])
        for bound in row["_bindings"]
    )


def _listed(call: Call, row: Row) -> Row:
    files = [{"id": int(file), "url": contents.url(call.portal, file)} for file in row.get("_files", ())]
    return {**activities.shown(row), "COMMUNICATIONS": row.get("_communications", []), "FILES": files}


@method("crm.activity.fields", missing="Titles are the names of the columns.")
def activity_fields(call: Call) -> dict[str, Any]:
    """The description of an activity's columns."""
    access.require_reader(call)
    columns = ["ID", "OWNER_ID", "OWNER_TYPE_ID", *activities.DEFAULTS, "CREATED", "LAST_UPDATED", "RESPONSIBLE_ID"]
    return {
        name: {
            "type": LISTS.get(name) or ("integer" if name in INTEGERS else "datetime" if name in DATES else "string"),
            "isRequired": name in REQUIRED,
            "isReadOnly": name in READ_ONLY,
            "isImmutable": name in {"OWNER_ID", "OWNER_TYPE_ID"},
            "isMultiple": name in LISTS,
            "isDynamic": False,
            **({"isDeprecated": True} if name == "WEBDAV_ELEMENTS" else {}),
            "title": name,
        }
        for name in [*columns, "AUTHOR_ID", "EDITOR_ID", *LISTS]
    }


@method("crm.activity.communication.fields", missing="Titles are the names of the columns.")
def communication_fields(call: Call) -> dict[str, Any]:
    """The description of a communication's columns."""
    access.require_reader(call)
    kinds = {
        "ID": "integer",
        "ACTIVITY_ID": "integer",
        "ENTITY_ID": "integer",
        "ENTITY_TYPE_ID": "integer",
        "TYPE": "string",
        "VALUE": "string",
        "ENTITY_SETTINGS": "object",
    }
    flags = {"isRequired": False, "isReadOnly": False, "isImmutable": False, "isMultiple": False, "isDynamic": False}
    return {name: {"type": kind, **flags, "title": name} for name, kind in kinds.items()}


@method("crm.activity.call.getTranscript", missing="Nothing listens to calls: there is never a transcript.")
def call_transcript(call: Call) -> None:
    """The words of a call, of which there are none."""
    row = activities.find(call.portal, call.integer("activityId"))
    if row is None or row["TYPE_ID"] != CALL:
        raise RestError("NOT_FOUND", "Element not found")
    if not activities.may_work_with(call.portal, call.user_id, row):
        raise RestError("ACCESS_DENIED", "Access denied", 403)
