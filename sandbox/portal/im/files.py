"""im.disk.*: files of chats. A chat's folder lies on the shared drive."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Call
from sandbox.portal.disk import objects
from sandbox.portal.errors import RestError
from sandbox.portal.im import chat_methods, chats, views
from sandbox.portal.registry import method
from sandbox.portal.store import Row


def _folder(call: Call, chat: Row) -> Row:
    folder = objects.find(call.portal, objects.FOLDER, chat.get("folder"))
    if folder is None:
        storage = objects.storage_of(call.portal, "common", "shared_files_s1", "Общий диск")
        values = {"TYPE": objects.FOLDER, "NAME": f"Chat {chat['ID']}", "STORAGE_ID": storage["ID"]}
        folder = objects.add(call.portal, {**values, "PARENT_ID": storage["ROOT_OBJECT_ID"]}, call.user_id)
        chat["folder"] = folder["ID"]
    return folder


@method("im.disk.folder.get", validate=False)
def folder_get(call: Call) -> dict[str, int]:
    """The folder of a chat, made at first use."""
    return {"ID": int(_folder(call, chat_methods.require(call))["ID"])}


@method("im.disk.file.commit", validate=False, ignores=("SILENT_MODE", "AS_FILE"))
def file_commit(call: Call) -> dict[str, Any]:
    """Publishes files of Disk in a chat."""
    chat = chat_methods.require(call)
    given = call.get("FILE_ID", call.get("UPLOAD_ID", call.get("DISK_ID")))
    ids = given if isinstance(given, list) else [given]
    found = [objects.find(call.portal, objects.FILE, file_id) for file_id in ids if file_id]
    if given is None:
        raise RestError("FILES_ERROR", "List of files is not specified")
    if not found or None in found:
        raise RestError("SAVE_ERROR", "Error during saving file to chat")
    kept = [str(row["_content"]) for row in found if row]
    message = chats.post(call.portal, chat, call.user_id, call.text("MESSAGE"), kept)
    shown = {f"upload{file_id}": views.file(call.portal, file_id, chat["ID"]) for file_id in kept}
    return {
        "FILES": shown,
        "DISK_ID": kept,
        "FILE_MODELS": shown,
        "MESSAGE_ID": int(message["ID"]),
    }


@method("im.disk.file.save", validate=False)
def file_save(call: Call) -> dict[str, Any]:
    """Copies a file of a chat onto the caller's drive."""
    if call.integer("FILE_ID") <= 0:
        raise RestError("FILE_ID_EMPTY", "File ID can't be empty")
    row = objects.find(call.portal, objects.FILE, call.integer("FILE_ID"))
    if row is None:
        raise RestError("FILE_SAVE_ERROR", "File ID can't be saved")
    name = chats.full_name(call.portal, call.user_id)
    storage = objects.storage_of(call.portal, "user", call.user_id, name)
    root = storage["ROOT_OBJECT_ID"]
    values = {"TYPE": objects.FILE, "NAME": row["NAME"], "STORAGE_ID": storage["ID"], "PARENT_ID": root}
    made = objects.add(call.portal, {**values, "_content": row["_content"]}, call.user_id)
    return {"folder": {"id": int(root), "name": name}, "file": {"id": int(made["ID"]), "name": made["NAME"]}}


@method("im.disk.file.delete", validate=False)
def file_delete(call: Call) -> bool:
    """Takes an own file out of a chat; that of another stays, and the answer is the same."""
    for name, words in (("CHAT_ID", "Chat ID"), ("FILE_ID", "File ID")):
        if call.integer(name) <= 0:
            raise RestError(f"{name}_EMPTY", f"{words} can't be empty")
    chat, wanted = chats.find(call.portal, call.integer("CHAT_ID")), str(call.integer("FILE_ID"))
    if chat is None or call.user_id not in chat["users"]:
        return False
    holding = [row for row in chats.messages(call.portal, chat) if wanted in row["files"]]
    for row in holding:
        if row["author"] == call.user_id:
            row["files"] = [file_id for file_id in row["files"] if file_id != wanted]
    call.portal.store.touch()
    return bool(holding)
