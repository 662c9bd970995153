"""`placement.*`: where applications put their widgets. Pages read the table `placements`."""

from __future__ import annotations

import re
from typing import Any

from sandbox.contract import load
from sandbox.portal.call import Call, is_yes, to_int
from sandbox.portal.errors import RestError
from sandbox.portal.methods import placement_options
from sandbox.portal.registry import method
from sandbox.portal.store import Row

ONCE = frozenset({"PAGE_BACKGROUND_WORKER", "REST_APP_URI"})
_DYNAMIC = re.compile(r"DYNAMIC_(\d+|X{3}|n)", re.IGNORECASE)


def placement_scopes(code: str) -> list[str] | None:
    """Scopes that a placement needs, None when there is no such placement."""
    known = load("bitrix24")["placements"]
    if code in known:
        return list(known[code]["scope"])
    for name, facts in known.items():
        pattern = _DYNAMIC.sub(r"DYNAMIC_\\d+", name)
        if pattern != name and re.fullmatch(pattern, code):
            return list(facts["scope"])
    if re.fullmatch(
        r"CRM_[A-Z0-9_]+_(DETAIL_TAB|DETAIL_TOOLBAR|DETAIL_ACTIVITY|LIST_MENU|LIST_TOOLBAR|"
        r"ACTIVITY_TIMELINE_MENU|DOCUMENTGENERATOR_BUTTON|ROBOT_DESIGNER_TOOLBAR)",
        code,
    ):
        return ["placement", "crm"]
    return None


def _argument(call: Call, name: str, status: int = 200) -> str:
    value = call.get(name)
    if not isinstance(value, str) or not value:
        raise RestError("ERROR_ARGUMENT", f"Argument '{name}' is null or empty", status, argument=name)
    return value


@method("placement.bind", validate=False, scopes=("placement",), ignores=("DESCRIPTION",))
def bind(call: Call) -> bool:
    """Registers a handler. Most refusals come with HTTP 200, as documented."""
    code, handler = _argument(call, "PLACEMENT").upper(), _argument(call, "HANDLER")
    scopes = placement_scopes(code)
    if scopes is None or not set(scopes) <= {"placement", *(call.identity.scopes or scopes)}:
        raise RestError("ERROR_PLACEMENT_NOT_FOUND", "Placement not found", 200)
    options = call.mapping("OPTIONS")
    user_id = call.integer("USER_ID")
    if user_id and code != "PAGE_BACKGROUND_WORKER":
        raise RestError("ERROR_PLACEMENT_USER_MODE", "User mode is not available", 200)
    placement_options.check(code, options)
    if code == "PAGE_BACKGROUND_WORKER" and not options.get("errorHandlerUrl"):
        raise RestError("EMPTY_ERROR_HANDLER_URL", "Error handler URL is empty", 200)
    mine = [row for row in call.portal.store.rows("placements") if _same(row, call, code)]
    if code in ONCE and mine:
        raise RestError("ERROR_PLACEMENT_MAX_COUNT", "Placement max count", 200)
    if any(row["handler"] == handler for row in mine):
        raise RestError("ERROR_CORE", "Unable to set placement handler: Handler already binded", 400)
    kept = placement_options.kept(code, options)
    call.portal.store.insert("placements", _row(call, code, handler, kept, user_id))
    return True


def _row(call: Call, code: str, handler: str, options: dict[str, Any], user_id: int) -> Row:
    return {
        "app_id": call.app["ID"],
        "placement": code,
        "handler": handler,
        "title": call.text("TITLE"),
        "description": call.text("DESCRIPTION"),
        "group": call.text("GROUP_NAME"),
        "lang": call.mapping("LANG_ALL"),
        "options": options,
        "user_id": user_id,
    }


def _same(row: Row, call: Call, code: str) -> bool:
    return bool(row["app_id"] == call.identity.app_id and row["placement"] == code)


@method("placement.unbind", scopes=("placement",))
def unbind(call: Call) -> dict[str, int]:
    """Removes handlers; the documented count goes up once per found row and once per removal."""
    code, handler = call.text("PLACEMENT").upper(), call.text("HANDLER")
    table = call.portal.store.table("placements")
    doomed = [
        row
        for row in table.values()
        if _same(row, call, code)
        and (not handler or row["handler"] == handler)
        and (call.get("USER_ID") is None or row["user_id"] == to_int(call.get("USER_ID")))
    ]
    for row in doomed:
        del table[row["ID"]]
    call.portal.store.touch()
    return {"count": 2 * len(doomed)}


@method("placement.get", scopes=("placement",))
def get(call: Call) -> list[dict[str, Any]]:
    """The application's handlers."""
    return [
        {
            "id": int(row["ID"]),
            "placement": row["placement"],
            "userId": row["user_id"],
            "handler": row["handler"],
            "options": row["options"] or [],
            "title": row["title"],
            "description": row["description"],
            "langAll": row["lang"] or {},
        }
        for row in call.portal.store.rows("placements")
        if row["app_id"] == call.app["ID"]
    ]


@method("placement.list", scopes=("placement",), missing="Smart process placements are listed for existing types only.")
def list_placements(call: Call) -> list[str]:
    """Codes that the application may bind."""
    wanted = call.text("SCOPE")
    granted = {"placement", *(call.identity.scopes or ())}
    codes = []
    for code, facts in load("bitrix24")["placements"].items():
        scopes = set(facts["scope"])
        suits = wanted in scopes if wanted else is_yes(call.get("FULL")) or scopes <= granted
        if suits:
            codes += _expand(call, code)
    return sorted(set(codes))


def _expand(call: Call, code: str) -> list[str]:
    if not _DYNAMIC.search(code):
        return [code]
    types = call.portal.store.rows("crm_types")
    return [_DYNAMIC.sub(f"DYNAMIC_{row['entityTypeId']}", code) for row in types]
