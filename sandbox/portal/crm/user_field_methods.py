"""`crm.lead|deal|contact|company|quote.userfield.*` and the directories about user fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.contract import method_facts
from sandbox.portal import validation
from sandbox.portal.call import Answer, Call, to_map
from sandbox.portal.crm import access, classic_view, types, user_fields
from sandbox.portal.crm.classic_methods import CLASSIC
from sandbox.portal.crm.types import EntityType
from sandbox.portal.errors import RestError
from sandbox.portal.filters import UnknownFieldError, compile_filter, sort_rows
from sandbox.portal.registry import method
from sandbox.portal.store import Row

SORTED_BY = {"ID": "integer", "FIELD_NAME": "string", "USER_TYPE_ID": "string", "XML_ID": "string", "SORT": "integer"}
FILTERED_BY = SORTED_BY | dict.fromkeys(("MULTIPLE", "MANDATORY", "SHOW_FILTER", "SHOW_IN_LIST"), "string")


def full_name(name: str) -> str:
    """The code with the prefix that it always carries."""
    upper = name.upper()
    if upper.startswith("UF_CRM_"):
        return upper
    return f"UF_CRM_{upper.removeprefix('UF_')}"


def show(row: Row, *, language: str | None = None) -> dict[str, Any]:
    """A field; with a language its labels are plain texts, as in lists."""
    shown = {key: row[key] for key in ("ID", "ENTITY_ID", "FIELD_NAME", "USER_TYPE_ID", "XML_ID", "SORT")}
    shown |= {key: row[key] for key in user_fields.FLAGS} | {"SETTINGS": row["SETTINGS"] or []}
    for key in user_fields.LABELS:
        texts = row[key]
        shown[key] = (texts.get(language) or None) if language else texts
    if row["USER_TYPE_ID"] == "enumeration":
        shown["LIST"] = [dict(option) for option in row["LIST"]]
    return shown


def _require(call: Call, kind: EntityType) -> Row:
    number = classic_view.positive_id(call)
    if not call.admin:
        raise _denied(call)
    row = call.portal.store.table("user_fields").get(str(number))
    if row is None:
        raise RestError("ERROR_NOT_FOUND", f"The entity with ID '{number}' is not found.", 400)
    if row["ENTITY_ID"] != kind.user_field_entity:
        raise _denied(call)
    return row


def _denied(call: Call) -> RestError:
    """The refusal for lack of rights, which most pages of this family give the status 403."""
    code, status = validation.documented(method_facts("bitrix24", call.method), ("",), ("", 400))
    return RestError(code, "Access denied.", status)


def _sent(call: Call) -> dict[str, Any]:
    classic_view.check_maps(call, "fields")
    return {str(key).upper(): value for key, value in call.mapping("fields").items()}


def add_field(call: Call, kind: EntityType) -> int:
    """A new field; its number."""
    access.require_admin(call, classic=True)
    sent = _sent(call)
    for name in ("USER_TYPE_ID", "FIELD_NAME"):
        if not sent.get(name):
            raise RestError("", f"The '{name}' field is not found.", 400)
    return int(user_fields.add(call, kind.user_field_entity, full_name(str(sent["FIELD_NAME"])), sent)["ID"])


def get_field(call: Call, kind: EntityType) -> dict[str, Any]:
    """One field with labels in all languages."""
    return show(_require(call, kind))


def list_fields(call: Call, kind: EntityType) -> Answer:
    """Fields by filter."""
    access.require_any(call, classic=True)
    return listed(call, kind.user_field_entity)


def listed(call: Call, entity: str) -> Answer:
    """The fields of an entity by filter, without labels unless a language is asked for."""
    classic_view.check_maps(call, "order", "filter")
    conditions = dict(call.mapping("filter"))
    language = str(conditions.pop("LANG", "")) or None
    rows = user_fields.of_entity(call.portal, entity)
    try:
        test = compile_filter(conditions, FILTERED_BY.get)
        order = to_map(call.get("order")) or {"SORT": "ASC", "ID": "ASC"}
        rows = sort_rows(filter(test, rows) if test else rows, order, SORTED_BY.get)
    except UnknownFieldError:
        rows = []
    shown = [show(row, language=language) for row in rows]
    if language is None:
        shown = [{k: v for k, v in row.items() if k not in user_fields.LABELS} for row in shown]
    return Answer(shown, total=len(shown))


def update_field(call: Call, kind: EntityType) -> bool:
    """Changes a field."""
    row = _require(call, kind)
    user_fields.update(call, row, _sent(call))
    return True


def delete_field(call: Call, kind: EntityType) -> bool:
    """Removes a field."""
    user_fields.delete(call, _require(call, kind))
    return True


VERBS: dict[str, Callable[[Call, EntityType], Any]] = {
    "add": add_field,
    "get": get_field,
    "list": list_fields,
    "update": update_field,
    "delete": delete_field,
}


def _register(kind: EntityType, verb: str, act: Callable[[Call, EntityType], Any]) -> None:
    @method(f"crm.{kind.name.lower()}.userfield.{verb}", validate=False, admin_only=False)
    def handler(call: Call) -> Any:
        return act(call, kind)


for _number in CLASSIC:
    for _verb, _act in VERBS.items():
        _register(types.SYSTEM[_number], _verb, _act)


@method("crm.userfield.types")
def field_kinds(call: Call) -> list[dict[str, str]]:
    """Kinds of user field."""
    named = user_fields.kind_names(call.portal)
    return [{"ID": name, "title": title} for name, title in named.items()]


@method("crm.userfield.fields", missing="Titles are the names of the settings.")
def field_settings(_call: Call) -> dict[str, Any]:
    """Settings that a field has."""
    kinds = {"ID": "int", "ENTITY_ID": "string", "FIELD_NAME": "string", "USER_TYPE_ID": "string", "XML_ID": "string"}
    kinds |= {"SORT": "int", **dict.fromkeys(user_fields.FLAGS, "char"), **dict.fromkeys(user_fields.LABELS, "string")}
    kinds |= {"LIST": "uf_enum_element", "SETTINGS": "object"}
    described: dict[str, Any] = {name: {"type": kind, "title": name} for name, kind in kinds.items()}
    described["ID"]["isReadOnly"] = True
    described["LIST"]["isMultiple"] = True
    for name in ("ENTITY_ID", "FIELD_NAME", "USER_TYPE_ID"):
        described[name]["isImmutable"] = True
    return described


@method("crm.userfield.enumeration.fields")
def option_fields(_call: Call) -> dict[str, Any]:
    """Settings of one option of a list."""
    kinds = {"ID": "int", "SORT": "int", "VALUE": "string", "DEF": "char", "XML_ID": "string", "DEL": "char"}
    return {
        name: {"type": kind, "title": name} | ({"isReadOnly": True} if name == "ID" else {})
        for name, kind in kinds.items()
    }


@method("crm.userfield.settings.fields", validate=False, missing="Titles are the names of the settings.")
def kind_settings(call: Call) -> dict[str, Any]:
    """The settings that fields of one kind have."""
    access.require_reader(call)
    if not call.text("type"):
        raise RestError("", "Parameter 'type' is not specified or empty.", 400)
    return {
        name: {"type": kind, "title": name} for name, kind in user_fields.SETTINGS.get(call.text("type"), {}).items()
    }
