"""crm.activity.configurable.*: cards of an application in the timeline, whose layout it describes."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Call, is_yes, to_int, to_map
from sandbox.portal.errors import RestError
from sandbox.portal.registry import method
from sandbox.portal.store import Row
from sandbox.portal.timeline import activities, layout, owners

PROVIDER = "CONFIGURABLE_REST_APP"
DEFAULT_TYPE = "CONFIGURABLE"
FLAGS = {"y": True, "1": True, "true": True, "n": False, "0": False, "false": False}


def _flag(fields: dict[str, Any], name: str, default: str) -> str:
    value = fields.get(name)
    if value is None or value == "":
        return default
    if str(value).lower() not in FLAGS:
        raise RestError("WRONG_FIELD_VALUE", f"Wrong value of field `{name}`")
    return "Y" if FLAGS[str(value).lower()] else "N"


def _type(call: Call, value: Any) -> str:
    if value in (None, "", DEFAULT_TYPE):
        return DEFAULT_TYPE
    row = call.portal.store.table("activity_types").get(f"{call.app['ID']}:{value}")
    if row is None or row["IS_CONFIGURABLE_TYPE"] != "Y":
        raise RestError("WRONG_FIELD_VALUE", "Wrong value of field `typeId`")
    return str(value)


def _badge(call: Call, value: Any) -> str:
    if value and str(value) not in call.portal.store.table("activity_badges"):
        raise RestError("WRONG_FIELD_VALUE", "Wrong value of field `badgeCode`")
    return str(value or "")


def _columns(call: Call, fields: dict[str, Any], old: Row) -> Row:
    """Columns of the activity out of the parameter `fields`; what is absent stays as in `old`."""
    row: Row = {
        "COMPLETED": _flag(fields, "completed", old["COMPLETED"]),
        "IS_INCOMING_CHANNEL": _flag(fields, "isIncomingChannel", old["IS_INCOMING_CHANNEL"]),
    }
    row["STATUS"] = "2" if row["COMPLETED"] == "Y" else "1"
    if "typeId" in fields:
        row["PROVIDER_TYPE_ID"] = _type(call, fields["typeId"])
    if "badgeCode" in fields:
        row["_badge"] = _badge(call, fields["badgeCode"])
    if fields.get("responsibleId"):
        row["RESPONSIBLE_ID"] = activities.responsible(call, fields["responsibleId"])
    if "pingOffsets" in fields:
        row["_pings"] = [to_int(value) for value in to_map(fields["pingOffsets"]).values()]
    for name, column in (("originatorId", "ORIGINATOR_ID"), ("originId", "ORIGIN_ID")):
        if name in fields:
            row[column] = None if fields[name] is None else str(fields[name])
    if "deadline" in fields:
        given = fields["deadline"]
        row["DEADLINE"] = activities.moment(given, "WRONG_FIELD_VALUE") if given else activities.FAR
    if row["IS_INCOMING_CHANNEL"] == "Y" and row.get("DEADLINE", old["DEADLINE"]) != activities.FAR:
        raise RestError("INCOMING_ACTIVITY_CAN_NOT_BE_WITH_DEADLINE", "Incoming activity can not be with deadline")
    return row


def _layout(call: Call) -> dict[str, Any]:
    if layout.empty(call.get("layout")):
        raise RestError("ERROR_EMPTY_LAYOUT", "Layout must be filled")
    return layout.check(call.portal, "LayoutDto", call.get("layout"))


def _title(row_layout: dict[str, Any], language: str = "en") -> str:
    return layout.translated(row_layout["header"]["title"], language)


@method("crm.activity.configurable.add", missing="Codes of icons and logos are not checked; pings are kept, not sent.")
def configurable_add(call: Call) -> dict[str, Any]:
    """Puts a card into the timeline of an element."""
    number, item_id = call.integer("ownerTypeId"), call.integer("ownerId")
    owners.require(call, number, item_id, missing="NOT_FOUND")
    checked = _layout(call)
    columns = _columns(call, call.mapping("fields"), activities.DEFAULTS)
    base = {"PROVIDER_ID": PROVIDER, "PROVIDER_TYPE_ID": DEFAULT_TYPE, "SUBJECT": _title(checked)}
    extra = {"_layout": checked, "_pressed": None}
    row = activities.add(call.portal, call.actor, number, item_id, {**base, **columns, **extra})
    return {"activity": {"id": int(row["ID"])}}


def _find(call: Call) -> Row:
    row = activities.find(call.portal, call.integer("id"))
    if row is None or row["PROVIDER_ID"] != PROVIDER:
        raise RestError("NOT_FOUND", "Not found.")
    if not activities.may_work_with(call.portal, call.user_id, row):
        raise RestError("ACCESS_DENIED", "Access denied.")
    return row


@method("crm.activity.configurable.update")
def configurable_update(call: Call) -> dict[str, Any]:
    """Replaces fields and layout; ends the waiting of a pressed button."""
    row = _find(call)
    if row["_app"] != call.app["ID"]:
        raise RestError("ERROR_WRONG_APPLICATION", "Activity can be updated only by the application that created it")
    values = _columns(call, call.mapping("fields"), row)
    if call.get("layout") is not None:
        values["_layout"] = _layout(call)
        values["SUBJECT"] = _title(values["_layout"])
    activities.change(call.portal, call.actor, row, {**values, "_pressed": None})
    return {"activity": {"id": int(row["ID"])}}


@method("crm.activity.configurable.get")
def configurable_get(call: Call) -> dict[str, Any]:
    """A card with its layout."""
    row = _find(call)
    return {
        "activity": {
            "id": int(row["ID"]),
            "ownerTypeId": int(row["OWNER_TYPE_ID"]),
            "ownerId": int(row["OWNER_ID"]),
            "fields": {
                "typeId": row["PROVIDER_TYPE_ID"],
                "completed": is_yes(row["COMPLETED"]),
                "deadline": None if row["DEADLINE"] == activities.FAR else row["DEADLINE"],
                "pingOffsets": row.get("_pings", []),
                "isIncomingChannel": is_yes(row["IS_INCOMING_CHANNEL"]),
                "responsibleId": int(row["RESPONSIBLE_ID"]),
                "badgeCode": row.get("_badge", ""),
                "originatorId": row["ORIGINATOR_ID"],
                "originId": row["ORIGIN_ID"],
            },
            "layout": row["_layout"],
        }
    }
