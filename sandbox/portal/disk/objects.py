"""Disk: storages, folders and files in one table of objects. Called by the methods of disk.*.

Objects and bare contents (files of chats, comments) share one sequence of ids, so that `disk.file.get` finds both.
"""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Call
from sandbox.portal.disk import contents
from sandbox.portal.errors import RestError
from sandbox.portal.hooks import listen
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row

STORAGES, OBJECTS, VERSIONS = "disk_storages", "disk_objects", "disk_versions"
FOLDER, FILE = "folder", "file"
TRASHED = "3"


@listen("seed")
def seed(portal: Portal) -> None:
    """The shared drive of the company."""
    storage_of(portal, "common", "shared_files_s1", "Общий диск")


def storage_of(portal: Portal, kind: str, entity_id: str, name: str) -> Row:
    """The storage of an owner (`common`, `user`, `restapp`), made at first use."""
    for row in portal.store.rows(STORAGES):
        if row["ENTITY_TYPE"] == kind and row["ENTITY_ID"] == entity_id:
            return row
    row = {"NAME": name, "CODE": None, "MODULE_ID": "disk", "ENTITY_TYPE": kind, "ENTITY_ID": entity_id}
    portal.store.insert(STORAGES, row)
    root = add(portal, {"TYPE": FOLDER, "NAME": name, "STORAGE_ID": row["ID"], "PARENT_ID": "0"}, "1")
    row["ROOT_OBJECT_ID"] = root["ID"]
    return row


def add(portal: Portal, values: Row, user_id: str) -> Row:
    """A new object: TYPE, NAME, STORAGE_ID, PARENT_ID and for files `_content`, the id of kept bytes."""
    now = portal.stamp()
    row = {
        "ID": portal.store.next_id(contents.TABLE),
        "CODE": None,
        "DELETED_TYPE": "0",
        "CREATE_TIME": now,
        "UPDATE_TIME": now,
        "DELETE_TIME": None,
        "CREATED_BY": user_id,
        "UPDATED_BY": user_id,
        "DELETED_BY": "0",
        "_version": 1,
        **values,
    }
    portal.store.table(OBJECTS)[row["ID"]] = row
    if row["TYPE"] == FILE:
        _keep_version(portal, row, user_id)
    portal.store.touch()
    return row


def _keep_version(portal: Portal, row: Row, user_id: str) -> None:
    version = {"object": row["ID"], "name": row["NAME"], "number": row["_version"], "content": row["_content"]}
    portal.store.insert(VERSIONS, {**version, "at": portal.stamp(), "by": user_id})


def renew(portal: Portal, row: Row, content_id: str, user_id: str) -> None:
    """Gives a file another content; the former ones stay as versions."""
    row.update(_content=content_id, _version=row["_version"] + 1, UPDATE_TIME=portal.stamp(), UPDATED_BY=user_id)
    _keep_version(portal, row, user_id)


def children(portal: Portal, folder_id: str, *, trashed: bool = False) -> list[Row]:
    """What lies in a folder."""
    return [
        row
        for row in portal.store.rows(OBJECTS)
        if row["PARENT_ID"] == folder_id and (row["DELETED_TYPE"] == TRASHED) == trashed
    ]


def find(portal: Portal, kind: str, object_id: Any) -> Row | None:
    """A folder or file; bare contents count as files."""
    row = portal.store.table(OBJECTS).get(str(object_id))
    if row is not None:
        return row if row["TYPE"] == kind else None
    bare = portal.store.table(contents.TABLE).get(str(object_id)) if kind == FILE else None
    return _as_object(bare) if bare else None


def _as_object(bare: Row) -> Row:
    return {
        "ID": bare["ID"],
        "NAME": bare["NAME"],
        "CODE": None,
        "STORAGE_ID": "1",
        "TYPE": FILE,
        "PARENT_ID": "0",
        "DELETED_TYPE": "0",
        "CREATE_TIME": bare["CREATED"],
        "UPDATE_TIME": bare["CREATED"],
        "DELETE_TIME": None,
        "CREATED_BY": bare["AUTHOR_ID"],
        "UPDATED_BY": bare["AUTHOR_ID"],
        "DELETED_BY": "0",
        "_version": 1,
        "_content": bare["ID"],
    }


def require(call: Call, kind: str, name: str = "id") -> Row:
    """The object of a parameter. Raises ERROR_NOT_FOUND."""
    row = find(call.portal, kind, call.integer(name))
    if row is None:
        raise RestError("ERROR_NOT_FOUND", f"Could not find entity with id `{call.text(name)}`.")
    return row


def free_name(portal: Portal, folder_id: str, name: str) -> bool:
    """Whether no living object of a folder has the name."""
    return all(row["NAME"].lower() != name.lower() for row in children(portal, folder_id))


def unique_name(portal: Portal, folder_id: str, name: str) -> str:
    """The name, or with a number before its extension the first free one."""
    stem, dot, extension = name.rpartition(".")
    stem, extension = (stem, dot + extension) if stem else (name, "")
    chosen, number = name, 0
    while not free_name(portal, folder_id, chosen):
        number += 1
        chosen = f"{stem} ({number}){extension}"
    return chosen


def shown(portal: Portal, row: Row) -> Row:
    """A folder or file as methods print it."""
    plain = {key: value for key, value in row.items() if not key.startswith("_")}
    detail = f"http://{portal.domain}/docs/path/{row['NAME']}"
    if row["TYPE"] == FOLDER:
        return {**plain, "REAL_OBJECT_ID": row["ID"], "DETAIL_URL": detail}
    content = portal.store.table(contents.TABLE)[row["_content"]]
    return {
        **plain,
        "GLOBAL_CONTENT_VERSION": str(row["_version"]),
        "FILE_ID": row["_content"],
        "SIZE": str(content["SIZE"]),
        "DOWNLOAD_URL": contents.url(portal, row["_content"]),
        "DETAIL_URL": detail,
    }


def as_made(portal: Portal, row: Row) -> Row:
    """A folder or file as the method that made it prints it: what it was just given are numbers, nobody deleted it."""
    plain = shown(portal, row)
    own = "REAL_OBJECT_ID" if row["TYPE"] == FOLDER else "FILE_ID"
    numbers = {key: int(plain[key]) for key in ("ID", own, "GLOBAL_CONTENT_VERSION", "DELETED_TYPE") if key in plain}
    return {**plain, **numbers, "DELETED_BY": None}


def trash(portal: Portal, row: Row, user_id: str) -> None:
    """Puts an object, and what lies in it, into the bin."""
    row.update(DELETED_TYPE=TRASHED, DELETE_TIME=portal.stamp(), DELETED_BY=user_id)
    for child in children(portal, row["ID"]):
        trash(portal, child, user_id)
    portal.store.touch()


def restore(portal: Portal, row: Row) -> None:
    """Takes an object, and what lies in it, out of the bin; who deleted it and when stays known."""
    row["DELETED_TYPE"] = "0"
    for child in children(portal, row["ID"], trashed=True):
        restore(portal, child)
    portal.store.touch()


def destroy(portal: Portal, row: Row) -> None:
    """Deletes an object, and what lies in it, for good."""
    for child in [*children(portal, row["ID"]), *children(portal, row["ID"], trashed=True)]:
        destroy(portal, child)
    portal.store.table(OBJECTS).pop(row["ID"], None)
    versions = portal.store.table(VERSIONS)
    held = {row.get("_content") or ""}
    for version in [version for version in versions.values() if version["object"] == row["ID"]]:
        held.add(versions.pop(version["ID"])["content"])
    held -= {other.get("_content") for other in portal.store.rows(OBJECTS)}
    for content_id in held - {version["content"] for version in versions.values()}:
        portal.store.table(contents.TABLE).pop(content_id, None)
    portal.store.touch()


def copy(portal: Portal, row: Row, target: Row, user_id: str) -> Row:
    """A copy of an object, and of what lies in it, in the folder `target`; contents are shared until replaced."""
    inner = children(portal, row["ID"])
    values: Row = {key: row[key] for key in ("TYPE", "NAME", "_content") if key in row}
    made = add(portal, {**values, "STORAGE_ID": target["STORAGE_ID"], "PARENT_ID": target["ID"]}, user_id)
    for child in inner:
        copy(portal, child, made, user_id)
    return made
