"""CRM elements as the timeline sees them: type codes, existence, rights of a user.

Used by comments, activities, automation and open lines. It knows only that elements of type N are rows of the table
`crm_N`.
"""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Call
from sandbox.portal.errors import RestError
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row

CODES = {"lead": 1, "deal": 2, "contact": 3, "company": 4, "invoice": 5, "quote": 7, "order": 14, "smart_invoice": 31}
NAMES = {number: name for name, number in CODES.items()}


def type_id(code: Any) -> int | None:
    """`deal` → 2, `dynamic_1046` → 1046, in any case; None when it is no type."""
    text = str(code or "").lower()
    if text in CODES:
        return CODES[text]
    prefix, _, number = text.partition("_")
    return int(number) if prefix == "dynamic" and number.isdigit() else None


def type_code(number: int) -> str:
    """2 → `deal`, 1046 → `dynamic_1046`."""
    return NAMES.get(number, f"dynamic_{number}")


def find(portal: Portal, entity_type_id: int, item_id: Any) -> Row | None:
    """The row of an element."""
    return portal.store.table(f"crm_{entity_type_id}").get(str(item_id))


def responsible(row: Row) -> str:
    """The id of the user responsible for an element."""
    return str(row.get("assignedById") or "")


def allowed(portal: Portal, user_id: str, row: Row) -> bool:
    """Whether a user may see and change an element."""
    user = portal.users[user_id]
    access = "all" if user.get("ADMIN") else user.get("CRM_ACCESS", "none")
    return bool(access == "all" or (access == "own" and responsible(row) == user_id))


def require(call: Call, entity_type_id: int | None, item_id: Any, *, missing: str = "OWNER_NOT_FOUND") -> Row:
    """The element, when it exists and the caller may work with it. Raises RestError."""
    row = find(call.portal, entity_type_id, item_id) if entity_type_id else None
    if row is None:
        raise RestError(missing, "Owner was not found")
    if not allowed(call.portal, call.user_id, row):
        raise RestError("ACCESS_DENIED", "Access denied.")
    return row
