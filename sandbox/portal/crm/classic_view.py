"""Items in the form of crm.lead|deal|contact|company|quote.*: upper-case names, values as text."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Call, to_map
from sandbox.portal.crm import multifields, types, values
from sandbox.portal.crm.fields import Field, field_set
from sandbox.portal.crm.types import EntityType
from sandbox.portal.errors import RestError
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row

HIDDEN = {*multifields.FLAT, "searchContent", "observers", "orderStage"}
LINKS = frozenset({"contactIds", "companyIds"})
IMMUTABLE = "categoryId"


def visible(field: Field) -> bool:
    """Whether classic methods know the field."""
    shown_address = field.key == "address"
    return (not field.disabled or shown_address) and field.key not in HIDDEN and field.key != "fm"


def has_multifields(kind: EntityType) -> bool:
    """Whether items of the kind have phones and e-mails."""
    return kind.id in {types.LEAD, types.CONTACT, types.COMPANY}


def show(portal: Portal, kind: EntityType, row: Row, chosen: set[str] | None, *, single: bool) -> dict[str, Any]:
    """One item. `chosen`: upper-case names and the masks `*` and `UF_*`. `single`: as get prints it, with phones."""
    return show_all(portal, kind, [row], chosen, single=single)[0]


def show_all(
    portal: Portal, kind: EntityType, rows: list[Row], chosen: set[str] | None, *, single: bool = False
) -> list[dict[str, Any]]:
    """Many items, each like `show`."""
    printed = field_set(portal, kind).view("classic", chosen, lambda field: _column(field, chosen))
    lists = [name for name in multifields.KINDS if single or name in (chosen or ())] if has_multifields(kind) else []
    shown = []
    for row in rows:
        item = {
            name: value if type(value := row.get(key)) is str and plain else _value(portal, field, value, row)
            for name, key, plain, field in printed
        }
        for name in lists:
            if entries := multifields.to_classic(row.get("fm") or [], name):
                item[name] = entries
        shown.append(item)
    return shown


def _column(field: Field, chosen: set[str] | None) -> tuple[str, str, bool, Field] | None:
    """What printing a field needs: its name, where its value is held, whether a text in there is printed as it is."""
    if not visible(field) or field.key in LINKS or not _wanted(field, chosen):
        return None
    return field.classic, field.key, not field.multiple and field.kind != "file", field


def _wanted(field: Field, chosen: set[str] | None) -> bool:
    if chosen is None:
        return True
    if field.key == "id" or field.classic in chosen:
        return True
    return ("UF_*" if field.dynamic else "*") in chosen


def _value(portal: Portal, field: Field, value: Any, row: Row) -> Any:
    if field.key in multifields.FLAGS:
        return multifields.flat(row, field.key)
    return values.print_classic(portal, field, value)


def read_fields(call: Call, kind: EntityType, held: Row | None = None) -> Row:
    """The sent `fields` in stored form; unknown, read-only and unsuitable ones are passed over."""
    fields = field_set(call.portal, kind)
    read: Row = {}
    phones: list[multifields.Entry] = []
    for name, value in call.mapping("fields").items():
        upper = str(name).upper()
        if has_multifields(kind) and upper in multifields.KINDS:
            phones += multifields.from_classic(upper, value)
            continue
        field = fields.find(upper, classic=True)
        if field is None or field.read_only or (held is not None and field.key == IMMUTABLE):
            continue
        read[field.key] = values.store(call.portal, field, value, strict=False)
    if phones:
        read["fm"] = multifields.merge(call.portal, (held or {}).get("fm") or [], phones)
    _check_currency(call, read)
    return read


def _check_currency(call: Call, read: Row) -> None:
    code = read.get("currencyId")
    if code and str(code) not in call.portal.store.table("crm_currencies"):
        raise RestError("", 'Invalid value for the "Currency" field', 400)


def chosen_names(call: Call) -> set[str]:
    """The `select` parameter; without it all standard fields and no user fields."""
    return {str(name).upper() for name in to_map(call.get("select")).values()} or {"*"}


def check_maps(call: Call, *names: str) -> None:
    """Refuses parameters that are not maps."""
    for name in names:
        value = call.get(name)
        if value is not None and not isinstance(value, dict | list):
            raise RestError("", f"Parameter '{name}' must be array.", 400)


def positive_id(call: Call, name: str = "id") -> int:
    """The number of an item. Refuses what is none."""
    number = call.integer(name)
    if number <= 0:
        raise RestError("", "ID is not defined or invalid.", 400)
    return number
