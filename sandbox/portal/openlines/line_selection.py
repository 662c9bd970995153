"""The parameters of `imopenlines.config.list.get`, which, unlike other lists, refuses whatever it does not know.

Used by the list of lines; it knows names of columns and forms, not what lines hold.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from sandbox.portal.call import Call, is_yes, to_int, to_map
from sandbox.portal.errors import RestError
from sandbox.portal.filters import split_operator

PARTS = ("select", "filter", "order", "limit", "offset")
OPTIONS = ("QUEUE", "CONFIG_QUEUE", "CHECK_PERMISSION")
PAGE, LARGEST_PAGE = 50, 200


@dataclass(slots=True)
class Selection:
    """What was asked for; `queue` and `config_queue` say what stands beside the columns."""

    select: list[str] = field(default_factory=list)
    filter: dict[str, Any] = field(default_factory=dict)
    order: dict[str, Any] = field(default_factory=dict)
    start: int = 0
    limit: int = PAGE
    queue: bool = False
    config_queue: bool = False


def _refusal(text: str) -> RestError:
    return RestError("INVALID_FORMAT", text)


def read(call: Call, columns: Collection[str]) -> Selection:
    """The selection of a call over `columns`. Raises INVALID_FORMAT for the first thing that does not fit."""
    params, options = call.mapping("PARAMS"), call.mapping("OPTIONS")
    _only_known("PARAMS", params, PARTS)
    _only_known("OPTIONS", options, OPTIONS)
    for name in ("QUEUE", "CONFIG_QUEUE"):
        if isinstance(options.get(name), dict | list):
            raise _refusal(f"A wrong format for the OPTIONS field '{name}' is passed")
    select = [str(name) for name in _tree(params, "select").values()]
    conditions, order = _tree(params, "filter"), _tree(params, "order")
    _check_names("select", [name for name in select if name != "*"], columns)
    _check_names("filter", [split_operator(str(name))[1] for name in conditions], columns)
    _check_names("order", [str(name) for name in order], columns)
    if any(str(direction).upper() not in {"ASC", "DESC"} for direction in order.values()):
        raise _refusal("A wrong sorting direction is passed in the PARAMS field 'order'")
    start, limit = _number(params, "offset", 0), _number(params, "limit", PAGE)
    queues = {name.lower(): is_yes(options.get(name)) for name in ("QUEUE", "CONFIG_QUEUE")}
    return Selection(select, conditions, order, start, min(limit, LARGEST_PAGE), **queues)


def _only_known(name: str, given: dict[str, Any], known: Collection[str]) -> None:
    if unknown := [str(key) for key in given if key not in known]:
        raise _refusal(f"Unsupported {name} fields are passed: {', '.join(unknown)}")


def _tree(params: dict[str, Any], name: str) -> dict[str, Any]:
    value = params.get(name)
    if value is not None and not isinstance(value, dict | list):
        raise _refusal(f"A wrong format for the PARAMS field '{name}' is passed")
    return to_map(value)


def _check_names(part: str, names: list[str], columns: Collection[str]) -> None:
    for name in names:
        if not name:
            raise _refusal(f"A wrong field name is passed in the PARAMS field '{part}'")
        if name.upper() not in columns:
            raise _refusal(f"An unknown field '{name}' is passed in the PARAMS field '{part}'")


def _number(params: dict[str, Any], name: str, default: int) -> int:
    value = params.get(name)
    if value is None:
        return default
    if not str(value).isdigit():
        raise _refusal(f"A non-negative integer is expected in the PARAMS field '{name}'")
    return to_int(value)
