"""`batch` of REST 3.0: a list of calls, each with its `query`; the first mistake refuses the whole request.

`{"$ref": "NAME.field"}` stands for a field of an earlier item, `{"$refArray": "NAME.field"}` for that field of all
earlier items; NAME is what an earlier call set `as`, or its place from 0.
"""

from __future__ import annotations

from typing import Any

from sandbox.portal.identity import Identity
from sandbox.portal.portal import Portal
from sandbox.portal.version3.errors import RefusedError
from sandbox.portal.version3.operations import run

MAX_CALLS = 50
Results = dict[str, Any]


def run_all(portal: Portal, identity: Identity, _name: str, calls: Any) -> list[Any]:
    """The results in the order of the calls; a map with numbers for keys is a list, `auth` beside them counts for nothing.

    Raises RefusedError.
    """
    if isinstance(calls, dict) and all(key.isdigit() or key == "auth" for key in calls):
        calls = [called for key, called in calls.items() if key != "auth"]
    if not isinstance(calls, list):
        raise RefusedError("INVALIDSELECT", "Unable to recognize select expression")
    if len(calls) > MAX_CALLS:
        raise RefusedError("BATCHLENGTHEXCEEDED", "Max batch length exceeded")
    done: Results = {}
    results = []
    for place, called in enumerate(calls):
        if not isinstance(called, dict) or not isinstance(called.get("query", {}), dict | list):
            raise RefusedError("INVALIDJSON", "Each call is an object with `method` and `query`")
        query = _filled(called.get("query") or {}, done)
        result = run(portal, identity, str(called.get("method") or "").lower(), query)
        done[str(called.get("as") or place)] = done[str(place)] = result
        results.append(result)
    return results


def _filled(value: Any, done: Results) -> Any:
    if isinstance(value, list):
        return [_filled(item, done) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"$ref"}:
        return next(iter(_found(str(value["$ref"]), done)), None)
    if set(value) == {"$refArray"}:
        return _found(str(value["$refArray"]), done)
    return {key: _filled(item, done) for key, item in value.items()}


def _found(reference: str, done: Results) -> list[Any]:
    name, _, path = reference.partition(".")
    result = done.get(name) or {}
    items = result.get("items", [result.get("item")])
    return [_dig(item, path) for item in items if item is not None]


def _dig(item: Any, path: str) -> Any:
    for part in filter(None, path.split(".")):
        item = item.get(part) if isinstance(item, dict) else None
    return item
