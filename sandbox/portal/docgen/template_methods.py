"""crm.documentgenerator.template.*: templates of documents."""

from __future__ import annotations

from typing import Any

from sandbox.contract import method_facts
from sandbox.portal import validation
from sandbox.portal.call import Answer, Call, is_yes, to_map
from sandbox.portal.disk import contents
from sandbox.portal.docgen import merging
from sandbox.portal.errors import RestError
from sandbox.portal.listing import filtered, ordered, selected
from sandbox.portal.registry import method
from sandbox.portal.store import Row

TABLE = "docgen_templates"
REQUIRED = ("name", "numeratorId", "region", "entityTypeId")


def require_admin(call: Call) -> None:
    """Templates are changed by administrators."""
    if not call.admin:
        code, status = validation.documented(method_facts("bitrix24", call.method), ("",), ("DOCGEN_ACCESS_ERROR", 400))
        raise RestError(code, "Access denied" if code else "You do not have permissions to modify templates", status)


def find(call: Call, name: str = "id") -> Row:
    """The template of a parameter. Raises RestError."""
    row = call.portal.store.table(TABLE).get(call.text(name))
    if row is None:
        raise RestError("0", "Template not found")
    return row


def shown(call: Call, row: Row) -> dict[str, Any]:
    """A template as methods print it."""
    address = contents.url(call.portal, row["_file"])
    plain = {key: value for key, value in row.items() if not key.startswith("_")}
    return {**plain, "download": address, "downloadMachine": address}


def _columns(call: Call, fields: dict[str, Any]) -> Row:
    row: Row = {}
    for name in ("name", "numeratorId", "region", "sort"):
        if fields.get(name) is not None:
            row[name] = str(fields[name])
    for name in ("active", "withStamps"):
        if fields.get(name) is not None:
            row[name] = "Y" if is_yes(fields[name]) else "N"
    if "entityTypeId" in fields:
        row["entityTypeId"] = [str(item) for item in to_map(fields["entityTypeId"]).values()]
    if "users" in fields:
        row["users"] = {str(code): str(code) for code in to_map(fields["users"]).values()}
    if fields.get("file") is not None:
        file = _file(row.get("name", "template"), fields["file"])
        if file is None:
            raise RestError("0", "Could not save file")
        row["_file"] = contents.keep(call.portal, *file, call.user_id)["ID"]
    return row


def _file(name: str, value: Any) -> tuple[str, bytes] | None:
    return contents.decode(value) or contents.decode([f"{name}.docx", value])


@method("crm.documentgenerator.template.add", validate=False)
def template_add(call: Call) -> dict[str, Any]:
    """A new template."""
    require_admin(call)
    fields = call.mapping("fields")
    if not fields:
        raise RestError("100", "Could not find value for parameter {fields}")
    if absent := [name for name in REQUIRED if not fields.get(name)]:
        raise RestError("0", f"Empty required fields: {', '.join(absent)}")
    if not fields.get("file"):
        raise RestError("0", "Missing file content")
    now = call.portal.stamp()
    row = {
        "id": "",
        "code": None,
        "active": "Y",
        "moduleId": "rest",
        "withStamps": "N",
        "users": {"UA": "UA"},
        "isDeleted": "N",
        "sort": "500",
        "createTime": now,
        "updateTime": now,
        **_columns(call, fields),
    }
    call.portal.store.insert(TABLE, row, "id")
    return {"template": shown(call, row)}


@method("crm.documentgenerator.template.update", validate=False)
def template_update(call: Call) -> dict[str, Any]:
    """Changes a template."""
    require_admin(call)
    row = find(call)
    if not call.mapping("fields"):
        raise RestError("100", "Could not find value for parameter {fields}")
    row.update(_columns(call, call.mapping("fields")), updateTime=call.portal.stamp())
    call.portal.store.touch()
    return {"template": shown(call, row)}


@method("crm.documentgenerator.template.get", validate=False)
def template_get(call: Call) -> dict[str, Any]:
    """One template."""
    return {"template": shown(call, find(call))}


@method("crm.documentgenerator.template.list")
def template_list(call: Call) -> Answer:
    """Templates by filter, keyed by number."""
    rows = [{**shown(call, row), "users": list(row["users"])} for row in call.portal.store.rows(TABLE)]
    rows = ordered(filtered(rows, call.get("filter")), call.get("order"), {"id": "ASC"})
    page = call.page(rows)
    page.result = {"templates": {row["id"]: selected(row, call.get("select")) for row in page.result}}
    return page


@method("crm.documentgenerator.template.delete", validate=False)
def template_delete(call: Call) -> None:
    """Deletes a template; its documents stay."""
    require_admin(call)
    del call.portal.store.table(TABLE)[find(call)["id"]]
    call.portal.store.touch()


@method("crm.documentgenerator.template.getfields", validate=False, missing="Only codes found in the file are listed.")
def template_fields(call: Call) -> dict[str, Any]:
    """The codes of a template with the values they would take."""
    row = find(call)
    content = contents.content_of(call.portal.store.table(contents.TABLE)[row["_file"]])
    values = merging.values_of(call.portal, call.integer("entityTypeId"), call.integer("entityId"))
    values |= {name: str(value) for name, value in call.mapping("values").items()}
    return {"templateFields": {code: merging.described(code, values.get(code)) for code in merging.codes(content)}}
