"""Filters, order and select of list methods: operator prefixes, arrays, dates, `logic` groups.

Used by every list method. Values compare by the kind of the field: number, moment or text without case, the way the
portal's database compares.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

Row = Mapping[str, Any]
Kinds = Callable[[str], str | None]
Reader = Callable[[Row, str], Any]
Test = Callable[[Row], bool]

OPERATORS = ("!=%", "!%=", "!@", "!%", "!=", "=%", "%=", ">=", "<=", "><", "!", "@", "%", "=", ">", "<")
_OPERATOR = re.compile("|".join(re.escape(text) for text in OPERATORS))
NUMERIC = frozenset({"integer", "double", "id", "user", "crm_entity"})
MOMENTS = frozenset({"date", "datetime"})
EMPTY: tuple[Any, ...] = (None, "", False)


class UnknownFieldError(ValueError):
    """A filter, order or select that names no field."""


def split_operator(key: str) -> tuple[str, str]:
    """`>=ID` → (`>=`, `ID`); without a prefix the operator is empty."""
    found = _OPERATOR.match(key)
    return (found[0], key[found.end() :]) if found else ("", key)


def comparable(kind: str, value: Any) -> Any:
    """A value in the form in which two values of one field compare; None when empty."""
    if value is None or value == "" or value is False:
        return None
    if kind == "boolean":
        return "y" if str(value).lower() in {"y", "1", "true"} else None
    if kind in NUMERIC or value is True:
        return _number(value)
    return moment(value) if kind in MOMENTS else str(value).casefold()


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def moment(value: Any) -> float | None:
    """Unix seconds of an ISO date, with or without time and zone; also `dd.mm.yyyy`. None when unreadable."""
    text = str(value).strip()
    if len(text) >= 10 and text[2:3] == text[5:6] == ".":
        text = f"{text[6:10]}-{text[3:5]}-{text[:2]}{text[10:]}"
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()


def read_plain(row: Row, name: str) -> Any:
    """The reader of rows whose keys are the field names."""
    return row.get(name)


def compile_filter(raw: Any, kinds: Kinds, read: Reader = read_plain) -> Test | None:
    """One test out of a filter map; None when it lets everything pass. Raises UnknownFieldError."""
    tests = _tests(raw, kinds, read)
    if not tests:
        return None
    if len(tests) == 1:
        return tests[0]
    return lambda row: all(test(row) for test in tests)


def _tests(raw: Any, kinds: Kinds, read: Reader) -> list[Test]:
    if isinstance(raw, list):
        raw = {str(index): item for index, item in enumerate(raw)}
    if not isinstance(raw, dict):
        return []
    logic = str(raw.get("logic", raw.get("LOGIC", "AND"))).upper()
    tests: list[Test] = []
    for key, value in raw.items():
        if key.lower() == "logic":
            continue
        if key.isdigit() and isinstance(value, dict | list):
            if group := compile_filter(value, kinds, read):
                tests.append(group)
        else:
            tests.append(_test(key, value, kinds, read))
    if logic == "OR" and tests:
        return [lambda row: any(test(row) for test in tests)]
    return tests


def _test(key: str, value: Any, kinds: Kinds, read: Reader) -> Test:
    operator, name = split_operator(key)
    kind = kinds(name)
    if kind is None:
        raise UnknownFieldError(name)
    check = _check(operator, kind, value)

    def test(row: Row) -> bool:
        held = read(row, name)
        if isinstance(held, list):
            return _any_of(held, check, operator)
        return check(held)

    return test


def _any_of(held: list[Any], check: Callable[[Any], bool], operator: str) -> bool:
    values = held or [None]
    return all(map(check, values)) if operator.startswith("!") else any(map(check, values))


def _check(operator: str, kind: str, value: Any) -> Callable[[Any], bool]:
    if operator in {"", "=", "@"}:
        return _equals(kind, value)
    if operator in {"!", "!=", "!@"}:
        equal = _equals(kind, value)
        return lambda held: not equal(held)
    if operator in {"%", "=%", "%=", "!%", "!=%", "!%="}:
        return _like(operator, value)
    if operator == "><":
        return _between(kind, value)
    return _compares(operator, kind, value)


def _equals(kind: str, value: Any) -> Callable[[Any], bool]:
    values = value if isinstance(value, list) else list(value.values()) if isinstance(value, dict) else [value]
    wanted = {comparable(kind, item) for item in values}
    if kind in NUMERIC:
        zero_is_empty = None in wanted or 0.0 in wanted
        return lambda held: comparable(kind, held) in wanted or (zero_is_empty and not comparable(kind, held))
    if len(wanted) == 1:
        (only,) = wanted
        return lambda held: comparable(kind, held) == only
    return lambda held: comparable(kind, held) in wanted


def _like(operator: str, value: Any) -> Callable[[Any], bool]:
    text = str(value).casefold()
    if operator in {"%", "!%"}:
        if operator == "%":
            return lambda held: text in str(held or "").casefold()
        return lambda held: text not in str(held or "").casefold()
    escaped = "".join(f"[{letter}]" if letter in "*?[" else letter for letter in text)
    pattern = re.compile(fnmatch.translate(escaped.replace("%", "*").replace("_", "?")))
    negative = operator.startswith("!")
    return lambda held: bool(pattern.match(str(held or "").casefold())) != negative


def _between(kind: str, value: Any) -> Callable[[Any], bool]:
    pair = value if isinstance(value, list) and len(value) == 2 else [None, None]
    low, high = comparable(kind, pair[0]), comparable(kind, pair[1])

    def inside(held: Any) -> bool:
        own = comparable(kind, held)
        return None not in (own, low, high) and bool(low <= own <= high)

    return inside


def _compares(operator: str, kind: str, value: Any) -> Callable[[Any], bool]:
    if isinstance(value, list):
        value = value[0] if value else None
    wanted = comparable(kind, value)

    def ordered(held: Any) -> bool:
        own = comparable(kind, held)
        if own is None or wanted is None:
            return False
        if operator == ">":
            return bool(own > wanted)
        if operator == ">=":
            return bool(own >= wanted)
        return bool(own < wanted) if operator == "<" else bool(own <= wanted)

    return ordered


def sort_rows(rows: Iterable[Row], order: Mapping[str, Any], kinds: Kinds, read: Reader = read_plain) -> list[Any]:
    """Rows by an order map (field → ASC or DESC); the first key weighs most. Raises UnknownFieldError."""
    done = list(rows)
    for name, direction in reversed(list(order.items())):
        kind = kinds(name)
        if kind is None:
            raise UnknownFieldError(name)
        done.sort(key=lambda row: _sort_key(kind, read(row, name)), reverse=str(direction).upper().startswith("D"))
    return done


def _sort_key(kind: str, value: Any) -> tuple[bool, Any]:
    if isinstance(value, list):
        value = value[0] if value else None
    own = comparable(kind, value)
    return (own is not None, own if own is not None else 0)
