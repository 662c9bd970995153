"""main.eventlog.list and main.eventlog.get of REST 3.0: that every employee was authorized once is all that is known."""

from __future__ import annotations

import json
from typing import Any

from sandbox.portal.call import Call
from sandbox.portal.version3 import expressions
from sandbox.portal.version3.errors import RefusedError, denied, not_found
from sandbox.portal.version3.operations import number, operation

SCOPE = "main"
FIELDS = (
    *("id", "timestampX", "severity", "auditTypeId", "moduleId", "itemId", "remoteAddr", "userAgent", "requestUri"),
    *("siteId", "userId", "guestId", "description"),
)
FILTERABLE = frozenset({"id", "timestampX", "auditTypeId", "userId", "guestId"})
GAPS = "Holds one authorization for each employee."
Result = dict[str, Any]


def _entries(call: Call) -> list[Result]:
    if not call.admin:
        raise denied()
    return [
        {
            **dict.fromkeys(FIELDS),
            "id": place,
            "timestampX": call.portal.stamp(),
            "severity": "SECURITY",
            "auditTypeId": "USER_AUTHORIZE",
            "moduleId": "main",
            "itemId": user_id,
            "userId": int(user_id),
            "description": json.dumps({"userId": int(user_id)}),
        }
        for place, user_id in enumerate(call.portal.users, 1)
    ]


def _shown(call: Call, entry: Result) -> Result:
    wanted = expressions.names(call.params.get("select"))
    for name in wanted:
        if name not in FIELDS:
            raise RefusedError("UNKNOWNDTOPROPERTY", f"Unknown field `{name}` for entity `EventLogDto`")
    return {name: entry[name] for name in wanted or FIELDS}


@operation("main.eventlog.list", SCOPE, "select", "filter", "order", "pagination", gaps=GAPS)
def log_list(call: Call) -> Result:
    """Entries by filter."""
    items = expressions.fitting(_entries(call), call.params.get("filter"), "EventLogDto", FILTERABLE)
    items = expressions.sorted_by(items, call.params.get("order"), FILTERABLE)
    return {"items": [_shown(call, item) for item in expressions.page(items, call.params.get("pagination"))]}


@operation("main.eventlog.get", SCOPE, "id", "select", gaps=GAPS)
def log_get(call: Call) -> Result:
    """One entry."""
    wanted = number(call)
    for entry in _entries(call):
        if entry["id"] == wanted:
            return {"item": _shown(call, entry)}
    raise not_found(wanted)
