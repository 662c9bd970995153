"""The HTTP edge: addresses, encodings, authorization, errors."""

from __future__ import annotations

import http.client
import json

import pytest

from tests.sandbox.portal.conftest import InstalledApp, Running


def test_get_with_brackets_and_suffix(portal: Running) -> None:
    """A GET with PHP brackets, a .json suffix and odd case reaches the method as documented."""
    query = "fields[TITLE]=My%20company&fields[PHONE][0][VALUE]=112233&fields[PHONE][0][VALUE_TYPE]=WORK"
    answer = portal.session.get(f"{portal.url}/rest/1/admin/CRM.Lead.Add.json?{query}", timeout=10)
    assert answer.json()["result"] == 1
    lead = portal.call("crm.lead.get", {"ID": 1})
    assert lead["TITLE"] == "My company"
    assert [(phone["VALUE"], phone["VALUE_TYPE"]) for phone in lead["PHONE"]] == [("112233", "WORK")]


@pytest.mark.parametrize("kind", ["form", "multipart", "json"])
def test_bodies_are_equal(portal: Running, kind: str) -> None:
    """Form, multipart and JSON bodies mean the same."""
    url = f"{portal.url}/rest/1/admin/crm.deal.add"
    flat = {"fields[TITLE]": "T", "fields[CONTACT_IDS][]": "4"}
    if kind == "form":
        answer = portal.session.post(url, data=flat, timeout=10)
    elif kind == "multipart":
        answer = portal.session.post(url, files={key: (None, value) for key, value in flat.items()}, timeout=10)
    else:
        answer = portal.session.post(url, json={"fields": {"TITLE": "T", "CONTACT_IDS": [4]}}, timeout=10)
    deal = portal.call("crm.item.get", {"entityTypeId": 2, "id": answer.json()["result"]})["item"]
    assert (deal["title"], deal["contactIds"]) == ("T", [4])


@pytest.mark.parametrize("path", ["/rest/1/admin//profile/", "//rest/1/admin/profile", "/rest//1/admin/profile.json"])
def test_several_slashes_are_one(portal: Running, path: str) -> None:
    """A client that joins a webhook's address, which ends with a slash, and a slash of its own is understood."""
    connection = http.client.HTTPConnection(portal.host, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    assert (answer.status, json.loads(answer.read())["result"]["ID"]) == (200, "1")
    for address in ("//oauth/token/", "/oauth//oauth/token/"):
        connection.request("GET", f"{address}?grant_type=refresh_token")
        assert json.loads(connection.getresponse().read())["error"] == "invalid_client"
    connection.request("GET", "/oauth//rest/app.info?auth=none")
    assert json.loads(connection.getresponse().read())["error"] == "NO_AUTH_FOUND"
    connection.close()


def test_time_block(portal: Running) -> None:
    """Every answer carries the documented time block."""
    block = portal.send("server.time").json()["time"]
    assert {"start", "finish", "duration", "processing", "date_start", "date_finish", "operating"} <= block.keys()
    assert block["date_start"].endswith("+03:00")


@pytest.mark.parametrize(
    ("hook", "method", "expected"),
    [
        ("1/admin", "no.such.method", (404, "ERROR_METHOD_NOT_FOUND")),
        ("1/wrong", "profile", (401, "NO_AUTH_FOUND")),
        ("1/admin", "app.info", (400, "ACCESS_DENIED")),
        ("1/admin", "app.option.get", (400, "AccessException")),
        ("1/admin", "placement.bind", (403, "WRONG_AUTH_TYPE")),
        ("2/manager", "user.add", (400, "ERROR_CORE")),
        ("1/admin", "crm.item.get", (400, "100")),
    ],
)
def test_refusals(portal: Running, hook: str, method: str, expected: tuple[int, str]) -> None:
    """Each mistake is refused with its documented code and status."""
    assert portal.refused(method, {}, hook) == expected


def test_wrong_type_is_refused(portal: Running) -> None:
    """A parameter of a wrong type is refused in the code that the method documents."""
    assert portal.refused("crm.item.list", {"entityTypeId": "deal"}) == (400, "100")


def test_broken_json_is_refused(portal: Running) -> None:
    """A body that is not JSON is a bad request, not a crash."""
    url = f"{portal.url}/rest/1/admin/profile"
    answer = portal.session.post(url, data="{oops", headers={"Content-Type": "application/json"}, timeout=10)
    assert (answer.status_code, answer.json()["error"]) == (400, "INVALID_REQUEST")


def test_scope_of_webhook(portal: Running) -> None:
    """A webhook without the scope of a method is refused."""
    made = portal.control("webhooks", {"user_id": 1, "scopes": ["user"]})
    answer = portal.session.post(f"{made['url']}crm.deal.list", json={}, timeout=10)
    assert (answer.status_code, answer.json()["error"]) == (403, "insufficient_scope")


def test_token_in_header_and_parameter(app: InstalledApp) -> None:
    """An access token works as `auth` and as a bearer header."""
    headers = {"Authorization": f"Bearer {app.token}"}
    answer = app.portal.session.post(f"{app.portal.url}/rest/app.info", headers=headers, timeout=10)
    assert answer.json()["result"]["INSTALLED"] is True
    assert app.call("app.info")["STATUS"] == "L"


def test_renamed_portal_redirects(portal: Running) -> None:
    """After a rename the old address answers 302."""
    port = portal.port
    portal.control("domain", {"domain": f"localhost:{port}"})
    answer = portal.session.get(f"{portal.url}/rest/1/admin/profile", allow_redirects=False, timeout=10)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"http://localhost:{port}/rest/1/admin/profile"
    again = portal.session.get(answer.headers["Location"], timeout=10)
    assert again.json()["result"]["ID"] == "1"


def test_calls_are_recorded_without_credentials(app: InstalledApp) -> None:
    """Calls, also those of a batch, are recorded with parameters and without tokens."""
    app.call("batch", {"cmd": {"a": "crm.deal.add?fields[TITLE]=x"}})
    calls = app.portal.look("calls?since=0")["calls"]
    assert [(call["method"], call["via"]) for call in calls[-2:]] == [("crm.deal.add", "batch"), ("batch", "single")]
    assert calls[-2]["params"] == {"fields": {"TITLE": "x"}}
    assert app.token not in str(calls)
