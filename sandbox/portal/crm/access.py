"""Rights in CRM: each user has access to all items, to his own, or to none; administrators to everything."""

from __future__ import annotations

from sandbox.contract import method_facts
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


def require_reader(call: Call) -> None:
    """Refuses users without any right in CRM to methods whose pages list such a refusal."""
    if level(call) == "none":
        listed = {error["code"] for error in method_facts("bitrix24", call.method).get("errors", ())}
        if listed & {"", "ACCESS_DENIED"}:
            raise denied(classic="" in listed)


def require_any(call: Call, *, classic: bool) -> None:
    """Refuses users without any right in CRM."""
    if level(call) == "none":
        raise denied(classic=classic)


def allows(call: Call, row: Row) -> bool:
    """Whether an item is the caller's to see and change."""
    rights = level(call)
    return rights == "all" or (rights == "own" and str(row.get("assignedById")) == call.user_id)


def require_row(call: Call, row: Row, *, classic: bool) -> None:
    """Refuses an item that is not the caller's to see or change."""
    if not allows(call, row):
        raise denied(classic=classic)


def require_admin(call: Call, *, classic: bool = False) -> None:
    """Refuses everyone who may not change the settings of CRM."""
    if not call.admin:
        raise denied(classic=classic)
