"""Conditions of placed robots and triggers: `[{field, operator, value, joiner?}]` over the element's fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.portal.automation import documents
from sandbox.portal.automation.placeholders import as_text
from sandbox.portal.crm.types import EntityType
from sandbox.portal.filters import comparable
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row


def hold(portal: Portal, kind: EntityType, row: Row, conditions: list[dict[str, Any]]) -> bool:
    """Whether all of them hold; `joiner` OR ties a condition to the one before."""
    verdict = True
    for place, condition in enumerate(conditions):
        held = _holds(portal, kind, row, condition)
        either = place > 0 and str(condition.get("joiner", "AND")).upper() == "OR"
        verdict = (verdict or held) if either else (verdict and held)
    return verdict


def _holds(portal: Portal, kind: EntityType, row: Row, condition: dict[str, Any]) -> bool:
    value = documents.value(portal, kind, row, str(condition.get("field", "")))
    wanted = condition.get("value")
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
