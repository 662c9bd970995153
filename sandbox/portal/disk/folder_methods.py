"""disk.folder.*: folders and what lies in them."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Answer, Call
from sandbox.portal.disk import objects, uploads
from sandbox.portal.disk.objects import FOLDER, shown
from sandbox.portal.disk.rights import ADD, EDIT, FULL, require
from sandbox.portal.errors import RestError
from sandbox.portal.listing import filtered, ordered
from sandbox.portal.registry import method
from sandbox.portal.store import Row

KINDS = {"CREATE_TIME": "datetime", "UPDATE_TIME": "datetime", "SIZE": "integer"}
COLUMNS = (
    "ID",
    "NAME",
    "TYPE",
    "CODE",
    "STORAGE_ID",
    "REAL_OBJECT_ID",
    "PARENT_ID",
    "CREATE_TIME",
    "UPDATE_TIME",
    "DELETE_TIME",
    "CREATED_BY",
    "UPDATED_BY",
    "DELETED_BY",
    "DELETED_TYPE",
)


def listing(call: Call, folder: Row) -> Answer:
    """One page of a folder's children."""
    rows = [shown(call.portal, row) for row in objects.children(call.portal, folder["ID"])]
    rows = filtered(rows, call.get("filter"), KINDS)
    return call.page(ordered(rows, call.get("order"), {"ID": "ASC"}, KINDS))


def add_folder(call: Call, parent: Row) -> Row:
    """A new folder with the name of `data`."""
    name = str(call.mapping("data").get("NAME") or "")
    if not name:
        raise RestError("ERROR_ARGUMENT", "Invalid value of parameter {Parameter #1}")
    if not objects.free_name(call.portal, parent["ID"], name):
        raise RestError("DISK_OBJ_22000", "An object with this name already exists")
    values = {"TYPE": FOLDER, "NAME": name, "STORAGE_ID": parent["STORAGE_ID"], "PARENT_ID": parent["ID"]}
    return objects.as_made(call.portal, objects.add(call.portal, values, call.user_id))


def rename(call: Call, row: Row) -> Row:
    """Gives an object the name `newName`."""
    if row["NAME"] != call.text("newName"):
        if not objects.free_name(call.portal, row["PARENT_ID"], call.text("newName")):
            raise RestError("DISK_OBJ_22000", "An object with this name already exists")
        row.update(NAME=call.text("newName"), UPDATE_TIME=call.portal.stamp(), UPDATED_BY=call.user_id)
        call.portal.store.touch()
    return shown(call.portal, row)


def move(call: Call, row: Row) -> Row:
    """Moves an object into the folder `targetFolderId`."""
    target = require(call, FOLDER, "targetFolderId", ADD)
    if not objects.free_name(call.portal, target["ID"], row["NAME"]):
        raise RestError("DISK_OBJ_22000", "An object with this name already exists")
    row.update(PARENT_ID=target["ID"], STORAGE_ID=target["STORAGE_ID"], UPDATE_TIME=call.portal.stamp())
    call.portal.store.touch()
    return {**shown(call.portal, row), "PARENT_ID": int(target["ID"])}


@method("disk.folder.get")
def folder_get(call: Call) -> Row:
    """One folder."""
    return shown(call.portal, require(call, FOLDER))


@method("disk.folder.getFields")
def folder_fields(_call: Call) -> dict[str, Any]:
    """The description of a folder's columns."""
    return {name: {"TYPE": "string", "USE_IN_FILTER": True, "USE_IN_SHOW": True} for name in COLUMNS}


@method("disk.folder.getChildren")
def folder_children(call: Call) -> Answer:
    """What lies in a folder."""
    return listing(call, require(call, FOLDER))


@method("disk.folder.addSubFolder")
def folder_add(call: Call) -> Row:
    """A new folder in a folder."""
    return add_folder(call, require(call, FOLDER, level=ADD))


@method("disk.folder.uploadFile", validate=False, ignores=("rights",))
def folder_upload(call: Call) -> Row:
    """A new file in a folder."""
    return uploads.upload(call, require(call, FOLDER, level=ADD))


@method("disk.folder.rename")
def folder_rename(call: Call) -> Row:
    """Renames a folder."""
    return rename(call, require(call, FOLDER, level=EDIT))


@method("disk.folder.moveTo")
def folder_move(call: Call) -> Row:
    """Moves a folder."""
    return move(call, require(call, FOLDER, level=EDIT))


def _not_root(call: Call, level: str) -> Row:
    row = require(call, FOLDER, level=level)
    if row["PARENT_ID"] == "0":
        raise RestError("ACCESS_DENIED", "Access denied")
    return row


@method("disk.folder.markDeleted")
def folder_mark_deleted(call: Call) -> Row:
    """Puts a folder into the bin."""
    row = _not_root(call, EDIT)
    objects.trash(call.portal, row, call.user_id)
    return {**shown(call.portal, row), "DELETED_TYPE": int(objects.TRASHED)}


@method("disk.folder.restore", admin_only=False)
def folder_restore(call: Call) -> Row:
    """Takes a folder out of the bin."""
    row = require(call, FOLDER, level=EDIT)
    objects.restore(call.portal, row)
    return {**shown(call.portal, row), "DELETED_TYPE": 0}


@method("disk.folder.deleteTree")
def folder_delete(call: Call) -> bool:
    """Deletes a folder with everything in it."""
    objects.destroy(call.portal, _not_root(call, FULL))
    return True


@method("disk.folder.getExternalLink", missing="The link leads nowhere.")
def folder_link(call: Call) -> str:
    """A public link."""
    return f"http://{call.portal.domain}/~{require(call, FOLDER)['ID']}"


@method("disk.folder.copyTo")
def folder_copy(call: Call) -> Row:
    """Copies a folder with everything in it into another one."""
    row, target = require(call, FOLDER), require(call, FOLDER, "targetFolderId", ADD)
    if not objects.free_name(call.portal, target["ID"], row["NAME"]):
        raise RestError("DISK_OBJ_22000", "An object with this name already exists")
    return objects.as_made(call.portal, objects.copy(call.portal, row, target, call.user_id))
