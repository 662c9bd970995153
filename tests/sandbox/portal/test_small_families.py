"""Methods with little behind them: what is chosen for duplicates, settings of fields, transcripts of calls."""

from __future__ import annotations

from tests.sandbox.portal.conftest import Running


def test_seven_fields_look_for_duplicates(portal: Running) -> None:
    """A field is chosen once under one number, an eighth is refused, one that is let go is gone."""
    register = "crm.duplicate.volatileType.register"
    known = portal.call("crm.duplicate.volatileType.fields", {"entityTypeId": 1})
    assert {row["entityTypeId"] for row in known} == {1}
    numbers = [portal.call(register, {"entityTypeId": 1, "fieldCode": row["fieldCode"]})["id"] for row in known[:7]]
    again = {"entityTypeId": 1, "fieldCode": known[0]["fieldCode"]}
    assert portal.call(register, again) == {"id": numbers[0]}
    eighth = {"entityTypeId": 4, "fieldCode": "TITLE"}
    assert portal.refused(register, eighth) == (400, "MAX_TYPES_COUNT_EXCEEDED")
    assert portal.call("crm.duplicate.volatileType.unregister", {"id": numbers[0]}) is True
    assert portal.refused("crm.duplicate.volatileType.unregister", {"id": numbers[0]}) == (400, "TYPE_IS_NOT_ASSIGNED")
    assert len(portal.call("crm.duplicate.volatileType.list")) == 6
    assert portal.refused(register, {"entityTypeId": 1, "fieldCode": "NONE"}) == (400, "FIELD_NOT_FOUND")
    assert portal.refused(register, eighth, "2/manager") == (400, "ACCESS_DENIED")


def test_kinds_of_fields_have_settings(portal: Running) -> None:
    """Each kind names what its fields can be set to; no kind is refused in words."""
    described = portal.call("crm.userfield.settings.fields", {"type": "double"})
    assert {name: facts["type"] for name, facts in described.items()} == {"DEFAULT_VALUE": "double", "PRECISION": "int"}
    text = "Parameter 'type' is not specified or empty."
    assert portal.send("crm.userfield.settings.fields").json() == {"error": "", "error_description": text}


def test_calls_have_no_transcript(portal: Running) -> None:
    """A call answers nothing, what is no call is not found."""
    deal = portal.call("crm.deal.add", {"fields": {"TITLE": "x"}})
    fields = {"OWNER_TYPE_ID": 2, "OWNER_ID": deal, "TYPE_ID": 2, "SUBJECT": "Call", "RESPONSIBLE_ID": 1}
    fields |= {"COMMUNICATIONS": [{"VALUE": "+998901112233", "TYPE": "PHONE"}], "DIRECTION": 1}
    number = portal.call("crm.activity.add", {"fields": fields})
    assert portal.call("crm.activity.call.getTranscript", {"activityId": number}) is None
    assert portal.refused("crm.activity.call.getTranscript", {"activityId": 999}) == (400, "NOT_FOUND")


def test_a_currency_is_added_with_the_ways_it_is_written(portal: Running) -> None:
    """Localizations given with a new currency are kept, one given with a change joins them."""
    english = {"DECIMALS": 2, "FORMAT_STRING": "# CNY", "FULL_NAME": "yuan"}
    fields = {"CURRENCY": "CNY", "AMOUNT": 12.2, "AMOUNT_CNT": 1, "LANG": {"en": english}}
    assert portal.call("crm.currency.add", {"fields": fields}) == "CNY"
    assert portal.call("crm.currency.localizations.get", {"id": "CNY"})["en"]["FULL_NAME"] == "yuan"
    portal.call("crm.currency.update", {"id": "CNY", "fields": {"LANG": {"ru": {"FULL_NAME": "юань"}}}})
    assert portal.call("crm.currency.localizations.get", {"id": "CNY"}).keys() == {"en", "ru"}
