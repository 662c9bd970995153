"""What follows a change of CRM: events to applications and the hook `crm_change`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sandbox.portal import hooks
from sandbox.portal.crm import types
from sandbox.portal.crm.types import EntityType
from sandbox.portal.events import emit
from sandbox.portal.identity import Actor
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row

Kind = Literal["add", "update", "delete"]


@dataclass(frozen=True, slots=True)
class Change:
    """One change. Rows have camelCase keys (user fields UF_…); `before` is None after add, `after` after delete.

    An `imported` item starts no automation.
    """

    kind: Kind
    type: EntityType
    item_id: int
    before: Row | None
    after: Row | None
    actor: Actor
    stage_field: str = "stageId"
    imported: bool = False

    @property
    def entity_type_id(self) -> int:
        """The number of the kind of object."""
        return self.type.id

    @property
    def stage_moved(self) -> bool:
        """Whether the item came to another stage (a new item comes to its first one)."""
        if not self.type.has_stages or self.after is None:
            return False
        return self.before is None or self.before.get(self.stage_field) != self.after.get(self.stage_field)


def announce(portal: Portal, change: Change) -> None:
    """Tells applications first, then the hook."""
    verb = change.kind.upper()
    if change.type.dynamic:
        data = {"FIELDS": {"ID": str(change.item_id), "ENTITY_TYPE_ID": str(change.type.id)}}
        emit(portal, f"ONCRMDYNAMICITEM{verb}", data, change.actor)
        emit(portal, f"ONCRMDYNAMICITEM{verb}_{change.type.id}", data, change.actor)
    else:
        data = {"FIELDS": {"ID": str(change.item_id)}}
        emit(portal, f"ONCRM{change.type.name}{verb}", data, change.actor)
        if moved_pipeline(change) and change.after and change.before:
            fields = {
                "ID": str(change.item_id),
                "CATEGORY_ID": str(change.after["categoryId"]),
                "STAGE_ID": change.after["stageId"],
            }
            emit(portal, "ONCRMDEALMOVETOCATEGORY", {"FIELDS": fields}, change.actor)
    hooks.call("crm_change", portal, change)


def moved_pipeline(change: Change) -> bool:
    """Whether a deal went to another pipeline."""
    if change.type.id != types.DEAL or not change.before or not change.after:
        return False
    return bool(change.before["categoryId"] != change.after["categoryId"])
