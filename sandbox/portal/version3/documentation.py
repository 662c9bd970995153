"""rest.documentation.openapi and rest.scope.list: what there is of REST 3.0 here."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Call
from sandbox.portal.version3.operations import OPERATIONS, operation

GAPS = "Addresses and scopes only, no schemas."


@operation("rest.documentation.openapi", "", gaps=GAPS)
@operation("documentation", "", gaps=GAPS)
def openapi(_call: Call) -> dict[str, Any]:
    """The operations in the form of OpenAPI."""
    modules = sorted({found.name.partition(".")[0] for found in OPERATIONS.values()})
    return {
        "openapi": "3.0.0",
        "info": {"title": "Bitrix24 REST V3 API", "version": "1.0.0"},
        "tags": [{"name": module, "description": f"{module} module methods"} for module in modules],
        "paths": {f"/{found.name}": {} for found in OPERATIONS.values()},
    }


@operation("rest.scope.list", "", gaps=GAPS)
def scopes(_call: Call) -> dict[str, Any]:
    """Operations by the scope that they ask for."""
    named: dict[str, list[str]] = {}
    for found in OPERATIONS.values():
        named.setdefault(found.scope or "basic", []).append(found.name)
    return named
