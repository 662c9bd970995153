"""Events: who is subscribed, what the handler receives, online and offline.

Families call `emit`; `event.*` methods edit the subscriptions in the table `event_bindings`.
"""

from __future__ import annotations

from typing import Any

from sandbox.portal import auth, offline_queue
from sandbox.portal.identity import Actor
from sandbox.portal.portal import Portal
from sandbox.portal.readings import declare
from sandbox.portal.store import Row

WITH_REFRESH = frozenset({"ONAPPINSTALL", "ONOFFLINEEVENT"})
OF_OPEN_LINES = frozenset(
    {
        "ONIMCONNECTORDIALOGSTART",
        "ONIMCONNECTORDIALOGFINISH",
        "ONOPENLINEMESSAGEADD",
        "ONOPENLINEMESSAGEUPDATE",
        "ONOPENLINEMESSAGEDELETE",
        "ONSESSIONSTART",
        "ONSESSIONFINISH",
    }
)
HANDLER_NUMBER = declare(
    "open_line_event_number",
    "event_handler_id",
    "eventId",
    about="Key of the handler's number in the events of dialogs, sessions and messages of open lines: their pages print eventId, "
    "the page of all events and those of the connector's messages event_handler_id.",
)


def emit(portal: Portal, event: str, data: Any, actor: Actor, app_id: str | None = None) -> None:
    """Tells every subscriber of `event` (any case), or only the application `app_id`.

    Nothing goes to an application whose installation is not finished.
    """
    code = event.upper()
    for binding in list(portal.store.rows("event_bindings")):
        if binding["event"] != code or (app_id and binding["app_id"] != app_id):
            continue
        app = portal.apps.get(binding["app_id"])
        if app is None or not app["installed"]:
            continue
        if binding["offline"]:
            if not actor.auth_connector or binding["auth_connector"] != actor.auth_connector:
                offline_queue.put(portal, binding, data)
                _ring(portal, app, actor)
        else:
            _send(portal, app, binding, data, actor)


def _send(portal: Portal, app: Row, binding: Row, data: Any, actor: Actor) -> None:
    fields = {
        "event": binding["event"],
        _number_key(portal, binding["event"]): binding["ID"],
        "data": data,
        "ts": str(int(portal.clock.timestamp())),
        "auth": event_auth(portal, app, binding["event"], binding["auth_type"], actor),
    }
    portal.queue.push(binding["handler"], fields, binding["event"])


def _number_key(portal: Portal, event: str) -> str:
    return portal.readings[HANDLER_NUMBER] if event in OF_OPEN_LINES else "event_handler_id"


def event_auth(portal: Portal, app: Row, event: str, auth_type: str, actor: Actor) -> dict[str, Any]:
    """The `auth` block of an event or robot call: tokens only when a user caused it or `auth_type` names one."""
    block = {
        "domain": portal.domain,
        "server_endpoint": portal.server_endpoint,
        "client_endpoint": portal.client_endpoint,
        "member_id": portal.member_id,
        "application_token": app["application_token"],
    }
    if event == "ONAPPUNINSTALL":
        return block
    block |= {"scope": ",".join(app["scopes"]), "status": app["status"]}
    user_id = auth_type if auth_type != "0" else (None if actor.automation else actor.user_id)
    if user_id is None or user_id not in portal.users:
        return block
    fresh = event in WITH_REFRESH
    pair = auth.issue(portal, app["ID"], user_id) if fresh else auth.event_token(portal, app["ID"], user_id)
    left = int(pair["expires"] - portal.clock.timestamp())
    tokens = {
        "access_token": pair["access"],
        "expires": str(int(pair["expires"])),
        "expires_in": str(left),
        "user_id": user_id,
    }
    if fresh:
        tokens["refresh_token"] = pair["refresh"]
    return {**tokens, **block}


def _ring(portal: Portal, app: Row, actor: Actor) -> None:
    now = portal.clock.timestamp()
    for binding in list(portal.store.rows("event_bindings")):
        if binding["event"] != "ONOFFLINEEVENT" or binding["app_id"] != app["ID"]:
            continue
        pause = float((binding.get("options") or {}).get("minTimeout", 1))
        if now - binding.get("rung_at", 0) >= pause:
            binding["rung_at"] = now
            _send(portal, app, binding, [], actor)
