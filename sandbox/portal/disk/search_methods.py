"""`disk.file.search`: files and folders by their names. The text inside of documents is not searched."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Answer, Call, to_int
from sandbox.portal.disk import objects
from sandbox.portal.errors import RestError
from sandbox.portal.registry import method
from sandbox.portal.store import Row

KINDS = {"file": {objects.FILE}, "folder": {objects.FOLDER}, "all": {objects.FILE, objects.FOLDER}}
SHORTEST, LONGEST = 3, 255
PAGE, FARTHEST = 50, 1000


@method("disk.file.search", validate=False, missing="Only names are searched, not the text inside of documents.")
def search(call: Call) -> Answer:
    """What the caller may read and has the words in its name."""
    words = _query(call).casefold().split()
    kind = call.text("TYPE", "file")
    if kind not in KINDS:
        raise RestError("INVALID_TYPE", "Search result type is invalid. (INVALID_TYPE).")
    storage, folder = _scope(call)
    found = [
        row
        for row in call.portal.store.rows(objects.OBJECTS)
        if row["TYPE"] in KINDS[kind]
        and row["PARENT_ID"] != "0"
        and row["DELETED_TYPE"] == "0"
        and all(word in row["NAME"].casefold() for word in words)
        and _readable(call, row["STORAGE_ID"])
        and storage in {"", row["STORAGE_ID"]}
        and (not folder or _inside(call, row, folder))
    ]
    start = min(max(call.integer("start"), 0), FARTHEST)
    more = start + PAGE if start + PAGE < len(found) else None
    return Answer([objects.shown(call.portal, row) for row in found[start : start + PAGE]], next=more)


def _query(call: Call) -> str:
    given = call.get("QUERY")
    if given is None:
        raise RestError("ERROR_ARGUMENT", "Invalid value of parameter { Parameter #0 [ <required> $QUERY ] }.")
    text = " ".join(given.split()) if isinstance(given, str) else ""
    if not SHORTEST <= len(text) <= LONGEST:
        raise RestError("INVALID_QUERY", "Search query is invalid. (INVALID_QUERY).")
    return text


def _scope(call: Call) -> tuple[str, str]:
    """The storage and the folder to search in; empty for everywhere."""
    given: Any = call.get("FILTER", {})
    nowhere = RestError("NOT_FOUND", "Search scope was not found. (NOT_FOUND).")
    if not isinstance(given, dict):
        if given == []:
            return "", ""
        raise nowhere
    if not set(given) <= {"STORAGE_ID", "FOLDER_ID"}:
        raise RestError("INVALID_FILTER", "Search filter contains an unknown field. (INVALID_FILTER).")
    storage, folder = (str(to_int(given[name])) if name in given else "" for name in ("STORAGE_ID", "FOLDER_ID"))
    if storage and not _readable(call, storage):
        raise nowhere
    if folder:
        row = objects.find(call.portal, objects.FOLDER, folder)
        if row is None or not _readable(call, row["STORAGE_ID"]) or storage not in {"", row["STORAGE_ID"]}:
            raise nowhere
    return storage, folder


def _readable(call: Call, storage_id: str) -> bool:
    storage = call.portal.store.table(objects.STORAGES).get(storage_id)
    if storage is None or storage["ENTITY_TYPE"] == "restapp":
        return False
    return storage["ENTITY_TYPE"] == "common" or call.admin or storage["ENTITY_ID"] == call.user_id


def _inside(call: Call, row: Row, folder: str) -> bool:
    table = call.portal.store.table(objects.OBJECTS)
    parent = row["PARENT_ID"]
    while parent != "0" and parent in table:
        if parent == folder:
            return True
        parent = table[parent]["PARENT_ID"]
    return False
