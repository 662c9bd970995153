"""crm.timeline.comment.*: comments of people and applications on CRM elements."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Answer, Call, to_int, to_map
from sandbox.portal.disk import contents
from sandbox.portal.errors import RestError
from sandbox.portal.events import emit
from sandbox.portal.listing import ordered, selected
from sandbox.portal.registry import method
from sandbox.portal.store import Row
from sandbox.portal.timeline import owners, records

FIELDS = (
    ("ID", "integer", False, True, False, False, "ID"),
    ("CREATED", "datetime", False, True, False, False, "Date added"),
    ("ENTITY_ID", "integer", True, False, True, False, "ID of the element the comment is attached to"),
    ("ENTITY_TYPE", "string", True, False, True, False, "Type of the element the comment is attached to"),
    ("AUTHOR_ID", "integer", False, False, True, False, "Author"),
    ("COMMENT", "string", False, False, False, False, "Comment text"),
    ("FILES", "attached_diskfile", False, False, False, True, "File list"),
)


def shown(call: Call, row: Row) -> Row:
    """A comment as methods return it."""
    number, item_id = row["bindings"][0]
    return {
        "ID": row["ID"],
        "ENTITY_ID": item_id,
        "ENTITY_TYPE": owners.type_code(number),
        "CREATED": row["created"],
        "COMMENT": row["text"],
        "AUTHOR_ID": row["author"],
        "FILES": {file_id: contents.describe(call.portal, file_id) for file_id in row["files"]},
    }


def _files(call: Call, value: Any) -> list[str]:
    if isinstance(value, list) and len(value) == 2 and all(isinstance(part, str) for part in value):
        value = [value]
    kept = []
    for item in to_map(value).values():
        if decoded := contents.decode(item):
            kept.append(contents.keep(call.portal, *decoded, call.user_id)["ID"])
    return kept


def _required(value: Any, name: str) -> Any:
    if value in (None, ""):
        raise RestError("100", f"Could not find value for parameter {{{name}}}")
    return value


@method("crm.timeline.comment.add", validate=False)
def comment_add(call: Call) -> int:
    """Adds a comment; only a lower-case `fields` is accepted."""
    fields = to_map(_required(call.params.get("fields"), "fields"))
    number = owners.type_id(_required(fields.get("ENTITY_TYPE"), "ENTITY_TYPE"))
    item_id = _required(fields.get("ENTITY_ID"), "ENTITY_ID")
    if not str(fields.get("COMMENT") or "").strip():
        raise RestError("INVALID_ARG_VALUE", "Empty comment message")
    owners.require(call, number, item_id)
    author = str(fields.get("AUTHOR_ID") or call.user_id)
    row = records.add(
        call, "comment", number or 0, item_id, text=str(fields["COMMENT"]), files=_files(call, fields.get("FILES"))
    )
    row["author"] = author if author in call.portal.users else call.user_id
    emit(call.portal, "onCrmTimelineCommentAdd", {"ID": int(row["ID"])}, call.actor)
    return int(row["ID"])


def _find(call: Call) -> Row:
    record_id = _required(call.get("id"), "id")
    row = records.find(call.portal, "comment", record_id)
    if row is None:
        raise RestError("NOT_FOUND", "Not found.")
    number, owner_id = call.get("ownerTypeId"), call.get("ownerId")
    if number is not None and owner_id is not None and [to_int(number), str(owner_id)] not in row["bindings"]:
        raise RestError("OWNER_NOT_FOUND", "Owner was not found")
    for bound_type, bound_id in row["bindings"]:
        owners.require(call, bound_type, bound_id)
    return row


@method("crm.timeline.comment.update", validate=False)
def comment_update(call: Call) -> int:
    """Changes text and files of a comment."""
    fields = to_map(_required(call.params.get("fields"), "fields"))
    row = _find(call)
    if "COMMENT" in fields:
        if not str(fields["COMMENT"] or "").strip():
            raise RestError("INVALID_ARG_VALUE", "Empty comment message")
        row["text"] = str(fields["COMMENT"])
    if "FILES" in fields:
        row["files"] = _files(call, fields["FILES"])
    call.portal.store.touch()
    emit(call.portal, "onCrmTimelineCommentUpdate", {"ID": int(row["ID"])}, call.actor)
    return int(row["ID"])


@method("crm.timeline.comment.delete")
def comment_delete(call: Call) -> None:
    """Deletes a comment, or only its binding to the named element when it has several."""
    row = _find(call)
    if len(row["bindings"]) > 1:
        if call.get("ownerTypeId") is None or call.get("ownerId") is None:
            raise RestError("MULTIPLE_BINDINGS", "The comment is bound to several elements")
        row["bindings"].remove([call.integer("ownerTypeId"), call.text("ownerId")])
    else:
        del call.portal.store.table(records.TABLE)[row["ID"]]
    call.portal.store.touch()
    emit(call.portal, "onCrmTimelineCommentDelete", {"ID": int(row["ID"])}, call.actor)


@method("crm.timeline.comment.get", validate=False)
def comment_get(call: Call) -> Row:
    """One comment."""
    if call.integer("id") <= 0:
        raise RestError("", "ID is not defined or invalid.")
    row = records.find(call.portal, "comment", call.integer("id"))
    if row is None:
        raise RestError("", "Not found.")
    _readable(call, *row["bindings"][0])
    return shown(call, row)


def _readable(call: Call, number: int | None, item_id: Any) -> None:
    try:
        owners.require(call, number, item_id)
    except RestError as error:
        raise RestError("", "Access denied.") from error


@method("crm.timeline.comment.list")
def comment_list(call: Call) -> Answer:
    """The comments of one element; `ENTITY_ID` and `ENTITY_TYPE` are required in the filter."""
    conditions = {key.lstrip("=").upper(): value for key, value in call.mapping("filter").items()}
    number = owners.type_id(conditions.get("ENTITY_TYPE"))
    _readable(call, number, conditions.get("ENTITY_ID"))
    rows = [shown(call, row) for row in records.of_element(call.portal, "comment", number, conditions["ENTITY_ID"])]
    order = {key: way for key, way in call.mapping("order").items() if key.upper() in {"ID", "CREATED", "AUTHOR_ID"}}
    rows = ordered(rows, order, {"ID": "ASC"}, {"CREATED": "datetime"})
    return call.page([selected(row, call.get("select")) for row in rows])


@method("crm.timeline.comment.fields")
def comment_fields(_call: Call) -> dict[str, Any]:
    """The description of a comment's fields."""
    return {
        name: {
            "type": kind,
            "isRequired": required,
            "isReadOnly": read_only,
            "isImmutable": immutable,
            "isMultiple": multiple,
            "isDynamic": False,
            "title": title,
        }
        for name, kind, required, read_only, immutable, multiple, title in FIELDS
    }
