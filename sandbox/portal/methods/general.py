"""Methods about the portal and the caller: app.info, profile, scope, methods, method.get, server.time, feature.get."""

from __future__ import annotations

from typing import Any

from sandbox.contract import load
from sandbox.portal.call import Call, is_yes
from sandbox.portal.errors import RestError
from sandbox.portal.readings import declare
from sandbox.portal.registry import METHODS, Method, method

FEATURES = frozenset({"rest_offline_extended", "rest_auth_connector", "crm", "bizproc", "catalog"})


WEBHOOK_INFO = declare(
    "app_info_by_webhook",
    "refused",
    "short",
    about="app.info through a webhook: the page lists ACCESS_DENIED outside of an application, the official client "
    "library parses an answer of SCOPE and LICENSE.",
)
LICENSE = "ru_pro100"


@method("app.info", app_only=False, missing="Payment terms: the application is local and never expires.")
def app_info(call: Call) -> dict[str, Any]:
    """The calling application; for a webhook its scopes and the plan, or a refusal."""
    if not call.identity.in_app:
        if call.portal.readings[WEBHOOK_INFO] == "short":
            return {"SCOPE": scope(call), "LICENSE": LICENSE}
        raise RestError("ACCESS_DENIED", "Access denied! Application context required", 400)
    app = call.app
    return {
        "ID": int(app["ID"]),
        "CODE": app["client_id"],
        "VERSION": app["version"],
        "STATUS": app["status"],
        "INSTALLED": app["installed"],
        "PAYMENT_EXPIRED": "N",
        "DAYS": None,
        "LANGUAGE_ID": call.portal.store.values["language"],
        "LICENSE": LICENSE,
        "LICENSE_TYPE": "pro100",
        "LICENSE_FAMILY": "pro",
    }


@method("profile")
def profile(call: Call) -> dict[str, Any]:
    """The calling user in short."""
    user = call.user
    return {
        "ID": user["ID"],
        "ADMIN": bool(user["ADMIN"]),
        "NAME": user["NAME"],
        "LAST_NAME": user["LAST_NAME"],
        "PERSONAL_GENDER": user.get("PERSONAL_GENDER", ""),
        "PERSONAL_PHOTO": user.get("PERSONAL_PHOTO", ""),
        "TIME_ZONE": user.get("TIME_ZONE", ""),
        "TIME_ZONE_OFFSET": 0,
    }


DEPRECATED_SCOPES = ("tasks", "tasks_extended", "tasksmobile")
"""Still handed out beside `task`, not to be asked for."""
EVENT_SCOPES = ("sign.b2e",)
"""Of events alone: no method asks for them."""


@method("scope")
def scope(call: Call) -> list[str]:
    """The caller's permissions, or with `full` all that exist."""
    everything = sorted({*load("bitrix24")["scopes"], *DEPRECATED_SCOPES, *EVENT_SCOPES})
    if is_yes(call.get("full")) or call.identity.scopes is None:
        return everything
    return sorted(call.identity.scopes)


def _available(call: Call, found: Method) -> bool:
    scopes = call.identity.scopes
    return not found.scopes or scopes is None or bool(found.scopes & scopes)


@method("methods")
def methods(call: Call) -> list[str]:
    """Names of the methods of the caller, of one scope, or of all."""
    names = sorted(METHODS)
    if is_yes(call.get("full")):
        return names
    wanted = call.get("scope")
    if wanted is None:
        return [name for name in names if _available(call, METHODS[name])]
    if wanted == "":
        return [name for name in names if not METHODS[name].scopes]
    return [name for name in names if str(wanted) in METHODS[name].scopes]


@method("method.get")
def method_get(call: Call) -> dict[str, bool]:
    """Whether a method exists and whether the caller may call it."""
    found = METHODS.get(call.text("name"))
    return {"isExisting": found is not None, "isAvailable": found is not None and _available(call, found)}


@method("server.time")
def server_time(call: Call) -> str:
    """The portal's present."""
    return call.portal.stamp()


@method("feature.get", validate=False, missing="Only a few feature codes are known; all others are off.")
def feature_get(call: Call) -> dict[str, str]:
    """Whether the plan has a feature."""
    if not call.text("CODE"):
        raise RestError("CODE_EMPTY", "CODE can't be empty", 400)
    return {"value": "Y" if call.text("CODE") in FEATURES else "N"}
