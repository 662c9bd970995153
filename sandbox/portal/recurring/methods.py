"""`crm.deal.recurring.*`: templates of deals that repeat."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Answer, Call, to_int
from sandbox.portal.crm import access, classic_view, items
from sandbox.portal.errors import RestError
from sandbox.portal.listing import Kinds, filtered, ordered
from sandbox.portal.readings import declare
from sandbox.portal.recurring import templates
from sandbox.portal.registry import method
from sandbox.portal.store import Row

# Name → (type, title, may not be written, may not be changed).
FIELDS = {
    "ID": ("integer", "id", True, False),
    "DEAL_ID": ("integer", "id of the recurring deal", False, True),
    "BASED_ID": ("integer", "Created based on", True, False),
    "ACTIVE": ("char", "Active", False, False),
    "NEXT_EXECUTION": ("datetime", "Next execution date", True, False),
    "LAST_EXECUTION": ("datetime", "Last execution date", True, False),
    "COUNTER_REPEAT": ("integer", "Number of executions", True, False),
    "START_DATE": ("date", "Start date for calculation", False, False),
    "CATEGORY_ID": ("char", "Category of the new deal", False, False),
    "IS_LIMIT": ("char", "Type of execution limits", False, False),
    "LIMIT_REPEAT": ("integer", "Limit on the number of executions", False, False),
    "LIMIT_DATE": ("date", "Limit by date", False, False),
    "PARAMS": ("recurring_params", "Parameters for calculating the next execution date", False, False),
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
KINDS: Kinds = {name: facts[0] for name, facts in FIELDS.items()}


def _described(
    kind: str, title: str, *, read_only: bool = False, immutable: bool = False, required: bool = False
) -> Row:
    flags = {"isRequired": required, "isReadOnly": read_only, "isImmutable": immutable}
    return {"type": kind, **flags, "isMultiple": False, "isDynamic": False, "title": title}


@method("crm.deal.recurring.fields")
def recurring_fields(call: Call) -> dict[str, Any]:
    """Descriptions of the fields of a template."""
    access.require_any(call, classic=True)
    described = {
        name: _described(kind, title, read_only=fixed, immutable=immutable, required=name == "DEAL_ID")
        for name, (kind, title, fixed, immutable) in FIELDS.items()
    }
    described["PARAMS"]["definition"] = {
        name: _described("integer" if name in templates.NUMBERS else "string", title)
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
