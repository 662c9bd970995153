"""CRM items: our SaveItem as crm.item.add or crm.item.update, and what their answers mean. Pure; called by the gateway.

Created items carry our ref as originId, which proves them after a lost answer: the second version of REST knows no idempotency.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from b24app.bitrix24.client import Command
from b24app.bitrix24.field_catalogue import ENTITY_TYPES
from b24app.bitrix24.fields import FieldSpec, portal_value
from b24app.bitrix24.surroundings import Link, Surroundings
from b24app.domain.deliveries import SaveItem
from b24app.domain.delivery import CRM_OBJECTS, Delivery
from b24app.domain.outcomes import Done, Outcome, TryLater
from b24app.errors import NotYet, Rejected

ORIGINATOR = "b24_marketplace"

log = logging.getLogger(__name__)


def object_of(ref: str) -> str:
    """Give the CRM object that stands for a ref: `lot/256` is a deal. KeyError for an unknown noun."""
    return CRM_OBJECTS[ref.partition("/")[0]]


def names_wanted(delivery: Delivery, specs: Mapping[str, Mapping[str, FieldSpec]]) -> set[tuple[str, str]]:
    """Give the custom fields, as (object, name), that a message writes; none for other messages."""
    if not isinstance(delivery, SaveItem):
        return set()
    object_name = object_of(delivery.ref)
    known = specs.get(object_name, {})
    return {(object_name, known[code].name) for code in (*delivery.fields, *delivery.links) if code in known}


def save(delivery: SaveItem, around: Surroundings) -> Command:
    """Give the call that creates or changes the item. Raises NotYet, or Rejected when a field is declared nowhere."""
    object_name = object_of(delivery.ref)
    link = around.links.get(delivery.ref)
    fields = {
        **_fields(object_name, delivery.fields, around, link),
        **_links(object_name, delivery.links, around),
        **_stage(object_name, delivery, around),
    }
    params: dict[str, Any] = {"entityTypeId": around.type_id(object_name), "useOriginalUfNames": "Y"}
    if link is not None:
        return Command("crm.item.update", {**params, "id": link.entity_id, "fields": fields})
    if object_name == "deal" and delivery.pipeline:
        fields["categoryId"] = _category(delivery.pipeline, around)
    return Command("crm.item.add", {**params, "fields": fields | _origin(object_name, delivery.ref)})


def _origin(object_name: str, ref: str) -> dict[str, str]:
    # Items of smart processes know no originId, but an external code.
    return {"originatorId": ORIGINATOR, "originId": ref} if object_name in ENTITY_TYPES else {"xmlId": ref}


def _fields(object_name: str, values: Mapping[str, Any], around: Surroundings, link: Link | None) -> dict[str, Any]:
    written: dict[str, Any] = {}
    unknown = []
    for code, value in values.items():
        spec = around.specs.get(object_name, {}).get(code)
        if spec is None:
            if not around.catalogue.has(object_name, code):
                unknown.append(code)
            elif code != "fm" or _new_ways_to_reach(value, link):
                written[code] = _new_ways_to_reach(value, link) if code == "fm" else value
            continue
        if not around.catalogue.has(object_name, spec.name):
            log.warning("The portal has no field %s on %s any more; its value is left out.", spec.name, object_name)
            continue
        ids = around.catalogue.option_ids(object_name, spec.name)
        written[spec.name] = portal_value(spec, value, ids, around.language)
    if unknown:
        raise Rejected(f"No such fields of a {object_name}: {', '.join(sorted(unknown))}.", code="UNKNOWN_FIELD")
    return written


def _new_ways_to_reach(value: Any, link: Link | None) -> Any:
    if isinstance(value, Mapping):
        # Keyed by the portal's own ids: these are changed or, with an empty value, removed.
        return value
    # An update adds every phone and e-mail it is given; those that the item got before must not come again.
    before = link.snapshot.get("fm", []) if link is not None else []
    return [entry for entry in value or () if entry not in before]


def _links(object_name: str, links: Mapping[str, str], around: Surroundings) -> dict[str, Any]:
    written: dict[str, Any] = {}
    for code, ref in links.items():
        spec = around.specs.get(object_name, {}).get(code)
        name = spec.name if spec else code
        if not around.catalogue.has(object_name, name):
            raise Rejected(f"A {object_name} has no link {code}.", code="UNKNOWN_FIELD")
        written[name] = around.link(ref).entity_id
    return written


def _stage(object_name: str, delivery: SaveItem, around: Surroundings) -> dict[str, Any]:
    if delivery.stage and object_name in around.manifest.processes:
        return {"stageId": around.process(object_name).stage_id(_status_in_process(object_name, delivery, around))}
    if not delivery.stage or object_name != "deal":
        return {"stageId": delivery.stage} if delivery.stage else {}
    pipeline = delivery.pipeline or next(iter(around.manifest.pipelines))
    declared = around.manifest.pipelines[pipeline].stages.get(delivery.stage)
    if declared is None:
        raise Rejected(f"The pipeline {pipeline} has no stage {delivery.stage}.", code="UNKNOWN_STAGE")
    return {"stageId": f"C{_category(pipeline, around)}:{declared.status or delivery.stage.upper()}"}


def _status_in_process(object_name: str, delivery: SaveItem, around: Surroundings) -> str:
    declared = around.manifest.processes[object_name].stages.get(delivery.stage)
    if declared is None:
        raise Rejected(f"The process {object_name} has no stage {delivery.stage}.", code="UNKNOWN_STAGE")
    return declared.status or delivery.stage.upper()


def _category(pipeline: str, around: Surroundings) -> str:
    if pipeline not in around.pipelines:
        raise NotYet(f"The pipeline {pipeline} was not made yet.")
    return around.pipelines[pipeline]


def saved(delivery: SaveItem, result: Any, around: Surroundings) -> Outcome:
    """Read the answer of add or update."""
    item = result["item"]
    type_id = around.type_id(object_of(delivery.ref))
    return Done({"entity_type_id": type_id, "entity_id": str(int(item["id"]))})


def lookup(delivery: SaveItem, around: Surroundings) -> Command:
    """Give the call that finds an item created under a ref."""
    object_name = object_of(delivery.ref)
    where, type_id = _origin(object_name, delivery.ref), around.type_id(object_name)
    return Command(
        "crm.item.list", {"entityTypeId": type_id, "select": ["id"], "filter": where, "order": {"id": "ASC"}}
    )


def found(delivery: SaveItem, result: Any, around: Surroundings) -> Outcome:
    """Read the answer of the look-up. An item that was only to be changed is changed again: the state is what counts."""
    items = result.get("items") or () if isinstance(result, Mapping) else ()
    if delivery.ref in around.links or not items:
        return TryLater("The item does not show the change.", after_seconds=0.0)
    type_id = around.type_id(object_of(delivery.ref))
    return Done({"entity_type_id": type_id, "entity_id": str(items[0]["id"]), "found": True})
