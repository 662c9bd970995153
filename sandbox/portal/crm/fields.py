"""The fields of a kind of object: standard ones, parents and user fields."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sandbox.portal.crm import field_data, naming, types
from sandbox.portal.crm.types import EntityType
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row

MAX_VIEWS = 100


@dataclass(frozen=True, slots=True)
class Field:
    """One field. Items keep values under `key`: the camelCase name, for user fields the upper-case one."""

    key: str
    kind: str
    camel: str
    classic: str
    read_only: bool = False
    disabled: bool = False
    immutable: bool = False
    multiple: bool = False
    deprecated: bool = False
    required: bool = False
    directory: str | None = None
    needs: str | None = None
    classic_only: bool = False
    dynamic: bool = False
    parent: int | None = None
    user_field: Row | None = None

    def title(self, language: str) -> str:
        """The label of a standard field."""
        named = field_data.TITLES.get(self.key)
        if named:
            return named[0] if language == "ru" else named[1]
        return naming.to_upper(self.key).replace("_", " ").capitalize()


class FieldSet:
    """All fields of one kind, found by any spelling."""

    def __init__(self, fields: list[Field]) -> None:
        self.fields = fields
        self.views: dict[Any, list[Any]] = {}
        self.by_key = {field.key: field for field in fields}
        self.by_camel = {field.camel: field for field in fields if not field.classic_only}
        self.by_classic = {field.classic: field for field in fields}
        for field in fields:
            self.by_classic.setdefault(naming.to_upper(field.camel), field)
        if "contactIds" in self.by_key:
            self.by_classic.setdefault("CONTACT_ID", self.by_key["contactIds"])

    def view(self, form: str, chosen: set[str] | None, pick: Callable[[Field], Any]) -> list[Any]:
        """What `pick` gives for every field, without None: reckoned once for each form of output and choice of names."""
        key = (form, None if chosen is None else frozenset(chosen))
        if key not in self.views:
            if len(self.views) >= MAX_VIEWS:
                self.views.clear()
            self.views[key] = [found for field in self.fields if (found := pick(field)) is not None]
        return self.views[key]

    def find(self, name: str, *, classic: bool) -> Field | None:
        """A field by its classic or camelCase name; names in upper case are taken for classic ones by both."""
        if classic:
            return self.by_classic.get(name.upper())
        return self.by_camel.get(name) or (self.by_classic.get(name) if name.isupper() else None)


@cache
def _parse(text: str, *, dynamic: bool) -> tuple[Field, ...]:
    return tuple(_parse_line(line, dynamic=dynamic) for line in text.split("\n") if line.strip())


def _parse_line(line: str, *, dynamic: bool) -> Field:
    name, kind, *flags = line.split()
    options = dict(flag.split("=") for flag in flags if "=" in flag)
    plain = naming.to_upper(name)
    return Field(
        key=name,
        kind=kind,
        camel=name,
        classic=plain if dynamic else options.get("up", plain),
        read_only="ro" in flags or ("off" in flags and "old" not in flags),
        disabled="off" in flags,
        immutable="im" in flags,
        multiple="many" in flags,
        deprecated="dep" in flags,
        required="req" in flags,
        classic_only="cl" in flags,
        directory=options.get("st"),
        needs=options.get("if"),
    )


def field_set(portal: Portal, kind: EntityType) -> FieldSet:
    """The fields of a kind; kept until user fields or types change."""
    cache: dict[int, FieldSet] = portal.cache("crm_fields")
    if kind.id not in cache:
        cache[kind.id] = _build(portal, kind)
    return cache[kind.id]


def forget(portal: Portal) -> None:
    """Drops what is kept, after a change of user fields or types."""
    portal.cache("crm_fields").clear()
    portal.cache("crm_types").clear()


def _build(portal: Portal, kind: EntityType) -> FieldSet:
    settings = kind.settings
    fields = [
        field
        for field in _parse(kind.field_text, dynamic=kind.dynamic)
        if field.needs is None or settings.get(field.needs) == "Y"
    ]
    fields += [_parent_field(number) for number in parent_numbers(portal, kind)]
    taken = {field.camel for field in fields}
    for row in portal.store.rows("user_fields"):
        if row["ENTITY_ID"] == kind.user_field_entity:
            field = _user_field(row, taken)
            taken.add(field.camel)
            fields.append(field)
    return FieldSet(fields)


def _parent_field(number: int) -> Field:
    return Field(
        key=f"parentId{number}",
        kind="crm_entity",
        camel=f"parentId{number}",
        classic=f"PARENT_ID_{number}",
        parent=number,
    )


def _user_field(row: Row, taken: set[str]) -> Field:
    name = row["FIELD_NAME"]
    camel = naming.to_camel(name)
    return Field(
        key=name,
        kind=row["USER_TYPE_ID"],
        camel=name if camel in taken else camel,
        classic=name,
        multiple=row["MULTIPLE"] == "Y",
        required=row["MANDATORY"] == "Y",
        dynamic=True,
        user_field=row,
    )


def parent_numbers(portal: Portal, kind: EntityType) -> list[int]:
    """Kinds of object that items of this kind may hang on."""
    numbers = []
    for row in portal.store.rows("crm_types"):
        relations = row.get("relations") or {}
        if any(int(item["entityTypeId"]) == kind.id for item in relations.get("child", ())):
            numbers.append(row["entityTypeId"])
        if row["entityTypeId"] == kind.id:
            parents = relations.get("parent", ())
            numbers += [int(item["entityTypeId"]) for item in parents if item.get("isPredefined") != "Y"]
    return sorted(set(numbers))


def describe(portal: Portal, field: Field, language: str) -> dict[str, Any]:
    """A field the way `fields` methods print it."""
    printed: dict[str, Any] = {
        "type": field.kind,
        "isRequired": field.required,
        "isReadOnly": field.read_only,
        "isImmutable": field.immutable,
        "isMultiple": field.multiple,
        "isDynamic": field.dynamic,
    }
    if field.deprecated:
        printed["isDeprecated"] = True
    if field.directory:
        printed["statusType"] = field.directory
    row = field.user_field
    if row:
        printed |= {"title": label(row, "EDIT_FORM_LABEL", language), "settings": row["SETTINGS"] or []}
        if row["USER_TYPE_ID"] == "enumeration":
            items = sorted(row["LIST"], key=lambda item: int(item["SORT"]))
            printed["items"] = [{"ID": item["ID"], "VALUE": item["VALUE"]} for item in items]
        printed |= {key: label(row, name, language) for key, name in _LABELS.items()}
    else:
        printed["title"] = field.title(language)
    if field.kind in _LINKED and not (field.deprecated or field.multiple):
        printed["settings"] = {"parentEntityTypeId": _LINKED[field.kind]}
    if field.parent is not None:
        kind = types.find(portal, field.parent)
        printed |= {"settings": {"parentEntityTypeId": field.parent}, "title": kind.name if kind else field.key}
    return printed


_LINKED = {"crm_lead": types.LEAD, "crm_company": types.COMPANY, "crm_quote": types.QUOTE}
_LABELS = {"listLabel": "LIST_COLUMN_LABEL", "formLabel": "EDIT_FORM_LABEL", "filterLabel": "LIST_FILTER_LABEL"}


def label(row: Row, name: str, language: str) -> str:
    """A label of a user field in a language, else in any, else its name."""
    texts = row.get(name) or {}
    if isinstance(texts, str):
        return texts
    return str(texts.get(language) or next(iter(texts.values()), "") or row["FIELD_NAME"])
