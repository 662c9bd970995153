"""Putting into the inbox what the portal told a second time, unless it arrived when it happened. Called by whoever looks for missed events.

An event that comes by itself carries a moment to the second, a record that is fetched later the moment of the change: both name one
fact when they say the same within a second. Another change may lie that close; what the event led to, a look at the item, happens later
than that, so that it saw both.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from b24app.bitrix24 import query
from b24app.bitrix24.accepting import facts_of_event, store
from storage import inbox

APART_SECONDS = 1
"""Shorter than `crm_edits.SETTLE`: whatever is taken for known had happened when the item was looked at."""


def accept(connection: Connection, event: str, data: Any, at: int) -> bool:
    """Store a fact that happened at a moment (seconds since 1970), once; answers whether it was new. The caller commits."""
    moments = sorted(range(at - APART_SECONDS, at + APART_SECONDS + 1), key=lambda moment: abs(moment - at))
    said = _as_sent(data)
    same = [next(facts_of_event({"event": event, "data": said, "ts": str(moment)})) for moment in moments]
    fact = same[0]
    if inbox.knows(connection, fact.source, [one.key for one in same]):
        return False
    return store(connection, fact)


def _as_sent(value: Any) -> Any:
    # An event that comes by itself is a form, in which everything is text.
    if isinstance(value, Mapping):
        return {str(key): _as_sent(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_sent(item) for item in value]
    return query.text(value)
