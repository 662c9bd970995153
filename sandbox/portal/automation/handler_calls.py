"""The call that a robot or action makes to its application: values by declared type, the form, authorization."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.portal import auth, moments
from sandbox.portal.automation.placeholders import as_text
from sandbox.portal.call import is_yes, to_int
from sandbox.portal.events import event_auth
from sandbox.portal.identity import Actor
from sandbox.portal.portal import Portal
from sandbox.portal.readings import declare
from sandbox.portal.store import Row

ROBOT = Actor("1", automation=True)
NAMED = ("document_id", "event_token", "properties", "auth")
FIELDS = declare(
    "robot_call_fields",
    "library",
    "named",
    about="What the handler of a robot or action receives stands on no method page. library: the fields that the official client "
    "library reads; named: only those that pages of the documentation name, without empty properties.",
)


def properties(component: Row, values: Row) -> dict[str, Any]:
    """Every declared property with its value, or its default; undeclared values stay behind."""
    done = {}
    for name, spec in component["PROPERTIES"].items():
        given = values.get(name)
        value = spec.get("Default") if given is None or given in ("", []) else given
        many = is_yes(spec.get("Multiple"))
        items = value if isinstance(value, list) else [value]
        cast = [cast_value(str(spec["Type"]), item) for item in items if item is not None and item != ""]
        done[name] = cast if many else (cast[0] if cast else "")
    return done


def cast_value(kind: str, value: Any) -> Any:
    """A value of a declared type as robots receive it and give it back: text, except nested ones."""
    if cast := _CASTS.get(kind):
        return cast(value)
    return value if isinstance(value, dict) else as_text(value)


def _number(value: Any) -> str:
    try:
        return f"{float(as_text(value).partition('|')[0]):.15g}"
    except ValueError:
        return "0"


def _moment(value: Any, pattern: str) -> str:
    parsed = moments.parse(value)
    return parsed.strftime(pattern) if parsed else as_text(value)


def _user(value: Any) -> str:
    text = as_text(value)
    return f"user_{text}" if text.isdigit() else text


_CASTS: dict[str, Callable[[Any], str]] = {
    "bool": lambda value: "Y" if is_yes(value) else "N",
    "int": lambda value: str(to_int(as_text(value).partition(".")[0])),
    "double": _number,
    "date": lambda value: _moment(value, "%d.%m.%Y"),
    "datetime": lambda value: _moment(value, "%d.%m.%Y %H:%M:%S"),
    "user": _user,
}


def post(portal: Portal, app: Row, component: Row, workflow: Row, values: Row, *, token: str, timeout: int) -> None:
    """Queues the call; `token` names the waiting place, `timeout` is in seconds, 0 for none."""
    fields: dict[str, Any] = {
        "workflow_id": workflow["ID"],
        "code": component["CODE"],
        "document_id": workflow["document_id"],
        "document_type": workflow["document_type"],
        "event_token": token,
        "properties": values,
        "use_subscription": "N" if component["USE_SUBSCRIPTION"] == "N" else "Y",
        "timeout_duration": str(timeout),
        "ts": str(int(portal.clock.timestamp())),
        "auth": _auth(portal, app, component),
    }
    if portal.readings[FIELDS] == "named":
        fields = {name: fields[name] for name in NAMED if fields[name]}
    portal.queue.push(component["HANDLER"], fields, f"robot:{component['CODE']}")


def _auth(portal: Portal, app: Row, component: Row) -> dict[str, Any]:
    user_id = str(component["AUTH_USER_ID"] or "0")
    block = event_auth(portal, app, "", user_id, ROBOT)
    if "access_token" in block:
        block["refresh_token"] = auth.event_token(portal, app["ID"], user_id)["refresh"]
    return block
