"""`crm.deal.recurring.*`: templates of deals that repeat."""

from __future__ import annotations

from typing import Any, NamedTuple

from sandbox.portal.call import Answer, Call, to_int
from sandbox.portal.crm import access, classic_view, items
from sandbox.portal.errors import RestError
from sandbox.portal.listing import Kinds, filtered, ordered
from sandbox.portal.readings import declare
from sandbox.portal.recurring import templates
from sandbox.portal.registry import method
from sandbox.portal.store import Row


class Column(NamedTuple):
    """What is told of a field; `immutable`: it is chosen once, `read_only`: never."""

    kind: str
    title: str
    read_only: bool = False
    immutable: bool = False


FIELDS = {
    "ID": Column("integer", "id", read_only=True),
    "DEAL_ID": Column("integer", "id of the recurring deal", immutable=True),
    "BASED_ID": Column("integer", "Created based on", read_only=True),
    "ACTIVE": Column("char", "Active"),
    "NEXT_EXECUTION": Column("datetime", "Next execution date", read_only=True),
    "LAST_EXECUTION": Column("datetime", "Last execution date", read_only=True),
    "COUNTER_REPEAT": Column("integer", "Number of executions", read_only=True),
    "START_DATE": Column("date", "Start date for calculation"),
    "CATEGORY_ID": Column("char", "Category of the new deal"),
    "IS_LIMIT": Column("char", "Type of execution limits"),
    "LIMIT_REPEAT": Column("integer", "Limit on the number of executions"),
    "LIMIT_DATE": Column("date", "Limit by date"),
    "PARAMS": Column("recurring_params", "Parameters for calculating the next execution date"),
}
PARAM_TITLES = {
    "MODE": "Repetition mode",
    "SINGLE_BEFORE_START_DATE_VALUE": "Offset before the calculation date",
    "SINGLE_BEFORE_START_DATE_TYPE": "Type of offset before the calculation date",
    "MULTIPLE_TYPE": "Type of repetition",
    "MULTIPLE_INTERVAL": "Repetition interval",
    "OFFSET_BEGINDATE_TYPE": "Type of offset for the start date in the new deal",
    "OFFSET_BEGINDATE_VALUE": "Offset for the start date in the new deal",
    "OFFSET_CLOSEDATE_TYPE": "Type of offset for the completion date in the new deal",
    "OFFSET_CLOSEDATE_VALUE": "Offset for the completion date in the new deal",
}
LISTED_NAMES = declare(
    "recurring_list_names",
    "example",
    "upper",
    about="Names in crm.deal.recurring.list: its example prints id, deal_id, based_id and category_id in lower case, its "
    "text refers to the upper-case names of crm.deal.recurring.get.",
)
LOWERED = frozenset({"ID", "DEAL_ID", "BASED_ID", "CATEGORY_ID"})
KINDS: Kinds = {name: column.kind for name, column in FIELDS.items()}


def _described(column: Column, *, required: bool = False) -> Row:
    flags = {"isRequired": required, "isReadOnly": column.read_only, "isImmutable": column.immutable}
    return {"type": column.kind, **flags, "isMultiple": False, "isDynamic": False, "title": column.title}


@method("crm.deal.recurring.fields")
def recurring_fields(call: Call) -> dict[str, Any]:
    """Descriptions of the fields of a template."""
    access.require_any(call, classic=True)
    described = {name: _described(column, required=name == "DEAL_ID") for name, column in FIELDS.items()}
    described["PARAMS"]["definition"] = {
        name: _described(Column("integer" if name in templates.NUMBERS else "string", title))
        for name, title in PARAM_TITLES.items()
    }
    return described


def _shown(row: Row) -> Row:
    return {
        "ID": row["ID"],
        "DEAL_ID": row["DEAL_ID"],
        "BASED_ID": row["BASED_ID"],
        "ACTIVE": row["ACTIVE"],
        "CATEGORY_ID": row["CATEGORY_ID"],
        "IS_LIMIT": row["IS_LIMIT"],
        "COUNTER_REPEAT": str(row["made"]) if row["made"] else None,
        "LIMIT_REPEAT": str(row["LIMIT_REPEAT"]) if row["LIMIT_REPEAT"] else None,
        "LIMIT_DATE": _day(row["LIMIT_DATE"]),
        "START_DATE": _day(row["START_DATE"]),
        "NEXT_EXECUTION": row["next"] or "",
        "LAST_EXECUTION": row["last"] or "",
        "PARAMS": row["PARAMS"],
    }


def _day(value: str | None) -> str:
    return f"{value}T03:00:00+03:00" if value else ""


def _require(call: Call) -> Row:
    number = call.integer("id")
    if number <= 0:
        raise RestError("", "id is not defined or invalid.", 400)
    access.require_any(call, classic=True)
    row = call.portal.store.table(templates.TABLE).get(str(number))
    if row is None:
        raise RestError("", "Recurring deal is not found.", 400)
    deal = items.find(call.portal, templates.KIND, int(row["DEAL_ID"]))
    if deal is not None:
        access.require_row(call, deal, classic=True)
    return row


@method("crm.deal.recurring.add", validate=False)
def recurring_add(call: Call) -> int:
    """A template made of a deal; a deal has at most one."""
    if not isinstance(call.get("fields"), dict | list):
        raise RestError("", "Parameter 'fields' must be array.", 400)
    sent = {str(name).upper(): value for name, value in call.mapping("fields").items()}
    if not isinstance(sent.get("PARAMS", {}), dict | list):
        raise RestError("", "Parameter 'params' must be array.", 400)
    number = to_int(sent.get("DEAL_ID"))
    if number <= 0:
        raise RestError("", "Deal id is empty.", 400)
    access.require_any(call, classic=True)
    original = items.find(call.portal, templates.KIND, number)
    if original is None:
        raise access.denied(classic=True)
    access.require_row(call, original, classic=True)
    held = {value for row in call.portal.store.rows(templates.TABLE) for value in (row["DEAL_ID"], row["BASED_ID"])}
    if str(number) in held:
        raise RestError("", "Deal already has recurring settings.", 400)
    row = templates.add(call.portal, original, sent, call.actor)
    templates.tell(call.portal, "ADD", row, call.actor)
    return int(row["ID"])


@method("crm.deal.recurring.get", validate=False)
def recurring_get(call: Call) -> Row:
    """One template."""
    return _shown(_require(call))


@method("crm.deal.recurring.list", validate=False)
def recurring_list(call: Call) -> Answer:
    """Templates by filter, 50 to a page; a filter by PARAMS does nothing."""
    classic_view.check_maps(call, "order", "filter")
    access.require_any(call, classic=True)
    conditions = {key: value for key, value in call.mapping("filter").items() if not key.upper().endswith("PARAMS")}
    rows = filtered([_shown(row) for row in call.portal.store.rows(templates.TABLE)], conditions, KINDS)
    rows = ordered(rows, call.get("order"), {"ID": "ASC"}, KINDS)
    if call.portal.readings[LISTED_NAMES] == "example":
        rows = [{name.lower() if name in LOWERED else name: value for name, value in row.items()} for row in rows]
    return call.page(rows)


@method("crm.deal.recurring.update", validate=False)
def recurring_update(call: Call) -> bool:
    """Changes a template."""
    row = _require(call)
    classic_view.check_maps(call, "fields")
    row.update(templates.read(row, call.mapping("fields")))
    templates.plan(call.portal, row)
    templates.tell(call.portal, "UPDATE", row, call.actor)
    return True


@method("crm.deal.recurring.delete", validate=False)
def recurring_delete(call: Call) -> bool:
    """Removes a setting whose deal is gone; while the deal exists it is refused."""
    row = _require(call)
    if items.find(call.portal, templates.KIND, int(row["DEAL_ID"])) is not None:
        raise RestError("", "Deleting is impossible. Connected recurring deal exists.", 400)
    del call.portal.store.table(templates.TABLE)[row["ID"]]
    call.portal.store.touch()
    return True


@method("crm.deal.recurring.expose", validate=False)
def recurring_expose(call: Call) -> dict[str, int]:
    """A deal from a template, now."""
    made = templates.expose(call.portal, _require(call), call.actor)
    if made is None:
        raise RestError("", "Recurring deal is not found.", 400)
    return {"DEAL_ID": int(made["id"])}
