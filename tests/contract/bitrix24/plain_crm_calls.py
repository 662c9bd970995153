"""Plain calls of CRM: its four classic objects, items of any kind, directories, payments, the timeline."""

from __future__ import annotations

from tests.contract.bitrix24.plain import Plain

LAYOUT = {
    "icon": {"code": "call-completed"},
    "header": {"title": "Call"},
    "body": {"logo": {"code": "call"}, "blocks": {"a": {"type": "text", "properties": {"value": "Hello"}}}},
}
BLOCKS = {"blocks": {"a": {"type": "text", "properties": {"value": "Hello"}}}}
SPA_FLAGS = ["isStagesEnabled", "isCategoriesEnabled", "isClientEnabled", "isBeginCloseDatesEnabled", "isSourceEnabled"]
SPA_FLAGS += ["isLinkWithProductsEnabled", "isMycompanyEnabled", "isObserversEnabled"]
REACHED = {"PHONE": "+998901112233", "EMAIL": "ivan@example.com", "IM": "ivan", "WEB": "https://example.com"}


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


CALLS = [*_crm(), *_items(), *_timeline()]
