"""Which fields the portal's CRM items have now, and the ids of their options.

crm.item.add and crm.item.update ignore unknown fields without a word, so nothing is sent that the portal does not list. Read once per
process and again when it grows old. Called by the gateway.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from b24app.bitrix24.client import Answer, Command
from b24app.bitrix24.connection import Connection
from b24app.bitrix24.processes import Places
from b24app.errors import Rejected

FRESH_SECONDS = 600.0
MISSING_SECONDS = 20.0
NO_PLACES: Places = {}
CHOICES: Mapping[str, Any] = {"order": {"ID": "ASC"}, "filter": {"USER_TYPE_ID": "enumeration"}}
ENTITY_TYPES = {"lead": 1, "deal": 2, "contact": 3, "company": 4}
"""CRM object → the number that REST knows it by."""


@dataclass(frozen=True)
class FieldCatalogue:
    """By CRM object: the names of its fields, and for custom choices our option code → the portal's id."""

    names: Mapping[str, frozenset[str]] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)

    def has(self, object_name: str, name: str) -> bool:
        """Tell whether the portal lists this field."""
        return name in self.names.get(object_name, frozenset())

    def option_ids(self, object_name: str, name: str) -> Mapping[str, str]:
        """Give the options of a choice by our codes."""
        return self.options.get(object_name, {}).get(name, {})


def read_catalogue(connection: Connection, processes: Places) -> FieldCatalogue:
    """Ask the portal. Raises GatewayError; a process that it does not have any more has no fields."""
    numbers = ENTITY_TYPES | {name: place.entity_type_id for name, place in processes.items()}
    asked = [
        Command("crm.item.fields", {"entityTypeId": number, "useOriginalUfNames": "Y"}) for number in numbers.values()
    ]
    lists = [Command(f"crm.{name}.userfield.list", CHOICES) for name in ENTITY_TYPES]
    answers = connection.batch([*asked, *lists])
    names = {
        object_name: frozenset(answer.value()["fields"])
        for object_name, answer in zip(numbers, answers, strict=False)
        if object_name in ENTITY_TYPES or not isinstance(answer.error, Rejected)
    }
    first_pages = zip(ENTITY_TYPES, answers[len(asked) :], strict=True)
    return FieldCatalogue(names, {name: _options(connection, name, page) for name, page in first_pages})


def _options(connection: Connection, object_name: str, page: Answer) -> dict[str, dict[str, str]]:
    """Give the options of an object's choices; the first page came with the batch, further ones are rare."""
    rows = list(page.value() or ())
    while page.next is not None:
        page = connection.call(f"crm.{object_name}.userfield.list", {**CHOICES, "start": page.next})
        rows += page.result or ()
    return {
        str(row["FIELD_NAME"]): {str(item["XML_ID"]): str(item["ID"]) for item in row.get("LIST") or ()} for row in rows
    }


class KeptCatalogue:
    """The catalogue of one portal, read again when it grew old, lacks what is wanted, or is told to forget."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: tuple[int, float, FieldCatalogue] | None = None

    def get(
        self,
        portal_id: int,
        connection: Connection,
        wanted: Iterable[tuple[str, str]] = (),
        processes: Places = NO_PLACES,
    ) -> FieldCatalogue:
        """Give the catalogue, asking the portal when needed. Raises GatewayError.

        `wanted` are (object, field name): one that is missing may have been made a moment ago by an installation.
        """
        with self._lock:
            if self._kept and self._kept[0] == portal_id:
                _, read_at, catalogue = self._kept
                whole = all(catalogue.has(*name) for name in wanted)
                if self._clock() - read_at < (FRESH_SECONDS if whole else MISSING_SECONDS):
                    return catalogue
            catalogue = read_catalogue(connection, processes)
            self._kept = (portal_id, self._clock(), catalogue)
            return catalogue

    def forget(self) -> None:
        """Ask again next time."""
        with self._lock:
            self._kept = None
