"""The portal's state: named tables of JSON rows, sequences and single values.

Everything that must survive a snapshot or a restart lives here, as JSON values only (dict, list, str, int, float,
bool, None; keys are strings). Caches derived from it compare `generation`, which grows whenever the whole is replaced.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sandbox.chance import digest, secret

Row = dict[str, Any]


class Store:
    """All tables of one portal."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.tables: dict[str, dict[str, Row]] = {}
        self.sequences: dict[str, int] = {}
        self.values: dict[str, Any] = {}
        self.generation = 0
        self.changes = 0

    def table(self, name: str) -> dict[str, Row]:
        """Rows by string id; the live table, change it in place and call `touch`."""
        return self.tables.setdefault(name, {})

    def rows(self, name: str) -> Iterator[Row]:
        """The rows of a table in order of insertion."""
        return iter(self.table(name).values())

    def next_id(self, sequence: str) -> str:
        """1, 2, 3… as a string."""
        number = self.sequences[sequence] = self.sequences.get(sequence, 0) + 1
        return str(number)

    def insert(self, name: str, row: Row, id_key: str = "ID") -> Row:
        """Adds a row under a new id, which is also stored in `row[id_key]` when `id_key` is not empty."""
        row_id = self.next_id(name)
        if id_key:
            row[id_key] = row_id
        self.table(name)[row_id] = row
        self.touch()
        return row

    def touch(self) -> None:
        """Says that something changed and should reach the disk."""
        self.changes += 1

    def secret(self, length: int = 32) -> str:
        """A new token of lower-case letters and digits, repeatable from the seed."""
        return secret(length, self.seed, "secret", self.next_id("secret"))

    def hex_secret(self) -> str:
        """A new token of 32 hexadecimal characters, repeatable from the seed."""
        return digest(self.seed, "hex", self.next_id("hex"))[:32]

    def clear(self) -> None:
        """An empty state."""
        self.tables, self.sequences, self.values = {}, {}, {}
        self.generation += 1
        self.touch()

    def dump(self) -> str:
        """The whole state as JSON text."""
        whole = {"tables": self.tables, "sequences": self.sequences, "values": self.values}
        return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))

    def load(self, text: str) -> None:
        """Replaces the whole state by what `dump` returned."""
        whole = json.loads(text)
        self.tables, self.sequences, self.values = whole["tables"], whole["sequences"], whole["values"]
        self.generation += 1
        self.touch()
