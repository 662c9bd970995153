"""disk.file.*: files of Disk; also those of chats and comments can be read."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Call
from sandbox.portal.disk import contents, objects
from sandbox.portal.disk.folder_methods import COLUMNS, move, rename
from sandbox.portal.disk.objects import FILE, FOLDER, shown
from sandbox.portal.disk.rights import ADD, EDIT, FULL, require
from sandbox.portal.errors import RestError
from sandbox.portal.registry import method
from sandbox.portal.store import Row


@method("disk.file.get")
def file_get(call: Call) -> Row:
    """One file with the address of its content."""
    return shown(call.portal, require(call, FILE))


@method("disk.file.getFields")
def file_fields(_call: Call) -> dict[str, Any]:
    """The description of a file's columns."""
    names = [*(name for name in COLUMNS if name != "REAL_OBJECT_ID"), "GLOBAL_CONTENT_VERSION", "FILE_ID", "SIZE"]
    return {name: {"TYPE": "string", "USE_IN_FILTER": True, "USE_IN_SHOW": True} for name in names}


@method("disk.file.rename")
def file_rename(call: Call) -> Row:
    """Renames a file."""
    return rename(call, require(call, FILE, level=EDIT))


@method("disk.file.moveTo")
def file_move(call: Call) -> Row:
    """Moves a file."""
    return move(call, require(call, FILE, level=EDIT))


@method("disk.file.copyTo")
def file_copy(call: Call) -> Row:
    """Copies a file into a folder."""
    row, target = require(call, FILE), require(call, FOLDER, "targetFolderId", ADD)
    bytes_ = contents.content_of(call.portal.store.table(contents.TABLE)[row["_content"]])
    kept = contents.keep(call.portal, row["NAME"], bytes_, call.user_id)
    name = objects.unique_name(call.portal, target["ID"], row["NAME"])
    values = {"TYPE": FILE, "NAME": name, "STORAGE_ID": target["STORAGE_ID"], "PARENT_ID": target["ID"]}
    return objects.as_made(call.portal, objects.add(call.portal, {**values, "_content": kept["ID"]}, call.user_id))


@method("disk.file.uploadVersion")
def file_upload_version(call: Call) -> Row:
    """Replaces the content of a file."""
    row, file = require(call, FILE, level=EDIT), contents.decode(call.get("fileContent"))
    if file is None:
        raise RestError("DISK_FILE_22002", "Could not save file")
    content = contents.keep(call.portal, row["NAME"], file[1], call.user_id)
    objects.renew(call.portal, row, content["ID"], call.user_id)
    return {**shown(call.portal, row), "GLOBAL_CONTENT_VERSION": row["_version"]}


@method("disk.file.markDeleted")
def file_mark_deleted(call: Call) -> Row:
    """Puts a file into the bin."""
    row = require(call, FILE, level=EDIT)
    objects.trash(call.portal, row, call.user_id)
    return shown(call.portal, row)


@method("disk.file.restore")
def file_restore(call: Call) -> Row:
    """Takes a file out of the bin."""
    row = require(call, FILE, level=EDIT)
    objects.restore(call.portal, row)
    return {**shown(call.portal, row), "DELETED_TYPE": 0}


@method("disk.file.delete")
def file_delete(call: Call) -> bool:
    """Deletes a file for good."""
    objects.destroy(call.portal, require(call, FILE, level=FULL))
    return True


@method("disk.file.getExternalLink", missing="The link is that of the content.")
def file_link(call: Call) -> str:
    """A public link."""
    return contents.url(call.portal, require(call, FILE)["_content"])
