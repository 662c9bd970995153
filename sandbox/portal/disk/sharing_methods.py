"""Access levels of Disk, shared folders, files attached to tasks."""

from __future__ import annotations

from sandbox.portal.call import Call
from sandbox.portal.disk import contents, objects, rights
from sandbox.portal.disk.rights import EDIT, FULL, LEVELS, READ, SHARES
from sandbox.portal.errors import RestError
from sandbox.portal.portal import Portal
from sandbox.portal.registry import method
from sandbox.portal.store import Row

ATTACHED = "disk_attached"
SHOWN_LEVELS = (FULL, EDIT, READ)


@method("disk.rights.getTasks")
def levels(_call: Call) -> list[Row]:
    """The levels that an upload may name."""
    return [{"ID": LEVELS[name][0], "NAME": name, "TITLE": LEVELS[name][1]} for name in SHOWN_LEVELS]


@method(
    "disk.folder.shareToUser",
    missing="Rights are asked for on drives of people and applications; on the shared drive everybody has all of them.",
)
def share(call: Call) -> bool:
    """Gives a person access to a folder."""
    folder, person = rights.require(call, objects.FOLDER, level=FULL), str(call.integer("userId"))
    if call.text("taskName") not in LEVELS:
        raise RestError("ACCESS_DENIED", "Access denied")
    if person not in call.portal.users:
        raise RestError("ERROR_ARGUMENT", "Invalid value of parameter {Parameter #1}")
    call.portal.store.table(SHARES)[f"{folder['ID']}:{person}"] = {"level": call.text("taskName")}
    call.portal.store.touch()
    return True


def attach_to_task(portal: Portal, task_id: str, file_id: str, user_id: str) -> str:
    """Ties a file to a task; the id of the attachment."""
    row = {"OBJECT_ID": file_id, "MODULE_ID": "tasks", "ENTITY_TYPE": "tasks_task", "ENTITY_ID": task_id}
    made = portal.store.insert(ATTACHED, {**row, "CREATE_TIME": portal.stamp(), "CREATED_BY": user_id})
    return str(made["ID"])


@method("disk.attachedObject.get", missing="Only attachments of tasks are known.")
def attached(call: Call) -> Row:
    """A file attached to a task."""
    row = call.portal.store.table(ATTACHED).get(str(call.integer("id")))
    file = objects.find(call.portal, objects.FILE, row["OBJECT_ID"]) if row else None
    if row is None or file is None:
        raise RestError("ERROR_NOT_FOUND", f"Could not find entity with id `{call.text('id')}`")
    content = call.portal.store.table(contents.TABLE)[file["_content"]]
    address = contents.url(call.portal, file["_content"])
    return {**row, "DOWNLOAD_URL": address, "NAME": file["NAME"], "SIZE": str(content["SIZE"])}
