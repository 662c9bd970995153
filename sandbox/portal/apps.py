"""Applications of the portal: registration, launch in a frame, end of installation, removal.

Called by the control interface and by the portal's pages. `launch` makes exactly what a portal page posts into the
frame of an application.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from sandbox.portal import auth, events, hooks
from sandbox.portal.identity import Actor
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row

Launch = dict[str, Any]


def add(portal: Portal, wanted: dict[str, Any]) -> Row:
    """Registers a local application.

    `wanted`: title, handler_url, install_url, scopes, client_id?, client_secret?, script_only? Without install_url it
    counts as installed at once; `script_only` has no page: its install address gets a callback instead.
    """
    if not wanted.get("handler_url"):
        raise ValueError("handler_url is required")
    script_only = bool(wanted.get("script_only"))
    app = portal.store.insert(
        "apps",
        {
            "title": str(wanted.get("title") or "Application"),
            "handler_url": str(wanted["handler_url"]),
            "install_url": str(wanted.get("install_url") or ""),
            "scopes": sorted(map(str, wanted.get("scopes") or ())),
            "client_id": str(wanted.get("client_id") or ""),
            "client_secret": str(wanted.get("client_secret") or portal.store.secret(48)),
            "application_token": portal.store.hex_secret(),
            "status": "L",
            "version": 1,
            "installed": script_only or not wanted.get("install_url"),
            "script_only": script_only,
        },
    )
    if not app["client_id"]:
        app["client_id"] = f"local.{portal.store.hex_secret()[:14]}.{10_000_000 + int(app['ID'])}"
    if script_only:
        _call_back(portal, app)
    return app


def _call_back(portal: Portal, app: Row, user_id: str = "1") -> None:
    fields = {
        "event": "ONAPPINSTALL",
        "event_handler_id": "",
        "data": {"VERSION": str(app["version"]), "ACTIVE": "Y", "INSTALLED": "Y", "LANGUAGE_ID": _language(portal)},
        "ts": str(int(portal.clock.timestamp())),
        "auth": events.event_auth(portal, app, "ONAPPINSTALL", user_id, Actor(user_id)),
    }
    portal.queue.push(app["install_url"] or app["handler_url"], fields, "ONAPPINSTALL")


def describe(portal: Portal, app: Row) -> dict[str, Any]:
    """What the administrator sees of an application, its secret included."""
    keys = ("title", "handler_url", "install_url", "scopes", "client_id", "client_secret", "application_token")
    return {
        "app_id": app["ID"],
        "member_id": portal.member_id,
        "domain": portal.domain,
        "installed": app["installed"],
        **{key: app[key] for key in keys},
    }


def launch(
    portal: Portal,
    app: Row,
    user_id: str,
    *,
    placement: str = "DEFAULT",
    options: dict[str, Any] | None = None,
    handler: str | None = None,
) -> Launch:
    """The POST of a page into the application's frame: `url` with query, `fields` of the body.

    Until installation is finished every opening leads to the install address.
    """
    target = handler or _placement_handler(portal, app, placement) or app["handler_url"]
    if not app["installed"]:
        target, placement = app["install_url"], "DEFAULT"
    pair = auth.issue(portal, app["ID"], user_id)
    query = {
        "DOMAIN": portal.domain,
        "PROTOCOL": "0",
        "LANG": str(portal.users[user_id].get("LANGUAGE", "en")),
        "APP_SID": portal.store.hex_secret(),
    }
    fields = {
        "AUTH_ID": pair["access"],
        "AUTH_EXPIRES": str(auth.ACCESS_SECONDS),
        "REFRESH_ID": pair["refresh"],
        "SERVER_ENDPOINT": portal.server_endpoint,
        "APPLICATION_TOKEN": app["application_token"],
        "APPLICATION_SCOPE": ",".join(app["scopes"]),
        "member_id": portal.member_id,
        "status": app["status"],
        "PLACEMENT": placement,
    }
    if options is not None or placement != "DEFAULT":
        fields["PLACEMENT_OPTIONS"] = json.dumps(options or {}, ensure_ascii=False)
    joint = "&" if "?" in target else "?"
    return {"url": f"{target}{joint}{urlencode(query)}", "fields": fields}


def _placement_handler(portal: Portal, app: Row, placement: str) -> str | None:
    for row in portal.store.rows("placements"):
        if row["app_id"] == app["ID"] and row["placement"] == placement:
            return str(row["handler"])
    return None


def finish_installation(portal: Portal, app: Row, user_id: str = "1") -> bool:
    """What the frame command installFinish does; works once, then False."""
    if app["installed"]:
        return False
    app["installed"] = True
    portal.store.touch()
    data = {"VERSION": str(app["version"]), "ACTIVE": "Y", "INSTALLED": "Y", "LANGUAGE_ID": _language(portal)}
    events.emit(portal, "ONAPPINSTALL", data, Actor(user_id), app_id=app["ID"])
    hooks.call("app_installed", portal, app)
    return True


def remove(portal: Portal, app: Row, *, clean: bool) -> None:
    """Deletes an application: ONAPPUNINSTALL without tokens, then everything that goes with it."""
    data = {"LANGUAGE_ID": _language(portal), "CLEAN": int(clean)}
    events.emit(portal, "ONAPPUNINSTALL", data, Actor("1"), app_id=app["ID"])
    auth.revoke(portal, app["ID"])
    for name in ("event_bindings", "offline_events", "placements"):
        table = portal.store.table(name)
        for row_id in [row_id for row_id, row in table.items() if row["app_id"] == app["ID"]]:
            del table[row_id]
    hooks.call("app_removed", portal, app, clean)
    del portal.apps[app["ID"]]
    portal.store.touch()


def _language(portal: Portal) -> str:
    return str(portal.store.values.get("language", "ru"))
