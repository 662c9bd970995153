"""Rights in CRM: each user has access to all items, to his own, or to none; administrators to everything."""

from __future__ import annotations

from sandbox.portal.call import Call
from sandbox.portal.errors import RestError
from sandbox.portal.store import Row


def level(call: Call) -> str:
    """`all`, `own` or `none`."""
    if call.admin:
        return "all"
    return str(call.user.get("CRM_ACCESS", "none"))


def denied(*, classic: bool) -> RestError:
    """The refusal in the form of each family."""
    if classic:
        return RestError("", "Access denied.", 400)
    return RestError("ACCESS_DENIED", "Access denied", 400)


def require_any(call: Call, *, classic: bool) -> None:
    """Refuses users without any right in CRM."""
    if level(call) == "none":
        raise denied(classic=classic)


def require_row(call: Call, row: Row, *, classic: bool) -> None:
    """Refuses an item that is not the caller's to see or change."""
    rights = level(call)
    if rights == "none" or (rights == "own" and str(row.get("assignedById")) != call.user_id):
        raise denied(classic=classic)


def require_admin(call: Call, *, classic: bool = False) -> None:
    """Refuses everyone who may not change the settings of CRM."""
    if not call.admin:
        raise denied(classic=classic)
