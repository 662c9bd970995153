"""Placeholders in the values of robots: `{=Document:FIELD}`, `{{Field}}`, `{=A123:name}`.

A value that is one placeholder and nothing else keeps its type; inside of text everything becomes text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

Resolve = Callable[[str, str], Any]
_PLACE = re.compile(r"\{=\s*([\w]+)\s*:\s*([\w.]+)\s*(?:>\s*[\w, ]+)?\}|\{\{~?\s*([^{}]+?)\s*\}\}")


def fill(value: Any, resolve: Resolve) -> Any:
    """A value with everything resolved. `resolve(source, name)` is asked once per placeholder."""
    if isinstance(value, dict):
        return {key: fill(item, resolve) for key, item in value.items()}
    if isinstance(value, list):
        return _flattened([fill(item, resolve) for item in value], value)
    if not isinstance(value, str):
        return value
    whole = _PLACE.fullmatch(value.strip())
    if whole:
        return _of(whole, resolve)
    return _PLACE.sub(lambda found: as_text(_of(found, resolve)), value)


def _flattened(filled: list[Any], given: list[Any]) -> list[Any]:
    done: list[Any] = []
    for item, origin in zip(filled, given, strict=True):
        if isinstance(item, list) and isinstance(origin, str):
            done.extend(item)
        else:
            done.append(item)
    return done


def _of(found: re.Match[str], resolve: Resolve) -> Any:
    if found[3] is not None:
        return resolve("Document", found[3])
    return resolve(found[1], found[2])


def as_text(value: Any) -> str:
    """A value inside of a text."""
    if isinstance(value, list):
        return ", ".join(map(as_text, value))
    if isinstance(value, bool):
        return "Y" if value else "N"
    return "" if value is None else str(value)
