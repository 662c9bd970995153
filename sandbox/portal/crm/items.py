"""Adding, changing and deleting items of any kind, with everything that follows: stages, links, history, events.

Called by the method families and by automation. Values come keyed by `Field.key` in stored form.
"""

from __future__ import annotations

from sandbox.portal.crm import history, links, pipelines, product_sums, stages, types
from sandbox.portal.crm.changes import Change, announce
from sandbox.portal.crm.fields import field_set
from sandbox.portal.crm.index import index_of
from sandbox.portal.crm.types import EntityType
from sandbox.portal.errors import RestError
from sandbox.portal.identity import Actor
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row

NAMES = {
    types.LEAD: ("Лид", "Lead"),
    types.DEAL: ("Сделка", "Deal"),
    types.QUOTE: ("Предложение", "Quote"),
    types.INVOICE: ("Счёт", "Invoice"),
    types.COMPANY: ("Компания", "Company"),
}
NO_LINK = {"companyId": 0, "contactId": 0}
FLAGS_OFF = (
    "isManualOpportunity",
    "isReturnCustomer",
    "isRepeatedApproach",
    "isRecurring",
    "isNew",
    "closed",
    "export",
    "isMyCompany",
)


def find(portal: Portal, kind: EntityType, item_id: int) -> Row | None:
    """An item by number."""
    return portal.store.table(kind.table).get(str(item_id))


def add(
    portal: Portal, kind: EntityType, values: Row, actor: Actor, *, strict: bool = False, imported: bool = False
) -> Row:
    """A new item. `strict`: an unknown stage is refused, else the first one is taken."""
    sent = dict(values)
    links.level(kind, sent)
    row = _blank(portal, kind, actor) | sent
    row["id"] = int(portal.store.next_id(kind.table))
    if kind.has_categories or kind.dynamic or kind.id == types.DEAL:
        _settle_category(portal, kind, row)
    if kind.has_stages:
        _settle_stage(portal, kind, row, strict=strict)
    if not row.get("title") and "title" in field_set(portal, kind).by_key:
        row["title"] = _default_title(portal, kind, row["id"])
    index = index_of(portal, kind)
    portal.store.table(kind.table)[str(row["id"])] = row
    index.add(row)
    links.mirror(portal, kind, None, row)
    if kind.has_stages:
        history.write(portal, kind, row, history.CREATED, row["stageSemanticId"])
    portal.store.touch()
    announce(portal, Change("add", kind, row["id"], None, dict(row), actor, imported=imported))
    return row


def _blank(portal: Portal, kind: EntityType, actor: Actor) -> Row:
    now, user_id = portal.stamp(), int(actor.user_id)
    row: Row = {}
    for field in field_set(portal, kind).fields:
        if field.disabled:
            continue
        row[field.key] = [] if field.multiple else None
        if field.key in FLAGS_OFF:
            row[field.key] = "N"
    row |= {key: value for key, value in NO_LINK.items() if key in row}
    if "opportunity" in row:
        row |= {"opportunity": 0.0, "taxValue": 0.0, "currencyId": base_currency(portal)}
    row |= {"createdTime": now, "updatedTime": now, "createdBy": user_id, "updatedBy": user_id}
    row |= {"assignedById": user_id, "lastActivityBy": user_id, "lastActivityTime": now}
    if kind.has_stages:
        row |= {"movedBy": user_id, "movedTime": now}
    row["opened"] = "Y"
    if kind.id in {types.CONTACT, types.COMPANY}:
        row["categoryId"] = 0
    return row


def base_currency(portal: Portal) -> str:
    """The currency of amounts without one."""
    return str(portal.store.values.get("base_currency", "USD"))


def _default_title(portal: Portal, kind: EntityType, item_id: int) -> str:
    names = NAMES.get(kind.id) or (kind.settings["title"],) * 2
    return f"{names[0] if portal.store.values['language'] == 'ru' else names[1]} #{item_id}"


def _settle_category(portal: Portal, kind: EntityType, row: Row) -> None:
    wanted = row.get("categoryId")
    if wanted is None or pipelines.find(portal, kind, wanted) is None:
        row["categoryId"] = pipelines.default_id(portal, kind)


def _settle_stage(portal: Portal, kind: EntityType, row: Row, *, strict: bool) -> None:
    category = row.get("categoryId") or 0
    if row.get("stageId") is None or stages.find(portal, kind, category, row["stageId"]) is None:
        if strict and row.get("stageId"):
            raise RestError("CRM_FIELD_ERROR_VALUE_NOT_VALID", 'Invalid value for field "Stage"', 400)
        known = stages.of_pipeline(portal, kind, category)
        row["stageId"] = known[0]["STATUS_ID"] if known else None
    meaning = stages.semantics(portal, kind, category, row["stageId"])
    row["stageSemanticId"] = meaning
    if kind.id == types.DEAL:
        row["closed"] = "N" if meaning == "P" else "Y"
    elif kind.id == types.LEAD:
        row["dateClosed"] = None if meaning == "P" else portal.stamp()


def update(portal: Portal, kind: EntityType, row: Row, values: Row, actor: Actor, *, strict: bool = False) -> Row:
    """Changes an item; a new pipeline brings its first stage unless one of its stages is given."""
    before, sent = dict(row), dict(values)
    links.level(kind, sent)
    after = before | sent | {"updatedTime": portal.stamp(), "updatedBy": int(actor.user_id)}
    if "categoryId" in sent:
        _settle_category(portal, kind, after)
    moved_pipeline = after.get("categoryId") != before.get("categoryId")
    if kind.has_stages and (moved_pipeline or "stageId" in sent):
        if moved_pipeline and "stageId" not in sent:
            after["stageId"] = None
        _settle_stage(portal, kind, after, strict=strict)
    moved = kind.has_stages and after["stageId"] != before["stageId"]
    if moved:
        after |= {"movedTime": portal.stamp(), "movedBy": int(actor.user_id)}
        if "previousStageId" in after:
            after["previousStageId"] = before["stageId"]
    row.update(after)
    product_sums.apply(portal, kind, row)
    index_of(portal, kind).remap(before, row)
    links.mirror(portal, kind, before, row)
    if moved:
        record = history.CHANGED_PIPELINE if moved_pipeline else history.MOVED
        history.write(portal, kind, row, record, row["stageSemanticId"])
    portal.store.touch()
    announce(portal, Change("update", kind, row["id"], before, dict(row), actor))
    return row


def delete(portal: Portal, kind: EntityType, row: Row, actor: Actor) -> None:
    """Removes an item and what hangs on it."""
    index_of(portal, kind).remove(row)
    links.mirror(portal, kind, row, None)
    del portal.store.table(kind.table)[str(row["id"])]
    product_sums.drop(portal, kind, row["id"])
    portal.store.touch()
    announce(portal, Change("delete", kind, row["id"], dict(row), None, actor))
