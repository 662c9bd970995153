"""Applications and events: launch, installation, delivery, removal, offline queue."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

from tests.sandbox.portal.conftest import InstalledApp, Listener, Running


def deal(portal: Running) -> int:
    """A new deal."""
    number = portal.call("crm.deal.add", {"fields": {"TITLE": "x"}})
    portal.control("drain")
    return int(number)


def test_launch_has_the_documented_fields(app: InstalledApp) -> None:
    """A page launch carries exactly the documented query and body fields."""
    made = app.portal.control(
        "launch", {"app_id": app.id, "user_id": 2, "placement": "CRM_DEAL_DETAIL_TAB", "options": {"ID": "7"}}
    )
    assert set(parse_qs(urlsplit(made["url"]).query)) == {"DOMAIN", "PROTOCOL", "LANG", "APP_SID"}
    assert set(made["fields"]) == {
        "AUTH_ID",
        "AUTH_EXPIRES",
        "REFRESH_ID",
        "SERVER_ENDPOINT",
        "APPLICATION_TOKEN",
        "APPLICATION_SCOPE",
        "member_id",
        "status",
        "PLACEMENT",
        "PLACEMENT_OPTIONS",
    }
    assert json.loads(made["fields"]["PLACEMENT_OPTIONS"]) == {"ID": "7"}
    assert app.portal.as_app(made["fields"]["AUTH_ID"], "profile").json()["result"]["ID"] == "2"


def test_nothing_before_installation_is_finished(portal: Running, listener: Listener) -> None:
    """Bindings succeed before installFinish but no event is sent; ONAPPINSTALL with a refresh token comes at the end."""
    installing = InstalledApp(portal, listener, ["crm"])
    installing.call("event.bind", {"event": "OnCrmDealAdd", "handler": f"{listener.url}/e"})
    installing.call("event.bind", {"event": "OnAppInstall", "handler": f"{listener.url}/e"})
    deal(portal)
    assert listener.received == []
    assert installing.call("app.info")["INSTALLED"] is False
    installing.finish()
    portal.control("drain")
    (installed,) = listener.events("ONAPPINSTALL")
    assert installed["data[INSTALLED]"] == "Y"
    assert installed["auth[refresh_token]"]
    assert portal.control(f"apps/{installing.id}/install-finish") == {"finished": False}


def test_event_envelope(app: InstalledApp, listener: Listener) -> None:
    """A deal made by a person arrives as a form with tokens of that person and the application token."""
    app.call("event.bind", {"event": "OnCrmDealAdd", "handler": f"{listener.url}/e"})
    number = deal(app.portal)
    (event,) = listener.events("ONCRMDEALADD")
    assert event["data[FIELDS][ID]"] == str(number)
    assert event["auth[application_token]"] == app.data["application_token"]
    assert event["auth[user_id]"] == "1"
    assert "auth[refresh_token]" not in event
    assert app.portal.as_app(event["auth[access_token]"], "profile").status_code == 200


def test_dynamic_items_have_two_events(app: InstalledApp, listener: Listener) -> None:
    """A smart process item tells the common event and that of its own type."""
    number = app.portal.call("crm.type.add", {"fields": {"title": "Audit"}})["type"]["entityTypeId"]
    for event in ("onCrmDynamicItemAdd", f"onCrmDynamicItemAdd_{number}"):
        app.call("event.bind", {"event": event, "handler": f"{listener.url}/{event}"})
    app.portal.call("crm.item.add", {"entityTypeId": number, "fields": {"title": "A"}})
    app.portal.control("drain")
    assert [fields["data[FIELDS][ENTITY_TYPE_ID]"] for fields in listener.received] == [str(number)] * 2


def test_no_retry(app: InstalledApp, listener: Listener) -> None:
    """A lost event never comes again."""
    app.call("event.bind", {"event": "OnCrmDealAdd", "handler": f"{listener.url}/e"})
    app.portal.control("faults", {"rules": [{"match": {"direction": "out"}, "action": "lose", "times": 1}]})
    deal(app.portal)
    deal(app.portal)
    assert len(listener.events("ONCRMDEALADD")) == 1


def test_an_event_is_overtaken(app: InstalledApp, listener: Listener) -> None:
    """Nothing promises that events arrive in their order: a later one can be first, and none is lost by that."""
    app.call("event.bind", {"event": "OnCrmDealAdd", "handler": f"{listener.url}/e"})
    rule = {"match": {"method": "oncrmdealadd", "direction": "out"}, "action": "overtaken", "seconds": 0.3, "times": 1}
    app.portal.control("faults", {"rules": [rule]})
    made = [str(app.portal.call("crm.deal.add", {"fields": {"TITLE": "x"}})) for _ in range(2)]
    app.portal.control("drain")
    assert [event["data[FIELDS][ID]"] for event in listener.events("ONCRMDEALADD")] == made[::-1]


def test_event_test(app: InstalledApp, listener: Listener) -> None:
    """event.test returns 1 and brings its parameters back in data.QUERY."""
    app.call("event.bind", {"event": "ONAPPTEST", "handler": f"{listener.url}/e"})
    assert app.call("event.test", {"any": "data"}) == 1
    app.portal.control("drain")
    assert listener.events("ONAPPTEST")[0]["data[QUERY][any]"] == "data"


def test_binding_rules(app: InstalledApp, listener: Listener) -> None:
    """Unknown events, foreign users and offline events by a plain user are refused as documented."""
    handler = f"{listener.url}/e"
    assert app.portal.as_app(app.token, "event.bind", {"event": "OnNo", "handler": handler}).json()["error"] == (
        "ERROR_EVENT_NOT_FOUND"
    )
    token = app.portal.control("launch", {"app_id": app.id, "user_id": 2})["fields"]["AUTH_ID"]
    for more in ({"event_type": "offline"}, {"auth_type": 1, "handler": handler}):
        answer = app.portal.as_app(token, "event.bind", {"event": "OnCrmDealAdd", **more})
        assert (answer.status_code, answer.json()["error"]) == (403, "ACCESS_DENIED")
    app.call("event.bind", {"event": "OnCrmDealAdd", "handler": handler})
    assert app.call("event.get") == [{"event": "ONCRMDEALADD", "handler": handler, "auth_type": "0", "offline": 0}]
    assert app.call("event.unbind", {"event": "OnCrmDealAdd", "handler": handler}) == {"count": 1}


def test_unbinding_names_what_goes(app: InstalledApp, listener: Listener) -> None:
    """An online subscription goes by event and handler, an offline one by event; the other reading takes them all."""
    handler = f"{listener.url}/e"
    for more in ({"handler": handler}, {"event_type": "offline"}):
        app.call("event.bind", {"event": "OnCrmDealAdd", **more})
    for wrong in ({}, {"event": "OnCrmDealAdd"}, {"event": "OnCrmDealAdd", "handler": ""}, {"handler": handler}):
        assert app.portal.as_app(app.token, "event.unbind", wrong).json()["error"] == "100"
    assert app.call("event.unbind", {"event": "OnCrmDealAdd", "event_type": "offline"}) == {"count": 1}
    app.portal.control("readings", {"event_unbind_without_names": "all"})
    assert app.call("event.unbind") == {"count": 1}


def test_offline_queue(app: InstalledApp) -> None:
    """The queue keeps the last state per object; clear=0 reserves, clear confirms, error parks."""
    app.call("event.bind", {"event": "OnCrmDealUpdate", "event_type": "offline"})
    number = deal(app.portal)
    for title in ("a", "b"):
        app.portal.call("crm.deal.update", {"id": number, "fields": {"TITLE": title}})
    assert len(app.call("event.offline.list")) == 1
    taken = app.call("event.offline.get", {"clear": 0})
    assert [event["EVENT_NAME"] for event in taken["events"]] == ["ONCRMDEALUPDATE"]
    assert app.call("event.offline.get", {"clear": 0})["events"] == []
    app.call("event.offline.error", {"process_id": taken["process_id"]})
    parked = app.call("event.offline.get", {"error": 1, "clear": 0})
    assert len(parked["events"]) == 1
    app.call("event.offline.clear", {"process_id": parked["process_id"] or taken["process_id"]})
    assert app.call("event.offline.list") == []


def test_removal(app: InstalledApp, listener: Listener) -> None:
    """ONAPPUNINSTALL carries no tokens; after it the application's tokens are dead and its things are gone."""
    app.call("event.bind", {"event": "OnAppUninstall", "handler": f"{listener.url}/e"})
    app.call("placement.bind", {"PLACEMENT": "CRM_DEAL_DETAIL_TAB", "HANDLER": f"{listener.url}/tab"})
    app.portal.control(f"apps/{app.id}/uninstall", {"clean": True})
    app.portal.control("drain")
    (event,) = listener.events("ONAPPUNINSTALL")
    assert event["data[CLEAN]"] == "1"
    assert [key for key in event if "token" in key] == ["auth[application_token]"]
    assert app.portal.as_app(app.token, "profile").status_code == 401


def test_placements(app: InstalledApp) -> None:
    """placement.bind, get, unbind in their documented forms; most refusals come with status 200."""
    bound = {"PLACEMENT": "CRM_DEAL_DETAIL_TAB", "HANDLER": "https://a.example/tab", "TITLE": "Tab"}
    assert app.call("placement.bind", bound) is True
    (listed,) = app.call("placement.get")
    assert (listed["placement"], listed["title"], listed["options"]) == ("CRM_DEAL_DETAIL_TAB", "Tab", [])
    refused = app.portal.as_app(app.token, "placement.bind", {"PLACEMENT": "NOWHERE", "HANDLER": "https://a.example"})
    assert (refused.status_code, refused.json()["error"]) == (200, "ERROR_PLACEMENT_NOT_FOUND")
    assert app.call("placement.unbind", {"PLACEMENT": "CRM_DEAL_DETAIL_TAB"}) == {"count": 2}
    assert "CRM_DEAL_DETAIL_TAB" in app.call("placement.list")


def test_options(app: InstalledApp) -> None:
    """Options are kept per application and per user."""
    assert app.call("app.option.set", {"options": {"data": "value"}}) is True
    assert app.call("app.option.get") == {"data": "value"}
    assert app.call("app.option.get", {"option": "none"}) is None
    assert app.call("user.option.get") in ({}, [])
    assert app.portal.as_app(app.token, "app.option.set", {}).json()["error"] == "ArgumentNullException"
