"""`crm.type.*`: smart processes."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Answer, Call, is_yes, to_int, to_map
from sandbox.portal.crm import access, fields, naming, pipelines, query, types
from sandbox.portal.crm.index import index_of
from sandbox.portal.errors import RestError
from sandbox.portal.events import emit
from sandbox.portal.registry import method
from sandbox.portal.store import Row

FLAGS = (
    "isCategoriesEnabled",
    "isStagesEnabled",
    "isBeginCloseDatesEnabled",
    "isClientEnabled",
    "isUseInUserfieldEnabled",
    "isLinkWithProductsEnabled",
    "isMycompanyEnabled",
    "isDocumentsEnabled",
    "isSourceEnabled",
    "isObserversEnabled",
    "isRecyclebinEnabled",
    "isAutomationEnabled",
    "isBizProcEnabled",
    "isSetOpenPermissions",
    "isPaymentsEnabled",
    "isCountersEnabled",
)
KINDS = {
    "id": "integer",
    "title": "string",
    "code": "string",
    "createdBy": "integer",
    "entityTypeId": "integer",
    "customSectionId": "integer",
    **dict.fromkeys(FLAGS, "boolean"),
    "createdTime": "datetime",
    "updatedTime": "datetime",
    "updatedBy": "integer",
}
FIRST_NUMBER = 1030
LINKED = ("CALENDAR_EVENT|UF_CRM_CAL_EVENT", "TASKS_TASK|UF_CRM_TASK", "TASKS_TASK_TEMPLATE|UF_CRM_TASK")


def show(row: Row, *, whole: bool) -> dict[str, Any]:
    """A smart process; `whole` with its relations."""
    shown = {key: row[key] for key in KINDS}
    if whole:
        shown |= {"relations": row["relations"], "linkedUserFields": row["linkedUserFields"], "customSections": []}
    return shown


def _number(call: Call, sent: Any) -> int:
    taken = {row["entityTypeId"] for row in call.portal.store.rows("crm_types")}
    if sent in (None, ""):
        number = FIRST_NUMBER
        while number in taken:
            number += 2
        return number
    number = to_int(sent)
    allowed = (number >= FIRST_NUMBER and number % 2 == 0) or 128 <= number <= 192
    if not allowed or number in taken:
        raise RestError("INVALID_ARG_VALUE", "entityTypeId is out of allowed range", 400)
    return number


def _relations(sent: Any, *, client: bool) -> dict[str, list[Row]]:
    given = to_map(sent)
    read = {side: [_relation(item) for item in to_map(given.get(side)).values()] for side in ("parent", "child")}
    if client:
        for number in (types.COMPANY, types.CONTACT):
            if all(item["entityTypeId"] != number for item in read["parent"]):
                fixed = {"entityTypeId": number, "isChildrenListEnabled": "Y", "isPredefined": "Y"}
                read["parent"].insert(0, fixed)
    return read


def _relation(item: Any) -> Row:
    given = to_map(item)
    return {
        "entityTypeId": to_int(given.get("entityTypeId")),
        "isChildrenListEnabled": "Y" if str(given.get("isChildrenListEnabled")).lower() == "true" else "N",
        "isPredefined": "N",
    }


def _linked(sent: Any) -> dict[str, str]:
    given = to_map(sent)
    return {name: "Y" if str(given.get(name)).lower() == "true" else "N" for name in LINKED}


@method("crm.type.add", missing="Digital workplaces (customSections) are not simulated.")
def type_add(call: Call) -> dict[str, Any]:
    """A new smart process with its first pipeline."""
    access.require_admin(call)
    sent = call.mapping("fields")
    if not sent.get("title"):
        raise RestError("0", "Field 'TITLE' is required", 400)
    number, now = _number(call, sent.get("entityTypeId")), call.portal.stamp()
    row: Row = {
        "id": int(call.portal.store.next_id("crm_types")),
        "title": str(sent["title"]),
        "code": str(sent.get("code") or ""),
        "entityTypeId": number,
        "customSectionId": None,
        "createdBy": int(call.user_id),
        "updatedBy": int(call.user_id),
        "createdTime": now,
        "updatedTime": now,
    }
    row |= {flag: _flag(sent.get(flag), "Y" if flag == "isSetOpenPermissions" else "N") for flag in FLAGS}
    row["relations"] = _relations(sent.get("relations"), client=row["isClientEnabled"] == "Y")
    row["linkedUserFields"] = _linked(sent.get("linkedUserFields"))
    call.portal.store.table("crm_types")[str(row["id"])] = row
    fields.forget(call.portal)
    pipelines.add(call.portal, types.require(call.portal, number), pipelines.DEFAULT_NAME, 100, default=True)
    emit(call.portal, "ONCRMTYPEADD", {"FIELDS": {"ID": str(row["id"])}}, call.actor)
    return {"type": show(row, whole=True)}


def _flag(value: Any, default: str) -> str:
    return default if value is None else ("Y" if is_yes(value) else "N")


def _require(call: Call) -> Row:
    row = call.portal.store.table("crm_types").get(str(call.integer("id")))
    if row is None:
        raise RestError("0", "Smart process not found", 400)
    return row


@method("crm.type.update")
def type_update(call: Call) -> dict[str, Any]:
    """Changes settings of a smart process."""
    access.require_admin(call)
    row = _require(call)
    sent = call.mapping("fields")
    if sent.get("title"):
        row["title"] = str(sent["title"])
    row |= {flag: _flag(sent[flag], row[flag]) for flag in FLAGS if sent.get(flag) is not None}
    if sent.get("relations") is not None:
        row["relations"] = _relations(sent["relations"], client=row["isClientEnabled"] == "Y")
    if sent.get("linkedUserFields") is not None:
        row["linkedUserFields"] = _linked(sent["linkedUserFields"])
    row |= {"updatedTime": call.portal.stamp(), "updatedBy": int(call.user_id)}
    call.portal.store.table("crm_types")[str(row["id"])] = row
    fields.forget(call.portal)
    call.portal.store.touch()
    emit(call.portal, "ONCRMTYPEUPDATE", {"FIELDS": {"ID": str(row["id"])}}, call.actor)
    return {"type": show(row, whole=True)}


@method("crm.type.get")
def type_get(call: Call) -> dict[str, Any]:
    """One smart process by its own number."""
    access.require_any(call, classic=False)
    return {"type": show(_require(call), whole=True)}


@method("crm.type.getByEntityTypeId")
def type_get_by_number(call: Call) -> dict[str, Any]:
    """One smart process by the number of its kind of object."""
    access.require_any(call, classic=False)
    row = types.type_row(call.portal, call.integer("entityTypeId"))
    if row is None:
        raise RestError("0", "Smart process not found", 400)
    return {"type": show(row, whole=True)}


@method("crm.type.list")
def type_list(call: Call) -> Answer:
    """Smart processes by filter, 50 to a page."""
    access.require_any(call, classic=False)
    rows = list(call.portal.store.rows("crm_types"))
    for name in call.mapping("order"):
        if name.isupper() and naming.to_camel(name) in KINDS:
            raise RestError("100", f"Unknown field definition `{name}` ({name}) for Type Entity.", 400)
    rows = query.small(call, rows, KINDS, {"id": "ASC"})
    return call.page([show(row, whole=False) for row in rows], result_key="types")


@method("crm.type.delete")
def type_delete(call: Call) -> list[Any]:
    """Removes a smart process without items."""
    access.require_admin(call)
    row = _require(call)
    kind = types.require(call.portal, row["entityTypeId"])
    if index_of(call.portal, kind).ids:
        raise RestError("BX_ERROR", "You cannot delete an entity type that has elements", 400)
    for pipeline in pipelines.of_type(call.portal, kind):
        pipelines.drop(call.portal, kind, pipeline)
    del call.portal.store.table("crm_types")[str(row["id"])]
    fields.forget(call.portal)
    emit(call.portal, "ONCRMTYPEDELETE", {"FIELDS": {"ID": str(row["id"])}}, call.actor)
    return []


@method("crm.type.fields")
def type_fields(call: Call) -> dict[str, Any]:
    """Descriptions of the settings of a smart process."""
    access.require_reader(call)
    language = str(call.user.get("LANGUAGE", "en"))
    fixed = {"id", "createdBy", "createdTime", "updatedTime", "updatedBy"}
    described = {}
    for name, kind in KINDS.items():
        field = fields.Field(name, kind, name, naming.to_upper(name), read_only=name in fixed, required=name == "title")
        described[name] = {**fields.describe(call.portal, field, language), "upperName": naming.to_upper(name)}
    return {"fields": described}
