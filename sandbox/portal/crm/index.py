"""Finds items without walking over all of them: sorted ids and value → ids for the fields that filters use most.

Derived from the state, built on first use, kept up to date by `items`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterator, Reversible
from dataclasses import dataclass
from typing import Any

from sandbox.portal.crm.types import EntityType
from sandbox.portal.filters import NUMERIC, comparable, split_operator
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row

TEXT_KEYS = ("stageId", "originId", "originatorId", "xmlId", "title")
NUMBER_KEYS = ("categoryId", "assignedById", "companyId", "contactId", "createdBy")
KINDS = dict.fromkeys(TEXT_KEYS, "string") | dict.fromkeys(NUMBER_KEYS, "integer")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a long list, gone through from either end without copying it: a page is all that is mostly taken."""

    ids: list[int]
    low: int
    high: int

    def __iter__(self) -> Iterator[int]:
        return (self.ids[place] for place in range(self.low, self.high))

    def __reversed__(self) -> Iterator[int]:
        return (self.ids[place] for place in range(self.high - 1, self.low - 1, -1))


class Index:
    """The index of one kind of object."""

    def __init__(self, rows: dict[str, Row]) -> None:
        self.ids: list[int] = sorted(map(int, rows))
        self.maps: dict[str, dict[Any, set[int]]] = {key: defaultdict(set) for key in KINDS}
        for row in rows.values():
            self._map(row)

    def add(self, row: Row) -> None:
        """A new item."""
        insort(self.ids, row["id"])
        self._map(row)

    def remove(self, row: Row) -> None:
        """An item in the state in which it was added."""
        del self.ids[bisect_left(self.ids, row["id"])]
        self.unmap(row)

    def _map(self, row: Row) -> None:
        for key, kind in KINDS.items():
            for value in indexed_values(key, kind, row):
                self.maps[key][value].add(row["id"])

    def remap(self, before: Row, after: Row) -> None:
        """An item whose values changed."""
        self.unmap(before)
        self._map(after)

    def unmap(self, row: Row) -> None:
        """Forgets the values of an item."""
        for key, kind in KINDS.items():
            for value in indexed_values(key, kind, row):
                self.maps[key][value].discard(row["id"])

    def candidates(self, conditions: list[tuple[str, str, Any]]) -> Reversible[int]:
        """Ids, ascending, among which every match of (operator, key, value) conditions lies."""
        low, high = 0, len(self.ids)
        best: set[int] | None = None
        for operator, key, value in conditions:
            if key == "id" and not isinstance(value, list | dict):
                low, high = self._narrow(operator, comparable("integer", value), low, high)
            elif (found := self._equal(operator, key, value)) is not None and (best is None or len(found) < len(best)):
                best = found
        if best is None:
            return self.ids if (low, high) == (0, len(self.ids)) else Stretch(self.ids, low, high)
        if low >= high:
            return []
        first, last = self.ids[low], self.ids[high - 1]
        return sorted(number for number in best if first <= number <= last)

    def _narrow(self, operator: str, value: float | None, low: int, high: int) -> tuple[int, int]:
        if value is None:
            return low, high
        if operator in {">", ">="}:
            cut = bisect_right if operator == ">" else bisect_left
            return max(low, cut(self.ids, value)), high
        if operator in {"<", "<="}:
            cut = bisect_left if operator == "<" else bisect_right
            return low, min(high, cut(self.ids, value))
        if operator in {"", "="}:
            return max(low, bisect_left(self.ids, value)), min(high, bisect_right(self.ids, value))
        return low, high

    def _equal(self, operator: str, key: str, value: Any) -> set[int] | None:
        if operator not in {"", "=", "@"}:
            return None
        values = value if isinstance(value, list) else [value]
        if key == "id":
            wanted = {comparable("integer", item) for item in values}
            return {int(number) for number in wanted if number is not None}
        if key not in self.maps:
            return None
        wanted = {comparable(KINDS[key], item) for item in values}
        if None in wanted or 0.0 in wanted:
            return None
        return set().union(*(self.maps[key].get(item, ()) for item in wanted))


def indexed_values(key: str, kind: str, row: Row) -> set[Any]:
    """The comparable values of an item under one index."""
    values = [row.get(key), *(row.get("contactIds") or ())] if key == "contactId" else [row.get(key)]
    found = {comparable(kind, value) for value in values}
    return found - {None, 0.0} if kind in NUMERIC else found - {None}


def index_of(portal: Portal, kind: EntityType) -> Index:
    """The index of a kind of object."""
    cache: dict[int, Index] = portal.cache("crm_index")
    if kind.id not in cache:
        cache[kind.id] = Index(portal.store.table(kind.table))
    return cache[kind.id]


def conditions_of(raw: dict[str, Any], keys: dict[str, str]) -> list[tuple[str, str, Any]]:
    """The plain conditions of a filter joined by AND; `keys` maps sent names to stored ones."""
    if str(raw.get("logic", raw.get("LOGIC", "AND"))).upper() == "OR":
        return []
    found = []
    for name, value in raw.items():
        operator, plain = split_operator(name)
        if plain in keys:
            found.append((operator, keys[plain], value))
    return found
