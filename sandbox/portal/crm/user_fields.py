"""User fields of CRM objects: table `user_fields`, rows with the names of the classic methods.

Used by `crm.*.userfield.*` and `userfieldconfig.*`, which differ in spelling only.
"""

from __future__ import annotations

import re
from typing import Any

from sandbox.chance import digest
from sandbox.portal.call import Call, is_yes, to_int, to_map
from sandbox.portal.crm import fields, types
from sandbox.portal.crm.types import EntityType
from sandbox.portal.errors import RestError
from sandbox.portal.events import emit
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row

MAX_NAME = 50
KINDS = {
    "string": "Строка",
    "integer": "Целое число",
    "double": "Число",
    "boolean": "Да/Нет",
    "datetime": "Дата со временем",
    "date": "Дата",
    "money": "Деньги",
    "url": "Ссылка",
    "address": "Адрес",
    "enumeration": "Список",
    "file": "Файл",
    "employee": "Привязка к сотруднику",
    "crm_status": "Привязка к справочникам CRM",
    "iblock_section": "Привязка к разделам инфоблоков",
    "iblock_element": "Привязка к элементам инфоблоков",
    "crm": "Привязка к элементам CRM",
}
LABELS = ("EDIT_FORM_LABEL", "LIST_COLUMN_LABEL", "LIST_FILTER_LABEL", "ERROR_MESSAGE", "HELP_MESSAGE")
FLAGS = {
    "MULTIPLE": "N",
    "MANDATORY": "N",
    "SHOW_FILTER": "N",
    "SHOW_IN_LIST": "Y",
    "EDIT_IN_LIST": "Y",
    "IS_SEARCHABLE": "N",
}
_DEFAULT_SETTINGS: dict[str, dict[str, Any]] = {
    "string": {"SIZE": 20, "ROWS": 1, "REGEXP": "", "MIN_LENGTH": 0, "MAX_LENGTH": 0, "DEFAULT_VALUE": ""},
    "integer": {"SIZE": 20, "MIN_VALUE": 0, "MAX_VALUE": 0, "DEFAULT_VALUE": None},
    "double": {"PRECISION": 2, "SIZE": 20, "MIN_VALUE": 0, "MAX_VALUE": 0, "DEFAULT_VALUE": None},
    "boolean": {"DEFAULT_VALUE": 0, "DISPLAY": "CHECKBOX", "LABEL": ["", ""], "LABEL_CHECKBOX": ""},
    "enumeration": {"DISPLAY": "LIST", "LIST_HEIGHT": 1, "CAPTION_NO_VALUE": "", "SHOW_NO_VALUE": "Y"},
}
# Kind → the settings that its fields may be given, with their types.
SETTINGS: dict[str, dict[str, str]] = {
    "string": {"DEFAULT_VALUE": "string", "ROWS": "int"},
    "integer": {"DEFAULT_VALUE": "int"},
    "double": {"DEFAULT_VALUE": "double", "PRECISION": "int"},
    "boolean": {"DEFAULT_VALUE": "int", "DISPLAY": "string"},
    "date": {"DEFAULT_VALUE": "object"},
    "datetime": {"DEFAULT_VALUE": "object"},
    "enumeration": {"DISPLAY": "string", "LIST_HEIGHT": "int"},
}


def of_entity(portal: Portal, entity: str) -> list[Row]:
    """User fields of `CRM_DEAL`, `CRM_7`… in their order."""
    rows = [row for row in portal.store.rows("user_fields") if row["ENTITY_ID"] == entity]
    return sorted(rows, key=lambda row: (to_int(row["SORT"]), int(row["ID"])))


def kind_names(portal: Portal) -> dict[str, str]:
    """All kinds of user field with their titles, those of applications included."""
    own = {f"rest_{row['app_id']}_{row['USER_TYPE_ID']}": row["TITLE"] for row in portal.store.rows("field_types")}
    return KINDS | own


def resolve_kind(call: Call, name: str) -> str:
    """The full name of a kind; an application may use its own short one. Refuses unknown kinds."""
    known = kind_names(call.portal)
    if name in known:
        return name
    full = f"rest_{call.identity.app_id}_{name}"
    if full in known:
        return full
    raise RestError("ERROR_CORE", "Incorrect custom type specified.", 400)


def check_name(name: str) -> None:
    """Refuses a field name that the portal does not take."""
    if len(name) > MAX_NAME:
        raise RestError("ERROR_CORE", "Field name is too long (more than 50 characters).", 400)
    if not re.fullmatch(r"[A-Z0-9_]+", name):
        text = "Field name contains invalid characters. Allowed characters are: A-Z, 0-9 and _."
        raise RestError("ERROR_CORE", text, 400)


def add(call: Call, entity: str, name: str, sent: dict[str, Any]) -> Row:
    """A new field; `sent` has upper-case keys, already read into classic names."""
    check_name(name)
    if any(row["FIELD_NAME"] == name for row in of_entity(call.portal, entity)):
        raise RestError("ERROR_CORE", f"Field {name} already exists.", 400)
    kind = resolve_kind(call, str(sent["USER_TYPE_ID"]))
    row: Row = {
        "ENTITY_ID": entity,
        "FIELD_NAME": name,
        "USER_TYPE_ID": kind,
        "XML_ID": sent.get("XML_ID"),
        "SORT": str(to_int(sent.get("SORT"), 100)),
        "SETTINGS": _DEFAULT_SETTINGS.get(kind, {}) | to_map(sent.get("SETTINGS")),
        "LIST": [],
    }
    row |= {key: _flag(sent.get(key), default) for key, default in FLAGS.items()}
    row |= {key: read_label(call, sent, key) for key in LABELS}
    call.portal.store.insert("user_fields", row)
    if kind == "enumeration":
        set_options(call.portal, row, sent.get("LIST"))
    changed(call, row, "ADD")
    return row


def _flag(value: Any, default: str) -> str:
    if value is None:
        return default
    return str(value) if str(value) in {"I", "E", "S"} else ("Y" if is_yes(value) else "N")


def read_label(call: Call, sent: dict[str, Any], key: str) -> dict[str, str]:
    """A label in languages; a plain text is meant for the portal's language, LABEL stands in for what is absent."""
    value = sent.get(key)
    if value is None:
        value = sent.get("LABEL")
    if isinstance(value, dict):
        return {str(language): str(text) for language, text in value.items()}
    language = str(call.portal.store.values["language"])
    return {language: str(value)} if value else {}


def update(call: Call, row: Row, sent: dict[str, Any]) -> None:
    """Changes settings of a field; its name, kind and multiplicity stay."""
    for key in ("XML_ID", "SORT"):
        if sent.get(key) is not None:
            row[key] = str(sent[key])
    for key in FLAGS:
        if sent.get(key) is not None and key != "MULTIPLE":
            row[key] = _flag(sent[key], row[key])
    for key in LABELS:
        if sent.get(key) is not None:
            row[key] = {**row[key], **read_label(call, sent, key)}
    if sent.get("SETTINGS") is not None:
        row["SETTINGS"] = {**row["SETTINGS"], **to_map(sent["SETTINGS"])}
    if row["USER_TYPE_ID"] == "enumeration" and sent.get("LIST") is not None:
        set_options(call.portal, row, sent["LIST"])
    changed(call, row, "UPDATE")


def set_options(portal: Portal, row: Row, sent: Any) -> None:
    """Applies a list of options: known ids change, `DEL=Y` removes, the rest is added."""
    options: list[Row] = row["LIST"]
    for item in to_map(sent).values():
        given = {str(key).upper(): value for key, value in item.items()} if isinstance(item, dict) else {}
        known = next((option for option in options if option["ID"] == str(given.get("ID") or "")), None)
        if known and is_yes(given.get("DEL")):
            options.remove(known)
        elif known:
            known.update({key: str(given[key]) for key in ("VALUE", "SORT", "DEF", "XML_ID") if key in given})
        elif given.get("VALUE") not in (None, ""):
            options.append(_option(portal, options, given))


def _option(portal: Portal, options: list[Row], given: dict[str, Any]) -> Row:
    number = portal.store.next_id("user_field_options")
    xml_id = str(given.get("XML_ID") or digest("option", number)[:32])
    if any(option["XML_ID"] == xml_id for option in options):
        raise RestError("ERROR_CORE", f"List item with value XML_ID={xml_id} already exists.", 400)
    sort = str(to_int(given.get("SORT"), 10 * (len(options) + 1)))
    defined = "Y" if is_yes(given.get("DEF")) else "N"
    return {"ID": number, "SORT": sort, "VALUE": str(given["VALUE"]), "DEF": defined, "XML_ID": xml_id}


def delete(call: Call, row: Row) -> None:
    """Removes a field and its values."""
    del call.portal.store.table("user_fields")[row["ID"]]
    kind = kind_of(call.portal, row["ENTITY_ID"])
    if kind:
        for item in call.portal.store.rows(kind.table):
            item.pop(row["FIELD_NAME"], None)
    changed(call, row, "DELETE")


def kind_of(portal: Portal, entity: str) -> EntityType | None:
    """The kind of object that `CRM_DEAL` or `CRM_7` belongs to."""
    return next((kind for kind in types.everything(portal) if kind.user_field_entity == entity), None)


def changed(call: Call, row: Row, verb: str) -> None:
    """Drops what was kept about fields and tells applications."""
    fields.forget(call.portal)
    call.portal.store.touch()
    kind = kind_of(call.portal, row["ENTITY_ID"])
    if kind is None:
        return
    stem = "TYPE" if kind.dynamic else kind.name
    data = {"FIELDS": {"ID": row["ID"], "ENTITY_ID": row["ENTITY_ID"], "FIELD_NAME": row["FIELD_NAME"]}}
    emit(call.portal, f"ONCRM{stem}USERFIELD{verb}", data, call.actor)
