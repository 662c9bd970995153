"""Templates of recurring deals: a deal marked as one, its setting, and the deals that time or a call makes from it."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sandbox.portal import moments
from sandbox.portal.call import to_int, to_map
from sandbox.portal.crm import items, product_sums, types
from sandbox.portal.crm.changes import Change
from sandbox.portal.events import emit
from sandbox.portal.hooks import listen
from sandbox.portal.identity import Actor
from sandbox.portal.portal import ZONE, Portal
from sandbox.portal.recurring import schedule
from sandbox.portal.store import Row

TABLE = "recurring_deals"
KIND = types.SYSTEM[types.DEAL]
TEXTS = ("MODE", "MULTIPLE_TYPE", "SINGLE_BEFORE_START_DATE_TYPE", "OFFSET_BEGINDATE_TYPE", "OFFSET_CLOSEDATE_TYPE")
NUMBERS = (
    "MULTIPLE_INTERVAL",
    "SINGLE_BEFORE_START_DATE_VALUE",
    "OFFSET_BEGINDATE_VALUE",
    "OFFSET_CLOSEDATE_VALUE",
)
NOT_COPIED = frozenset(
    {"id", "createdTime", "createdBy", "updatedTime", "updatedBy", "movedTime", "movedBy", "stageId"}
)


def read(held: Row, sent: dict[str, Any]) -> Row:
    """A setting after a change: unknown limits become none, unknown repetitions nothing."""
    fields = {str(name).upper(): value for name, value in sent.items()}
    row = dict(held)
    if "ACTIVE" in fields:
        row["ACTIVE"] = "N" if fields["ACTIVE"] == "N" else "Y"
    if "CATEGORY_ID" in fields:
        row["CATEGORY_ID"] = str(to_int(fields["CATEGORY_ID"]))
    if "IS_LIMIT" in fields:
        row["IS_LIMIT"] = fields["IS_LIMIT"] if fields["IS_LIMIT"] in {"D", "T"} else "N"
    if "LIMIT_REPEAT" in fields:
        row["LIMIT_REPEAT"] = to_int(fields["LIMIT_REPEAT"]) or None
    for name in ("LIMIT_DATE", "START_DATE"):
        if name in fields:
            moment = moments.parse(fields[name]) if fields[name] else None
            row[name] = moment.date().isoformat() if moment else None
    return row | {"PARAMS": {**row["PARAMS"], **_params(to_map(fields.get("PARAMS")))}}


def _params(sent: dict[str, Any]) -> Row:
    given = {str(name).upper(): value for name, value in sent.items()}
    texts = {name: str(given[name]) if given[name] else None for name in TEXTS if name in given}
    return texts | {name: to_int(given[name]) for name in NUMBERS if name in given}


def add(portal: Portal, original: Row, sent: dict[str, Any], actor: Actor) -> Row:
    """A template made of a deal. `DEAL_ID` is the deal that stands for the template."""
    template = copy_deal(portal, original, actor, recurring="Y")
    blank = {
        "DEAL_ID": str(template["id"]),
        "BASED_ID": str(original["id"]),
        "ACTIVE": "Y",
        "CATEGORY_ID": str(original["categoryId"]),
        "IS_LIMIT": "N",
        "LIMIT_REPEAT": None,
        "LIMIT_DATE": None,
        "START_DATE": None,
        "PARAMS": {**dict.fromkeys(TEXTS), **dict.fromkeys(NUMBERS, 0)},
        "made": 0,
        "last": None,
        "last_day": None,
    }
    row = portal.store.insert(TABLE, read(blank, sent))
    plan(portal, row)
    return row


def plan(portal: Portal, row: Row) -> None:
    """Settles when the next deal is made."""
    day = schedule.following(row, portal.now().date())
    row["next"] = moments.iso(datetime.combine(day, time(), ZONE)) if day else None
    portal.store.touch()


def copy_deal(portal: Portal, original: Row, actor: Actor, *, recurring: str, **more: Any) -> Row:
    """A deal like another, with its goods."""
    values = {name: value for name, value in original.items() if name not in NOT_COPIED}
    made = items.add(portal, KIND, {**values, "isRecurring": recurring, **more}, actor)
    table = portal.store.table("crm_product_rows")
    for row in product_sums.rows_of(portal, KIND, original["id"]):
        number = int(portal.store.next_id("crm_product_rows"))
        table[str(number)] = {**row, "id": number, "ownerId": made["id"]}
    product_sums.forget(portal)
    return made


def expose(portal: Portal, row: Row, actor: Actor) -> Row | None:
    """A deal from a template, None when the template's deal is gone."""
    template = items.find(portal, KIND, int(row["DEAL_ID"]))
    if template is None:
        return None
    today, params = portal.now().date(), row["PARAMS"]
    dates = {
        "begindate": _day(schedule.moved(today, params["OFFSET_BEGINDATE_TYPE"], params["OFFSET_BEGINDATE_VALUE"])),
        "closedate": _day(schedule.moved(today, params["OFFSET_CLOSEDATE_TYPE"], params["OFFSET_CLOSEDATE_VALUE"])),
    }
    made = copy_deal(portal, template, actor, recurring="N", categoryId=int(row["CATEGORY_ID"]), **dates)
    row.update(made=row["made"] + 1, last=portal.stamp(), last_day=today.isoformat())
    plan(portal, row)
    tell(portal, "EXPOSE", row, actor, DEAL_ID=str(made["id"]))
    return made


def _day(day: date) -> str:
    return moments.iso(datetime.combine(day, time(), ZONE))


def tell(portal: Portal, verb: str, row: Row, actor: Actor, **more: str) -> None:
    """Tells applications about a template."""
    fields = {"ID": row["ID"]} if verb == "DELETE" else {"ID": row["ID"], "RECURRING_DEAL_ID": row["DEAL_ID"], **more}
    emit(portal, f"ONCRMDEALRECURRING{verb}", {"FIELDS": fields}, actor)


@listen("tick")
def make_due(portal: Portal) -> None:
    """Makes the deals whose time has come."""
    now = portal.stamp()
    for row in list(portal.store.rows(TABLE)):
        if row["next"] and row["next"] <= now:
            expose(portal, row, Actor("1", automation=True))


@listen("crm_change")
def forget(portal: Portal, change: Change) -> None:
    """A deleted template takes its setting with it."""
    if change.kind != "delete" or change.type.id != types.DEAL:
        return
    for row in list(portal.store.rows(TABLE)):
        if row["DEAL_ID"] == str(change.item_id):
            del portal.store.table(TABLE)[row["ID"]]
            tell(portal, "DELETE", row, change.actor)
