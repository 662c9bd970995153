"""crm.timeline.icon.* and crm.timeline.logo.*: pictures of cards and log entries, standard ones and the portal's own."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from sandbox.portal.call import Answer, Call
from sandbox.portal.disk import contents
from sandbox.portal.errors import RestError
from sandbox.portal.registry import method
from sandbox.portal.store import Row

STANDARD = (
    "activity",
    "arrow-down",
    "arrow-up",
    "attachment",
    "bank-card",
    "calendar",
    "call",
    "call-completed",
    "call-incoming",
    "call-incoming-missed",
    "call-outcoming",
    "camera",
    "chat",
    "check",
    "circle-check",
    "comment",
    "complete",
    "document",
    "email",
    "error",
    "feedback",
    "fields",
    "file",
    "folder",
    "list",
    "mail",
    "message",
    "money",
    "notification",
    "pause",
    "phone",
    "pipeline",
    "pencil",
    "play",
    "question",
    "robot",
    "rocket",
    "sms",
    "stage",
    "task",
    "timer",
    "unknown",
    "user",
    "view",
    "warning",
    "wallet",
    "wait",
    "whatsapp",
)
ICON_SIDE = 24
LOGO_SIDE = 60
PNG = b"\x89PNG\r\n\x1a\n"


def _side(content: bytes) -> tuple[int, int] | None:
    if not content.startswith(PNG) or len(content) < 24:
        return None
    return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")


def _shown(row: Row) -> dict[str, Any]:
    return {"code": row["code"], "isSystem": False, "fileUri": f"/disk/showFile/{row['file']}/"}


def _standard(code: str) -> dict[str, Any]:
    return {"code": code, "isSystem": True, "fileUri": ""}


def _add(call: Call, kind: str, side: int) -> dict[str, Any]:
    code = call.text("code")
    table = call.portal.store.table(f"timeline_{kind}s")
    if code in STANDARD:
        raise RestError("INVALID_ARG_VALUE", f"The {kind} code is taken by a standard one")
    try:
        content = base64.b64decode(call.text("fileContent"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise RestError("INVALID_ARG_VALUE", "Wrong fileContent") from error
    size = _side(content)
    if size is None:
        raise RestError("INVALID_ARG_VALUE", "Wrong fileContent: png expected")
    if size != (side, side):
        raise RestError("INVALID_ARG_VALUE", f"Wrong image size, {side}x{side} expected")
    file = contents.keep(call.portal, f"{code}.png", content, call.user_id)
    table[code] = {"code": code, "file": file["ID"]}
    call.portal.store.touch()
    return {kind: _shown(table[code])}


def _get(call: Call, kind: str) -> dict[str, Any]:
    code = call.text("code")
    if row := call.portal.store.table(f"timeline_{kind}s").get(code):
        return {kind: _shown(row)}
    if code in STANDARD:
        return {kind: _standard(code)}
    raise RestError("NOT_FOUND", f"{kind.capitalize()} not found for code `{call.text('code')}`")


def _list(call: Call, kind: str) -> Answer:
    own = [_shown(row) for row in call.portal.store.rows(f"timeline_{kind}s")]
    everything = [*map(_standard, STANDARD), *own]
    return Answer({f"{kind}s": everything}, total=len(everything))


def _delete(call: Call, kind: str) -> bool:
    if call.portal.store.table(f"timeline_{kind}s").pop(call.text("code"), None) is None:
        raise RestError("NOT_FOUND", f"{kind.capitalize()} not found for code `{call.text('code')}`")
    call.portal.store.touch()
    return True


@method("crm.timeline.icon.add", missing="The background is not checked for transparency.")
def icon_add(call: Call) -> dict[str, Any]:
    """Adds an icon: PNG of 24x24 pixels."""
    return _add(call, "icon", ICON_SIDE)


@method("crm.timeline.icon.get")
def icon_get(call: Call) -> dict[str, Any]:
    """One icon."""
    return _get(call, "icon")


@method("crm.timeline.icon.list", missing="The standard codes are a selection.")
def icon_list(call: Call) -> Answer:
    """All icons."""
    return _list(call, "icon")


@method("crm.timeline.icon.delete")
def icon_delete(call: Call) -> bool:
    """Deletes an icon of the portal."""
    return _delete(call, "icon")


@method("crm.timeline.logo.add", missing="The background is not checked for transparency.")
def logo_add(call: Call) -> dict[str, Any]:
    """Adds a logo: PNG of 60x60 pixels."""
    return _add(call, "logo", LOGO_SIDE)


@method("crm.timeline.logo.get")
def logo_get(call: Call) -> dict[str, Any]:
    """One logo."""
    return _get(call, "logo")


@method("crm.timeline.logo.list", missing="The standard codes are a selection.")
def logo_list(call: Call) -> Answer:
    """All logos."""
    return _list(call, "logo")


@method("crm.timeline.logo.delete")
def logo_delete(call: Call) -> bool:
    """Deletes a logo of the portal."""
    return _delete(call, "logo")
