"""OPTIONS of `placement.bind`: which of them a placement keeps, which values it refuses."""

from __future__ import annotations

import re
from typing import Any

from sandbox.contract import load
from sandbox.portal.errors import RestError

_NUMBER = re.compile(r"DYNAMIC_\d+")
ICON = re.compile(r"[A-Za-z -]{1,50}")
DEFAULTS = {"extranet": "N", "context": "ALL", "role": "USER"}


def facts_of(code: str) -> dict[str, Any]:
    """What is documented about a placement; placements of smart processes share one entry."""
    known: dict[str, Any] = load("bitrix24")["placements"]
    return known.get(code) or known.get(_NUMBER.sub("DYNAMIC_XXX", code)) or {}


def documented(code: str) -> dict[str, Any]:
    """The options that a placement knows."""
    options: dict[str, Any] = facts_of(code).get("register_options") or {}
    return options


def check(code: str, options: dict[str, Any]) -> None:
    """Refuses options that a placement of the messenger does not take. Raises RestError with HTTP 200."""
    known = documented(code)
    if "role" not in known:
        return
    icon = str(options.get("iconName") or "")
    if known.get("iconName", {}).get("required") and not icon:
        raise RestError("ERROR_ARGUMENT", "Argument 'iconName' is null or empty", 200, argument="iconName")
    if icon and "iconName" in known and not ICON.fullmatch(icon):
        raise RestError("ERROR_ARGUMENT", "Argument 'iconName' is not valid", 200, argument="iconName")
    for name in DEFAULTS:
        allowed = known.get(name, {}).get("enum")
        given = [part for part in str(options.get(name) or "").split(";") if part]
        if allowed and not set(given) <= set(allowed):
            raise RestError(f"INVALID_ERROR_{name.upper()}", f"Invalid value of the option {name}", 200)


def kept(code: str, options: dict[str, Any]) -> dict[str, Any]:
    """The options that stay with the registration: documented ones, defaults of the messenger's placements."""
    known = documented(code)
    defaults = {name: value for name, value in DEFAULTS.items() if name in known}
    return defaults | {name: value for name, value in options.items() if name in known}
