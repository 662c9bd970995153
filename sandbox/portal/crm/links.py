"""Keeps two sides of a link alike: `contactId` with `contactIds`, and a contact's companies with a company's contacts."""

from __future__ import annotations

from sandbox.portal.crm import types
from sandbox.portal.crm.types import EntityType
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row

PAIRS = {"contactId": "contactIds", "companyId": "companyIds"}


def level(kind: EntityType, values: Row) -> None:
    """Completes sent values: the first of a list is the main one, a main one alone is the whole list."""
    for one, many in PAIRS.items():
        if many == "companyIds" and kind.id != types.CONTACT:
            continue
        if many in values:
            values[many] = [number for number in dict.fromkeys(values[many] or ()) if number]
            if values.get(one) not in values[many]:
                values[one] = values[many][0] if values[many] else 0
        elif one in values:
            values[many] = [values[one]] if values[one] else []
    if kind.id == types.COMPANY:
        values.pop("contactId", None)


def mirror(portal: Portal, kind: EntityType, before: Row | None, after: Row | None) -> None:
    """Carries a contact's companies over to the companies, and the other way round."""
    if kind.id == types.CONTACT:
        own, there, other = "companyIds", "contactIds", types.SYSTEM[types.COMPANY]
    elif kind.id == types.COMPANY:
        own, there, other = "contactIds", "companyIds", types.SYSTEM[types.CONTACT]
    else:
        return
    old, new = set((before or {}).get(own) or ()), set((after or {}).get(own) or ())
    item_id = (after or before or {})["id"]
    for number in old ^ new:
        row = portal.store.table(other.table).get(str(number))
        if row is None:
            continue
        linked = [known for known in row.get(there) or () if known != item_id]
        row[there] = [*linked, item_id] if number in new else linked
        if other.id == types.CONTACT:
            row["companyId"] = row[there][0] if row[there] else 0
