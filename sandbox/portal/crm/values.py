"""Values of fields: from what a caller sent to what is stored, and to what each family of methods prints.

Stored: whole numbers as int, amounts as float, flags as Y/N (user fields: 1/0), moments as ISO text with zone,
multiple values as lists.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sandbox.portal.call import is_yes, to_int, to_map
from sandbox.portal.crm import files
from sandbox.portal.crm.fields import Field
from sandbox.portal.errors import RestError
from sandbox.portal.filters import moment
from sandbox.portal.portal import ZONE, Portal

WHOLE = frozenset(
    {
        "integer",
        "user",
        "employee",
        "crm_company",
        "crm_contact",
        "crm_lead",
        "crm_deal",
        "crm_quote",
        "crm_category",
        "crm_entity",
        "location",
        "enumeration",
        "iblock_element",
        "iblock_section",
    }
)
CLEARED: tuple[Any, ...] = (None, "", [], False)


def store(portal: Portal, field: Field, value: Any, *, strict: bool) -> Any:
    """A sent value in stored form. `strict`: refuse what crm.item.* refuses, else cast as classic methods do."""
    if not field.multiple:
        if isinstance(value, list) and not _is_file(field):
            value = value[0] if value else None
        return _store_one(portal, field, value, strict=strict)
    if value in CLEARED:
        return []
    if not isinstance(value, list | dict):
        if strict:
            kind = "boolean" if isinstance(value, bool) else type(value).__name__.replace("str", "string")
            text = f"Expected iterable value for multiple field, but got `{kind}` instead"
            raise RestError("100", text, 400)
        value = [value]
    stored = [_store_one(portal, field, item, strict=strict) for item in to_map(value).values()]
    return [item for item in stored if item is not None]


def _is_file(field: Field) -> bool:
    return field.kind == "file"


def _store_one(portal: Portal, field: Field, value: Any, *, strict: bool) -> Any:
    if field.kind == "file":
        return files.keep(portal, value)
    if field.kind == "boolean" and value is not None and value != "":
        return int(is_yes(value)) if field.user_field else ("Y" if is_yes(value) else "N")
    if value in CLEARED:
        return None
    if field.kind == "enumeration":
        return _option(field, value, strict=strict)
    if field.kind in {"date", "datetime"}:
        return _moment(field, value, strict=strict)
    return _plain(field, value)


def _plain(field: Field, value: Any) -> Any:
    if field.kind in WHOLE:
        return to_int(value)
    if field.kind == "double":
        return _number(value)
    return value if isinstance(value, dict) else str(value)


def invalid(field: Field) -> RestError:
    """The refusal of an unsuitable value."""
    text = f'Invalid value for field "{field.title("en")}"'
    return RestError("CRM_FIELD_ERROR_VALUE_NOT_VALID", text, 400)


def _number(value: Any) -> float:
    try:
        return round(float(str(value).split("|", maxsplit=1)[0]), 4)
    except ValueError:
        return 0.0


def _option(field: Field, value: Any, *, strict: bool) -> int | None:
    known = {item["ID"] for item in (field.user_field or {}).get("LIST", ())}
    if str(value) in known:
        return int(value)
    if strict:
        raise invalid(field)
    return None


def _moment(field: Field, value: Any, *, strict: bool) -> str | None:
    read = moment(value)
    if read is None:
        if strict:
            raise invalid(field)
        return None
    text = str(value)
    zoned = "+" in text[10:] or text.endswith("Z") or "-" in text[10:]
    there = datetime.fromtimestamp(read, ZONE)
    if not zoned:
        offset = there.utcoffset()
        there = there - offset if offset else there
    if field.kind == "date":
        there = there.replace(hour=0, minute=0, second=0)
    return there.isoformat(timespec="seconds")


def print_item(portal: Portal, field: Field, value: Any) -> Any:
    """A stored value the way crm.item.* prints it."""
    if field.disabled:
        return None
    if field.kind == "file":
        return _print_files(portal, field, value, classic=False)
    if field.multiple:
        return value or []
    if field.kind == "boolean" and field.user_field:
        return "Y" if value else "N"
    return int(value) if isinstance(value, float) and value.is_integer() else value


def print_classic(portal: Portal, field: Field, value: Any) -> Any:
    """A stored value the way classic methods print it: almost everything is text."""
    if field.kind == "file":
        return _print_files(portal, field, value, classic=True)
    if field.multiple:
        if not value:
            return False if field.user_field else []
        return [_classic_text(field, item) for item in value]
    return _classic_text(field, value)


def _classic_text(field: Field, value: Any) -> Any:
    if value is None:
        return "" if field.user_field else None
    if field.kind == "double" and not field.user_field:
        return f"{value:.2f}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, dict) else str(value)


def _print_files(portal: Portal, field: Field, value: Any, *, classic: bool) -> Any:
    if field.multiple:
        return [files.describe(portal, item, classic=classic) for item in value or ()]
    return files.describe(portal, value, classic=classic) if value else None
