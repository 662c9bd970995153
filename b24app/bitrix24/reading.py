"""Looking at a CRM item that an employee may have changed: what differs from what we last wrote there. Pure.

Called by the gateway and the reconcile. Values are compared the way they were written: what we last sent is put into the portal's form
again and laid beside what stands there.
Kinds of field whose form the portal changes on its own (money, links, moments, long texts) are not compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from b24app.bitrix24.client import Command
from b24app.bitrix24.crm import object_of
from b24app.bitrix24.fields import FieldSpec, portal_value
from b24app.bitrix24.surroundings import Link, Surroundings
from b24app.domain.deliveries import ForgetReach, ReadItem
from b24app.domain.outcomes import Done, Outcome
from b24app.errors import Rejected

COMPARED = ("string", "integer", "choice", "boolean", "date")
DAY_LENGTH = 10


def read(delivery: ReadItem | ForgetReach, around: Surroundings) -> Command | Outcome:
    """Give crm.item.get; an item whose link is gone needs no look."""
    link = around.links.get(delivery.ref)
    if link is None:
        return Done({})
    params = {"entityTypeId": link.entity_type_id, "id": link.entity_id, "useOriginalUfNames": "Y"}
    return Command("crm.item.get", params)


def judged(delivery: ReadItem, result: Any, around: Surroundings) -> Outcome:
    """Tell on which stage of ours the item stands, which fields differ and how they read, who is responsible and who changed it last."""
    item, link = result["item"], around.link(delivery.ref)
    object_name = object_of(delivery.ref)
    return Done(
        {
            "stage": stage_of(object_name, str(item.get("stageId") or ""), around),
            "changed": differences(object_name, item, link, around),
            "assigned_by": str(item.get("assignedById") or ""),
            "user_id": str(item.get("updatedBy") or ""),
        }
    )


def reach(delivery: ForgetReach, result: Any, around: Surroundings) -> Outcome:
    """Tell the kind of each way to reach somebody that stands on the item, by its id."""
    entries = result["item"].get("fm") or ()
    entries = entries.values() if isinstance(entries, Mapping) else entries
    return Done({"reach": {str(entry["id"]): str(entry["typeId"]) for entry in entries}})


def gone(error: Rejected) -> Outcome:
    """Take an item that cannot be read for one that needs no look: its deletion is told by another event."""
    return Done({})


def stage_of(object_name: str, stage_id: str, around: Surroundings) -> str:
    """Give our code of the stage on which an item stands, or an empty text."""
    manifest = around.manifest
    declared = manifest.processes[object_name].stages if object_name in manifest.processes else None
    if declared is None:
        pipeline = next((p for code, p in manifest.pipelines.items() if p.object == object_name), None)
        declared = pipeline.stages if pipeline else {}
    status = stage_id.partition(":")[2]
    return next((code for code, stage in declared.items() if (stage.status or code.upper()) == status), "")


def differences(object_name: str, item: Mapping[str, Any], link: Link, around: Surroundings) -> dict[str, str]:
    """Give the fields that do not read as we last wrote them, and how they read."""
    specs = around.specs.get(object_name, {})
    found = {}
    for code, written in link.snapshot.items():
        spec = specs.get(code)
        if spec is None or spec.type not in COMPARED or spec.name not in item:
            continue
        ids = around.catalogue.option_ids(object_name, spec.name)
        shown = _plain(spec, item[spec.name])
        if _plain(spec, portal_value(spec, written, ids, around.language)) != shown:
            found[code] = "; ".join(shown)
    return found


def _plain(spec: FieldSpec, value: Any) -> list[str]:
    items = list(value.values()) if isinstance(value, Mapping) else value if isinstance(value, list) else [value]
    texts = [_text(spec, item) for item in items if item not in (None, "", False)]
    return sorted(text for text in texts if text not in ("", "0"))


def _text(spec: FieldSpec, value: Any) -> str:
    text = "1" if value is True else str(value).strip()
    if spec.type == "date":
        return text[:DAY_LENGTH]
    return {"Y": "1", "N": "0"}.get(text, text) if spec.type == "boolean" else text
