"""Files held by CRM fields: kept in the state as base64, downloaded by an unguessable address."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from aiohttp import web

from sandbox.portal.call import to_int
from sandbox.portal.portal import PORTAL, Portal


def keep(portal: Portal, value: Any) -> int | None:
    """The id of a file: from `[name, base64]`, `{"fileData": [name, base64]}`, `{"id": known}`; None removes it."""
    if isinstance(value, dict):
        if value.get("remove"):
            return None
        if value.get("id") and not value.get("fileData"):
            return to_int(value["id"]) or None
        value = value.get("fileData")
    if not isinstance(value, list) or len(value) != 2:
        return to_int(value) or None if isinstance(value, int | str) else None
    name, content = value
    try:
        base64.b64decode(str(content), validate=True)
    except (binascii.Error, ValueError):
        return None
    row = {"name": str(name), "content": str(content), "key": portal.store.secret(16)}
    return int(portal.store.insert("crm_files", row)["ID"])


def describe(portal: Portal, file_id: int, *, classic: bool) -> dict[str, Any]:
    """A file the way fields print it."""
    row = portal.store.table("crm_files").get(str(file_id), {})
    url = f"/sandbox-files/{file_id}/{row.get('key', '')}"
    if classic:
        return {"id": file_id, "showUrl": url, "downloadUrl": url}
    address = f"http://{portal.domain}{url}"
    return {"id": file_id, "url": address, "urlMachine": address}


def found(portal: Portal, file_id: int) -> tuple[str, bytes] | None:
    """Name and content of a kept file; None when there is none."""
    row = portal.store.table("crm_files").get(str(file_id))
    return (row["name"], base64.b64decode(row["content"])) if row else None


def attach(app: web.Application) -> None:
    """Adds the download address."""
    app.router.add_get("/sandbox-files/{id}/{key}", download)


async def download(request: web.Request) -> web.StreamResponse:
    """One file."""
    row = request.app[PORTAL].store.table("crm_files").get(request.match_info["id"])
    if row is None or row["key"] != request.match_info["key"]:
        raise web.HTTPNotFound
    headers = {"Content-Disposition": f'attachment; filename="{row["name"]}"'}
    return web.Response(body=base64.b64decode(row["content"]), headers=headers)
