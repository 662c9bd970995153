"""Filter, order and select of list methods over small tables whose columns need few declared kinds.

Used by list methods outside of CRM. Names of columns compare in any case; a column that is not declared is text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.portal import filters
from sandbox.portal.call import to_map
from sandbox.portal.store import Row

Kinds = Mapping[str, str]
NO_KINDS: Kinds = {}


def filtered(rows: Iterable[Row], conditions: Any, kinds: Kinds = NO_KINDS) -> list[Row]:
    """The rows that meet a filter map; `kinds`: upper-case column → `integer`, `datetime`, `boolean`…"""
    test = filters.compile_filter(to_map(conditions), _kind_of(kinds), _read)
    return list(rows) if test is None else [row for row in rows if test(row)]


def ordered(rows: Iterable[Row], order: Any, default: dict[str, str], kinds: Kinds = NO_KINDS) -> list[Row]:
    """Rows sorted by `{column: ASC|DESC}`, the first column weighing most."""
    return filters.sort_rows(rows, to_map(order) or default, _kind_of(kinds), _read)


def _kind_of(kinds: Kinds) -> filters.Kinds:
    return lambda name: kinds.get(name.upper(), "integer" if name.upper() == "ID" else "string")


def _read(row: Mapping[str, Any], name: str) -> Any:
    if name in row:
        return row[name]
    wanted = name.lower()
    return next((value for key, value in row.items() if key.lower() == wanted), None)


def selected(row: Row, select: Any, *, hidden: Iterable[str] = ()) -> Row:
    """The chosen columns; nothing or `*` chooses all but `hidden` ones, which must be named."""
    names = [str(name).lower() for name in to_map(select).values()]
    if not names or "*" in names:
        kept = set(names) - {"*"}
        left_out = {name.lower() for name in hidden} - kept
        return {key: value for key, value in row.items() if key.lower() not in left_out}
    return {key: value for key, value in row.items() if key.lower() in {*names, "id"}}
