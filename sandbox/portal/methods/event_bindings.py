"""`event.bind`, `event.get`, `event.unbind`, `events`, `event.test`: subscriptions of applications."""

from __future__ import annotations

import re
from typing import Any

from sandbox.contract import load
from sandbox.portal.call import Call, is_yes, to_int
from sandbox.portal.errors import RestError
from sandbox.portal.events import emit
from sandbox.portal.readings import declare
from sandbox.portal.registry import method
from sandbox.portal.store import Row

_DYNAMIC = re.compile(r"ONCRMDYNAMICITEM(ADD|UPDATE|DELETE)_\d+")
ALWAYS_SCOPES = {"basic"}
REPEATED_BIND = declare(
    "event_bind_again",
    "error",
    "true",
    about="Binding the same handler again: the test page speaks of 'Unable to set event handler', no method page does.",
)
UNNAMED_UNBIND = declare(
    "event_unbind_without_names",
    "refused",
    "all",
    about="event.unbind without event or handler: the table calls both required, a sentence below it says that without "
    "parameters all handlers go. Offline subscriptions have no handler, so theirs is never asked for.",
)


def event_scopes(code: str) -> set[str] | None:
    """Scopes of an event, None when there is no such event."""
    known = load("bitrix24")["events"]
    if code in known:
        return set(known[code].get("scope") or ())
    return {"crm"} if _DYNAMIC.fullmatch(code) else None


@method("event.bind", scopes=())
def bind(call: Call) -> bool:
    """Subscribes the application to an event, online at an address or offline in the queue."""
    code = call.text("event").upper()
    offline = call.text("event_type", "online").lower() == "offline"
    auth_type = str(call.integer("auth_type"))
    scopes = event_scopes(code)
    if scopes is None or (scopes - ALWAYS_SCOPES and not scopes & (call.identity.scopes or set())):
        raise RestError("ERROR_EVENT_NOT_FOUND", "Event not found", 400)
    if offline:
        _admin(call, "Offline events binding requires administrator access rights")
    elif auth_type not in {"0", call.user_id}:
        _admin(call, "Event binding with AUTH_TYPE requires administrator access rights")
    elif not call.admin:
        auth_type = call.user_id
    handler = "" if offline else call.text("handler")
    if not offline and not re.match(r"https?://[^/]+", handler):
        raise RestError("ERROR_ARGUMENT", "Argument 'HANDLER' is null or empty", 400)
    row = {
        "app_id": call.app["ID"],
        "event": code,
        "handler": handler,
        "auth_type": auth_type,
        "offline": int(offline),
        "auth_connector": call.text("auth_connector") if offline else "",
        "options": call.mapping("options"),
    }
    return _store(call, row)


def _store(call: Call, row: Row) -> bool:
    keys = ("app_id", "event", "handler", "auth_type", "offline", "auth_connector")
    for known in call.portal.store.rows("event_bindings"):
        if all(known[key] == row[key] for key in keys):
            if call.portal.readings[REPEATED_BIND] == "true":
                return True
            raise RestError("ERROR_CORE", "Unable to set event handler: Handler already binded", 400)
    call.portal.store.insert("event_bindings", row)
    return True


def _admin(call: Call, text: str) -> None:
    if not call.admin:
        raise RestError("ACCESS_DENIED", f"Access denied! {text}", 403)


def _mine(call: Call) -> list[Row]:
    app_id = call.app["ID"]
    rows = [row for row in call.portal.store.rows("event_bindings") if row["app_id"] == app_id]
    return rows if call.admin else [row for row in rows if row["auth_type"] == call.user_id]


@method("event.get", scopes=())
def get(call: Call) -> list[dict[str, Any]]:
    """The application's subscriptions; a plain user sees those made for him."""
    listed = []
    for row in _mine(call):
        item = {key: row[key] for key in ("event", "handler", "auth_type", "offline")}
        if row["offline"]:
            item["auth_connector"] = row["auth_connector"]
        listed.append(item)
    return listed


@method("event.unbind", scopes=(), validate=False)
def unbind(call: Call) -> dict[str, int]:
    """Removes the subscriptions that fit all given parameters."""
    offline = call.text("event_type", "online").lower() == "offline"
    if call.portal.readings[UNNAMED_UNBIND] == "refused":
        for name in ("event",) if offline else ("event", "handler"):
            if not call.text(name):
                raise RestError("100", f"Could not find value for parameter {{{name}}}", 400)
    if offline:
        _admin(call, "Offline events unbinding requires administrator access rights")
    auth_type = call.get("auth_type")
    if auth_type is not None and str(to_int(auth_type)) not in {"0", call.user_id}:
        _admin(call, "Event unbinding with AUTH_TYPE requires administrator access rights")
    code, handler = call.text("event").upper(), call.text("handler")
    doomed = [
        row
        for row in _mine(call)
        if row["offline"] == int(offline)
        and (not code or row["event"] == code)
        and (not handler or offline or row["handler"] == handler)
        and (auth_type is None or row["auth_type"] == str(to_int(auth_type)))
    ]
    for row in doomed:
        del call.portal.store.table("event_bindings")[row["ID"]]
    call.portal.store.touch()
    return {"count": len(doomed)}


@method("events", scopes=())
def events(call: Call) -> list[str]:
    """Codes of the events that the application may bind."""
    known = load("bitrix24")["events"]
    wanted = call.get("SCOPE")
    if wanted:
        return sorted(code for code, facts in known.items() if wanted in (facts.get("scope") or ()))
    granted = ALWAYS_SCOPES | set(call.identity.scopes or ())
    full = is_yes(call.get("FULL"))
    return sorted(code for code, facts in known.items() if full or set(facts.get("scope") or ()) & granted)


@method("event.test", scopes=(), app_only=True)
def test(call: Call) -> int:
    """Sends ONAPPTEST with all parameters of the call back to the application."""
    emit(call.portal, "ONAPPTEST", {"QUERY": dict(call.params)}, call.actor, app_id=call.app["ID"])
    return 1
