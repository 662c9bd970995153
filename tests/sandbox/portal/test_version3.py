"""REST 3.0: its form of requests, answers and errors, repeats, filters, batches, and tasks as it prints them."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.sandbox.portal.conftest import Running

Json = dict[str, Any]
PREFIX = "BITRIX_REST_V3_EXCEPTION_"
VALIDATION = "VALIDATION_REQUESTVALIDATION"


class Third:
    """The administrator's webhook at the addresses of REST 3.0."""

    def __init__(self, portal: Running) -> None:
        self.portal = portal
        portal.control("webhooks", {"user_id": "1", "key": "third"})

    def post(self, method: str, body: Any = None, **headers: str) -> requests.Response:
        """One call with a JSON body."""
        url = f"{self.portal.url}/rest/api/1/third/{method}"
        return requests.post(url, json=body or {}, headers=headers, timeout=10)

    def result(self, method: str, body: Any = None) -> Any:
        """The result of a call that succeeds."""
        answer = self.post(method, body)
        assert answer.status_code == 200, answer.text
        assert {"result", "time"} == set(answer.json())
        return answer.json()["result"]

    def refused(self, method: str, body: Any = None) -> tuple[int, str, list[str]]:
        """Status, code without its prefix and suffix, and the fields that are wrong."""
        answer = self.post(method, body)
        error = answer.json()["error"]
        fields = [part["field"] for part in error.get("validation", [])]
        return answer.status_code, error["code"].removeprefix(PREFIX).removesuffix("EXCEPTION"), fields

    def task(self, **more: Any) -> int:
        """The number of a new task."""
        fields = {"title": "Dye", "creatorId": 1, "responsibleId": 2, **more}
        return int(self.result("tasks.task.add", {"fields": fields})["item"]["id"])


@pytest.fixture
def third(portal: Running) -> Third:
    """A caller of REST 3.0."""
    return Third(portal)


def test_a_task_lives_in_both_versions(third: Third) -> None:
    """What one version makes the other shows: words for numbers, booleans for flags, people behind a dot."""
    number = third.task(priority="high", needsControl=True, deadline="2030-01-02T10:00:00+03:00", accomplices=[3])
    assert third.portal.call("tasks.task.get", {"taskId": number})["task"]["priority"] == "2"
    item = third.result("tasks.task.get", {"id": number})["item"]
    assert (item["status"], item["priority"], item["needsControl"], item["responsibleId"]) == (
        "pending",
        "high",
        True,
        2,
    )
    select = ["title", "responsible.name", "responsible.email", "accomplices.id", "unheard"]
    chosen = third.result("tasks.task.get", {"id": number, "select": select})["item"]
    assert set(chosen) == {"id", "title", "responsible", "accomplices"}
    assert (set(chosen["responsible"]), chosen["accomplices"]) == ({"name", "email"}, [{"id": 3}])
    assert third.result("tasks.task.update", {"id": number, "fields": {"status": "in_progress"}}) == {"result": True}
    assert third.portal.call("tasks.task.get", {"taskId": number})["task"]["status"] == "3"
    assert third.result("tasks.task.delete", {"id": number}) == {"result": True}
    assert third.refused("tasks.task.get", {"id": number}) == (400, "ENTITYNOTFOUND", [])


@pytest.mark.parametrize(
    ("method", "body", "refusal"),
    [
        ("tasks.task.get", {}, (400, VALIDATION, ["id"])),
        ("tasks.task.get", {"id": "7"}, (400, VALIDATION, ["id"])),
        ("tasks.task.get", [1], (400, "INVALIDJSON", [])),
        ("tasks.task.add", {}, (400, VALIDATION, ["fields"])),
        ("tasks.task.add", {"fields": {"title": "x", "creatorId": 1}}, (400, VALIDATION, ["responsibleId"])),
        ("tasks.task.list", {"filter": [["title", "x"]]}, (400, VALIDATION, ["title"])),
        ("tasks.task.list", {"filter": [["id", "~", 1]]}, (400, "UNKNOWNFILTEROPERATOR", [])),
        ("tasks.task.list", {"filter": [["id", ">", "x"]]}, (400, VALIDATION, ["id"])),
        ("tasks.task.list", {"order": {"guid": "ASC"}}, (400, "INVALIDORDER", [])),
        ("tasks.task.list", {"pagination": {"limit": "abc"}}, (400, "INVALIDPAGINATION", [])),
        ("tasks.task.list", {"select": "id"}, (400, "INVALIDSELECT", [])),
        ("tasks.task.update", {"id": 999, "fields": {"title": "x"}}, (403, "ACCESSDENIED", [])),
        ("main.eventlog.list", {"select": ["colour"]}, (400, "UNKNOWNDTOPROPERTY", [])),
        ("server.time", {}, (404, "METHODNOTFOUND", [])),
        ("batch", {"cmd": {"a": "user.current"}}, (400, "INVALIDSELECT", [])),
    ],
)
def test_mistakes_have_their_documented_code(third: Third, method: str, body: Any, refusal: Any) -> None:
    """Each mistake is refused with the code, status and field that the pages name."""
    third.task()
    assert third.refused(method, body) == refusal


def test_lists_are_filtered_ordered_and_cut(third: Third) -> None:
    """Conditions hold together or one of several; without a selection only numbers come."""
    first, second, last = (third.task(title=title) for title in ("a", "b", "c"))
    either = {"logic": "or", "conditions": [["id", "=", first], ["id", "in", [last]]]}
    asked = {"filter": [["id", ">=", first], either], "order": {"title": "DESC"}, "select": ["title"]}
    assert [item["title"] for item in third.result("tasks.task.list", asked)["items"]] == ["c", "a"]
    page = third.result(
        "tasks.task.list", {"pagination": {"page": 2, "limit": 2}, "filter": [["id", "between", [first, last]]]}
    )
    assert page["items"] == [{"id": last}]
    assert second not in [item["id"] for item in page["items"]]


def test_a_repeated_call_is_answered_and_not_done_again(third: Third) -> None:
    """The same key and body give the stored answer, another body is refused, reading takes no notice of keys."""
    fields = {"title": "Once", "creatorId": 1, "responsibleId": 1}
    answers = [third.post("tasks.task.add", {"fields": fields}, **{"Idempotency-Key": "k 1"}) for _ in range(2)]
    assert answers[0].json()["result"] == answers[1].json()["result"]
    assert [answer.headers.get("Idempotent-Replayed") for answer in answers] == [None, "true"]
    other = third.post("tasks.task.add", {"fields": {**fields, "title": "Twice"}}, **{"Idempotency-Key": "k 1"})
    assert (other.status_code, other.json()["error"]["code"]) == (422, f"{PREFIX}IDEMPOTENCYKEYREUSEDEXCEPTION")
    assert third.post("tasks.task.add", {"fields": fields}, **{"Idempotency-Key": "k" * 256}).status_code == 400


def test_a_batch_refers_to_earlier_results(third: Third) -> None:
    """Fields of earlier results stand in later calls; one mistake refuses the whole batch."""
    first, second = third.task(), third.task(title="Wash")
    calls = [
        {"method": "tasks.task.list", "query": {"order": {"id": "DESC"}}, "as": "all"},
        {"method": "tasks.task.get", "query": {"id": {"$ref": "all.id"}, "select": ["title"]}},
        {"method": "tasks.task.list", "query": {"filter": [["id", "in", {"$refArray": "0.id"}]]}},
    ]
    listed, one, again = third.result("batch", calls)
    assert third.result("batch", {str(place): called for place, called in enumerate(calls)}) == [listed, one, again]
    assert one == {"item": {"id": second, "title": "Wash"}}
    assert {"id": first} in listed["items"]
    assert sorted(item["id"] for item in again["items"]) == sorted(item["id"] for item in listed["items"])
    assert third.refused("batch", [*calls, {"method": "tasks.task.get", "query": {}}])[1] == VALIDATION


def test_bodies_authorization_and_documentation(third: Third) -> None:
    """Only JSON is read, never the address; wrong keys are refused; the operations describe themselves without parameters."""
    address = f"{third.portal.url}/rest/api"
    form = requests.post(f"{address}/1/third/tasks.task.get", data={"id": 1}, timeout=10)
    assert (form.status_code, form.json()["error"]["code"]) == (400, f"{PREFIX}INVALIDJSONEXCEPTION")
    read = requests.get(f"{address}/1/third/tasks.task.get?id=1", timeout=10)
    assert read.json()["error"]["validation"][0]["field"] == "id"
    assert requests.post(f"{address}/1/wrong/tasks.task.get", json={"id": 1}, timeout=10).status_code == 401
    described = requests.get(f"{address}/1/third/rest.documentation.openapi", timeout=10).json()
    assert "/tasks.task.get" in described["paths"]
    third.portal.control("webhooks", {"user_id": "1", "key": "narrow", "scopes": ["crm"]})
    narrow = requests.post(f"{address}/1/narrow/tasks.task.get", json={"id": 1}, timeout=10)
    assert (narrow.status_code, narrow.json()["error"]["code"]) == (403, f"{PREFIX}INSUFFICIENTSCOPEEXCEPTION")
