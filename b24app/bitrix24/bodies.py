"""Bodies of the portal's calls to us: forms with bracketed keys, as documented, or JSON, as some of its samples have it.

Pure. Called by `routes`. Raises ValueError for what is neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from b24app.outside_json import read_json

BRACKETS = re.compile(r"\[([^\]]*)\]")
MAX_DEPTH = 16
MAX_PAIRS = 5000


def read_body(content_type: str, body: bytes) -> dict[str, Any]:
    """Give the nested parameters of a call; numbers of forms stay texts."""
    text = body.decode("utf-8")
    if content_type.partition(";")[0].strip().lower() == "application/json" or text.lstrip().startswith("{"):
        parsed = read_json(text)
        if not isinstance(parsed, dict):
            raise ValueError("not an object")
        return parsed
    return nested(parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_PAIRS))


def nested(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Fold `a[b][0]=x` into maps and lists; a map whose keys count from 0 is a list."""
    root: dict[str, Any] = {}
    for key, value in pairs:
        _put(root, _path(key), value)
    return {key: _folded(value) for key, value in root.items()}


def _path(key: str) -> list[str]:
    head, bracket, rest = key.partition("[")
    if not bracket:
        return [key]
    path = [head, *BRACKETS.findall(bracket + rest)]
    if len(path) > MAX_DEPTH:
        raise ValueError("nested too deeply")
    return path


def _put(node: dict[str, Any], path: list[str], value: str) -> None:
    for part in path[:-1]:
        name = part or str(len(node))
        child = node.get(name)
        if not isinstance(child, dict):
            child = node[name] = {}
        node = child
    node[path[-1] or str(len(node))] = value


def _folded(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    parts = {key: _folded(item) for key, item in value.items()}
    if parts and list(parts) == [str(index) for index in range(len(parts))]:
        return list(parts.values())
    return parts
