"""`user.userfield.*`: fields that a portal adds to its employees. Values are kept and printed by `user.*`."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Answer, Call
from sandbox.portal.crm import user_fields
from sandbox.portal.crm.user_field_methods import listed
from sandbox.portal.errors import RestError
from sandbox.portal.registry import method
from sandbox.portal.store import Row

ENTITY, PREFIX = "USER", "UF_USR_"


def _administrator(call: Call) -> None:
    if not call.admin:
        raise RestError("", "Access denied.", 400)


def _sent(call: Call) -> dict[str, Any]:
    return {str(key).upper(): value for key, value in call.mapping("fields").items()}


def _require(call: Call) -> Row:
    number = call.integer("id")
    if number <= 0:
        raise RestError("", "ID is not defined or invalid", 400)
    _administrator(call)
    row = call.portal.store.table("user_fields").get(str(number))
    if row is None or row["ENTITY_ID"] != ENTITY:
        raise RestError("", "Access denied.", 400)
    return row


@method("user.userfield.add", validate=False, admin_only=False)
def add(call: Call) -> int:
    """A new field; its name always carries the prefix."""
    _administrator(call)
    sent = _sent(call)
    for name in ("FIELD_NAME", "USER_TYPE_ID"):
        if not sent.get(name):
            raise RestError("", f"The '{name}' field is not found.", 400)
    name = PREFIX + str(sent["FIELD_NAME"]).upper().removeprefix(PREFIX)
    if any(row["FIELD_NAME"] == name for row in user_fields.of_entity(call.portal, ENTITY)):
        raise RestError("ERROR_CORE", f"Field {name} for USER object already exists", 400)
    return int(user_fields.add(call, ENTITY, name, sent)["ID"])


@method("user.userfield.list", validate=False, admin_only=False)
def list_fields(call: Call) -> Answer:
    """Fields by filter, without labels unless a language is asked for."""
    _administrator(call)
    return listed(call, ENTITY)


@method("user.userfield.update", validate=False, admin_only=False)
def update(call: Call) -> bool:
    """Changes a field."""
    user_fields.update(call, _require(call), _sent(call))
    return True


@method("user.userfield.delete", validate=False, admin_only=False)
def delete(call: Call) -> bool:
    """Removes a field; values of employees go with it."""
    row = _require(call)
    for user in call.portal.users.values():
        user.pop(row["FIELD_NAME"], None)
    user_fields.delete(call, row)
    return True
