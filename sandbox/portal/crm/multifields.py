"""Phones, e-mails, sites, messengers of leads, contacts and companies (`fm`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sandbox.portal.call import to_int, to_map
from sandbox.portal.errors import RestError
from sandbox.portal.portal import Portal

KINDS = ("PHONE", "EMAIL", "WEB", "IM", "LINK")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
Entry = dict[str, Any]
FLAT = {
    "phoneMobile": ("PHONE", "MOBILE"),
    "phoneWork": ("PHONE", "WORK"),
    "phoneMailing": ("PHONE", "MAILING"),
    "emailHome": ("EMAIL", "HOME"),
    "emailWork": ("EMAIL", "WORK"),
    "emailMailing": ("EMAIL", "MAILING"),
    "imol": ("IM", "IMOL"),
    "email": ("EMAIL", None),
    "phone": ("PHONE", None),
}
FLAGS = {"hasPhone": "PHONE", "hasEmail": "EMAIL", "hasImol": "IM"}


def merge(portal: Portal, held: list[Entry], sent: list[Entry]) -> list[Entry]:
    """Applies sent entries: with a known id they change or (empty, or marked) remove, else they are added. Refuses
    addresses that are none."""
    merged = [dict(entry) for entry in held]
    for entry in sent:
        known = next((own for own in merged if own["id"] == entry["id"]), None) if entry["id"] else None
        value = str(entry.get("value") or "").strip()
        if value and entry["typeId"] == "EMAIL" and not entry.get("delete") and not EMAIL.fullmatch(value):
            raise RestError("ERROR_CORE", "The E-mail field contains an invalid address", 400)
        if known and (entry.get("delete") or not value):
            merged.remove(known)
        elif known:
            known["value"] = value
            known["valueType"] = entry.get("valueType") or known["valueType"]
        elif value and not entry.get("delete"):
            merged.append(
                {
                    "id": int(portal.store.next_id("multifields")),
                    "typeId": entry["typeId"],
                    "valueType": entry.get("valueType") or "WORK",
                    "value": value,
                }
            )
    return merged


def from_classic(kind: str, value: Any) -> list[Entry]:
    """`[{"ID", "VALUE", "VALUE_TYPE", "DELETE"}]` of a PHONE or EMAIL field."""
    entries = []
    for item in to_map(value).values():
        given = {str(key).upper(): part for key, part in item.items()} if isinstance(item, dict) else {"VALUE": item}
        entries.append(
            {
                "id": to_int(given.get("ID")),
                "typeId": kind,
                "valueType": str(given.get("VALUE_TYPE") or ""),
                "value": given.get("VALUE"),
                "delete": str(given.get("DELETE", "")).upper() == "Y",
            }
        )
    return entries


def from_item(value: Any) -> list[Entry]:
    """The `fm` of crm.item.*: a list, or a map whose keys are known ids or n0, n1…"""
    entries = []
    for key, item in to_map(value).items():
        if not isinstance(item, dict):
            continue
        by_key = to_int(key) if isinstance(value, dict) else 0
        entries.append(
            {
                "id": to_int(item.get("id")) or by_key,
                "typeId": str(item.get("typeId") or "").upper(),
                "valueType": str(item.get("valueType") or ""),
                "value": item.get("value"),
                "delete": str(item.get("delete", item.get("DELETE", ""))).upper() == "Y",
            }
        )
    return [entry for entry in entries if entry["typeId"] in KINDS or entry["id"]]


def to_classic(held: list[Entry], kind: str) -> list[dict[str, str]]:
    """The entries of one kind the way classic methods print them."""
    return [
        {"ID": str(entry["id"]), "VALUE_TYPE": entry["valueType"], "VALUE": entry["value"], "TYPE_ID": kind}
        for entry in held
        if entry["typeId"] == kind
    ]


def flat(row: Mapping[str, Any], name: str) -> str:
    """Values like `phoneWork` and flags like `hasPhone`, derived from the entries."""
    held = row.get("fm") or []
    if name in FLAGS:
        return "Y" if any(entry["typeId"] == FLAGS[name] for entry in held) else "N"
    kind, value_type = FLAT[name]
    fitting = (e["value"] for e in held if e["typeId"] == kind and value_type in {None, e["valueType"]})
    return str(next(fitting, ""))
