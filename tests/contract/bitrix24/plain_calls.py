"""One plain valid call for each chief method, in an order in which each finds what it needs.

`$name` stands for what an earlier call saved under that name. Used by the tests that compare answers with the
documentation.
"""

from __future__ import annotations

import base64

from tests.contract.bitrix24 import plain_crm_calls
from tests.contract.bitrix24.plain import Params, Plain

TEXT = base64.b64encode(b"text").decode()
ROBOT = {"CODE": "r1", "HANDLER": "$handler/r", "NAME": "Robot", "AUTH_USER_ID": 1}
OUTSIDE = {
    "user": {"id": "ext-1", "name": "Ivan"},
    "message": {"id": "m1", "date": 1773265993, "text": "Good day"},
    "chat": {"id": "c1"},
}
TASK_COLUMNS = ["ID", "TITLE", "DESCRIPTION", "STATUS", "subStatus", "DEADLINE", "CREATED_DATE", "RESPONSIBLE_ID"]
TASK_COLUMNS += ["ACCOMPLICES", "AUDITORS", "TAGS", "COUNTERS", "PRIORITY", "MARK"]
TASK_EXTRAS = {"WITH_TIMER_INFO": True, "WITH_RESULT_INFO": True, "WITH_PARSED_DESCRIPTION": True}
NUMBERS = {"WORK_PHONE": "+998711234567", "PERSONAL_MOBILE": "+998901112233", "UF_PHONE_INNER": "21"}
LINE = {"CONNECTOR": "tg_bridge", "LINE": 1}


def _automation() -> list[Plain]:
    document = ["crm", "CCrmDocumentDeal", "DEAL"]
    return [
        Plain("bizproc.robot.add", ROBOT),
        Plain("bizproc.robot.update", {"CODE": "r1", "FIELDS": {"NAME": "Other"}}),
        Plain("bizproc.robot.list"),
        Plain("bizproc.robot.delete", {"CODE": "r1"}),
        Plain("bizproc.activity.add", {**ROBOT, "CODE": "a1"}),
        Plain("bizproc.activity.list"),
        Plain("bizproc.activity.update", {"CODE": "a1", "FIELDS": {"NAME": "Other"}}),
        Plain("bizproc.activity.delete", {"CODE": "a1"}),
        Plain(
            "bizproc.workflow.template.add",
            {"DOCUMENT_TYPE": document, "NAME": "Process", "TEMPLATE_DATA": ["p.bpt", TEXT]},
            {"template": ""},
        ),
        Plain("bizproc.workflow.template.list", {"SELECT": ["ID", "NAME", "USER_ID", "SYSTEM_CODE"]}),
        Plain("bizproc.workflow.template.update", {"ID": "$template", "FIELDS": {"NAME": "Other"}}),
        Plain("bizproc.workflow.instances"),
        Plain("bizproc.workflow.template.delete", {"ID": "$template"}),
        Plain("bizproc.task.list"),
        Plain("crm.automation.trigger.add", {"CODE": "t1", "NAME": "Trigger"}),
        Plain("crm.automation.trigger.list"),
        Plain("crm.automation.trigger.execute", {"CODE": "t1", "OWNER_TYPE_ID": 2, "OWNER_ID": "$deal"}),
        Plain("crm.automation.trigger.delete", {"CODE": "t1"}),
    ]


def _people() -> list[Plain]:
    field_type = {"USER_TYPE_ID": "own", "HANDLER": "$handler/f", "TITLE": "Own", "DESCRIPTION": ""}
    place = {"PLACEMENT": "CRM_DEAL_DETAIL_TAB", "HANDLER": "$handler/tab"}
    event = {"event": "ONCRMDEALADD", "handler": "$handler/e"}
    user_field: Params = {"entityId": "CRM_DEAL", "fieldName": "UF_CRM_PLAIN", "userTypeId": "enumeration"}
    user_field |= {"enum": [{"value": "Red", "sort": 10}]}
    config = {"moduleId": "crm", "id": "$config"}
    return [
        Plain("app.info"),
        Plain("profile"),
        Plain("scope"),
        Plain("method.get", {"name": "crm.deal.get"}),
        Plain("server.time"),
        Plain("feature.get", {"CODE": "rest_offline_extended"}),
        Plain("access.name", {"ACCESS": ["G2", "AU"]}),
        Plain("app.option.set", {"options": {"data": "a", "data2": "b"}}),
        Plain("app.option.get"),
        Plain("user.option.set", {"options": {"data": "a", "data2": "b"}}),
        Plain("user.option.get"),
        Plain("user.fields"),
        Plain("user.current"),
        Plain("user.get", {"ID": 1}),
        Plain("user.search", {"FIND": "a"}),
        Plain("user.admin"),
        Plain("user.access", {"ACCESS": ["U1"]}),
        Plain("user.add", {"EMAIL": "plain@example.com", "UF_DEPARTMENT": [1]}, {"user": ""}),
        Plain("user.update", {"ID": "$user", "NAME": "Plain", **NUMBERS}),
        Plain("department.fields"),
        Plain("department.add", {"NAME": "Dyeing", "PARENT": 1}, {"department": ""}),
        Plain("department.get", {"ID": "$department"}),
        Plain("department.update", {"ID": "$department", "NAME": "Weaving"}),
        Plain("department.delete", {"ID": "$department"}),
        Plain("event.bind", event),
        Plain("event.get"),
        Plain("event.unbind", event),
        Plain("events"),
        Plain("event.test"),
        Plain("event.offline.get"),
        Plain("event.offline.list"),
        Plain("placement.list"),
        Plain("placement.bind", place),
        Plain("placement.get"),
        Plain("placement.unbind", place),
        Plain("userfieldtype.add", field_type),
        Plain("userfieldtype.list"),
        Plain("userfieldtype.update", field_type),
        Plain("userfieldtype.delete", {"USER_TYPE_ID": "own"}),
        Plain("userfieldconfig.getTypes", {"moduleId": "crm"}),
        Plain("userfieldconfig.add", {"moduleId": "crm", "field": user_field}, {"config": "field.id"}),
        Plain("userfieldconfig.get", config),
        Plain("userfieldconfig.list", {"moduleId": "crm", "filter": {"entityId": "CRM_DEAL"}}),
        Plain("userfieldconfig.update", {**config, "field": {"sort": 7}}),
        Plain("userfieldconfig.delete", config),
    ]


def _talk() -> list[Plain]:
    register = {
        "ID": "tg_bridge",
        "NAME": "Telegram",
        "ICON": {"DATA_IMAGE": "data:image/svg+xml,x"},
        "PLACEMENT_HANDLER": "$handler/s",
    }
    chat, line_chat = {"CHAT_ID": "$chat"}, {"CHAT_ID": "$line_chat"}
    return [
        Plain("im.user.get", {"ID": "$user"}),
        Plain("im.user.list.get", {"ID": ["$user"], "RESULT_TYPE": "array"}),
        Plain("im.chat.add", {"TITLE": "Yarn", "USERS": [2]}, {"chat": ""}),
        Plain("im.chat.user.list", chat),
        Plain("im.chat.updateTitle", {**chat, "TITLE": "Wool"}),
        Plain("im.chat.user.add", {**chat, "USERS": [3]}),
        Plain("im.chat.user.delete", {**chat, "USER_ID": 3}),
        Plain("im.message.add", {"DIALOG_ID": "chat$chat", "MESSAGE": "Hello"}, {"message": ""}),
        Plain("im.message.update", {"MESSAGE_ID": "$message", "MESSAGE": "Hi"}),
        Plain("im.dialog.get", {"DIALOG_ID": "chat$chat"}),
        Plain("im.dialog.messages.get", {"DIALOG_ID": "chat$chat"}),
        Plain("im.dialog.read", {"DIALOG_ID": "chat$chat", "MESSAGE_ID": "$message"}),
        Plain("im.recent.get"),
        Plain("im.counters.get"),
        Plain("im.message.delete", {"MESSAGE_ID": "$message"}),
        Plain("im.notify.system.add", {"USER_ID": 1, "MESSAGE": "Look"}, {"notice": ""}),
        Plain("im.notify.personal.add", {"USER_ID": 1, "MESSAGE": "Look"}),
        Plain("im.notify.get"),
        Plain("im.notify.read", {"ID": "$notice"}),
        Plain("imconnector.register", register),
        Plain("imconnector.list"),
        Plain("imconnector.activate", {**LINE, "ACTIVE": "1"}),
        Plain("imconnector.connector.data.set", {**LINE, "DATA": {"ID": "c", "NAME": "Bot"}}),
        Plain("imconnector.status", LINE),
        Plain(
            "imconnector.send.messages",
            {**LINE, "MESSAGES": [OUTSIDE]},
            {"line_chat": "DATA.RESULT.0.session.CHAT_ID", "session": "DATA.RESULT.0.session.ID"},
        ),
        Plain("imopenlines.config.list.get", {"OPTIONS": {"QUEUE": "Y", "CONFIG_QUEUE": "Y"}}),
        Plain("imopenlines.config.get", {"CONFIG_ID": 1}),
        Plain("imopenlines.config.path.get"),
        Plain("imopenlines.revision.get"),
        Plain("imopenlines.dialog.get", line_chat),
        Plain("imopenlines.operator.answer", line_chat),
        Plain("imopenlines.session.history.get", line_chat),
        Plain("imopenlines.session.mode.pin", {**line_chat, "ACTIVATE": "Y"}),
        Plain("imopenlines.operator.finish", line_chat),
        Plain("imconnector.unregister", {"ID": "tg_bridge"}),
    ]


def _office() -> list[Plain]:
    storage = {"id": "$storage"}
    event = {
        "type": "user",
        "ownerId": 1,
        "name": "Fair",
        "from": "2030-01-01",
        "to": "2030-01-02",
        "section": "$section",
    }
    section = {"type": "user", "ownerId": 1}
    return [
        Plain("disk.storage.getList", {"filter": {"ENTITY_TYPE": "common"}}, {"storage": "0.ID"}),
        Plain("disk.storage.get", storage),
        Plain("disk.storage.getForApp"),
        Plain("disk.storage.addFolder", {**storage, "data": {"NAME": "Lots"}}, {"folder": "ID"}),
        Plain("disk.folder.get", {"id": "$folder"}),
        Plain(
            "disk.folder.uploadFile",
            {"id": "$folder", "data": {"NAME": "a.txt"}, "fileContent": ["a.txt", TEXT]},
            {"file": "ID"},
        ),
        Plain("disk.folder.addSubFolder", {"id": "$folder", "data": {"NAME": "b.txt"}}),
        Plain("disk.folder.getChildren", {"id": "$folder"}),
        Plain("disk.storage.getChildren", storage),
        Plain("disk.file.get", {"id": "$file"}),
        Plain("disk.file.getVersions", {"id": "$file"}, {"version": "0.ID"}),
        Plain("disk.version.get", {"id": "$version"}),
        Plain("disk.file.restoreFromVersion", {"id": "$file", "versionId": "$version"}),
        Plain("disk.file.rename", {"id": "$file", "newName": "c.txt"}),
        Plain("disk.file.search", {"QUERY": ".txt", "TYPE": "all"}),
        Plain("disk.rights.getTasks"),
        Plain("disk.folder.shareToUser", {"id": "$folder", "userId": 2, "taskName": "disk_access_read"}),
        Plain("tasks.task.getFields"),
        Plain("tasks.task.add", {"fields": {"TITLE": "Dye", "RESPONSIBLE_ID": 1}}, {"task": "task.id"}),
        Plain("tasks.task.get", {"taskId": "$task"}),
        Plain("tasks.task.list", {"filter": {"ID": "$task"}, "select": TASK_COLUMNS, "params": TASK_EXTRAS}),
        Plain("tasks.task.files.attach", {"taskId": "$task", "fileId": "$file"}, {"tied": "attachmentId"}),
        Plain("disk.attachedObject.get", {"id": "$tied"}),
        Plain("tasks.task.update", {"taskId": "$task", "fields": {"TITLE": "Dye well"}}),
        Plain("tasks.task.start", {"taskId": "$task"}),
        Plain("tasks.task.complete", {"taskId": "$task"}),
        Plain("task.commentitem.add", {"TASKID": "$task", "FIELDS": {"POST_MESSAGE": "Done"}}),
        Plain("task.elapseditem.getlist", {"TASKID": "$task"}),
        Plain("tasks.task.delete", {"taskId": "$task"}),
        Plain("disk.file.markDeleted", {"id": "$file"}),
        Plain("disk.file.delete", {"id": "$file"}),
        Plain("calendar.section.add", {**section, "name": "Fairs"}, {"section": ""}),
        Plain("calendar.section.get", section),
        Plain("calendar.event.add", event, {"event": ""}),
        Plain("calendar.event.getbyid", {"id": "$event"}),
        Plain("calendar.event.get", {**section, "from": "2030-01-01", "to": "2030-02-01"}),
        Plain("calendar.event.update", {**event, "id": "$event", "name": "Trade fair"}),
        Plain("calendar.event.delete", {"id": "$event"}),
        Plain("telephony.externalcall.register", {"USER_ID": 1, "PHONE_NUMBER": "+998901112233", "TYPE": 1}),
        Plain(
            "messageservice.sender.add",
            {"CODE": "sms1", "TYPE": "SMS", "HANDLER": "$handler/sms", "NAME": "SMS"},
        ),
        Plain("messageservice.sender.list"),
        Plain("messageservice.sender.delete", {"CODE": "sms1"}),
    ]


def _catalogue() -> list[Plain]:
    calls = [Plain("catalog.catalog.list"), Plain("catalog.catalog.get", {"id": 23})]
    families = {"": ("element", 23), ".sku": ("sku", 23), ".service": ("service", 23), ".offer": ("offer", 24)}
    for family, (added, catalogue) in families.items():
        base, number = f"catalog.product{family}", f"$product{added}"
        wanted = {"select": ["*"], "filter": {"iblockId": catalogue}}
        fields = {"iblockId": catalogue, "name": "Towel"} | ({"parentId": "$productsku"} if added == "offer" else {})
        calls += [
            Plain(f"{base}.add", {"fields": fields}, {f"product{added}": f"{added}.id"}),
            Plain(f"{base}.get", {"id": number}),
            Plain(f"{base}.list", wanted),
            Plain(f"{base}.update", {"id": number, "fields": {"name": "Rug"}}),
            Plain(f"{base}.getFieldsByFilter", {"filter": {"iblockId": catalogue}}),
        ]
    return calls


CALLS = [*plain_crm_calls.CALLS, *_automation(), *_people(), *_talk(), *_office(), *_catalogue()]
