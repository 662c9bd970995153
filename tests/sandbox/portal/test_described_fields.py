"""The descriptions and answers that a client reads before it writes: names as the documentation prints them."""

from __future__ import annotations

import pytest

from tests.sandbox.portal.conftest import Running

LINKS = [
    ("crm.deal.fields", "COMPANY_ID", 4),
    ("crm.deal.fields", "LEAD_ID", 1),
    ("crm.deal.fields", "QUOTE_ID", 7),
    ("crm.lead.fields", "COMPANY_ID", 4),
    ("crm.contact.fields", "LEAD_ID", 1),
]
NAMES = [
    ("crm.company.fields", {"HAS_IMOL", "CONTACT_ID"}),
    ("crm.lead.fields", {"HAS_IMOL", "HAS_PHONE", "PHONE"}),
    ("crm.activity.fields", {"BINDINGS", "COMMUNICATIONS", "FILES", "WEBDAV_ELEMENTS"}),
    ("user.fields", {"PERSONAL_STREET", "WORK_CITY", "WORK_WWW", "UF_SKILLS", "UF_PHONE_INNER"}),
]


@pytest.mark.parametrize(("method", "field", "kind"), LINKS)
def test_links_name_the_kind_that_they_lead_to(portal: Running, method: str, field: str, kind: int) -> None:
    """A field that holds a CRM element says of which kind."""
    assert portal.call(method)[field]["settings"] == {"parentEntityTypeId": kind}


@pytest.mark.parametrize(("method", "names"), NAMES)
def test_documented_names_are_there(portal: Running, method: str, names: set[str]) -> None:
    """A description holds the names that its page shows."""
    assert names <= set(portal.call(method))


def test_settings_of_fields_say_what_cannot_change(portal: Running) -> None:
    """The description of a user field marks its number, its immutable names and its list."""
    described = portal.call("crm.userfield.fields")
    assert described["ID"] == {"type": "int", "title": "ID", "isReadOnly": True}
    assert described["ENTITY_ID"]["isImmutable"]
    assert described["LIST"]["isMultiple"]


def test_a_quote_can_be_added(portal: Running) -> None:
    """A quote, which has no pipelines, is added and read back."""
    number = portal.call("crm.quote.add", {"fields": {"TITLE": "Furniture", "STATUS_ID": "DRAFT"}})
    assert portal.call("crm.quote.get", {"id": number})["TITLE"] == "Furniture"


def test_product_rows_tell_reserves(portal: Running) -> None:
    """A row read by a classic method has the places of store and reserve."""
    deal = portal.call("crm.deal.add", {"fields": {"TITLE": "x"}})
    rows = [{"PRODUCT_NAME": "Towel", "PRICE": 10, "QUANTITY": 2}]
    portal.call("crm.deal.productrows.set", {"id": deal, "rows": rows})
    row = portal.call("crm.deal.productrows.get", {"id": deal})[0]
    assert (row["STORE_ID"], row["RESERVE_ID"], row["DATE_RESERVE_END"]) == (0, None, None)


def test_recent_chats_have_their_looks(portal: Running) -> None:
    """The list of chats tells pins, marks and the last message in full."""
    chat = portal.call("im.chat.add", {"TITLE": "Yarn", "USERS": [2]})
    portal.call("im.message.add", {"DIALOG_ID": f"chat{chat}", "MESSAGE": "Hello"})
    portal.call("im.recent.pin", {"DIALOG_ID": f"chat{chat}", "PIN": "Y"})
    item = next(item for item in portal.call("im.recent.get") if item["chat_id"] == chat)
    assert (item["pinned"], item["unread"], item["message"]["attach"]) == (True, False, False)
    assert {"avatar", "date_update", "options"} <= set(item)


def test_colleagues_come_as_numbers_with_a_total(portal: Running) -> None:
    """Without details colleagues are numbers, and the answer counts them."""
    for name in ("one", "two"):
        portal.call("user.add", {"EMAIL": f"{name}@example.com", "UF_DEPARTMENT": [1]})
    portal.call("user.update", {"ID": 1, "UF_DEPARTMENT": [1]})
    answer = portal.send("im.department.colleagues.list", {"LIMIT": 1}).json()
    assert isinstance(answer["result"][0], int)
    assert (answer["total"] >= 2, answer["next"]) == (True, 1)
