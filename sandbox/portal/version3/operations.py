"""What REST 3.0 can do here: each operation with its scope and whether it changes anything.

Families register theirs; the door looks them up. A handler gets the same `Call` as methods of the other version.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.portal.call import Call
from sandbox.portal.identity import Identity
from sandbox.portal.portal import Portal
from sandbox.portal.version3.errors import RefusedError, missing, wrong_type

Handler = Callable[[Call], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of REST 3.0; `honoured` are its parameters, `gaps` says what is left out of it."""

    name: str
    scope: str
    handler: Handler
    changes: bool
    honoured: tuple[str, ...]
    gaps: str


OPERATIONS: dict[str, Operation] = {}


def operation(
    name: str, scope: str, *honoured: str, changes: bool = False, gaps: str = ""
) -> Callable[[Handler], Handler]:
    """Registers a handler under the documented name."""

    def register(handler: Handler) -> Handler:
        OPERATIONS[name.lower()] = Operation(name, scope, handler, changes, honoured, gaps)
        return handler

    return register


def run(portal: Portal, identity: Identity, name: str, params: Any) -> dict[str, Any]:
    """The result of one operation. Raises RefusedError."""
    found = OPERATIONS.get(name)
    if found is None:
        raise RefusedError("METHODNOTFOUND", f"Method `{name}` not found", 404)
    if found.scope and identity.scopes is not None and found.scope not in identity.scopes:
        text = f"The request requires the scope `{found.scope}`"
        raise RefusedError("INSUFFICIENTSCOPE", text, 403)
    if not isinstance(params, dict):
        raise RefusedError("INVALIDJSON", "The request body is not a JSON object")
    return found.handler(Call(portal, identity, found.name, params))


def number(call: Call, name: str = "id") -> int:
    """A required whole number, which text is not. Raises RefusedError."""
    value = call.params.get(name)
    if value is None:
        raise missing(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise wrong_type(name, "int")
    return value


def fields(call: Call) -> dict[str, Any]:
    """The required `fields`. Raises RefusedError."""
    value = call.params.get("fields")
    if not value:
        raise missing("fields")
    if not isinstance(value, dict):
        raise wrong_type("fields", "array")
    return value
