"""`crm.*.details.configuration.*`: which sections and fields a card shows, for one user or for all."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Call, to_int, to_map
from sandbox.portal.crm import types
from sandbox.portal.errors import RestError
from sandbox.portal.registry import method

COMMON, PERSONAL = "C", "P"
KINDS = {"lead": types.LEAD, "deal": types.DEAL, "contact": types.CONTACT, "company": types.COMPANY}
NO_EFFECT = "Pages of the sandbox show all fields whatever the configuration says."


def _owner(call: Call, number: int) -> str:
    scope = call.text("scope", PERSONAL).upper()
    if scope not in {COMMON, PERSONAL}:
        raise RestError("", "Scope is not supported.", 400)
    extras = "_".join(f"{key}={value}" for key, value in sorted(call.mapping("extras").items()))
    user_id = "" if scope == COMMON else str(call.integer("userId") or call.user_id)
    if user_id != call.user_id and not call.admin:
        raise RestError("", "Access denied.", 400)
    return f"{number}:{scope}:{user_id}:{extras}"


def _read(call: Call, number: int) -> Any:
    return call.portal.store.table("card_configurations").get(_owner(call, number), {}).get("data") or None


def _write(call: Call, number: int) -> bool:
    data = to_map(call.get("data"))
    if not data:
        raise RestError("", "Parameter 'data' must be array.", 400)
    for section in data.values():
        given = to_map(section)
        if not given.get("name") or not given.get("title") or given.get("type") != "section":
            raise RestError("", "Section must have name, title and type 'section'.", 400)
    call.portal.store.table("card_configurations")[_owner(call, number)] = {
        "data": [_described(to_map(section)) for section in data.values()]
    }
    call.portal.store.touch()
    return True


def _described(section: dict[str, Any]) -> dict[str, Any]:
    elements = [to_map(element) for element in to_map(section.get("elements")).values()]
    shown = [{**element, "optionFlags": str(to_int(element.get("optionFlags")))} for element in elements]
    return {**section, "elements": shown}


def _reset(call: Call, number: int) -> bool:
    call.portal.store.table("card_configurations").pop(_owner(call, number), None)
    call.portal.store.touch()
    return True


def _force(call: Call, number: int) -> bool:
    if not call.admin:
        raise RestError("", "Access denied.", 400)
    table = call.portal.store.table("card_configurations")
    for owner in [owner for owner in table if owner.startswith(f"{number}:{PERSONAL}:")]:
        del table[owner]
    call.portal.store.touch()
    return True


VERBS = {"get": _read, "set": _write, "reset": _reset, "forceCommonScopeForAll": _force}


def _register(prefix: str, verb: str, number: int | None) -> None:
    act = VERBS[verb]

    @method(f"crm.{prefix}.details.configuration.{verb}", missing=NO_EFFECT, admin_only=False)
    def handler(call: Call) -> Any:
        return act(call, number or types.require(call.portal, call.integer("entityTypeId")).id)


for _verb in VERBS:
    for _prefix, _number in KINDS.items():
        _register(_prefix, _verb, _number)
    _register("item", _verb, None)
