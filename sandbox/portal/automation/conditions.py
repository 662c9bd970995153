"""Conditions of placed robots and triggers: `[{field, operator, value, joiner?}]` over the element's fields.

A field may also be a placeholder, so that a robot asks what an earlier one returned; values may hold placeholders too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.portal.automation.placeholders import Resolve, as_text, fill
from sandbox.portal.filters import comparable


def hold(resolve: Resolve, conditions: list[dict[str, Any]]) -> bool:
    """Whether all of them hold; `joiner` OR ties a condition to the one before. `resolve` reads (source, name)."""
    verdict = True
    for place, condition in enumerate(conditions):
        held = _holds(resolve, condition)
        either = place > 0 and str(condition.get("joiner", "AND")).upper() == "OR"
        verdict = (verdict or held) if either else (verdict and held)
    return verdict


def _holds(resolve: Resolve, condition: dict[str, Any]) -> bool:
    field = str(condition.get("field", ""))
    value = fill(field, resolve) if field.startswith("{") else resolve("Document", field)
    wanted = fill(condition.get("value"), resolve)
    operator = str(condition.get("operator", "="))
    test = _TESTS.get(operator)
    return test(value, wanted) if test else False


def _list(value: Any) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [as_text(item).casefold() for item in items]


def _number(value: Any) -> float:
    return float(comparable("double", as_text(value).partition("|")[0]) or 0)


_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda value, wanted: _list(value) == _list(wanted),
    "!=": lambda value, wanted: _list(value) != _list(wanted),
    ">": lambda value, wanted: _number(value) > _number(wanted),
    ">=": lambda value, wanted: _number(value) >= _number(wanted),
    "<": lambda value, wanted: _number(value) < _number(wanted),
    "<=": lambda value, wanted: _number(value) <= _number(wanted),
    "in": lambda value, wanted: bool(set(_list(value)) & set(_list(wanted))),
    "contain": lambda value, wanted: as_text(wanted).casefold() in as_text(value).casefold(),
    "!contain": lambda value, wanted: as_text(wanted).casefold() not in as_text(value).casefold(),
    "empty": lambda value, _wanted: as_text(value) in {"", "0", "0.00", "False"},
    "!empty": lambda value, _wanted: as_text(value) not in {"", "0", "0.00", "False"},
}
