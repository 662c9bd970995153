"""Lists of items: filter, order, paging and rights, through the index."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Reversible
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sandbox.portal.call import PAGE, Call, to_map
from sandbox.portal.crm import access, multifields
from sandbox.portal.crm.fields import Field, FieldSet, field_set
from sandbox.portal.crm.index import conditions_of, index_of
from sandbox.portal.crm.types import EntityType
from sandbox.portal.crm.values import WHOLE
from sandbox.portal.errors import RestError
from sandbox.portal.filters import Test, UnknownFieldError, compile_filter, sort_rows, split_operator
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row

MAX_REMEMBERED = 16
DERIVED = {**multifields.FLAT, **multifields.FLAGS}


class BadFilterError(UnknownFieldError):
    """A filter names a field that does not exist or cannot be filtered by."""


class BadOrderError(UnknownFieldError):
    """An order names a field that does not exist."""


class BadDirectionError(UnknownFieldError):
    """An order direction that is neither ASC nor DESC; arguments: direction, field."""


@dataclass(frozen=True, slots=True)
class Found:
    """One page. `total` is None when counting was not asked for."""

    rows: list[Row]
    total: int | None
    next: int | None


class Names:
    """Field names of one spelling, for filters and order."""

    def __init__(self, fields: FieldSet, *, classic: bool) -> None:
        self.fields = fields
        self.classic = classic

    def field(self, name: str) -> Field | None:
        """The field with this name."""
        return self.fields.find(name, classic=self.classic)

    def kind(self, name: str) -> str | None:
        """How its values compare; None when there is no such field."""
        if self.classic and name.upper() in multifields.KINDS:
            return "string"
        field = self.field(name)
        if field is None or field.key == "fm":
            return None
        if field.kind in WHOLE or (field.kind == "boolean" and field.user_field):
            return "integer"
        return field.kind if field.kind in {"double", "date", "datetime", "boolean"} else "string"

    def read(self, row: Mapping[str, Any], name: str) -> Any:
        """Its value in a row."""
        if self.classic and name.upper() in multifields.KINDS:
            return [entry["value"] for entry in row.get("fm") or () if entry["typeId"] == name.upper()]
        field = self.field(name)
        if field is None:
            return None
        if field.key in DERIVED:
            return multifields.flat(row, field.key)
        if field.key == "contactId":
            return row.get("contactIds") or row.get("contactId")
        return row.get(field.key)

    def keys(self, raw: dict[str, Any]) -> dict[str, str]:
        """Sent filter names → stored keys."""
        names = {split_operator(key)[1] for key in raw}
        return {name: field.key for name in names if (field := self.field(name))}


@dataclass(frozen=True, slots=True)
class Selection:
    """What is to be listed and how."""

    names: Names
    table: dict[str, Row]
    test: Test | None
    order: dict[str, str]
    start: int

    @property
    def id_direction(self) -> str | None:
        """The direction when the order is by number, None when it is by something else."""
        if not self.order:
            return "ASC"
        first, direction = next(iter(self.order.items()))
        field = self.names.field(first)
        return direction.upper() if field and field.key == "id" else None


def run(call: Call, kind: EntityType, raw_filter: Any, raw_order: Any, *, classic: bool) -> Found:
    """One page of items that the caller may see. Raises BadFilterError, BadOrderError, BadDirectionError."""
    names = Names(field_set(call.portal, kind), classic=classic)
    conditions = to_map(raw_filter)
    try:
        test = compile_filter(conditions, names.kind, names.read)
    except UnknownFieldError as error:
        raise BadFilterError(*error.args) from error
    if access.level(call) == "own":
        test = _own(test, int(call.user_id))
    index = index_of(call.portal, kind)
    order = {str(name): str(value) for name, value in to_map(raw_order).items()}
    _check_order(order, names)
    selection = Selection(names, call.portal.store.table(kind.table), test, order, call.start())
    if selection.id_direction and test is None:
        return _slice(selection, index.ids)

    def matches() -> Iterable[Row]:
        return _matches(selection, index.candidates(conditions_of(conditions, names.keys(conditions))))

    if selection.id_direction and selection.start < 0:
        return Found(list(islice(matches(), PAGE)), None, None)
    asked = (kind.id, classic, call.user_id if access.level(call) == "own" else "", repr((raw_filter, raw_order)))
    return _page(selection.start, _remembered(call.portal, asked, lambda: list(matches())))


def _own(test: Test | None, user_id: int) -> Test:
    return lambda row: row.get("assignedById") == user_id and (test is None or test(row))


def _check_order(order: dict[str, str], names: Names) -> None:
    for name, direction in order.items():
        if names.kind(name) is None:
            raise BadOrderError(name)
        if direction.upper() not in {"ASC", "DESC"}:
            raise BadDirectionError(direction, name)


def small(call: Call, rows: list[Row], kinds: dict[str, str], default: dict[str, str]) -> list[Row]:
    """Filter and order of a small table in camelCase. Raises INVALID_ARG_VALUE for fields and directions it has not."""
    order = {name: str(direction) for name, direction in to_map(call.get("order")).items()} or default
    try:
        test = compile_filter(call.get("filter"), kinds.get)
    except UnknownFieldError as error:
        raise not_allowed("filter", str(error)) from error
    for name, direction in order.items():
        if direction.upper() not in {"ASC", "DESC"}:
            raise wrong_direction(direction, name)
    try:
        return sort_rows(filter(test, rows) if test else rows, order, kinds.get)
    except UnknownFieldError as error:
        raise not_allowed("order", str(error)) from error


def not_allowed(part: str, name: str) -> RestError:
    """The refusal of a field in `filter` or `order`."""
    return RestError("INVALID_ARG_VALUE", f"Invalid {part}: field '{name}' is not allowed in {part}", 400)


def wrong_direction(direction: str, name: str) -> RestError:
    """The refusal of an order that is neither ASC nor DESC."""
    text = f"Invalid order: allowed sort directions are `ASC, DESC`. But got '{direction}' for field '{name}'"
    return RestError("INVALID_ARG_VALUE", text, 400)


def _matches(selection: Selection, numbers: Reversible[int]) -> Iterable[Row]:
    names = selection.names
    ordered: Iterable[int] = reversed(numbers) if selection.id_direction == "DESC" else numbers
    rows: Iterable[Row] = (selection.table[str(number)] for number in ordered)
    if selection.test:
        rows = filter(selection.test, rows)
    if selection.id_direction:
        return rows
    by_id = "ID" if names.classic else "id"
    return sort_rows(rows, {**selection.order, by_id: "ASC"}, names.kind, names.read)


def _remembered(portal: Portal, asked: Hashable, find: Callable[[], list[Row]]) -> list[Row]:
    """Matches of a query that is asked page by page; forgotten with the next change of the portal."""
    kept: dict[Hashable, tuple[int, list[Row]]] = portal.cache("crm_matches")
    changes = portal.store.changes
    if asked not in kept or kept[asked][0] != changes:
        if len(kept) >= MAX_REMEMBERED:
            kept.clear()
        kept[asked] = (changes, find())
    return kept[asked][1]


def _page(start: int, everything: list[Row]) -> Found:
    first = max(start, 0)
    rows = everything[first : first + PAGE]
    if start < 0:
        return Found(rows, None, None)
    return Found(rows, len(everything), first + PAGE if first + PAGE < len(everything) else None)


def _slice(selection: Selection, numbers: list[int]) -> Found:
    first = max(selection.start, 0)
    if selection.id_direction == "DESC":
        chosen = numbers[max(len(numbers) - first - PAGE, 0) : len(numbers) - first][::-1]
    else:
        chosen = numbers[first : first + PAGE]
    rows = [selection.table[str(number)] for number in chosen]
    if selection.start < 0:
        return Found(rows, None, None)
    return Found(rows, len(numbers), first + PAGE if first + PAGE < len(numbers) else None)
