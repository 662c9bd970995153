"""One plain valid call for each chief method, in an order in which each finds what it needs.

`Plain.saved`: name → path in the result, kept for later calls, where `$name` stands for it. Used by the tests that
compare answers with the documentation.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any

Params = dict[str, Any]
TEXT = base64.b64encode(b"text").decode()
LAYOUT = {
    "icon": {"code": "call-completed"},
    "header": {"title": "Call"},
    "body": {"logo": {"code": "call"}, "blocks": {"a": {"type": "text", "properties": {"value": "Hello"}}}},
}
BLOCKS = {"blocks": {"a": {"type": "text", "properties": {"value": "Hello"}}}}
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
SPA_FLAGS = ["isStagesEnabled", "isCategoriesEnabled", "isClientEnabled", "isBeginCloseDatesEnabled", "isSourceEnabled"]
SPA_FLAGS += ["isLinkWithProductsEnabled", "isMycompanyEnabled", "isObserversEnabled"]
REACHED = {"PHONE": "+998901112233", "EMAIL": "ivan@example.com", "IM": "ivan", "WEB": "https://example.com"}
LINE = {"CONNECTOR": "tg_bridge", "LINE": 1}


@dataclass(frozen=True, slots=True)
class Plain:
    """One call."""

    method: str
    params: Params = field(default_factory=dict)
    saved: dict[str, str] = field(default_factory=dict)


def _crm() -> list[Plain]:
    calls = []
    for kind, name in (("lead", "TITLE"), ("contact", "NAME"), ("company", "TITLE"), ("deal", "TITLE")):
        number = {"id": f"${kind}"}
        label = {"FIELD_NAME": f"N{kind}", "USER_TYPE_ID": "string", "LABEL": "Note"}
        phone = (
            {}
            if kind == "deal"
            else {name: [{"VALUE": value, "VALUE_TYPE": "WORK"}] for name, value in REACHED.items()}
        )
        calls += [
            Plain(f"crm.{kind}.fields"),
            Plain(f"crm.{kind}.add", {"fields": {name: "Cotton", **phone}}, {kind: ""}),
            Plain(f"crm.{kind}.get", number),
            Plain(f"crm.{kind}.list", {"select": ["*", "UF_*", "PHONE", "EMAIL", "WEB", "IM"]}),
            Plain(f"crm.{kind}.update", {**number, "fields": {name: "Linen"}}),
            Plain(f"crm.{kind}.userfield.add", {"fields": label}, {f"{kind}_field": ""}),
            Plain(f"crm.{kind}.userfield.get", {"id": f"${kind}_field"}),
            Plain(f"crm.{kind}.userfield.list", {"filter": {"LANG": "en"}}),
            Plain(f"crm.{kind}.userfield.update", {"id": f"${kind}_field", "fields": {"SORT": 5}}),
            Plain(f"crm.{kind}.userfield.delete", {"id": f"${kind}_field"}),
            Plain(f"crm.{kind}.details.configuration.get"),
        ]
    for kind, other, key in (("deal", "contact", "CONTACT_ID"), ("contact", "company", "COMPANY_ID")):
        link = {"id": f"${kind}", "fields": {key: f"${other}"}}
        calls += [
            Plain(f"crm.{kind}.{other}.fields"),
            Plain(f"crm.{kind}.{other}.add", link),
            Plain(f"crm.{kind}.{other}.items.get", {"id": f"${kind}"}),
            Plain(f"crm.{kind}.{other}.items.set", {"id": f"${kind}", "items": [link["fields"]]}),
            Plain(f"crm.{kind}.{other}.delete", link),
            Plain(f"crm.{kind}.{other}.items.delete", {"id": f"${kind}"}),
        ]
    return [*calls, *_rows()]


def _rows() -> list[Plain]:
    rows = [{"PRODUCT_NAME": "Towel", "PRICE": 10.5, "QUANTITY": 2}]
    owner = {"ownerType": "D", "ownerId": "$deal"}
    filtered = {"filter": {"=ownerType": "D", "=ownerId": "$deal"}}
    return [
        Plain("crm.deal.productrows.set", {"id": "$deal", "rows": rows}),
        Plain("crm.deal.productrows.get", {"id": "$deal"}),
        Plain("crm.lead.productrows.set", {"id": "$lead", "rows": rows}),
        Plain("crm.lead.productrows.get", {"id": "$lead"}),
        Plain("crm.item.productrow.fields"),
        Plain(
            "crm.item.productrow.add",
            {"fields": {**owner, "productName": "Sock", "price": 3}},
            {"row": "productRow.id"},
        ),
        Plain("crm.item.productrow.get", {"id": "$row"}),
        Plain("crm.item.productrow.list", filtered),
        Plain("crm.item.productrow.update", {"id": "$row", "fields": {"price": 4}}),
        Plain("crm.item.productrow.getAvailableForPayment", owner),
        Plain("crm.item.payment.add", {"entityTypeId": 2, "entityId": "$deal"}, {"payment": ""}),
        Plain("crm.item.payment.get", {"id": "$payment"}),
        Plain("crm.item.payment.list", {"entityTypeId": 2, "entityId": "$deal"}),
        Plain("crm.item.payment.product.add", {"paymentId": "$payment", "rowId": "$row", "quantity": 1}, {"part": ""}),
        Plain("crm.item.payment.product.list", {"paymentId": "$payment", "filter": {"id": "$part"}}),
        Plain("crm.item.payment.product.setQuantity", {"id": "$part", "quantity": 1}),
        Plain("crm.item.payment.product.delete", {"id": "$part"}),
        Plain("crm.item.payment.update", {"id": "$payment", "fields": {"paid": "Y"}}),
        Plain("crm.item.payment.pay", {"id": "$payment"}),
        Plain("crm.item.payment.unpay", {"id": "$payment"}),
        Plain("crm.item.payment.delete", {"id": "$payment"}),
        Plain("crm.item.productrow.delete", {"id": "$row"}),
        Plain("crm.item.productrow.set", {**owner, "productRows": [{"productName": "Rug", "price": 9}]}),
    ]


def _items() -> list[Plain]:
    spa, deals = {"entityTypeId": "$spa"}, {"entityTypeId": 2}
    return [
        Plain("crm.type.fields"),
        Plain(
            "crm.type.add",
            {"fields": {"title": "Lots", **dict.fromkeys(SPA_FLAGS, "Y")}},
            {"type": "type.id", "spa": "type.entityTypeId"},
        ),
        Plain("crm.type.get", {"id": "$type"}),
        Plain("crm.type.getByEntityTypeId", spa),
        Plain("crm.type.list"),
        Plain("crm.type.update", {"id": "$type", "fields": {"title": "Lot"}}),
        Plain("crm.item.fields", spa),
        Plain("crm.item.add", {"entityTypeId": 2, "fields": {"title": "Cotton"}}, {"item": "item.id"}),
        Plain("crm.item.get", {"entityTypeId": 1, "id": "$lead"}),
        Plain("crm.item.list", {"entityTypeId": 1}),
        Plain("crm.item.update", {"entityTypeId": 2, "id": "$item", "fields": {"title": "Linen"}}),
        Plain("crm.stagehistory.list", {"entityTypeId": 2}),
        Plain("crm.item.import", {"entityTypeId": 2, "fields": {"title": "Old"}}),
        Plain("crm.item.delete", {"entityTypeId": 2, "id": "$item"}),
        Plain("crm.category.fields", deals),
        Plain("crm.category.add", {**deals, "fields": {"name": "Second"}}, {"category": "category.id"}),
        Plain("crm.category.get", {**deals, "id": "$category"}),
        Plain("crm.category.list", deals),
        Plain("crm.category.update", {**deals, "id": "$category", "fields": {"name": "Other"}}),
        Plain("crm.category.delete", {**deals, "id": "$category"}),
        Plain("crm.status.fields"),
        Plain("crm.status.entity.types"),
        Plain("crm.status.entity.items", {"entityId": "SOURCE"}),
        Plain(
            "crm.status.add",
            {"fields": {"ENTITY_ID": "SOURCE", "STATUS_ID": "FAIR", "NAME": "Fair", "SORT": 5}},
            {"status": ""},
        ),
        Plain("crm.status.get", {"id": "$status"}),
        Plain("crm.status.list"),
        Plain("crm.status.update", {"id": "$status", "fields": {"NAME": "Trade fair"}}),
        Plain("crm.status.delete", {"id": "$status"}),
        Plain("crm.type.delete", {"id": "$type"}),
        Plain("crm.currency.fields"),
        Plain("crm.currency.list"),
        Plain("crm.currency.get", {"id": "USD"}),
        Plain("crm.currency.base.get"),
        Plain("crm.duplicate.findbycomm", {"type": "PHONE", "values": ["+998901112233"]}),
        Plain("crm.settings.mode.get"),
        Plain("crm.enum.fields"),
        Plain("crm.enum.ownertype"),
        Plain("crm.enum.activitytype"),
        Plain("crm.enum.addresstype"),
        Plain("crm.deal.recurring.fields"),
        Plain(
            "crm.deal.recurring.add",
            {"fields": {"DEAL_ID": "$deal", "PARAMS": {"MODE": "multiple", "MULTIPLE_TYPE": "day"}}},
            {"recurring": ""},
        ),
        Plain("crm.deal.recurring.get", {"id": "$recurring"}),
        Plain("crm.deal.recurring.list"),
        Plain("crm.deal.recurring.expose", {"id": "$recurring"}),
        Plain("crm.deal.recurring.update", {"id": "$recurring", "fields": {"ACTIVE": "N"}}),
    ]


def _timeline() -> list[Plain]:
    place = {"entityTypeId": 2, "entityId": "$deal"}
    owner = {"ownerTypeId": 2, "ownerId": "$deal"}
    note = {"ENTITY_ID": "$deal", "ENTITY_TYPE": "deal"}
    task = {
        "OWNER_TYPE_ID": 2,
        "OWNER_ID": "$deal",
        "TYPE_ID": 2,
        "SUBJECT": "Call",
        "RESPONSIBLE_ID": 1,
        "COMMUNICATIONS": [{"VALUE": "+998901112233"}],
    }
    own = {"typeId": "CONFIGURABLE", "completed": False}
    return [
        Plain("crm.timeline.comment.fields"),
        Plain("crm.timeline.comment.add", {"fields": {**note, "COMMENT": "Good"}}, {"comment": ""}),
        Plain("crm.timeline.comment.get", {"id": "$comment"}),
        Plain("crm.timeline.comment.list", {"filter": note}),
        Plain("crm.timeline.comment.update", {"id": "$comment", "fields": {"COMMENT": "Better"}}),
        Plain("crm.timeline.bindings.fields"),
        Plain("crm.timeline.bindings.list", {"filter": {"OWNER_ID": "$comment"}}),
        Plain("crm.timeline.comment.delete", {"id": "$comment"}),
        Plain(
            "crm.timeline.logmessage.add",
            {"fields": {**place, "title": "Note", "text": "Said", "iconCode": "info"}},
            {"log": "logMessage.id"},
        ),
        Plain("crm.timeline.logmessage.get", {"id": "$log"}),
        Plain("crm.timeline.logmessage.list", place),
        Plain("crm.timeline.logmessage.delete", {"id": "$log"}),
        Plain("crm.timeline.icon.list"),
        Plain("crm.timeline.logo.list"),
        Plain("crm.activity.fields"),
        Plain("crm.activity.communication.fields"),
        Plain("crm.activity.add", {"fields": task}, {"activity": ""}),
        Plain("crm.activity.get", {"id": "$activity"}),
        Plain("crm.activity.list"),
        Plain("crm.activity.update", {"id": "$activity", "fields": {"SUBJECT": "Second call"}}),
        Plain("crm.activity.binding.list", {"activityId": "$activity"}),
        Plain("crm.activity.layout.blocks.set", {**place, "activityId": "$activity", "layout": BLOCKS}),
        Plain("crm.activity.layout.blocks.get", {**place, "activityId": "$activity"}),
        Plain("crm.activity.layout.blocks.delete", {**place, "activityId": "$activity"}),
        Plain("crm.activity.todo.add", {**owner, "deadline": "2030-01-01T10:00:00+03:00"}, {"todo": "id"}),
        Plain("crm.activity.todo.updateDeadline", {**owner, "id": "$todo", "value": "2030-01-02T10:00:00+03:00"}),
        Plain("crm.activity.todo.updateDescription", {**owner, "id": "$todo", "value": "Soon"}),
        Plain(
            "crm.activity.configurable.add",
            {**owner, "fields": own, "layout": LAYOUT},
            {"configurable": "activity.id"},
        ),
        Plain("crm.activity.configurable.get", {"id": "$configurable"}),
        Plain(
            "crm.activity.configurable.update", {"id": "$configurable", "fields": {"completed": True}, "layout": LAYOUT}
        ),
        Plain("crm.activity.type.add", {"fields": {"TYPE_ID": "visit", "NAME": "Visit"}}),
        Plain("crm.activity.type.list"),
        Plain("crm.activity.badge.add", {"code": "new", "title": "State", "value": "New", "type": "success"}),
        Plain("crm.activity.badge.get", {"code": "new"}),
        Plain("crm.activity.badge.list"),
        Plain("crm.activity.badge.delete", {"code": "new"}),
        Plain("crm.activity.type.delete", {"TYPE_ID": "visit"}),
        Plain("crm.activity.delete", {"id": "$activity"}),
    ]


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


CALLS = [*_crm(), *_items(), *_timeline(), *_automation(), *_people(), *_talk(), *_office(), *_catalogue()]
