"""What the portal posts to us, as documented, and what becomes of it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b24app.bitrix24 import query
from b24app.bitrix24.accepting import fact_of_robot, facts_of_event, lowered
from b24app.bitrix24.bodies import nested, read_body
from tests.contract.bitrix24.world import PROJECT

FORM = "application/x-www-form-urlencoded"
FOLDER = PROJECT / "tests" / "payloads" / "bitrix24"


def posted(name: str) -> dict:
    """Read a stored form as the door would."""
    return read_body(FORM, (FOLDER / f"{name}.txt").read_bytes().strip())


def test_a_robot_call_keeps_its_properties_and_loses_its_tokens() -> None:
    """What is stored names the deal, the rule and its settings, and holds no secret."""
    fact = fact_of_robot(posted("robot_call"))
    assert (fact.key, fact.lane) == ("62c5d6e1|A1", "bitrix24:deal:12")
    assert fact.payload["properties"] == {"to": "buyer", "text_ru": "Привет"}
    assert "secret" not in json.dumps(fact.payload)


def test_each_message_of_a_call_is_a_fact_of_its_own() -> None:
    """Two messages in one event are two rows of the chat's lane, named by the portal's ids; tokens are left out."""
    body = json.loads((FOLDER / "connector_message_add.json").read_text())
    first, second = facts_of_event(body)
    assert (first.key, second.key) == (
        "ONIMCONNECTORMESSAGEADD:1807:86497",
        "ONIMCONNECTORMESSAGEADD:1807:86498",
    )
    assert first.lane == second.lane == "line:1807"
    assert "c978b990071b0008440001b0895f697a" not in json.dumps(first.payload)


def test_a_form_and_json_of_one_event_are_one_fact() -> None:
    """The portal documents forms and shows JSON; a message is the same row either way."""
    body = json.loads((FOLDER / "connector_message_add.json").read_text())
    from_json = read_body("application/json", json.dumps(body).encode())
    from_form = read_body(FORM, query.encode(body).encode())
    assert [fact.key for fact in facts_of_event(from_json)] == [fact.key for fact in facts_of_event(from_form)]


def test_a_pressed_button_waits_in_the_lane_of_its_deal() -> None:
    """The card and the action are found wherever the portal nests them."""
    (fact,) = facts_of_event(posted("card_action"))
    assert fact.lane == "bitrix24:deal:12"
    found = lowered(fact.payload["data"])
    assert (found["card"], found["id"], found["userid"]) == ("offer/17", "allow", "1")


@pytest.mark.parametrize("body", [{}, {"event": ""}, {"data": {"x": "1"}}])
def test_a_call_without_an_event_is_refused(body: dict) -> None:
    """What names no event is not stored."""
    with pytest.raises(ValueError, match="event"):
        list(facts_of_event(body))


@pytest.mark.parametrize("body", [{}, {"event_token": "x"}, {"event_token": "x", "document_id": "DEAL_1"}])
def test_a_call_without_a_document_is_no_robot_call(body: dict) -> None:
    """What lacks the token or the document is not stored."""
    with pytest.raises(ValueError, match="automation"):
        fact_of_robot(body)


LEAVES = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1)
KEYS = st.from_regex(r"[A-Za-z_]{1,8}", fullmatch=True)
TREES = st.recursive(
    LEAVES, lambda inner: st.dictionaries(KEYS, inner, min_size=1) | st.lists(inner, min_size=1), max_leaves=12
)


@given(st.dictionaries(KEYS, TREES, min_size=1))
def test_what_is_written_with_brackets_is_read_back(tree: dict) -> None:
    """Nested maps and lists survive the way through a query string."""
    assert read_body(FORM, query.encode(tree).encode()) == tree


@given(st.text(max_size=200))
def test_no_key_however_strange_breaks_the_reader(key: str) -> None:
    """A hostile key is read or refused as ValueError, never anything else."""
    try:
        tree = nested([(key, "1"), (f"{key}[]", "2")])
    except ValueError:
        return
    assert isinstance(tree, dict)
