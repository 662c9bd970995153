"""Reading what the portal has of ours, and what we remember to have applied. Called by `running`; changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from b24app.bitrix24.client import Answer, Command
from b24app.bitrix24.connection import Connection
from b24app.bitrix24.install.planning import Applied, Snapshot
from b24app.bitrix24.install.process_fields import MODULE
from b24app.bitrix24.install.wanted import DEAL, Element
from b24app.bitrix24.processes import Place, Places, filled, place_from, places_in
from b24app.errors import Rejected
from b24app.manifest.elements import OBJECTS
from storage.models.portals import AppliedElement
from storage.unit_of_work import UnitOfWork

LISTS = {
    "categories": Command("crm.category.list", {"entityTypeId": DEAL}),
    "robots": Command("bizproc.robot.list", {}),
    "activities": Command("bizproc.activity.list", {}),
    "triggers": Command("crm.automation.trigger.list", {}),
    "field_types": Command("userfieldtype.list", {}),
    "placements": Command("placement.get", {}),
    "events": Command("event.get", {}),
    "connectors": Command("imconnector.list", {}),
    "types": Command("crm.type.list", {}),
    "lines": Command("imopenlines.config.list.get", {"PARAMS": {"select": ["ID", "LINE_NAME"]}}),
}


def remembered(uow: UnitOfWork, portal_id: int) -> dict[str, Applied]:
    """Give what was applied before, by element key."""
    rows = uow.session.scalars(select(AppliedElement).where(AppliedElement.portal_id == portal_id))
    return {row.element: Applied(row.fingerprint, row.outside_id) for row in rows}


def read_snapshot(
    connection: Connection, wanted: Sequence[Element], applied: Mapping[str, Applied], line_id: str = ""
) -> Snapshot:
    """Ask the portal for everything that the wanted elements could already be; `line_id` is the open line chosen. Raises GatewayError.

    A list that it refuses (a module that its plan lacks) counts as empty: the steps then say what was refused.
    """
    answers = connection.batch(list(LISTS.values()))
    lists = dict(zip(LISTS, map(_listed, answers), strict=True))
    categories = _categories(lists["categories"])
    present = dict(_pipelines(wanted, applied, categories))
    present |= _processes(connection, wanted, applied, (lists["types"] or {}).get("types", ()))
    places = places_in(present)
    wanted = [replace(element, payload=filled(element.payload, places)) for element in wanted]
    present |= _stages(connection, wanted, present)
    present |= _fields(connection, wanted, places)
    present |= {f"field_type:{row['USER_TYPE_ID']}": place_id(row) for row in _rows(lists["field_types"])}
    present |= {f"robot:{code}": code for code in lists["robots"] or ()}
    present |= {f"activity:{code}": code for code in lists["activities"] or ()}
    present |= {f"trigger:{row['CODE']}": row["CODE"] for row in _rows(lists["triggers"])}
    present |= _places(wanted, lists["placements"] or ())
    present |= _events(wanted, lists["events"] or ())
    present |= _connectors(wanted, applied, lists["connectors"], lists["lines"], line_id)
    return Snapshot(applied, present, _stale(wanted, lists["placements"] or (), lists["events"] or ()))


def place_id(payload: Mapping[str, Any]) -> str:
    """Name a placement, a field type or an event handler as the portal tells it from others: what, and the address."""
    what = next((payload[key] for key in ("PLACEMENT", "placement", "event", "USER_TYPE_ID") if payload.get(key)), "")
    return f"{what} {payload.get('HANDLER') or payload.get('handler') or ''}".strip()


def _listed(answer: Answer) -> Any:
    return None if isinstance(answer.error, Rejected) else answer.value()


def _rows(value: Any) -> Iterable[Mapping[str, Any]]:
    return value.values() if isinstance(value, Mapping) else (value or ())


def _categories(answer: Any) -> dict[str, str]:
    return {str(row["id"]): str(row["name"]) for row in (answer or {}).get("categories", ())}


def _pipelines(
    wanted: Sequence[Element], applied: Mapping[str, Applied], categories: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    for element in (e for e in wanted if e.kind == "pipeline"):
        known = applied.get(element.key)
        if known is not None and known.outside_id in categories:
            yield element.key, known.outside_id
            continue
        named = [found for found, name in categories.items() if name == element.payload["name"] and found != "0"]
        if named:
            yield element.key, named[0]


def _processes(
    connection: Connection,
    wanted: Sequence[Element],
    applied: Mapping[str, Applied],
    types: Iterable[Mapping[str, Any]],
) -> Iterator[tuple[str, str]]:
    by_id = {int(row["id"]): row for row in types}
    by_title = {str(row["title"]): row for row in by_id.values()}
    for element in (e for e in wanted if e.kind == "process"):
        before = applied.get(element.key)
        row = by_id.get(place_from(before.outside_id).type_id) if before else None
        # The portal gives a process no code of ours: what is not remembered is known by its title, as pipelines are.
        row = row or by_title.get(element.payload["title"])
        if row is not None:
            yield element.key, process_place(connection, row).kept


def process_place(connection: Connection, row: Mapping[str, Any]) -> Place:
    """Give the numbers of a process from its description by crm.type.*; its pipeline is asked for."""
    number = int(row["entityTypeId"])
    found = connection.call("crm.category.list", {"entityTypeId": number}).result["categories"]
    first = next((category for category in found if category.get("isDefault") == "Y"), found[0])
    return Place(number, int(row["id"]), int(first["id"]))


def directory_of(code: str, known: Mapping[str, str]) -> str:
    """Name the directory of stages of a pipeline or a process; an empty text while it is not there."""
    if f"pipeline:{code}" in known:
        return f"DEAL_STAGE_{known[f'pipeline:{code}']}"
    kept = known.get(f"process:{code}")
    return place_from(kept).directory if kept else ""


def stage_ids(connection: Connection, entity: str) -> dict[str, str]:
    """Give the stages in a directory: status code without the pipeline's prefix → the portal's id of the entry."""
    rows = connection.read_all("crm.status.list", {"filter": {"ENTITY_ID": entity}, "order": {"SORT": "ASC"}})
    return {str(row["STATUS_ID"]).partition(":")[2] or str(row["STATUS_ID"]): str(row["ID"]) for row in rows}


def _stages(connection: Connection, wanted: Sequence[Element], present: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for pipeline in {e.name.partition(".")[0] for e in wanted if e.kind == "stage"}:
        directory = directory_of(pipeline, present)
        if not directory:
            continue
        ids = stage_ids(connection, directory)
        for element in wanted:
            if element.key.startswith(f"stage:{pipeline}.") and element.payload["STATUS_ID"] in ids:
                found[element.key] = ids[element.payload["STATUS_ID"]]
    return found


def _fields(connection: Connection, wanted: Sequence[Element], places: Places) -> dict[str, str]:
    found: dict[str, str] = {}
    for object_name in dict.fromkeys(e.name.partition(".")[0] for e in wanted if e.kind == "field"):
        ids = _field_ids(connection, object_name, places)
        for element in (e for e in wanted if e.key.startswith(f"field:{object_name}.")):
            name = element.payload.get("FIELD_NAME") or element.payload["fieldName"]
            if name in ids:
                found[element.key] = ids[name]
    return found


def _field_ids(connection: Connection, object_name: str, places: Places) -> dict[str, str]:
    if object_name in OBJECTS:
        rows = connection.read_all(f"crm.{object_name}.userfield.list", {"order": {"ID": "ASC"}, "filter": {}})
        return {str(row["FIELD_NAME"]): str(row["ID"]) for row in rows}
    if object_name not in places:
        return {}
    where = {"moduleId": MODULE, "filter": {"entityId": f"CRM_{places[object_name].type_id}"}}
    return {
        str(row["fieldName"]): str(row["id"]) for row in connection.read_all("userfieldconfig.list", where, "fields")
    }


def _places(wanted: Sequence[Element], bound: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    known = {place_id(row) for row in bound}
    return {e.key: place_id(e.payload) for e in wanted if e.kind == "placement" and place_id(e.payload) in known}


def _events(wanted: Sequence[Element], bound: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    online = {place_id(row) for row in bound if str(row.get("offline", 0)) != "1"}
    offline = {str(row["event"]) for row in bound if str(row.get("offline", 0)) == "1"}
    found = {e.key: place_id(e.payload) for e in wanted if e.kind == "event" and place_id(e.payload) in online}
    return found | {e.key: e.name for e in wanted if e.kind == "offline" and e.name in offline}


def _connectors(
    wanted: Sequence[Element], applied: Mapping[str, Applied], connectors: Any, lines: Any, line_id: str
) -> dict[str, str]:
    known = set(connectors) if isinstance(connectors, Mapping) else set()
    found = {e.key: e.name for e in wanted if e.kind == "connector" and e.name in known}
    line_names = {str(row["ID"]): str(row.get("LINE_NAME", "")) for row in _rows(lines)}
    for element in (e for e in wanted if e.kind == "line"):
        before = applied.get(element.key)
        named = [line for line, name in line_names.items() if name == element.payload["LINE_NAME"]]
        if line_id in line_names:
            found[element.key] = line_id
        elif before is not None and before.outside_id in line_names:
            found[element.key] = before.outside_id
        elif named:
            found[element.key] = named[0]
    return found


def _stale(
    wanted: Sequence[Element], placements: Iterable[Mapping[str, Any]], events: Iterable[Mapping[str, Any]]
) -> dict[str, dict[str, str]]:
    """Find registrations of ours at addresses that we no longer have: both lists hold this application's only."""
    ours = {place_id(e.payload) for e in wanted if e.kind in {"placement", "event"}}
    found: dict[str, dict[str, str]] = {}
    for kind, rows in (("placement", placements), ("event", events)):
        for row in rows:
            if row.get("handler") and place_id(row) not in ours and str(row.get("offline", 0)) != "1":
                found[f"{kind}:{place_id(row)}"] = {kind: str(row[kind]), "handler": str(row["handler"])}
    return found
