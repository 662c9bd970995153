"""Snapshots: the whole state as JSON and back, in memory or in a folder.

Called by the control interface and by the server's background saver. Knows the records, not their meaning.
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from pathlib import Path
from typing import Any

from sandbox.telegram.model import State

_STATE_FILE = "telegram.json"
_FILES_FOLDER = "telegram-files"


def dump(record: Any) -> Any:
    """Records to plain JSON values; keys of maps become strings."""
    if dataclasses.is_dataclass(record) and not isinstance(record, type):
        return {item.name: dump(getattr(record, item.name)) for item in dataclasses.fields(record)}
    if isinstance(record, dict):
        return {str(key): dump(value) for key, value in record.items()}
    if isinstance(record, list):
        return [dump(value) for value in record]
    return record


def load(kind: Any, value: Any) -> Any:
    """Plain JSON values back to what the annotation ``kind`` says."""
    origin = typing.get_origin(kind)
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return kind(**{name: load(hints[name], item) for name, item in value.items() if name in hints})
    if origin is dict:
        key_kind, item_kind = typing.get_args(kind)
        return {(int(key) if key_kind is int else key): load(item_kind, item) for key, item in value.items()}
    if origin is list:
        (item_kind,) = typing.get_args(kind)
        return [load(item_kind, item) for item in value]
    if origin is types.UnionType:
        return value
    return value


def save_folder(folder: Path, state: State, blobs: dict[str, bytes]) -> None:
    """Writes the state whole, then renames it into place; file contents are written once each."""
    files = folder / _FILES_FOLDER
    files.mkdir(parents=True, exist_ok=True)
    for unique_id, content in blobs.items():
        target = files / unique_id
        if not target.exists():
            target.write_bytes(content)
    fresh = folder / f"{_STATE_FILE}.new"
    fresh.write_text(json.dumps(dump(state), ensure_ascii=False), encoding="utf-8")
    fresh.replace(folder / _STATE_FILE)


def load_folder(folder: Path) -> tuple[State, dict[str, bytes]] | None:
    """State and file contents of an earlier run, or None when the folder holds none."""
    source = folder / _STATE_FILE
    if not source.exists():
        return None
    state = load(State, json.loads(source.read_text(encoding="utf-8")))
    files = folder / _FILES_FOLDER
    return state, {unique_id: (files / unique_id).read_bytes() for unique_id in state.files}
