"""Contents of files: kept base64-coded in the state, served under the addresses that methods print.

Used by every family that accepts or shows a file.
"""

from __future__ import annotations

import base64
import binascii
import mimetypes
from typing import Any
from urllib.parse import quote

from aiohttp import web

from sandbox.portal.portal import PORTAL, Portal
from sandbox.portal.store import Row

TABLE = "files"


def keep(portal: Portal, name: str, content: bytes, author_id: str) -> Row:
    """Stores a file; `ID`, `NAME`, `SIZE`, `AUTHOR_ID`, `CREATED`, `CONTENT` (base64)."""
    row = {
        "NAME": name,
        "SIZE": len(content),
        "AUTHOR_ID": author_id,
        "CREATED": portal.stamp(),
        "CONTENT": base64.b64encode(content).decode(),
    }
    return portal.store.insert(TABLE, row)


def content_of(row: Row) -> bytes:
    """The bytes of a stored file."""
    return base64.b64decode(row["CONTENT"])


def decode(value: Any) -> tuple[str, bytes] | None:
    """A file parameter `[name, base64]` or `{fileData: [name, base64]}`; None when it is not one."""
    if isinstance(value, dict) and "fileData" in value:
        value = value["fileData"]
    if isinstance(value, dict) and "content" in value and "filename" in value:
        content = value["content"]
        return str(value["filename"]), content if isinstance(content, bytes) else b""
    if isinstance(value, dict) and set(value) == {"0", "1"}:
        value = [value["0"], value["1"]]
    if not isinstance(value, list) or len(value) != 2:
        return None
    try:
        return str(value[0]), base64.b64decode(str(value[1]), validate=True)
    except (binascii.Error, ValueError):
        return None


def url(portal: Portal, file_id: str, action: str = "downloadFile") -> str:
    """The address of a file's content."""
    name = quote(portal.store.table(TABLE)[file_id]["NAME"])
    return f"http://{portal.domain}/disk/{action}/{file_id}/?&ncc=1&filename={name}"


def describe(portal: Portal, file_id: str) -> dict[str, Any]:
    """A file as comments and chats show it."""
    row = portal.store.table(TABLE)[file_id]
    author = portal.users.get(row["AUTHOR_ID"], {})
    kind = (mimetypes.guess_type(row["NAME"])[0] or "").partition("/")[0]
    return {
        "id": int(file_id),
        "date": row["CREATED"],
        "type": "image" if kind == "image" else "file",
        "name": row["NAME"],
        "size": row["SIZE"],
        "authorId": int(row["AUTHOR_ID"] or 0),
        "authorName": f"{author.get('NAME', '')} {author.get('LAST_NAME', '')}".strip(),
        "urlPreview": url(portal, file_id, "showFile") if kind == "image" else "",
        "urlShow": url(portal, file_id, "showFile"),
        "urlDownload": url(portal, file_id),
    }


async def serve(request: web.Request) -> web.StreamResponse:
    """The content of one file; signatures in addresses are not simulated."""
    row = request.app[PORTAL].store.table(TABLE).get(request.match_info["id"])
    if row is None:
        raise web.HTTPNotFound
    kind = mimetypes.guess_type(row["NAME"])[0] or "application/octet-stream"
    manner = "inline" if request.match_info["action"] == "showFile" else "attachment"
    headers = {"Content-Disposition": f"{manner}; filename*=UTF-8''{quote(row['NAME'])}"}
    return web.Response(body=content_of(row), content_type=kind, headers=headers)


def attach(app: web.Application) -> None:
    """Adds the addresses of contents."""
    app.router.add_get("/disk/{action:downloadFile|showFile}/{id}/", serve)
