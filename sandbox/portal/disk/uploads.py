"""Uploading into storages and folders: at once as base64, or in two steps by an address for one form."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from sandbox.portal.call import Call, is_yes
from sandbox.portal.disk import contents, objects
from sandbox.portal.errors import RestError
from sandbox.portal.portal import PORTAL
from sandbox.portal.store import Row
from sandbox.wire import read_params

PENDING = "disk_uploads"
FIELD = "file"


def upload(call: Call, folder: Row) -> Row:
    """Puts the file of `data` and `fileContent` into a folder; without content gives an address to post it to."""
    name = str(call.mapping("data").get("NAME") or "")
    given = call.get("fileContent")
    if not name and given is not None:
        raise RestError("DISK_BASE_SERVICE_22001", "Error: required parameter NAME (DISK_BASE_SERVICE_22001)")
    if given is None:
        return address(call, folder, name)
    file = contents.decode(given) or _bare(name, given)
    if file is None:
        raise RestError("ERROR_ARGUMENT", "Invalid value of parameter {Parameter #2}")
    chosen = name
    if is_yes(call.get("generateUniqueName")):
        chosen = objects.unique_name(call.portal, folder["ID"], chosen)
    elif not objects.free_name(call.portal, folder["ID"], chosen):
        raise RestError("ERROR_COULD_NOT_SAVE_FILE", "Could not save file: an object with this name exists")
    return objects.as_made(call.portal, _put(call, folder, chosen, file[1]))


def _bare(name: str, given: Any) -> tuple[str, bytes] | None:
    return contents.decode([name, given]) if isinstance(given, str) else None


def _put(call: Call, folder: Row, name: str, content: bytes) -> Row:
    kept = contents.keep(call.portal, name, content, call.user_id)
    values = {"TYPE": objects.FILE, "NAME": name, "STORAGE_ID": folder["STORAGE_ID"], "PARENT_ID": folder["ID"]}
    return objects.add(call.portal, {**values, "_content": kept["ID"]}, call.user_id)


def address(call: Call, folder: Row, name: str) -> Row:
    """Where a form with the file may be posted once: `uploadUrl`, and `field`, its name in the form."""
    token = call.portal.store.secret()
    pending = {"folder": folder["ID"], "name": name, "user": call.user_id}
    call.portal.store.table(PENDING)[token] = pending
    call.portal.store.touch()
    return {"field": FIELD, "uploadUrl": f"http://{call.portal.domain}/disk/upload/{token}/"}


async def receive(request: web.Request) -> web.StreamResponse:
    """The second step: a form with the file; the address works once."""
    portal = request.app[PORTAL]
    pending = portal.store.table(PENDING).pop(request.match_info["token"], None)
    folder = objects.find(portal, objects.FOLDER, pending["folder"]) if pending else None
    file = contents.decode((await read_params(request)).get(FIELD))
    if pending is None or folder is None or file is None:
        return web.json_response({"error": "ERROR_ARGUMENT", "error_description": "Wrong upload"}, status=400)
    name = objects.unique_name(portal, folder["ID"], pending["name"] or file[0])
    kept = contents.keep(portal, name, file[1], pending["user"])
    values = {"TYPE": objects.FILE, "NAME": name, "STORAGE_ID": folder["STORAGE_ID"], "PARENT_ID": folder["ID"]}
    row = objects.add(portal, {**values, "_content": kept["ID"]}, pending["user"])
    return web.json_response({"result": objects.as_made(portal, row)})


def attach(app: web.Application) -> None:
    """Adds the address of the second step."""
    app.router.add_post("/disk/upload/{token}/", receive)
