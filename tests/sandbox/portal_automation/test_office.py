"""Disk, tasks, calendar, calls, SMS providers, documents: the basics of each family."""

from __future__ import annotations

import base64

from tests.sandbox.portal_automation.world import World


def encoded(text: str) -> str:
    """Text as a file parameter carries it."""
    return base64.b64encode(text.encode()).decode()


def test_file_of_disk_is_uploaded_found_and_downloaded(world: World) -> None:
    """A folder takes a file once by name; disk.file.get leads to its content."""
    (storage,) = world.result("disk.storage.getList", filter={"ENTITY_TYPE": "common"})
    folder = world.result("disk.storage.addFolder", id=storage["ID"], data={"NAME": "Lots"})
    again = world.error("disk.storage.addFolder", id=storage["ID"], data={"NAME": "Lots"})
    assert again == "DISK_OBJ_22000"
    upload = {"id": folder["ID"], "data": {"NAME": "lot.txt"}, "fileContent": ["lot.txt", encoded("100 t")]}
    made = world.result("disk.folder.uploadFile", **upload)
    assert isinstance(made["ID"], int)
    assert world.error("disk.folder.uploadFile", **upload) == "ERROR_COULD_NOT_SAVE_FILE"
    second = world.result("disk.folder.uploadFile", **upload, generateUniqueName=True)
    assert second["NAME"] == "lot (1).txt"
    read = world.result("disk.file.get", id=made["ID"])
    assert world.session.get(read["DOWNLOAD_URL"], timeout=10).text == "100 t"
    names = [row["NAME"] for row in world.result("disk.folder.getChildren", id=folder["ID"])]
    assert names == ["lot.txt", "lot (1).txt"]
    assert world.error("disk.file.get", id=99999) == "ERROR_NOT_FOUND"


def test_versions_of_a_file(world: World) -> None:
    """Every content of a file stays a version that can be read and brought back; the newest comes first."""
    (storage,) = world.result("disk.storage.getList", filter={"ENTITY_TYPE": "common"})
    upload = {"data": {"NAME": "price.txt"}, "fileContent": ["price.txt", encoded("one")]}
    made = world.result("disk.storage.uploadFile", id=storage["ID"], **upload)
    world.result("disk.file.uploadVersion", id=made["ID"], fileContent=["price.txt", encoded("second")])
    assert world.error("disk.file.uploadVersion", id=made["ID"], fileContent=["price.txt", "?"]) == "DISK_FILE_22002"
    newest, first = world.result("disk.file.getVersions", id=made["ID"])
    assert (newest["GLOBAL_CONTENT_VERSION"], newest["SIZE"], first["SIZE"]) == ("2", "6", "3")
    assert world.result("disk.version.get", id=first["ID"]) == first
    assert world.session.get(first["DOWNLOAD_URL"], timeout=10).text == "one"
    restored = world.result("disk.file.restoreFromVersion", id=made["ID"], versionId=first["ID"])
    assert (restored["GLOBAL_CONTENT_VERSION"], restored["SIZE"]) == (3, "3")
    other = world.result("disk.storage.uploadFile", id=storage["ID"], **{**upload, "data": {"NAME": "other.txt"}})
    assert world.error("disk.file.restoreFromVersion", id=other["ID"], versionId=first["ID"]) == "DISK_FILE_22004"
    assert len(world.result("disk.file.getVersions", id=made["ID"], filter={">SIZE": 3})) == 1
    world.result("disk.file.delete", id=made["ID"])
    assert world.error("disk.version.get", id=first["ID"]) == "ERROR_NOT_FOUND"


def test_search_on_disk(world: World) -> None:
    """Files and folders are found by words of their names within a storage or folder; bad questions are refused."""
    (storage,) = world.result("disk.storage.getList", filter={"ENTITY_TYPE": "common"})
    folder = world.result("disk.storage.addFolder", id=storage["ID"], data={"NAME": "Linen reports"})
    upload = {"data": {"NAME": "Report linen.txt"}, "fileContent": ["r.txt", encoded("x")]}
    made = world.result("disk.folder.uploadFile", id=folder["ID"], **upload)
    assert [row["ID"] for row in world.result("disk.file.search", QUERY="LINEN  rep")] == [str(made["ID"])]
    assert len(world.result("disk.file.search", QUERY="linen", TYPE="all", FILTER={"STORAGE_ID": storage["ID"]})) == 2
    assert len(world.result("disk.file.search", QUERY="linen", TYPE="all", FILTER={"FOLDER_ID": folder["ID"]})) == 1
    assert world.error("disk.file.search", QUERY=" li ") == "INVALID_QUERY"
    assert world.error("disk.file.search", QUERY="linen", TYPE="x") == "INVALID_TYPE"
    assert world.error("disk.file.search", QUERY="linen", FILTER={"NAME": "x"}) == "INVALID_FILTER"
    assert world.error("disk.file.search", QUERY="linen", FILTER={"FOLDER_ID": 9999}) == "NOT_FOUND"
    assert world.error("disk.file.search") == "ERROR_ARGUMENT"


def test_folders_are_shared_and_files_hang_on_tasks(world: World) -> None:
    """A folder is shared at a known level; an attachment of a task tells its file."""
    (storage,) = world.result("disk.storage.getList", filter={"ENTITY_TYPE": "common"})
    assert "disk_access_read" in [level["NAME"] for level in world.result("disk.rights.getTasks")]
    folder = world.result("disk.storage.addFolder", id=storage["ID"], data={"NAME": "Shared"})
    share = {"id": folder["ID"], "userId": 2, "taskName": "disk_access_read"}
    assert world.result("disk.folder.shareToUser", **share) is True
    assert world.error("disk.folder.shareToUser", **{**share, "taskName": "all"}) == "ACCESS_DENIED"
    upload = {"data": {"NAME": "plan.txt"}, "fileContent": ["plan.txt", encoded("plan")]}
    made = world.result("disk.folder.uploadFile", id=folder["ID"], **upload)
    task = world.result("tasks.task.add", fields={"TITLE": "Dye", "RESPONSIBLE_ID": 1})["task"]["id"]
    tied = world.result("tasks.task.files.attach", taskId=task, fileId=made["ID"])["attachmentId"]
    found = world.result("disk.attachedObject.get", id=tied)
    assert (found["OBJECT_ID"], found["ENTITY_ID"], found["SIZE"]) == (str(made["ID"]), str(task), "4")


def test_drives_of_others_open_as_far_as_they_were_shared(world: World) -> None:
    """Another's folder is closed until it is shared, then open up to the level given; the application's is its own."""
    world.as_webhook("disk.storage.getList", "2")
    (drive,) = world.result("disk.storage.getList", filter={"ENTITY_TYPE": "user", "ENTITY_ID": 2})
    folder = world.result("disk.storage.addFolder", id=drive["ID"], data={"NAME": "Private"})
    upload = {"id": folder["ID"], "data": {"NAME": "a.txt"}, "fileContent": ["a.txt", encoded("a")]}
    file = world.result("disk.folder.uploadFile", **upload)["ID"]
    read = {"disk.file.get": {"id": file}, "disk.folder.getChildren": {"id": folder["ID"]}}
    changes = {"disk.file.rename": {"id": file, "newName": "b.txt"}, "disk.file.delete": {"id": file}}
    own = world.result("disk.storage.getForApp")["ID"]
    for method, params in {**read, **changes, "disk.storage.get": {"id": own}}.items():
        assert world.as_webhook(method, "3", **params)["error"] == "ACCESS_DENIED", method
    world.result("disk.folder.shareToUser", id=folder["ID"], userId=3, taskName="disk_access_read")
    assert all("result" in world.as_webhook(method, "3", **params) for method, params in read.items())
    assert all(
        world.as_webhook(method, "3", **params)["error"] == "ACCESS_DENIED" for method, params in changes.items()
    )
    world.result("disk.folder.shareToUser", id=folder["ID"], userId=3, taskName="disk_access_edit")
    assert world.as_webhook("disk.file.rename", "3", id=file, newName="b.txt")["result"]["NAME"] == "b.txt"
    assert world.as_webhook("disk.file.delete", "3", id=file)["error"] == "ACCESS_DENIED"


def test_upload_in_two_steps(world: World) -> None:
    """Without content the answer names an address that takes the form once."""
    storage = world.result("disk.storage.getForApp")
    step = world.result("disk.storage.uploadFile", id=storage["ID"], data={"NAME": "a.txt"})
    answer = world.session.post(step["uploadUrl"], files={step["field"]: ("a.txt", b"text")}, timeout=10)
    assert answer.json()["result"]["NAME"] == "a.txt"
    assert world.session.post(step["uploadUrl"], files={step["field"]: ("a.txt", b"x")}, timeout=10).status_code == 400


def test_task_goes_through_its_statuses(world: World) -> None:
    """A task is added, started, completed, commented and listed; mistakes have documented codes."""
    world.bind("OnTaskAdd", "/task")
    fields = {"TITLE": "Check the lot", "RESPONSIBLE_ID": 2, "UF_CRM_TASK": ["D_1"], "DEADLINE": "2026-12-01T10:00:00"}
    task = world.result("tasks.task.add", fields=fields)["task"]
    assert (task["title"], task["status"]) == ("Check the lot", "2")
    assert world.heard("/task")[0]["data"]["FIELDS_AFTER"] == {"ID": task["id"]}
    assert world.result("tasks.task.start", taskId=task["id"])["task"]["status"] == "3"
    assert world.error("tasks.task.start", taskId=task["id"]) == "0"
    assert world.result("tasks.task.complete", taskId=task["id"])["task"]["status"] == "5"
    comment = world.result("task.commentitem.add", TASKID=task["id"], FIELDS={"POST_MESSAGE": "Done"})
    listed = world.result("task.commentitem.getlist", TASKID=task["id"])
    assert [(row["ID"], row["POST_MESSAGE"]) for row in listed] == [(str(comment), "Done")]
    world.result("task.elapseditem.add", TASKID=task["id"], ARFIELDS={"SECONDS": 3600, "COMMENT_TEXT": "x"})
    (spent,) = world.result("task.elapseditem.getlist", TASKID=task["id"])
    assert spent["MINUTES"] == "60"
    found = world.rest("tasks.task.list", filter={"RESPONSIBLE_ID": 2, ">=ID": 1}, select=["ID", "TITLE"])
    assert (found["total"], found["result"]["tasks"][0]["title"]) == (1, "Check the lot")
    assert world.error("tasks.task.add", fields={"RESPONSIBLE_ID": 2}) == "ERROR_CORE"
    assert world.error("tasks.task.list", order={"NOTHING": "asc"}) == "0"


def test_calendar_event_lives(world: World) -> None:
    """An event is added, found in its period, moved and deleted; a missing name is refused."""
    owner = {"type": "user", "ownerId": 1}
    when = {"from": "2026-12-01T10:00:00", "to": "2026-12-01T11:00:00"}
    assert world.error("calendar.event.add", **owner, **when) == ""
    event = world.result("calendar.event.add", **owner, **when, name="Inspection", crm_fields=["D_1"])
    (found,) = world.result("calendar.event.get", **owner, **{"from": "2026-12-01", "to": "2026-12-02"})
    assert (found["ID"], found["DT_LENGTH"], found["UF_CRM_CAL_EVENT"]) == (str(event), 3600, ["D_1"])
    assert world.result("calendar.event.update", id=event, **owner, name="Second inspection") == event
    assert world.result("calendar.event.getbyid", id=event)["NAME"] == "Second inspection"
    assert world.result("calendar.event.delete", id=event) is True
    assert world.error("calendar.event.getbyid", id=event) == ""


def test_external_call_becomes_a_lead_and_an_activity(world: World) -> None:
    """A call from a stranger makes a lead, its end an activity there; wrong calls are refused."""
    call = {"USER_ID": 1, "PHONE_NUMBER": "+998901234567", "TYPE": 2, "CRM_CREATE": 1}
    assert world.error("telephony.externalCall.register", **{**call, "TYPE": 9}) == "ERROR_CORE"
    made = world.result("telephony.externalCall.register", **call)
    assert made["CRM_ENTITY_TYPE"] == "LEAD"
    assert world.result("telephony.externalCall.register", **call)["CRM_ENTITY_ID"] == made["CRM_ENTITY_ID"]
    done = world.result("telephony.externalCall.finish", CALL_ID=made["CALL_ID"], USER_ID=1, DURATION=30)
    (activity,) = world.result("crm.activity.list", filter={"OWNER_TYPE_ID": 1, "OWNER_ID": made["CRM_ENTITY_ID"]})
    assert (activity["ID"], activity["PROVIDER_ID"]) == (str(done["CRM_ACTIVITY_ID"]), "VOXIMPLANT_CALL")
    assert world.error("telephony.externalCall.finish", CALL_ID="none", USER_ID=1) == "ERROR_CORE"


def test_sms_provider_receives_the_message_and_reports(world: World) -> None:
    """A registered provider is called with number and text, and its report changes the state."""
    fields = {"CODE": "tg", "TYPE": "SMS", "HANDLER": f"{world.ear.url}/sms", "NAME": "Telegram"}
    assert world.result("messageservice.sender.add", **fields) is True
    assert world.error("messageservice.sender.add", **fields) == "ERROR_SENDER_ALREADY_INSTALLED"
    assert (
        world.error("messageservice.sender.add", **{**fields, "CODE": "x", "TYPE": "FAX"})
        == "ERROR_SENDER_VALIDATION_FAILURE"
    )
    message = world.control("senders/tg/send", phone="+998901234567", text="Hello")
    (call,) = world.heard("/sms")
    assert (call["message_to"], call["message_body"], call["message_id"]) == ("+998901234567", "Hello", message["ID"])
    report = {"CODE": "tg", "MESSAGE_ID": message["ID"], "STATUS": "delivered"}
    assert world.result("messageservice.message.status.update", **report) is True
    assert world.look("senders/messages")["messages"][0]["status"] == "delivered"
    assert (
        world.error("messageservice.message.status.update", **{**report, "STATUS": "eaten"})
        == "ERROR_MESSAGE_STATUS_INCORRECT"
    )


def test_document_is_made_from_a_template(world: World) -> None:
    """Codes of the template take given values and fields of the deal."""
    deal = world.deal(opportunity=1500)
    fields = {
        "name": "Contract",
        "numeratorId": 1,
        "region": "ru",
        "entityTypeId": ["2"],
        "file": encoded("{Title} for {Buyer}, no. {DocumentNumber}"),
    }
    template = world.result("crm.documentgenerator.template.add", fields=fields)["template"]["id"]
    made = world.result(
        "crm.documentgenerator.document.add",
        templateId=template,
        entityTypeId=2,
        entityId=deal,
        values={"Buyer": "Ivan", "DocumentNumber": "2026-001"},
    )["document"]
    text = world.session.get(made["downloadUrl"], timeout=10).text
    assert text == "Lot 104 for Ivan, no. 2026-001"
    listed = world.result("crm.documentgenerator.document.list", filter={"entityTypeId": 2, "entityId": deal})
    assert [row["id"] for row in listed["documents"]] == [str(made["id"])]
    missing = {"templateId": 99, "entityTypeId": 2, "entityId": deal}
    assert world.error("crm.documentgenerator.document.add", **missing) == "0"
