"""Small CRM families: `crm.currency.*`, `crm.duplicate.findbycomm`, `crm.settings.mode.get`, enumerations."""

from __future__ import annotations

import re
from typing import Any

from sandbox.portal.call import Answer, Call, to_int, to_map
from sandbox.portal.crm import access, types
from sandbox.portal.errors import RestError
from sandbox.portal.events import emit
from sandbox.portal.registry import method
from sandbox.portal.store import Row

MAX_VALUES = 20
MAX_FOUND = 20
CLASSIC_MODE = 1
NAMES = {"USD": "US Dollar", "EUR": "Euro", "RUB": "Russian Ruble", "UZS": "Uzbekistan Sum"}


def _show_currency(row: Row) -> dict[str, Any]:
    code = row["CURRENCY"]
    shown = {key: row[key] for key in ("CURRENCY", "AMOUNT_CNT", "AMOUNT", "SORT", "BASE")}
    shown |= {"FULL_NAME": NAMES.get(code, code), "LID": "ru", "FORMAT_STRING": f"# {row['sign']}", "DEC_POINT": "."}
    return {**shown, "THOUSANDS_SEP": "&nbsp;", "DECIMALS": "2", "DATE_UPDATE": row["DATE_UPDATE"]}


@method("crm.currency.list", ignores=("order",))
def currency_list(call: Call) -> Answer:
    """All currencies."""
    access.require_any(call, classic=True)
    rows = sorted(call.portal.store.rows("crm_currencies"), key=lambda row: int(row["SORT"]))
    return Answer([_show_currency(row) for row in rows], total=len(rows))


def _currency(call: Call) -> Row:
    row = call.portal.store.table("crm_currencies").get(call.text("id").upper())
    if row is None:
        raise RestError("", "Not found", 400)
    return row


@method("crm.currency.get", validate=False)
def currency_get(call: Call) -> dict[str, Any]:
    """One currency."""
    access.require_any(call, classic=True)
    row = _currency(call)
    return {**_show_currency(row), "LANG": _localizations(row) or []}


LOCALIZATION = (
    "FORMAT_STRING",
    "FULL_NAME",
    "DEC_POINT",
    "THOUSANDS_SEP",
    "DECIMALS",
    "THOUSANDS_VARIANT",
    "HIDE_ZERO",
)


def _localizations(row: Row) -> dict[str, Any]:
    return dict(row.get("localizations") or {})


@method("crm.currency.localizations.fields")
def localization_fields(call: Call) -> dict[str, Any]:
    """Descriptions of the parts of a localization."""
    access.require_reader(call)
    flags = {"isRequired": False, "isReadOnly": False, "isImmutable": False, "isMultiple": False, "isDynamic": False}
    kinds = {"DECIMALS": "integer", "HIDE_ZERO": "char"}
    return {name: {"type": kinds.get(name, "string"), **flags, "title": name} for name in LOCALIZATION}


@method("crm.currency.localizations.get", validate=False)
def localizations_get(call: Call) -> dict[str, Any] | list[Any]:
    """How amounts are written, by language."""
    access.require_any(call, classic=True)
    return _localizations(_currency(call)) or []


@method("crm.currency.localizations.set", validate=False, missing="Amounts are not printed by these formats.")
def localizations_set(call: Call) -> bool:
    """Adds or changes localizations."""
    access.require_admin(call, classic=True)
    _localize(_currency(call), call.get("localizations"))
    call.portal.store.touch()
    return True


def _localize(row: Row, sent: Any) -> None:
    held: dict[str, Any] = row.setdefault("localizations", {})
    for language, parts in to_map(sent).items():
        given = {name: value for name, value in to_map(parts).items() if name in LOCALIZATION}
        held[language] = {**dict.fromkeys(LOCALIZATION), **held.get(language, {}), **given}


@method("crm.currency.localizations.delete", validate=False)
def localizations_delete(call: Call) -> bool:
    """Removes localizations of languages."""
    access.require_admin(call, classic=True)
    held = _currency(call).get("localizations") or {}
    for language in map(str, to_map(call.get("lids")).values()):
        held.pop(language, None)
    call.portal.store.touch()
    return True


@method("crm.currency.add", validate=False)
def currency_add(call: Call) -> str:
    """A new currency."""
    access.require_admin(call, classic=True)
    sent = {str(key).upper(): value for key, value in call.mapping("fields").items()}
    for name in ("CURRENCY", "AMOUNT_CNT", "AMOUNT"):
        if not sent.get(name):
            raise RestError("ERROR_CORE", f'Undefined array key "{name}"', 400)
    code = str(sent["CURRENCY"]).upper()
    table = call.portal.store.table("crm_currencies")
    if code in table or not re.fullmatch(r"[A-Z]{3}", code):
        raise RestError("ERROR_CORE", f"Currency {code} cannot be added", 400)
    table[code] = {
        "CURRENCY": code,
        "AMOUNT_CNT": str(sent["AMOUNT_CNT"]),
        "AMOUNT": str(sent["AMOUNT"]),
        "SORT": str(to_int(sent.get("SORT"), 100)),
        "BASE": "N",
        "NUMCODE": "",
        "sign": code,
        "DATE_UPDATE": call.portal.stamp(),
    }
    _localize(table[code], sent.get("LANG"))
    call.portal.store.touch()
    emit(call.portal, "ONCRMCURRENCYADD", {"FIELDS": {"ID": code}}, call.actor)
    return code


@method("crm.currency.update", validate=False)
def currency_update(call: Call) -> bool:
    """Changes the rate, the order or how amounts are written."""
    access.require_admin(call, classic=True)
    row = _currency(call)
    sent = {str(key).upper(): value for key, value in call.mapping("fields").items()}
    row.update({key: str(sent[key]) for key in ("AMOUNT", "AMOUNT_CNT", "SORT") if sent.get(key) is not None})
    row["DATE_UPDATE"] = call.portal.stamp()
    _localize(row, sent.get("LANG"))
    call.portal.store.touch()
    emit(call.portal, "ONCRMCURRENCYUPDATE", {"FIELDS": {"ID": row["CURRENCY"]}}, call.actor)
    return True


@method("crm.currency.delete", validate=False)
def currency_delete(call: Call) -> bool:
    """Removes a currency that is not the base one."""
    access.require_admin(call, classic=True)
    row = _currency(call)
    if row["BASE"] == "Y":
        raise RestError("ERROR_CORE", "Base currency cannot be deleted", 400)
    del call.portal.store.table("crm_currencies")[row["CURRENCY"]]
    emit(call.portal, "ONCRMCURRENCYDELETE", {"FIELDS": {"ID": row["CURRENCY"]}}, call.actor)
    return True


@method("crm.currency.fields")
def currency_fields(call: Call) -> dict[str, Any]:
    """Descriptions of the fields of a currency."""
    access.require_reader(call)
    kinds = {"CURRENCY": "string", "BASE": "char", "AMOUNT_CNT": "integer", "AMOUNT": "double", "SORT": "integer"}
    kinds |= dict.fromkeys(("FULL_NAME", "LID", "FORMAT_STRING", "DEC_POINT", "THOUSANDS_SEP"), "string")
    kinds |= {"DECIMALS": "integer", "DATE_UPDATE": "datetime", "LANG": "currency_localization"}
    flags = {"isReadOnly": False, "isImmutable": False, "isMultiple": False, "isDynamic": False}
    required = {"CURRENCY", "AMOUNT_CNT", "AMOUNT"}
    return {
        name: {"type": kind, "isRequired": name in required, **flags, "title": name} for name, kind in kinds.items()
    }


@method("crm.currency.base.get")
def base_get(call: Call) -> str:
    """The base currency."""
    return str(call.portal.store.values["base_currency"])


@method("crm.currency.base.set", validate=False)
def base_set(call: Call) -> bool:
    """Makes a currency the base one."""
    access.require_admin(call, classic=True)
    chosen = _currency(call)
    for row in call.portal.store.rows("crm_currencies"):
        row["BASE"] = "Y" if row is chosen else "N"
    call.portal.store.values["base_currency"] = chosen["CURRENCY"]
    call.portal.store.touch()
    return True


def normalized(kind: str, value: Any) -> str:
    """A phone as its digits without extension, an e-mail without case."""
    text = str(value).strip().lower()
    if kind == "PHONE":
        digits = re.sub(r"\D", "", re.split(r"ext|доб|[;,#]", text)[0])
        return f"7{digits[1:]}" if len(digits) == 11 and digits.startswith("8") else digits
    return text


@method("crm.duplicate.findbycomm", validate=False)
def find_duplicates(call: Call) -> dict[str, list[int]] | list[Any]:
    """Numbers of leads, contacts and companies that have one of the phones or e-mails."""
    access.require_any(call, classic=True)
    kind = call.text("type").upper()
    if not kind:
        raise RestError("", "Communication type is not defined", 400)
    if kind not in {"PHONE", "EMAIL"}:
        raise RestError("", f"Communication type '{kind}' is not supported in current context", 400)
    wanted = {normalized(kind, value) for value in list(to_map(call.get("values")).values())[:MAX_VALUES]} - {""}
    if not wanted:
        raise RestError("", "Communication values is not defined", 400)
    only = call.text("entity_type").upper()
    found: dict[str, list[int]] = {}
    for number in (types.LEAD, types.CONTACT, types.COMPANY):
        entity = types.SYSTEM[number]
        if only and entity.name != only:
            continue
        ids = [row["id"] for row in call.portal.store.rows(entity.table) if _has(row, kind, wanted)]
        if ids:
            found[entity.name] = ids[:MAX_FOUND]
        if len(ids) >= MAX_FOUND:
            break
    return found or []


def _has(row: Row, kind: str, wanted: set[str]) -> bool:
    return any(e["typeId"] == kind and normalized(kind, e["value"]) in wanted for e in row.get("fm") or ())


@method("crm.settings.mode.get")
def settings_mode(_call: Call) -> int:
    """The mode of CRM: with leads."""
    return CLASSIC_MODE


@method("crm.multifield.fields")
def multifield_fields(_call: Call) -> dict[str, Any]:
    """Descriptions of the parts of a multifield."""
    fixed = {"ID": True, "TYPE_ID": False, "VALUE": False, "VALUE_TYPE": False}
    return {
        name: {"type": "integer" if name == "ID" else "string", "isRequired": False, "isReadOnly": read_only}
        | {"isImmutable": False, "isMultiple": False, "isDynamic": False, "title": name}
        for name, read_only in fixed.items()
    }
