"""Smart processes of ours on the portal: the numbers it gave them, and how what depends on those numbers is written before they are known.

A text such as `CRM_DYNAMIC_{process:audit}_DETAIL_TAB` names a number by what it stands for; `filled` puts the number in once the process
was made. Called by the installer and the gateway. Documentation: crm.type.add, userfieldconfig.add.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from b24app.bitrix24.fields import FieldSpec
from storage.models import AppliedElement
from storage.unit_of_work import UnitOfWork

KEY = "process:"
_OPEN = re.compile(r"\{(process|type|category):([a-z][a-z0-9_]*)\}")


@dataclass(frozen=True)
class Place:
    """The numbers of a process: of its kind of object, of its type (on which its fields hang), of its only pipeline."""

    entity_type_id: int
    type_id: int
    category_id: int

    @property
    def kept(self) -> str:
        """How the installer remembers it."""
        return f"{self.entity_type_id}:{self.type_id}:{self.category_id}"

    @property
    def directory(self) -> str:
        """The directory that holds its stages."""
        return f"DYNAMIC_{self.entity_type_id}_STAGE_{self.category_id}"

    def stage_id(self, status: str) -> str:
        """Give the full code of a stage."""
        return f"DT{self.entity_type_id}_{self.category_id}:{status}"


Places = Mapping[str, Place]


def place_from(kept: str) -> Place:
    """Read what the installer remembers. ValueError for anything else."""
    entity_type_id, type_id, category_id = kept.split(":")
    return Place(int(entity_type_id), int(type_id), int(category_id))


def places_in(present: Mapping[str, str]) -> dict[str, Place]:
    """Give the processes among the elements that the portal has: element key → its id there."""
    return {key.removeprefix(KEY): place_from(kept) for key, kept in present.items() if key.startswith(KEY)}


def places_of(uow: UnitOfWork, portal_id: int) -> dict[str, Place]:
    """Give the processes that were made on a portal."""
    rows = uow.session.execute(
        select(AppliedElement.element, AppliedElement.outside_id).where(
            AppliedElement.portal_id == portal_id, AppliedElement.element.startswith(KEY)
        )
    )
    return places_in({row.element: row.outside_id for row in rows})


def filled(value: Any, places: Places) -> Any:
    """Put the numbers into every text of a payload; what is not known yet stays open."""
    if isinstance(value, Mapping):
        return {key: filled(item, places) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, places) for item in value]
    return _OPEN.sub(lambda found: _number(found, places), value) if isinstance(value, str) else value


def _number(found: re.Match[str], places: Places) -> str:
    place = places.get(found[2])
    if place is None:
        return found[0]
    return str({"process": place.entity_type_id, "type": place.type_id, "category": place.category_id}[found[1]])


def is_open(value: Any) -> bool:
    """Tell whether a payload still names a process that was not made."""
    if isinstance(value, Mapping):
        return any(is_open(item) for item in value.values())
    if isinstance(value, list):
        return any(is_open(item) for item in value)
    return isinstance(value, str) and _OPEN.search(value) is not None


def filled_specs(specs: Mapping[str, Mapping[str, FieldSpec]], places: Places) -> Mapping[str, Mapping[str, FieldSpec]]:
    """Give the field specifications with the names that the fields of processes have on this portal."""
    return {
        name: {code: replace(spec, prefix=filled(spec.prefix, places)) for code, spec in fields.items()}
        if name in places
        else fields
        for name, fields in specs.items()
    }
