"""Who may do what on Disk: everybody on the shared drive, owners on their own, others as far as a folder was shared.

Called by the methods of disk.*. Administrators may do everything; an application everything on its own drive.
"""

from __future__ import annotations

from sandbox.portal.call import Call
from sandbox.portal.disk import objects
from sandbox.portal.errors import RestError
from sandbox.portal.store import Row

SHARES = "disk_shares"
READ, ADD, EDIT, FULL = "disk_access_read", "disk_access_add", "disk_access_edit", "disk_access_full"
LEVELS = {
    FULL: ("79", "Full Access"),
    EDIT: ("75", "Editing"),
    ADD: ("73", "Adding"),
    READ: ("71", "Reading"),
}
_ORDER = (READ, ADD, EDIT, FULL)


def require(call: Call, kind: str, name: str = "id", level: str = READ) -> Row:
    """The object of a parameter. Raises ERROR_NOT_FOUND, or ACCESS_DENIED when the caller's level is below `level`."""
    row = objects.require(call, kind, name)
    check(call, row, level)
    return row


def check(call: Call, row: Row, level: str) -> None:
    """Raises ACCESS_DENIED unless the caller has at least this level on a folder or file."""
    held = _level(call, row)
    if held is None or _ORDER.index(held) < _ORDER.index(level):
        raise RestError("ACCESS_DENIED", "Access denied")


def _level(call: Call, row: Row) -> str | None:
    storage = call.portal.store.table(objects.STORAGES).get(row["STORAGE_ID"], {})
    kind, owner = storage.get("ENTITY_TYPE", "common"), storage.get("ENTITY_ID")
    own = owner == (call.identity.app_id if kind == "restapp" else call.user_id)
    if kind == "common" or own or call.admin:
        return FULL
    return _shared(call, row)


def _shared(call: Call, row: Row) -> str | None:
    """The level that the nearest shared folder above, or the object itself, gives."""
    table = call.portal.store.table(objects.OBJECTS)
    shares = call.portal.store.table(SHARES)
    place: Row | None = row
    while place is not None:
        given = shares.get(f"{place['ID']}:{call.user_id}")
        if given is not None:
            return str(given["level"])
        place = table.get(place["PARENT_ID"])
    return None
