"""Nested parameters as the query string of a batch command, the way PHP reads them. Pure; called by the client and by comparisons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote


def encode(params: Mapping[str, Any]) -> str:
    """Give `a[b][0]=x&…`: true is 1, false is 0, nothing and an empty list are an empty value."""
    pairs = (pair for key, value in params.items() for pair in _pairs(quote(str(key), safe=""), value))
    return "&".join(f"{key}={quote(value, safe='')}" for key, value in pairs)


def _pairs(key: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping) and value:
        for name, item in value.items():
            yield from _pairs(f"{key}[{quote(str(name), safe='')}]", item)
    elif isinstance(value, (list, tuple)) and value:
        for index, item in enumerate(value):
            yield from _pairs(f"{key}[{index}]", item)
    else:
        yield key, text(value)


def text(value: Any) -> str:
    """Write one value as PHP does in a form."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if value is None or isinstance(value, (Mapping, list, tuple)):
        return ""
    return str(value)
