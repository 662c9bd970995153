"""`catalog.product.*` and its sister families of parents, variations and services: one set of handlers for all four."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from sandbox.contract import method_facts
from sandbox.portal import validation
from sandbox.portal.call import Answer, Call, Download, to_int, to_map
from sandbox.portal.catalog import catalogs, kinds, product_fields
from sandbox.portal.catalog.kinds import Kind
from sandbox.portal.crm import access, files
from sandbox.portal.errors import RestError
from sandbox.portal.events import emit
from sandbox.portal.filters import UnknownFieldError, compile_filter, sort_rows, split_operator
from sandbox.portal.registry import method
from sandbox.portal.store import Row

CHECKED_HERE = frozenset({"add", "download"})
NOT_KEPT = "Stores, sections and further pictures are not kept."


def _require(call: Call, kind: Kind, number: int) -> Row:
    row = call.portal.store.table(kinds.TABLE).get(str(number))
    if row is None or row["type"] not in kind.types:
        raise RestError("0", f"{kind.single} does not exist.", 400)
    return row


def _sent(kind: Kind, call: Call) -> Row:
    """The sent fields that this kind of products has."""
    known = set(kind.fields())
    fields = call.mapping("fields")
    return {name: value for name, value in fields.items() if name in known or product_fields.is_property(name)}


def _demand(call: Call, *names: str) -> Row:
    """`fields` with all the given names in it."""
    fields = call.mapping("fields")
    if not fields:
        raise validation.missing(method_facts("bitrix24", call.method), "fields")
    lacking = [name for name in names if not fields.get(name)]
    if lacking:
        raise RestError("0", f"Required fields: {', '.join(lacking)}", 400)
    return fields


def _add(kind: Kind, call: Call) -> dict[str, Any]:
    _demand(call, "iblockId", "name")
    sent = _sent(kind, call)
    if str(to_int(sent["iblockId"])) not in call.portal.store.table(catalogs.TABLE):
        raise RestError("200040300000", "Iblock not found", 400)
    if to_int(sent["iblockId"]) != kind.catalogue:
        raise RestError("0", f"The catalogue holds no products of the kind {kind.single}", 400)
    now, user_id = call.portal.stamp(), int(call.user_id)
    row: Row = {**_blank(kind), "createdBy": user_id, "dateCreate": now, "modifiedBy": user_id}
    row |= product_fields.read(call.portal, sent)
    row |= {"type": kinds.first_type(kind, row), "timestampX": now}
    _check_parent(call, row)
    row["id"] = int(call.portal.store.next_id(kinds.TABLE))
    row["xmlId"] = row["xmlId"] or str(row["id"])
    call.portal.store.table(kinds.TABLE)[str(row["id"])] = row
    shown = {kind.added: _shown(call, kind, row)}
    _tell(call, "ADD", row)
    return shown


def _blank(kind: Kind) -> Row:
    rules = method_facts("bitrix24", f"{kind.family}.add")["params"]["fields"]["params"]
    defaults = {name: rule["default"] for name, rule in rules.items() if "default" in rule}
    row = dict.fromkeys(kind.fields()) | {"available": "Y", "bundle": "N", "sort": 500}
    return row | {name: to_int(value) if name == "recurSchemeLength" else value for name, value in defaults.items()}


def _check_parent(call: Call, row: Row) -> None:
    parent_id = kinds.parent_of(row)
    parent = call.portal.store.table(kinds.TABLE).get(parent_id)
    if parent_id and (parent is None or parent["type"] not in kinds.PARENTS.types):
        raise RestError("0", "The parent product does not exist", 400)


def _tell(call: Call, verb: str, row: Row) -> None:
    kinds.settle_parent(call.portal, kinds.parent_of(row) or str(row["id"]))
    call.portal.store.touch()
    emit(call.portal, f"CATALOG.PRODUCT.ON.{verb}", {"FIELDS": {"ID": str(row["id"]), "TYPE": row["type"]}}, call.actor)


def _shown(call: Call, kind: Kind, row: Row, *, listed: bool = False) -> dict[str, Any]:
    """A product as one of its methods prints it; what belongs to sold content appears in lists only."""
    shown = product_fields.show(call.portal, row, kind.family, listed=listed)
    return {name: value for name, value in shown.items() if listed or name not in kinds.SOLD_CONTENT}


def _get(kind: Kind, call: Call) -> dict[str, Any]:
    return {kind.single: _shown(call, kind, _require(call, kind, call.integer("id")))}


def _update(kind: Kind, call: Call) -> dict[str, Any]:
    row = _require(call, kind, call.integer("id"))
    changes = product_fields.read(call.portal, {k: v for k, v in _sent(kind, call).items() if k != "iblockId"})
    former = kinds.parent_of(row)
    _check_parent(call, {**row, **changes})
    row |= {"modifiedBy": int(call.user_id), **changes}
    if kind is kinds.OFFERS:
        row["type"] = kinds.first_type(kind, row)
    row["timestampX"] = call.portal.stamp()
    row["xmlId"] = row["xmlId"] or str(row["id"])
    kinds.settle_parent(call.portal, former)
    _tell(call, "UPDATE", row)
    return {kind.added: _shown(call, kind, row)}


def _delete(kind: Kind, call: Call) -> bool:
    row = _require(call, kind, call.integer("id"))
    table = call.portal.store.table(kinds.TABLE)
    variations = [
        offer for offer in kinds.of_kind(call.portal, kinds.OFFERS) if kinds.parent_of(offer) == str(row["id"])
    ]
    for gone in [*variations, row]:
        del table[str(gone["id"])]
        _tell(call, "DELETE", gone)
    return True


def _list(kind: Kind, call: Call) -> Answer:
    if access.level(call) == "none":
        raise RestError("200040300010", "Access denied!", 400)
    chosen = {str(name) for name in to_map(call.get("select")).values()}
    if not {"id", "iblockId"} <= chosen and "*" not in chosen:
        raise RestError("0", "Required select fields: id, iblockId", 400)
    if "iblockId" not in {split_operator(key)[1] for key in call.mapping("filter")}:
        raise RestError("0", "Required filter fields: iblockId", 400)
    conditions = {key: product_fields.plain(value) for key, value in call.mapping("filter").items()}
    rows = list(kinds.of_kind(call.portal, kind))
    try:
        test = compile_filter(conditions, product_fields.kind, product_fields.compared)
        order = to_map(call.get("order")) or {"id": "ASC"}
        rows = sort_rows(filter(test, rows) if test else rows, order, product_fields.kind, product_fields.compared)
    except UnknownFieldError as error:
        raise RestError("0", f"Unknown field {error}", 400) from error
    page = call.page(rows, result_key=kind.many)
    page.result[kind.many] = [_selected(_shown(call, kind, row, listed=True), chosen) for row in page.result[kind.many]]
    return page


def _selected(shown: Row, chosen: set[str]) -> Row:
    return {name: value for name, value in shown.items() if name in chosen or "*" in chosen}


def _described(kind: Kind, call: Call) -> dict[str, Any]:
    catalogue = to_int(call.mapping("filter").get("iblockId"))
    if not catalogue:
        raise RestError("0", "Required filter fields: iblockId", 400)
    rows = [row for row in call.portal.store.rows(kinds.TABLE) if row["iblockId"] == catalogue]
    held = {name for row in rows for name in row if product_fields.is_property(name)} - {product_fields.PARENT}
    return {kind.single: product_fields.describe(kind.fields(described=True), sorted(held), kind.family)}


def _download(kind: Kind, call: Call) -> Download:
    wanted = _demand(call, "fileId", "productId", "fieldName")
    row = _require(call, kind, to_int(wanted["productId"]))
    name = product_fields.picture_name(str(wanted["fieldName"]))
    if name not in row or not product_fields.holds_files(name):
        raise RestError("0", "The property does not exist or is not a file", 400)
    file = files.found(call.portal, to_int(wanted["fileId"])) if row[name] == to_int(wanted["fileId"]) else None
    if file is None:
        raise RestError("0", "The file does not exist", 400)
    return Download(*file)


HANDLERS: dict[str, Callable[[Kind, Call], Any]] = {
    "add": _add,
    "get": _get,
    "update": _update,
    "delete": _delete,
    "list": _list,
    "getFieldsByFilter": _described,
    "download": _download,
}
for _kind in kinds.KINDS:
    for _verb, _handler in HANDLERS.items():
        method(
            f"{_kind.family}.{_verb}",
            validate=_verb not in CHECKED_HERE,
            missing=NOT_KEPT if _verb == "add" else "",
        )(partial(_handler, _kind))
