"""Activities of CRM elements: their table, the columns that methods show, events.

A row holds the classic columns in upper case as text, and the inner keys `_bindings` [[entityTypeId, id]…], `_app`,
`_layout`, `_configurable`, `_blocks`, `_pressed`, `_communications`, `_files`.
"""

from __future__ import annotations

from typing import Any

from sandbox.portal import moments
from sandbox.portal.call import Call
from sandbox.portal.errors import RestError
from sandbox.portal.events import emit
from sandbox.portal.identity import Actor
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row
from sandbox.portal.timeline import owners

TABLE = "activities"
FAR = "9999-12-31T00:00:00+03:00"
DEFAULTS: Row = {
    "TYPE_ID": "6",
    "PROVIDER_ID": "",
    "PROVIDER_TYPE_ID": "",
    "PROVIDER_GROUP_ID": None,
    "ASSOCIATED_ENTITY_ID": "0",
    "SUBJECT": "",
    "START_TIME": "",
    "END_TIME": "",
    "DEADLINE": FAR,
    "COMPLETED": "N",
    "STATUS": "1",
    "PRIORITY": "2",
    "NOTIFY_TYPE": "0",
    "NOTIFY_VALUE": "0",
    "DESCRIPTION": "",
    "DESCRIPTION_TYPE": "1",
    "DIRECTION": "0",
    "LOCATION": "",
    "SETTINGS": [],
    "ORIGINATOR_ID": None,
    "ORIGIN_ID": None,
    "PROVIDER_PARAMS": [],
    "PROVIDER_DATA": None,
    "RESULT_MARK": "0",
    "RESULT_VALUE": None,
    "RESULT_SUM": None,
    "RESULT_CURRENCY_ID": None,
    "RESULT_STATUS": "0",
    "RESULT_STREAM": "0",
    "RESULT_SOURCE_ID": None,
    "AUTOCOMPLETE_RULE": "0",
    "IS_INCOMING_CHANNEL": "N",
}


def add(portal: Portal, actor: Actor, entity_type_id: int, item_id: Any, values: Row) -> Row:
    """A new activity on an element; tells subscribers."""
    now = portal.stamp()
    row = {
        "ID": "",
        "OWNER_ID": str(item_id),
        "OWNER_TYPE_ID": str(entity_type_id),
        **DEFAULTS,
        "CREATED": now,
        "LAST_UPDATED": now,
        "RESPONSIBLE_ID": actor.user_id,
        "AUTHOR_ID": actor.user_id,
        "EDITOR_ID": actor.user_id,
        "_bindings": [[entity_type_id, str(item_id)]],
        "_app": actor.app_id,
        **values,
    }
    portal.store.insert(TABLE, row)
    emit(portal, "onCrmActivityAdd", {"FIELDS": {"ID": row["ID"]}}, actor)
    return row


def change(portal: Portal, actor: Actor, row: Row, values: Row) -> None:
    """Changes an activity; tells subscribers."""
    row.update(values, LAST_UPDATED=portal.stamp(), EDITOR_ID=actor.user_id)
    portal.store.touch()
    emit(portal, "onCrmActivityUpdate", {"FIELDS": {"ID": row["ID"]}}, actor)


def remove(portal: Portal, actor: Actor, row: Row) -> None:
    """Deletes an activity; tells subscribers."""
    del portal.store.table(TABLE)[row["ID"]]
    portal.store.touch()
    emit(portal, "onCrmActivityDelete", {"FIELDS": {"ID": row["ID"]}}, actor)


def find(portal: Portal, activity_id: Any) -> Row | None:
    """An activity by id."""
    return portal.store.table(TABLE).get(str(activity_id))


def of_element(portal: Portal, entity_type_id: int, item_id: Any) -> list[Row]:
    """All activities bound to an element, oldest first."""
    wanted = [entity_type_id, str(item_id)]
    return [row for row in portal.store.rows(TABLE) if wanted in row["_bindings"]]


def may_work_with(portal: Portal, user_id: str, row: Row) -> bool:
    """Whether a user has rights on any element of an activity."""
    elements = [owners.find(portal, number, item_id) for number, item_id in row["_bindings"]]
    return any(element is not None and owners.allowed(portal, user_id, element) for element in elements)


def shown(row: Row) -> Row:
    """The columns that methods return."""
    return {key: value for key, value in row.items() if not key.startswith("_")}


def moment(value: Any, code: str = "WRONG_DATETIME_FORMAT") -> str:
    """A date parameter as ISO text. Raises RestError when it is no date."""
    if parsed := moments.parse(value):
        return moments.iso(parsed)
    raise RestError(code, "Wrong datetime format")


def responsible(call: Call, value: Any, code: str = "WRONG_FIELD_VALUE") -> str:
    """A user id given as responsible. Raises RestError when there is no such user."""
    if str(value) not in call.portal.users:
        raise RestError(code, "Wrong responsible user")
    return str(value)
