"""Values of CRM fields for people: printed with links and names, and described for editing in place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.portal.crm import stages, types
from sandbox.portal.pages import addresses
from sandbox.portal.pages.visit import Visit
from sandbox.portal.store import Row

LINKS = {
    "crm_company": types.COMPANY,
    "crm_contact": types.CONTACT,
    "crm_lead": types.LEAD,
    "crm_deal": types.DEAL,
}
PEOPLE = frozenset({"user", "employee"})
Shown = dict[str, Any]


def money(amount: Any, currency: str) -> str:
    """100000.5, USD → `100 000.50 USD`; nothing when there is no amount."""
    try:
        value = float(amount)
    except (TypeError, ValueError):
        return ""
    if not value:
        return ""
    text = f"{value:,.2f}".replace(",", "\u00a0").removesuffix(".00")
    return f"{text}\u00a0{currency}".strip()


def person(visitor: Visit, user_id: Any) -> str:
    """The name of an employee."""
    row = visitor.portal.users.get(str(user_id or ""))
    return f"{row['NAME']} {row['LAST_NAME']}" if row else ""


def linked(visitor: Visit, number: int, item_id: Any) -> Shown | None:
    """The name and address of an item."""
    row = visitor.portal.store.table(f"crm_{number}").get(str(item_id or ""))
    if row is None:
        return None
    name = f"{row.get('name') or ''} {row.get('lastName') or ''}".strip()
    return {"text": row.get("title") or name or f"#{row['id']}", "path": addresses.details(number, row["id"])}


def client(visitor: Visit, item: Row) -> Shown | None:
    """The company of an item, else its contact."""
    company = linked(visitor, types.COMPANY, item.get("companyId"))
    return company or linked(visitor, types.CONTACT, item.get("contactId"))


def printed(visitor: Visit, facts: Row, value: Any) -> list[Shown]:
    """A value as parts `{text, path?, date?}`; empty when there is nothing to show."""
    values = value if isinstance(value, list) else [value]
    parts = [_part(visitor, facts, item) for item in values if item not in (None, "", {}, [])]
    return [part for part in parts if part]


def _part(visitor: Visit, facts: Row, value: Any) -> Shown | None:
    kind = facts["type"]
    if kind in LINKS:
        return linked(visitor, LINKS[kind], value)
    if kind in _PRINTERS:
        return _PRINTERS[kind](visitor, facts, value)
    if facts.get("items") or facts.get("statusType"):
        return _choice(visitor, facts, value)
    return {"text": str(value)}


def _choice(visitor: Visit, facts: Row, value: Any) -> Shown:
    entries = directory(visitor, facts) if facts.get("statusType") else items(facts)
    return {"text": next((entry["text"] for entry in entries if entry["value"] == str(value)), str(value))}


def _money(_visitor: Visit, _facts: Row, value: Any) -> Shown:
    amount, _, currency = str(value).partition("|")
    return {"text": money(amount, currency) or "0"}


def _file(_visitor: Visit, _facts: Row, value: Any) -> Shown | None:
    return {"text": f"📎 {value.get('id')}", "path": value.get("url", "")} if isinstance(value, dict) else None


def _url(_visitor: Visit, _facts: Row, value: Any) -> Shown:
    safe = str(value).startswith(("http://", "https://"))
    return {"text": str(value), **({"path": str(value)} if safe else {})}


def _employee(visitor: Visit, _facts: Row, value: Any) -> Shown | None:
    name = person(visitor, value)
    return {"text": name} if name else None


def _flag(_visitor: Visit, _facts: Row, value: Any) -> Shown:
    return {"yes": str(value) in {"Y", "1", "True"}}


def _date(_visitor: Visit, _facts: Row, value: Any) -> Shown:
    return {"date": value}


def _any_link(visitor: Visit, facts: Row, value: Any) -> Shown | None:
    prefixes = {"L": types.LEAD, "D": types.DEAL, "C": types.CONTACT, "CO": types.COMPANY}
    prefix, _, number = str(value).rpartition("_")
    if prefix:
        return linked(visitor, prefixes.get(prefix, 0), number)
    for name, wanted in (facts.get("settings") or {}).items():
        if wanted == "Y" and name.lower() in addresses.NUMBERS:
            return linked(visitor, addresses.NUMBERS[name.lower()], value)
    return {"text": str(value)}


_PRINTERS: dict[str, Callable[[Visit, Row, Any], Shown | None]] = {
    "crm": _any_link,
    "user": _employee,
    "employee": _employee,
    "enumeration": _choice,
    "money": _money,
    "file": _file,
    "url": _url,
    "boolean": _flag,
    "char": _flag,
    "date": _date,
    "datetime": _date,
}


def items(facts: Row) -> list[dict[str, str]]:
    """The entries of a field that has a list of its own."""
    return [{"value": str(item["ID"]), "text": item["VALUE"]} for item in facts.get("items", ())]


def directory(visitor: Visit, facts: Row) -> list[dict[str, str]]:
    """The entries that a field of a directory chooses from."""
    rows = stages.of_directory(visitor.portal, facts["statusType"])
    return [{"value": str(row["STATUS_ID"]), "text": row["NAME"]} for row in rows]


def editor(visitor: Visit, name: str, facts: Row, value: Any) -> Shown | None:
    """How a field is edited: `{name, type, many, value, options?}`; None when it is not."""
    kind = facts["type"]
    if facts.get("isReadOnly") or kind in {"file", "crm_category", "location", "crm_multifield", "address"}:
        return None
    described: Shown = {"name": name, "type": kind, "many": bool(facts.get("isMultiple")), "value": value}
    if kind == "enumeration" or facts.get("items"):
        described["options"] = items(facts)
    elif facts.get("statusType"):
        described["options"] = directory(visitor, facts)
    elif kind in PEOPLE:
        described["options"] = [
            {"value": row["ID"], "text": f"{row['NAME']} {row['LAST_NAME']}"} for row in visitor.portal.users.values()
        ]
    elif kind in {"crm_currency", "money"}:
        named = [row["CURRENCY"] for row in visitor.portal.store.rows("crm_currencies")]
        described["options"] = [{"value": code, "text": code} for code in named]
    return described
