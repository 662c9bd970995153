"""`userfieldconfig.*`: user fields of any CRM object, smart processes included, in camelCase."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Answer, Call, to_map
from sandbox.portal.crm import access, naming, user_fields
from sandbox.portal.errors import RestError
from sandbox.portal.filters import UnknownFieldError, compile_filter, sort_rows
from sandbox.portal.registry import method
from sandbox.portal.store import Row

SCOPES = ("userfieldconfig",)
KINDS = {
    "id": "integer",
    "entityId": "string",
    "fieldName": "string",
    "userTypeId": "string",
    "xmlId": "string",
    "sort": "integer",
    "multiple": "string",
    "mandatory": "string",
    "showFilter": "string",
    "showInList": "string",
    "editInList": "string",
    "isSearchable": "string",
}


def show(row: Row, *, options: bool) -> dict[str, Any]:
    """A field in the form of this family."""
    upper = {"id": "ID"} | {name: naming.to_upper(name) for name in KINDS if name != "id"}
    shown: dict[str, Any] = {name: row[key] for name, key in upper.items()}
    languages = row["EDIT_FORM_LABEL"]
    shown |= {"settings": row["SETTINGS"] or [], "languageId": {code: code for code in languages} or []}
    for key in user_fields.LABELS:
        texts = row[key]
        shown[naming.to_camel(key)] = {code: texts.get(code) for code in languages} if languages else (texts or None)
    if options and row["USER_TYPE_ID"] == "enumeration":
        shown["enum"] = [_option(row, option) for option in row["LIST"]]
    return shown


def _option(row: Row, option: Row) -> dict[str, Any]:
    return {
        "id": option["ID"],
        "userFieldId": row["ID"],
        "value": option["VALUE"],
        "def": option["DEF"],
        "sort": option["SORT"],
        "xmlId": option["XML_ID"],
    }


def _check_module(call: Call) -> None:
    module = call.text("moduleId")
    if module != "crm":
        raise RestError("", "No settings for UserFieldAccess", 400)
    if call.identity.scopes is not None and module not in call.identity.scopes:
        raise RestError("", f"The current method required more scopes. ({module})", 400)


def _sent(call: Call) -> dict[str, Any]:
    sent = {}
    for key, value in call.mapping("field").items():
        name = str(key)
        sent["LIST" if name == "enum" else naming.to_upper(name)] = value
    if isinstance(sent.get("LIST"), list):
        sent["LIST"] = [
            {naming.to_upper(str(k)): v for k, v in item.items()} for item in sent["LIST"] if isinstance(item, dict)
        ]
    return sent


def _find(call: Call) -> Row | None:
    return call.portal.store.table("user_fields").get(str(call.integer("id")))


@method("userfieldconfig.add", scopes=SCOPES, validate=False)
def add(call: Call) -> dict[str, Any]:
    """A new field."""
    _check_module(call)
    access.require_admin(call, classic=True)
    sent = _sent(call)
    for key in ("USER_TYPE_ID", "FIELD_NAME"):
        if not sent.get(key):
            raise RestError("", f"The '{key}' field is not found", 400)
    entity, name = str(sent.get("ENTITY_ID") or ""), str(sent.get("FIELD_NAME") or "")
    if user_fields.kind_of(call.portal, entity) is None:
        raise RestError("", "You cannot create a field for this object", 400)
    if not name.startswith(f"UF_{entity}_") and not (name.startswith("UF_CRM_") and not entity[4:].isdigit()):
        raise RestError("", "You cannot create custom fields", 400)
    return {"field": show(user_fields.add(call, entity, name, sent), options=True)}


def _unseen() -> RestError:
    return RestError("", "You do not have permission to view user field settings", 400)


@method("userfieldconfig.get", scopes=SCOPES)
def get(call: Call) -> dict[str, Any]:
    """One field."""
    _check_module(call)
    row = _find(call)
    if row is None or access.level(call) == "none":
        raise _unseen()
    return {"field": show(row, options=True)}


@method("userfieldconfig.list", scopes=SCOPES)
def list_fields(call: Call) -> Answer:
    """Fields by filter, 50 to a page."""
    _check_module(call)
    if access.level(call) == "none":
        raise _unseen()
    rows = [show(row, options=False) for row in call.portal.store.rows("user_fields")]
    try:
        test = compile_filter(call.get("filter"), KINDS.get)
        order = to_map(call.get("order")) or {"sort": "ASC", "id": "ASC"}
        rows = sort_rows(filter(test, rows) if test else rows, order, KINDS.get)
    except UnknownFieldError as error:
        raise RestError("INVALID_ARG_VALUE", f"Unknown field {error}", 400) from error
    chosen = {str(name) for name in to_map(call.get("select")).values()}
    if chosen and "*" not in chosen:
        rows = [{key: value for key, value in row.items() if key in chosen or key == "id"} for row in rows]
    return call.page(rows, result_key="fields")


@method("userfieldconfig.update", scopes=SCOPES)
def update(call: Call) -> dict[str, Any]:
    """Changes a field."""
    _check_module(call)
    row = _find(call)
    if row is None or not call.admin:
        raise RestError("", "You cannot change the settings of the user field", 400)
    sent = _sent(call)
    if sent.get("USER_TYPE_ID") != "enumeration":
        sent.pop("LIST", None)
    user_fields.update(call, row, sent)
    return {"field": show(row, options=True)}


@method("userfieldconfig.delete", scopes=SCOPES)
def delete(call: Call) -> None:
    """Removes a field."""
    _check_module(call)
    row = _find(call)
    if row is None or not call.admin:
        raise RestError("", "You cannot delete the user field", 400)
    user_fields.delete(call, row)


@method("userfieldconfig.getTypes", scopes=SCOPES)
def get_types(call: Call) -> dict[str, Any]:
    """Kinds of field."""
    _check_module(call)
    named = user_fields.kind_names(call.portal)
    return {"types": {name: {"userTypeId": name, "description": title} for name, title in named.items()}}
