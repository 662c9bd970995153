"""Versions of files: `disk.file.getVersions`, `disk.file.restoreFromVersion`, `disk.version.get`."""

from __future__ import annotations

from sandbox.portal.call import Answer, Call
from sandbox.portal.disk import contents, objects, rights
from sandbox.portal.errors import RestError
from sandbox.portal.listing import Kinds, filtered
from sandbox.portal.portal import Portal
from sandbox.portal.registry import method
from sandbox.portal.store import Row

KINDS: Kinds = {"SIZE": "integer", "CREATE_TIME": "datetime", "CREATED_BY": "integer"}


def _shown(portal: Portal, row: Row) -> Row:
    return {
        "ID": row["ID"],
        "OBJECT_ID": row["object"],
        "SIZE": str(portal.store.table(contents.TABLE)[row["content"]]["SIZE"]),
        "NAME": row["name"],
        "GLOBAL_CONTENT_VERSION": str(row["number"]),
        "CREATE_TIME": row["at"],
        "CREATED_BY": row["by"],
        "DOWNLOAD_URL": contents.url(portal, row["content"]),
    }


def _require(call: Call, name: str) -> Row:
    row = call.portal.store.table(objects.VERSIONS).get(str(call.integer(name)))
    if row is None:
        raise RestError("ERROR_NOT_FOUND", f"Could not find entity with id `{call.text(name)}`.")
    return row


@method("disk.version.get")
def version_get(call: Call) -> Row:
    """One version."""
    version = _require(call, "id")
    rights.check(call, call.portal.store.table(objects.OBJECTS)[version["object"]], rights.READ)
    return _shown(call.portal, version)


@method("disk.file.getVersions")
def versions(call: Call) -> Answer:
    """The versions of a file, the newest first."""
    file = rights.require(call, objects.FILE)
    held = [row for row in call.portal.store.rows(objects.VERSIONS) if row["object"] == file["ID"]]
    return call.page(filtered([_shown(call.portal, row) for row in reversed(held)], call.get("filter"), KINDS))


@method("disk.file.restoreFromVersion")
def restore(call: Call) -> Row:
    """Makes the content of a version the newest one."""
    file, version = rights.require(call, objects.FILE, level=rights.EDIT), _require(call, "versionId")
    if version["object"] != file["ID"]:
        raise RestError("DISK_FILE_22004", "Cannot restore version from another file")
    objects.renew(call.portal, file, version["content"], call.user_id)
    return {**objects.shown(call.portal, file), "GLOBAL_CONTENT_VERSION": file["_version"]}
