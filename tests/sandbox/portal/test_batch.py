"""`batch` as documented."""

from __future__ import annotations

from tests.sandbox.portal.conftest import Running


def test_documented_linked_calls(portal: Running) -> None:
    """The linked example of the documentation works: the department of the current user."""
    commands = {"get_user": "user.current", "get_department": "department.get?ID=$result[get_user][UF_DEPARTMENT][0]"}
    result = portal.call("batch", {"halt": 0, "cmd": commands})
    assert result["result"]["get_user"]["ID"] == "1"
    assert [row["ID"] for row in result["result"]["get_department"]] == ["1"]
    assert result["result_total"] == {"get_department": 1}
    assert result["result_error"] == []
    assert result["result_next"] == []
    assert set(result["result_time"]) == {"get_user", "get_department"}


def test_reference_inside_nested_parameter(portal: Running) -> None:
    """A reference works inside nested parameters and inside other text."""
    commands = {
        "contact": "crm.contact.add?fields[NAME]=Ivan",
        "deal": "crm.deal.add?fields[CONTACT_IDS][0]=$result[contact]&fields[TITLE]=for%20$result[contact]",
        "read": "crm.deal.get?id=$result[deal]",
    }
    result = portal.call("batch", {"cmd": commands})["result"]
    assert result["read"]["TITLE"] == f"for {result['contact']}"
    assert result["read"]["CONTACT_ID"] == str(result["contact"])


def test_halt_and_errors(portal: Running) -> None:
    """Without halt the rest runs after an error; with halt later keys are absent."""
    commands = {"a": "profile", "b": "crm.deal.get?id=99", "c": "profile"}
    free = portal.call("batch", {"cmd": commands})
    assert sorted(free["result"]) == ["a", "c"]
    assert free["result_error"]["b"]["error_description"] == "Not found"
    halted = portal.call("batch", {"cmd": commands, "halt": 1})
    assert sorted(halted["result"]) == ["a"]


def test_limit_and_nesting(portal: Running) -> None:
    """Commands beyond fifty and nested batches are refused one by one."""
    result = portal.call("batch", {"cmd": ["profile"] * 51})
    assert len(result["result"]) == 50
    assert result["result_error"]["50"]["error"] == "ERROR_BATCH_LENGTH_EXCEEDED"
    nested = portal.call("batch", {"cmd": {"x": "batch?cmd[a]=profile"}})
    assert nested["result_error"]["x"]["error"] == "ERROR_BATCH_METHOD_NOT_ALLOWED"
    assert nested["result"] == []


def test_double_encoding_in_query(portal: Running) -> None:
    """The documented doubly encoded address creates the lead with its ampersand."""
    query = "cmd[0]=crm.lead.add%3Ffields%5BTITLE%5D%3DJohn%2526Martin"
    answer = portal.session.get(f"{portal.url}/rest/1/admin/batch?{query}", timeout=10)
    assert answer.json()["result"]["result"] == [1]
    assert portal.call("crm.lead.get", {"id": 1})["TITLE"] == "John&Martin"
