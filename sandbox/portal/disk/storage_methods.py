"""disk.storage.*: drives of the company, of people, of applications."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Answer, Call
from sandbox.portal.disk import objects, rights, uploads
from sandbox.portal.disk.folder_methods import add_folder, listing
from sandbox.portal.errors import RestError
from sandbox.portal.im import chats
from sandbox.portal.listing import filtered, ordered
from sandbox.portal.registry import method
from sandbox.portal.store import Row

COLUMNS = ("ID", "NAME", "CODE", "MODULE_ID", "ENTITY_TYPE", "ENTITY_ID", "ROOT_OBJECT_ID")


def _storage(call: Call) -> Row:
    row = call.portal.store.table(objects.STORAGES).get(call.text("id"))
    if row is None:
        raise RestError("ERROR_NOT_FOUND", f"Could not find entity with id `{call.text('id')}`.")
    rights.check(call, call.portal.store.table(objects.OBJECTS)[row["ROOT_OBJECT_ID"]], rights.READ)
    return row


def _root(call: Call, level: str = rights.READ) -> Row:
    root = call.portal.store.table(objects.OBJECTS)[_storage(call)["ROOT_OBJECT_ID"]]
    rights.check(call, root, level)
    return root


def _shown(row: Row) -> Row:
    return {name: row[name] for name in COLUMNS}


@method("disk.storage.get")
def storage_get(call: Call) -> Row:
    """One storage."""
    return _shown(_storage(call))


@method("disk.storage.getList")
def storage_list(call: Call) -> Answer:
    """The storages that the caller sees, the own one among them."""
    objects.storage_of(call.portal, "user", call.user_id, chats.full_name(call.portal, call.user_id))
    rows = [
        _shown(row)
        for row in call.portal.store.rows(objects.STORAGES)
        if row["ENTITY_TYPE"] == "common" or call.admin or row["ENTITY_ID"] == call.user_id
    ]
    return call.page(ordered(filtered(rows, call.get("filter")), call.get("order"), {"ID": "ASC"}))


@method("disk.storage.getForApp", admin_only=False)
def storage_for_app(call: Call) -> Row:
    """The storage of the application, made at first use."""
    return _shown(objects.storage_of(call.portal, "restapp", call.app["ID"], str(call.app["title"])))


@method("disk.storage.rename")
def storage_rename(call: Call) -> Row:
    """Renames the storage of the application."""
    row = _storage(call)
    if row["ENTITY_TYPE"] != "restapp" or row["ENTITY_ID"] != call.app["ID"]:
        raise RestError("ACCESS_DENIED", "Access denied (invalid type of storage)")
    row["NAME"] = call.text("newName")
    call.portal.store.touch()
    return _shown(row)


@method("disk.storage.getTypes")
def storage_types(_call: Call) -> list[str]:
    """Kinds of owners."""
    return ["user", "common", "group"]


@method("disk.storage.getFields")
def storage_fields(_call: Call) -> dict[str, Any]:
    """The description of a storage's columns."""
    return {name: {"TYPE": "string", "USE_IN_FILTER": True, "USE_IN_SHOW": True} for name in COLUMNS}


@method("disk.storage.getChildren")
def storage_children(call: Call) -> Answer:
    """What lies in the root of a storage."""
    return listing(call, _root(call))


@method("disk.storage.addFolder", ignores=("rights",))
def storage_add_folder(call: Call) -> Row:
    """A new folder in the root of a storage."""
    return add_folder(call, _root(call, rights.ADD))


@method("disk.storage.uploadFile", validate=False, ignores=("rights",))
def storage_upload(call: Call) -> Row:
    """A new file in the root of a storage."""
    return uploads.upload(call, _root(call, rights.ADD))
