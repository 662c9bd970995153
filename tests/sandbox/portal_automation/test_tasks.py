"""Tasks beside their statuses: checklists, what people mark for themselves, history, rights, results."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.sandbox.portal_automation.world import World


@pytest.fixture
def task(world: World) -> str:
    """A task of the administrator."""
    fields = {"TITLE": "Ship", "RESPONSIBLE_ID": 1, "UF_CRM_TASK": ["D_1"]}
    return str(world.result("tasks.task.add", fields=fields)["task"]["id"])


def add(world: World, task: str, **fields: Any) -> int:
    """A new item of a checklist."""
    return int(world.result("task.checklistitem.add", TASKID=task, FIELDS=fields))


def test_checklist_items_stand_in_the_task_as_a_list_and_as_a_tree(world: World, task: str) -> None:
    """Items without a parent go into the first list; the task carries them flat and nested, with what is done."""
    top = add(world, task, TITLE="Papers", PARENT_ID=0)
    first, second = add(world, task, TITLE="Invoice"), add(world, task, TITLE="Waybill", IS_IMPORTANT="Y")
    assert world.result("task.checklistitem.complete", TASKID=task, ITEMID=first) is True
    shown = world.result("tasks.task.get", taskId=task)["task"]
    assert shown["checklist"][str(top)]["parentId"] == 0
    assert shown["checklist"][str(second)]["isImportant"] == "Y"
    (root,) = shown["checkListTree"]["descendants"]
    assert (root["nodeId"], root["fields"]["id"], root["fields"]["completedCount"]) == (1, top, 1)
    assert [node["fields"]["displaySortIndex"] for node in root["descendants"]] == ["1", "2"]
    world.result("task.checklistitem.moveafteritem", TASKID=task, ITEMID=first, AFTERITEMID=second)
    listed = world.result("task.checklistitem.getlist", TASKID=task, ORDER={"SORT_INDEX": "asc", "ID": "asc"})
    assert [row["TITLE"] for row in listed if row["PARENT_ID"]] == ["Waybill", "Invoice"]


def test_checklist_items_refuse_with_the_texts_of_their_class(world: World, task: str) -> None:
    """A missing argument is named with its place, an unknown item is not found, a nameless one is not added."""
    missing = world.rest("task.checklistitem.get", TASKID=task)
    assert missing["error_description"].startswith("TASKS_ERROR_EXCEPTION_#256; Param #1 (itemId) expected")
    assert "#512" in world.rest("task.checklistitem.get", TASKID=task, ITEMID=99)["error_description"]
    assert (
        "Item name" in world.rest("task.checklistitem.add", TASKID=task, FIELDS={"SORT_INDEX": 1})["error_description"]
    )


def test_people_mark_a_task_for_themselves(world: World, task: str) -> None:
    """Favourite, muted and pinned belong to the caller; a task that he cannot see gives nothing or a refusal."""
    assert world.result("tasks.task.favorite.add", taskId=task) is True
    assert world.result("tasks.task.pin", id=task)["task"]["isPinned"] == "Y"
    shown = world.result("tasks.task.mute", id=task)["task"]
    assert (shown["isMuted"], shown["favorite"], shown["action"]["favorite.add"]) == ("Y", "Y", False)
    assert world.result("tasks.task.unmute", id=task)["task"]["isMuted"] == "N"
    assert world.result("tasks.task.pin", id=999) == []
    assert world.error("tasks.task.favorite.add", taskId=999) == "1"
    assert world.error("tasks.task.startwatch", taskId=999) == "1048584"
    assert world.result("tasks.task.startwatch", taskId=task)["task"]["auditors"] == ["1"]


def test_history_tells_what_changed(world: World, task: str) -> None:
    """Every change of a task is a line with the values before and after."""
    world.result("tasks.task.update", taskId=task, fields={"TITLE": "Ship it"})
    lines = world.result("tasks.task.history.list", taskId=task, order={"id": "asc"})["list"]
    assert [line["field"] for line in lines] == ["NEW", "TITLE"]
    assert lines[1]["value"] == {"from": "Ship", "to": "Ship it"}
    only = world.result("tasks.task.history.list", taskId=task, filter={"FIELD": "NEW"})["list"]
    assert [line["user"]["id"] for line in only] == [1]


def test_a_comment_becomes_the_result_once(world: World, task: str) -> None:
    """A pinned comment is listed, cannot be pinned twice while open, and can be taken down."""
    comment = world.result("task.commentitem.add", TASKID=task, FIELDS={"POST_MESSAGE": "Signed"})
    assert world.result("tasks.task.result.addFromComment", commentId=comment)["text"] == "Signed"
    assert world.error("tasks.task.result.addFromComment", commentId=comment) == "0"
    world.result("tasks.task.complete", taskId=task)
    assert [row["status"] for row in world.result("tasks.task.result.list", taskId=task)] == [1]
    world.result("tasks.task.result.deleteFromComment", commentId=comment)
    assert world.result("tasks.task.result.list", taskId=task) == []


def test_links_and_files_of_a_task_come_when_asked_for(world: World, task: str) -> None:
    """The three system user fields are left out by default and come together when one is selected."""
    assert "ufCrmTask" not in world.result("tasks.task.get", taskId=task)["task"]
    shown = world.result("tasks.task.get", taskId=task, select=["ID", "UF_CRM_TASK"])["task"]
    assert (shown["ufCrmTask"], shown["ufTaskWebdavFiles"], shown["ufMailMessage"]) == (["D_1"], [], None)


def test_rights_and_counters_of_a_task(world: World, task: str) -> None:
    """An overdue task counts for who takes part in it; a stranger may do nothing with a task."""
    world.result("tasks.task.update", taskId=task, fields={"DEADLINE": "2020-01-01T10:00:00+03:00"})
    found = world.rest("tasks.task.counters.get")
    assert (found["result"]["expired"]["counter"], found["total"]) == (1, 1)
    allowed = world.result("tasks.task.getaccess", taskId=task, users=[1, 777])["allowedActions"]
    assert (allowed["1"]["CHANGE_DEADLINE"], allowed["777"]["CHANGE_DEADLINE"]) == (True, False)


def test_a_task_that_is_not_there_is_an_empty_list(world: World) -> None:
    """As documented: reading a missing task answers 200 with `[]`, changing one is refused, no number is an error."""
    assert world.result("tasks.task.get", taskId=777) == []
    assert world.error("tasks.task.update", taskId=777, fields={"TITLE": "x"}) == "0"
    assert world.error("tasks.task.get", taskId="x") == "0"


def test_arguments_of_old_task_methods_count_by_place(world: World, task: str) -> None:
    """A JSON list is read by the documented order of arguments; names in another order are refused as the class refuses them."""
    number = world.listed("task.commentitem.add", task, {"POST_MESSAGE": "Cotton"})
    assert [row["ID"] for row in world.listed("task.commentitem.getlist", task, {"ID": "desc"})] == [str(number)]
    assert world.listed("task.elapseditem.getlist", {"ID": "desc"}, {">=CREATED_DATE": "2024-02-16"}) == []
    assert world.error("task.commentitem.add", FIELDS={"POST_MESSAGE": "Silk"}, TASKID=task) == "ERROR_CORE"


def test_a_file_named_with_a_new_task_is_attached(world: World) -> None:
    """A number of the Drive after an n becomes an attachment, told by its own number; a change may keep and add some."""
    (storage,) = world.result("disk.storage.getList", filter={"ENTITY_TYPE": "common"})
    content = ["a.txt", base64.b64encode(b"one").decode()]
    upload = {"id": storage["ID"], "data": {"NAME": "a.txt"}, "fileContent": content, "generateUniqueName": True}
    first, second = (world.result("disk.storage.uploadFile", **upload)["ID"] for _ in range(2))
    fields = {"TITLE": "Ship", "RESPONSIBLE_ID": 1, "UF_TASK_WEBDAV_FILES": [f"n{first}"]}
    number = world.result("tasks.task.add", fields=fields)["task"]["id"]
    (held,) = files_of(world, number)
    attached = world.result("disk.attachedObject.get", id=held)
    assert (attached["OBJECT_ID"], attached["ENTITY_ID"]) == (str(first), str(number))
    world.result("tasks.task.update", taskId=number, fields={"UF_TASK_WEBDAV_FILES": [held, f"n{second}"]})
    assert files_of(world, number)[0] == held
    assert len(files_of(world, number)) == 2


def files_of(world: World, number: str) -> list[int]:
    """The attachments of a task."""
    shown = world.result("tasks.task.get", taskId=number, select=["ID", "UF_TASK_WEBDAV_FILES"])
    return list(shown["task"]["ufTaskWebdavFiles"])
