"""From a YAML document to frozen dataclasses, strictly: what the dataclass does not know is refused with its line.

Called by `loading`. Knows nothing of what the elements mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import yaml

Shape = TypeVar("Shape")


class ManifestError(Exception):
    """app.yaml cannot be used; the message names the line."""

    def __init__(self, message: str, line: int = 0) -> None:
        self.line = line
        super().__init__(f"app.yaml, line {line}: {message}" if line else f"app.yaml: {message}")


def read_document(shape: type[Shape], text: str) -> Shape:
    """Build `shape` from a YAML text. Raises ManifestError for unknown, missing, repeated or mistyped entries."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise ManifestError(error.problem or "not YAML", mark.line + 1 if mark else 0) from error
    if root is None:
        raise ManifestError("the file is empty")
    built: Shape = _build(shape, root, "the document")
    return built


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _build(shape: Any, node: yaml.Node, name: str) -> Any:
    origin = get_origin(shape)
    if is_dataclass(shape):
        return _build_dataclass(shape, node, name)
    if origin is tuple:
        if not isinstance(node, yaml.SequenceNode):
            raise ManifestError(f"{name} must be a list", _line(node))
        return tuple(_build(get_args(shape)[0], item, f"an entry of {name}") for item in node.value)
    if origin is Mapping:
        return {key: _build(get_args(shape)[1], value, key) for key, (_, value) in _entries(node, name).items()}
    return _scalar(shape, node, name)


def _entries(node: yaml.Node, name: str) -> dict[str, tuple[yaml.Node, yaml.Node]]:
    if not isinstance(node, yaml.MappingNode):
        raise ManifestError(f"{name} must be a mapping", _line(node))
    found: dict[str, tuple[yaml.Node, yaml.Node]] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise ManifestError(f"a key of {name} must be a word", _line(key))
        if key.value in found:
            raise ManifestError(f"{key.value!r} stands twice in {name}", _line(key))
        found[key.value] = (key, value)
    return found


def _build_dataclass(shape: Any, node: yaml.Node, name: str) -> Any:
    entries = _entries(node, name)
    hints = get_type_hints(shape)
    for key, (key_node, _) in entries.items():
        if key not in hints:
            raise ManifestError(f"unknown key {key!r} in {name}; known: {', '.join(hints)}", _line(key_node))
    values: dict[str, Any] = {}
    for field in fields(shape):
        if field.name in entries:
            values[field.name] = _build(hints[field.name], entries[field.name][1], field.name)
        elif field.default is MISSING and field.default_factory is MISSING:
            raise ManifestError(f"{name} lacks {field.name!r}", _line(node))
    return shape(**values)


def _scalar(shape: Any, node: yaml.Node, name: str) -> Any:
    if not isinstance(node, yaml.ScalarNode):
        raise ManifestError(f"{name} must be a single value", _line(node))
    if shape is str:
        return str(node.value)
    value = yaml.safe_load(yaml.serialize(node))
    if shape is Any:
        return value
    if type(value) is not shape:
        raise ManifestError(f"{name} must be {'yes or no' if shape is bool else 'a number'}", _line(node))
    return value
