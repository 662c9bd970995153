"""`select`, `filter`, `order` and `pagination` of REST 3.0, over items that are already printed.

Used by operations that give items. It knows names and types of fields only from what it is told.
"""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Collection
from typing import Any

from sandbox.portal.version3.errors import RefusedError, invalid, wrong_type

Item = dict[str, Any]
COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "in": lambda value, wanted: value in wanted,
    "between": lambda value, wanted: wanted[0] <= value <= wanted[1],
}
LARGEST_PAGE, PAGE = 1000, 50


def names(value: Any) -> list[str]:
    """The names in a `select`. Raises RefusedError."""
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise RefusedError("INVALIDSELECT", f"Unable to recognize select expression `{_said(value)}`")
    return value


def fitting(items: list[Item], conditions: Any, entity: str, filterable: Collection[str]) -> list[Item]:
    """The items that all conditions hold for. Raises RefusedError."""
    if conditions is None:
        return items
    if not isinstance(conditions, list):
        raise RefusedError("INVALIDFILTER", f"Unable to recognize filter expression `{_said(conditions)}`")
    checks = [_check(condition, entity, filterable) for condition in conditions]
    return [item for item in items if all(check(item) for check in checks)]


def _check(condition: Any, entity: str, filterable: Collection[str]) -> Callable[[Item], bool]:
    if isinstance(condition, dict) and isinstance(condition.get("conditions"), list):
        inner = [_check(part, entity, filterable) for part in condition["conditions"]]
        joined = any if str(condition.get("logic", "and")).lower() == "or" else all
        return lambda item: joined(check(item) for check in inner)
    if not isinstance(condition, list) or len(condition) not in {2, 3} or not isinstance(condition[0], str):
        raise RefusedError("INVALIDFILTER", f"Unable to recognize filter expression `{_said(condition)}`")
    name, wanted = condition[0], condition[-1]
    sign = condition[1] if len(condition) == 3 else "in" if isinstance(wanted, list) else "="
    if sign not in COMPARED:
        raise RefusedError("UNKNOWNFILTEROPERATOR", f"Unknown filter operator `{sign}`")
    if name not in filterable:
        text = f"In DTO `{entity}`, the `{name}` field requires the `Filterable` attribute for such a request"
        raise invalid(name, text)
    if sign in {"in", "between"} and (not isinstance(wanted, list) or (sign == "between" and len(wanted) != 2)):
        raise wrong_type(name, "array")
    return lambda item: _compare(sign, name, item.get(name), wanted)


def _compare(sign: str, name: str, value: Any, wanted: Any) -> bool:
    try:
        return COMPARED[sign](value, wanted)
    except TypeError as error:
        raise wrong_type(name, type(value).__name__) from error


def sorted_by(items: list[Item], order: Any, sortable: Collection[str]) -> list[Item]:
    """The items in the wanted order, by `id` when none is wanted. Raises RefusedError."""
    wanted = {"id": "ASC"} if order is None or order == [] else order
    if not isinstance(wanted, dict):
        raise RefusedError("INVALIDORDER", f"Unable to recognize sorting parameter `{_said(order)}`")
    for name, direction in reversed(wanted.items()):
        if name not in sortable or str(direction).upper() not in {"ASC", "DESC"}:
            raise RefusedError("INVALIDORDER", f"Unable to recognize sorting parameter `{_said(order)}`")
        backwards = str(direction).upper() == "DESC"
        items = sorted(items, key=lambda item: (item.get(name) is not None, item.get(name) or 0), reverse=backwards)
    return items


def page(items: list[Item], pagination: Any) -> list[Item]:
    """One page: `page` counts from 1, `offset` counts when no page is named. Raises RefusedError."""
    if pagination is None or pagination == []:
        return items[:PAGE]
    numbers = list(pagination.values()) if isinstance(pagination, dict) else [None]
    if not all(str(number).isdigit() for number in numbers) or str(pagination.get("limit")) == "0":
        raise RefusedError("INVALIDPAGINATION", f"Unable to recognize the pagination parameter `{_said(pagination)}`")
    limit = min(int(pagination.get("limit", PAGE)), LARGEST_PAGE)
    start = int(pagination.get("offset", 0))
    if "page" in pagination:
        start = max(int(pagination["page"]) - 1, 0) * limit
    return items[start : start + limit]


def _said(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
