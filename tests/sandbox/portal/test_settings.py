"""User fields, directories, smart processes, users."""

from __future__ import annotations

import pytest

from tests.sandbox.portal.conftest import InstalledApp, Listener, Running


@pytest.mark.parametrize(
    ("name", "camel"),
    [
        ("UF_CRM_1_DIGIT", "ufCrm1Digit"),
        ("UF_CRM_1_1747309727", "ufCrm1_1747309727"),
        ("UF_CRM_1_DIGIT10", "ufCrm_1_DIGIT10"),
        ("UF_CRM_1_DIGIT_10", "ufCrm_1_DIGIT_10"),
    ],
)
def test_documented_names(portal: Running, name: str, camel: str) -> None:
    """User fields take the documented spelling in crm.item.*, and their own with useOriginalUfNames."""
    number = portal.call("crm.type.add", {"fields": {"title": "A"}})["type"]["entityTypeId"]
    field = {"entityId": "CRM_1", "fieldName": name, "userTypeId": "string"}
    portal.call("userfieldconfig.add", {"moduleId": "crm", "field": field})
    item = portal.call("crm.item.add", {"entityTypeId": number, "fields": {camel: "v"}})["item"]
    assert item[camel] == "v"
    whole = portal.call("crm.item.get", {"entityTypeId": number, "id": item["id"], "useOriginalUfNames": "Y"})["item"]
    assert whole[name] == "v"


def test_field_rules(portal: Running) -> None:
    """Bad names, kinds and repetitions of fields are refused in the documented codes."""
    for fields, code in (
        ({"USER_TYPE_ID": "string"}, ""),
        ({"FIELD_NAME": "X" * 44, "USER_TYPE_ID": "string"}, "ERROR_CORE"),
        ({"FIELD_NAME": "А", "USER_TYPE_ID": "string"}, "ERROR_CORE"),
        ({"FIELD_NAME": "A", "USER_TYPE_ID": "nothing"}, "ERROR_CORE"),
    ):
        assert portal.refused("crm.deal.userfield.add", {"fields": fields}) == (400, code)
    portal.call("crm.deal.userfield.add", {"fields": {"FIELD_NAME": "uf_a", "USER_TYPE_ID": "string"}})
    assert portal.call("crm.deal.userfield.get", {"id": 1})["FIELD_NAME"] == "UF_CRM_A"


def test_lists_of_options(portal: Running) -> None:
    """A list field stores option ids; an unknown one is refused by crm.item.* and dropped by classic methods."""
    options = [{"VALUE": "a"}, {"VALUE": "b", "XML_ID": "B"}]
    field = {"FIELD_NAME": "K", "USER_TYPE_ID": "enumeration", "MULTIPLE": "Y", "LIST": options}
    number = portal.call("crm.deal.userfield.add", {"fields": field})
    first, second = (option["ID"] for option in portal.call("crm.deal.userfield.get", {"id": number})["LIST"])
    deal = portal.call("crm.deal.add", {"fields": {"UF_CRM_K": [first, second, 999]}})
    assert portal.call("crm.deal.get", {"id": deal})["UF_CRM_K"] == [first, second]
    sent = {"entityTypeId": 2, "id": deal, "fields": {"ufCrmK": [999]}}
    assert portal.refused("crm.item.update", sent) == (400, "CRM_FIELD_ERROR_VALUE_NOT_VALID")
    described = portal.call("crm.item.fields", {"entityTypeId": 2})["fields"]["ufCrmK"]
    assert described["items"] == [{"ID": first, "VALUE": "a"}, {"ID": second, "VALUE": "b"}]


def test_own_kind_of_field(app: InstalledApp) -> None:
    """An application registers a kind of field on its own domain and makes fields of it."""
    handler = app.data["handler_url"].replace("/app", "/field")
    assert app.call("userfieldtype.add", {"USER_TYPE_ID": "standing", "HANDLER": handler, "TITLE": "S"}) is True
    assert [row["USER_TYPE_ID"] for row in app.call("userfieldtype.list")] == ["standing"]
    app.call("crm.deal.userfield.add", {"fields": {"FIELD_NAME": "S", "USER_TYPE_ID": "standing"}})
    kind = app.portal.call("crm.deal.userfield.get", {"id": 1})["USER_TYPE_ID"]
    assert kind == f"rest_{app.id}_standing"
    foreign = app.portal.as_app(app.token, "userfieldtype.add", {"USER_TYPE_ID": "b", "HANDLER": "https://x.example"})
    assert foreign.json()["error"] == "ERROR_CORE"


def test_stages_get_their_prefix(portal: Running) -> None:
    """A stage added to a pipeline is stored with its prefix; too long codes are refused."""
    category = portal.call("crm.category.add", {"entityTypeId": 2, "fields": {"name": "P"}})["category"]["id"]
    entity = f"DEAL_STAGE_{category}"
    number = portal.call("crm.status.add", {"fields": {"ENTITY_ID": entity, "STATUS_ID": "DECISION", "NAME": "D"}})
    assert portal.call("crm.status.get", {"id": number})["STATUS_ID"] == f"C{category}:DECISION"
    long = {"ENTITY_ID": "STATUS", "STATUS_ID": "X" * 22, "NAME": "L"}
    assert portal.refused("crm.status.add", {"fields": long}) == (400, "")
    again = {"ENTITY_ID": entity, "STATUS_ID": "DECISION", "NAME": "D"}
    assert portal.refused("crm.status.add", {"fields": again}) == (400, "ERROR_CORE")


def test_default_stages(portal: Running) -> None:
    """The general pipeline has the eight documented stages in their order."""
    rows = portal.call("crm.status.list", {"filter": {"ENTITY_ID": "DEAL_STAGE"}, "order": {"SORT": "ASC"}})
    codes = ["NEW", "PREPARATION", "PREPAYMENT_INVOICE", "EXECUTING", "FINAL_INVOICE", "WON", "LOSE", "APOLOGY"]
    assert [row["STATUS_ID"] for row in rows] == codes
    assert rows[5]["EXTRA"] == {"SEMANTICS": "success", "COLOR": "#7BD500"}


@pytest.mark.parametrize(("number", "allowed"), [(1030, True), (150, True), (1031, False), (193, False), (2, False)])
def test_numbers_of_smart_processes(portal: Running, number: int, allowed: bool) -> None:
    """Numbers outside of the documented ranges are refused."""
    sent = {"fields": {"title": "A", "entityTypeId": number}}
    if allowed:
        assert portal.call("crm.type.add", sent)["type"]["entityTypeId"] == number
    else:
        assert portal.refused("crm.type.add", sent) == (400, "INVALID_ARG_VALUE")


def test_relations_take_words_only(portal: Running) -> None:
    """isChildrenListEnabled understands "true", not Y; a parent gives its children a field."""
    parents = [{"entityTypeId": 2, "isChildrenListEnabled": "Y"}, {"entityTypeId": 1, "isChildrenListEnabled": "true"}]
    made = portal.call("crm.type.add", {"fields": {"title": "A", "relations": {"parent": parents}}})["type"]
    shown = {row["entityTypeId"]: row["isChildrenListEnabled"] for row in made["relations"]["parent"]}
    assert shown == {2: "N", 1: "Y"}
    fields = portal.call("crm.item.fields", {"entityTypeId": made["entityTypeId"]})["fields"]
    assert {"parentId1", "parentId2"} <= fields.keys()


def test_type_with_items_stays(portal: Running) -> None:
    """A smart process with items cannot be deleted."""
    made = portal.call("crm.type.add", {"fields": {"title": "A"}})["type"]
    item = portal.call("crm.item.add", {"entityTypeId": made["entityTypeId"], "fields": {}})["item"]
    assert portal.refused("crm.type.delete", {"id": made["id"]}) == (400, "BX_ERROR")
    portal.call("crm.item.delete", {"entityTypeId": made["entityTypeId"], "id": item["id"]})
    assert portal.call("crm.type.delete", {"id": made["id"]}) == []


def test_upper_case_order_of_types(portal: Running) -> None:
    """crm.type.list refuses an order by ID in upper case with code 100, as portals do."""
    assert portal.refused("crm.type.list", {"order": {"ID": "ASC"}}) == (400, "100")


def test_users(portal: Running) -> None:
    """Users are filtered with prefixes, invited and dismissed."""
    assert [row["ID"] for row in portal.call("user.get", {"filter": {"%LAST_NAME": "rash"}})] == ["1"]
    number = portal.call("user.add", {"EMAIL": "n@portal.example", "NAME": "New", "UF_DEPARTMENT": [2]})
    assert portal.call("user.get", {"ID": number})[0]["NAME"] == "New"
    assert portal.refused("user.add", {"EMAIL": "n@portal.example"}) == (400, "ERROR_ARGUMENT")
    portal.call("user.update", {"ID": number, "ACTIVE": "N"})
    active = portal.call("user.get", {"filter": {"ACTIVE": True}})
    assert str(number) not in [row["ID"] for row in active]


def test_fields_of_employees(portal: Running) -> None:
    """A field added to employees carries the prefix, keeps values, is found by filter, and goes with its values."""
    sent = {"FIELD_NAME": "SHIFT", "USER_TYPE_ID": "string", "XML_ID": "s1"}
    number = portal.call("user.userfield.add", {"fields": sent})
    assert portal.refused("user.userfield.add", {"fields": sent}) == (400, "ERROR_CORE")
    [row] = portal.call("user.userfield.list", {"filter": {"ID": number}})
    assert (row["FIELD_NAME"], row["ENTITY_ID"]) == ("UF_USR_SHIFT", "USER")
    assert portal.call("user.userfield.update", {"id": number, "fields": {"SORT": 7}}) is True
    portal.call("user.update", {"ID": 2, "UF_USR_SHIFT": "night"})
    assert portal.call("user.get", {"ID": 2})[0]["UF_USR_SHIFT"] == "night"
    assert portal.call("user.userfield.delete", {"id": number}) is True
    assert "UF_USR_SHIFT" not in portal.call("user.get", {"ID": 2})[0]
    assert portal.refused("user.userfield.delete", {"id": number}) == (400, "")


def test_people_are_found_by_beginnings_of_words(portal: Running) -> None:
    """FIND takes every word as the beginning of a word of a name, position or e-mail, not as any part of it."""
    portal.call("user.update", {"ID": 2, "WORK_POSITION": "Weaving-Engineer 7"})
    portal.call("user.update", {"ID": 3, "WORK_POSITION": "Weaving-Engineer 17"})
    found = portal.call("user.search", {"FIND": "weaving-eng 7"})
    assert [row["ID"] for row in found] == ["2"]


def test_deprecated_scopes_still_exist(portal: Running) -> None:
    """The three old names of the tasks' scope stand in the full list beside the present one, and so does the scope that
    only events have."""
    assert {"task", "tasks", "tasks_extended", "tasksmobile", "sign.b2e"} <= set(portal.call("scope", {"full": 1}))


@pytest.mark.parametrize(
    ("scope", "seen", "hidden"),
    [
        ("user_brief", {"NAME", "PERSONAL_CITY"}, {"EMAIL", "WORK_PHONE", "LAST_LOGIN"}),
        ("user_basic", {"NAME", "EMAIL", "WORK_PHONE"}, {"LAST_LOGIN", "USER_TYPE"}),
        ("user", {"NAME", "EMAIL", "LAST_LOGIN"}, {"UF_USR_GRADE"}),
    ],
)
def test_scopes_show_as_much_of_employees_as_documented(
    portal: Running, listener: Listener, scope: str, seen: set[str], hidden: set[str]
) -> None:
    """The short versions of the scope hide contact details and logins; fields of one's own need their own scope."""
    portal.call("user.userfield.add", {"fields": {"FIELD_NAME": "UF_USR_GRADE", "USER_TYPE_ID": "string"}})
    portal.call("user.update", {"ID": 2, "UF_USR_GRADE": "A"})
    installed = InstalledApp(portal, listener, [scope])
    installed.finish()
    for printed in (installed.call("user.get", {"ID": 2})[0], installed.call("user.current")):
        assert seen <= set(printed)
        assert not hidden & set(printed)
    assert not hidden & set(installed.call("user.fields"))
