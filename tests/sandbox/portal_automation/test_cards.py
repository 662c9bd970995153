"""Configurable activities: the layout is checked whole, buttons reach the application, cards wait for it."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.sandbox.portal_automation.world import World

CARD: dict[str, Any] = {
    "icon": {"code": "call-completed"},
    "header": {
        "title": {"ru": "Предложение", "en": "Offer"},
        "tags": {"status2": {"type": "warning", "title": "not transcribed"}},
    },
    "body": {
        "logo": {"code": "call-incoming", "action": {"type": "redirect", "uri": "/crm/deal/details/123/"}},
        "blocks": {
            "client": {
                "type": "withTitle",
                "properties": {
                    "title": "Client",
                    "inline": "true",
                    "block": {"type": "text", "properties": {"value": "Müller GmbH"}},
                },
            },
            "line": {
                "type": "lineOfBlocks",
                "properties": {
                    "blocks": {
                        "link": {
                            "type": "link",
                            "properties": {"text": "Open", "action": {"type": "redirect", "uri": "/x/"}},
                        }
                    }
                },
            },
        },
    },
    "footer": {
        "buttons": {
            "allow": {
                "title": "Allow contact",
                "type": "primary",
                "action": {
                    "type": "restEvent",
                    "id": "allow",
                    "actionParams": {"offer": 5},
                    "animationType": "disable",
                },
            },
            "decline": {
                "title": "Decline",
                "type": "secondary",
                "action": {"type": "restEvent", "id": "decline", "animationType": "loader"},
            },
        },
        "menu": {
            "showPostponeItem": "false",
            "items": {"open": {"title": "Open", "action": {"type": "openRestApp", "actionParams": {"offer": 5}}}},
        },
    },
}


def put(world: World, deal: str, layout: Any = None, **fields: Any) -> dict[str, Any]:
    """Adds a card to a deal; the whole answer."""
    return world.rest(
        "crm.activity.configurable.add", ownerTypeId=2, ownerId=deal, fields=fields, layout=layout or CARD
    )


def changed(path: str, value: Any) -> dict[str, Any]:
    """The card with one place of its layout replaced."""
    layout = copy.deepcopy(CARD)
    *way, last = path.split(".")
    node = layout
    for step in way:
        node = node[step]
    node[last] = value
    return layout


def test_card_is_read_back_with_its_layout_normalized(world: World) -> None:
    """Flags given as text come back as booleans, the rest unchanged."""
    card = put(world, world.deal(), originatorId="app", originId="offer-5")["result"]["activity"]["id"]
    read = world.result("crm.activity.configurable.get", id=card)["activity"]
    assert read["layout"]["footer"]["menu"]["showPostponeItem"] is False
    assert read["layout"]["footer"]["buttons"]["allow"] == CARD["footer"]["buttons"]["allow"]
    assert (read["fields"]["typeId"], read["fields"]["originId"]) == ("CONFIGURABLE", "offer-5")
    (listed,) = world.result("crm.activity.list", filter={"PROVIDER_ID": "CONFIGURABLE_REST_APP"})
    assert (listed["ID"], listed["ORIGIN_ID"]) == (str(card), "offer-5")


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("footer.extra", {}, "FIELD_IS_REDUNDANT"),
        ("body.blocks.client.properties.colour", "x", "FIELD_IS_REDUNDANT"),
        ("footer.buttons.allow.action.uri", "/x/", "FIELD_IS_REDUNDANT"),
        ("icon", None, "FIELD_IS_REQUIRED"),
        ("body.logo", None, "FIELD_IS_REQUIRED"),
        ("footer.buttons.allow.title", None, "FIELD_IS_REQUIRED"),
        ("header.tags.status2.type", "lavender", "ENUM_FIELD"),
        ("footer.buttons.allow.type", "danger", "ENUM_FIELD"),
        ("footer.buttons.allow.action.type", "javascript", "ENUM_FIELD"),
        ("body.blocks.client.properties.block", {"type": "largeText", "properties": {"value": "x"}}, "ENUM_FIELD"),
        ("header.tags", {key: {"type": "primary", "title": "x"} for key in "abc"}, "TOO_MANY_ITEMS"),
        ("footer.buttons", dict.fromkeys("abc", CARD["footer"]["buttons"]["allow"]), "TOO_MANY_ITEMS"),
        ("body.blocks", {f"b{i}": {"type": "text", "properties": {"value": "x"}} for i in range(21)}, "TOO_MANY_ITEMS"),
        ("body.blocks.bad key", {"type": "text", "properties": {"value": "x"}}, "KEY_CONTAIN_WRONG_SYMBOLS"),
        ("body.blocks.ключ", {"type": "text", "properties": {"value": "x"}}, "KEY_CONTAIN_WRONG_SYMBOLS"),
        ("header.title", {"xx": "Title"}, "WRONG_LANG"),
    ],
)
def test_broken_layouts_are_refused_in_the_documented_code(world: World, path: str, value: Any, code: str) -> None:
    """Each broken rule of the layout has its own code."""
    answer = put(world, world.deal(), changed(path, value))
    assert answer.get("error") == code, answer


def test_empty_layout_and_wrong_fields_are_refused(world: World) -> None:
    """No layout, an unknown type, badge or user, a deadline on an incoming card."""
    deal = world.deal()
    empty = {"ownerTypeId": 2, "ownerId": deal, "fields": {}, "layout": {}}
    assert world.error("crm.activity.configurable.add", **empty) == "ERROR_EMPTY_LAYOUT"
    for wrong in ({"typeId": "MINE"}, {"badgeCode": "none"}, {"responsibleId": 99}, {"deadline": "soon"}):
        assert put(world, deal, **wrong)["error"] == "WRONG_FIELD_VALUE"
    late = put(world, deal, isIncomingChannel="Y", deadline="2026-12-01T10:00:00+03:00")
    assert late["error"] == "INCOMING_ACTIVITY_CAN_NOT_BE_WITH_DEADLINE"
    assert put(world, "99")["error"] == "NOT_FOUND"


def test_registered_type_and_badge_are_accepted(world: World) -> None:
    """A configurable type of this application and a known badge pass."""
    fields = {"TYPE_ID": "OFFER", "NAME": "Offer", "IS_CONFIGURABLE_TYPE": "Y"}
    assert world.result("crm.activity.type.add", fields=fields) is True
    assert world.error("crm.activity.type.add", fields=fields) == "INVALID_ARG_VALUE"
    badge = {"code": "new", "title": {"en": "Offer"}, "value": {"en": "New"}, "type": "success"}
    assert world.result("crm.activity.badge.add", **badge)["badge"] == badge
    assert "result" in put(world, world.deal(), typeId="OFFER", badgeCode="new")


def test_empty_blocks_follow_the_chosen_reading(world: World) -> None:
    """A card without blocks is accepted by one reading and refused by the other."""
    deal, bare = world.deal(), changed("body.blocks", {})
    assert "result" in put(world, deal, bare)
    world.control("readings", empty_layout_blocks="refused")
    assert put(world, deal, bare)["error"] == "FIELD_IS_REQUIRED"


def test_webhooks_are_refused(world: World) -> None:
    """The methods exist only in the context of an application."""
    answer = world.hook("crm.activity.configurable.get", id=1)
    assert answer["error"] == "ERROR_WRONG_CONTEXT"


def test_pressed_button_reaches_the_application_and_waits_for_the_update(world: World) -> None:
    """The event carries context and parameters, a second press is impossible until the card is updated."""
    world.bind("onCrmTimelineItemAction", "/pressed")
    deal = world.deal()
    card = put(world, deal)["result"]["activity"]["id"]
    assert world.control(f"activities/{card}/press", button="allow", user_id="2")["type"] == "restEvent"
    assert "error" in world.control(f"activities/{card}/press", button="allow", user_id="2")
    (event,) = world.heard("/pressed")
    assert event["event"] == "ONCRMTIMELINEITEMACTION"
    expected = {"id": "allow", "entityTypeId": "2", "entityId": deal, "activityId": str(card), "userId": "2"}
    assert event["data"] == {**expected, "offer": "5"}
    assert event["auth"]["application_token"] == world.app["application_token"]
    world.result("crm.activity.configurable.update", id=card, fields={"completed": "Y"}, layout=CARD)
    assert world.control(f"activities/{card}/press", button="allow", user_id="2")["type"] == "restEvent"


def test_loader_blocks_the_whole_card(world: World) -> None:
    """While a loader runs no other button works."""
    card = put(world, world.deal())["result"]["activity"]["id"]
    world.control(f"activities/{card}/press", button="decline", user_id="2")
    assert "error" in world.control(f"activities/{card}/press", button="allow", user_id="2")


def test_action_parameters_may_be_nested_by_the_other_reading(world: World) -> None:
    """The switch moves parameters under actionParams."""
    world.control("readings", timeline_action_params="nested")
    world.bind("onCrmTimelineItemAction", "/pressed")
    card = put(world, world.deal())["result"]["activity"]["id"]
    world.control(f"activities/{card}/press", button="allow", user_id="2")
    (event,) = world.heard("/pressed")
    assert event["data"]["actionParams"] == {"offer": "5"}


def test_menu_item_opens_the_application_with_the_context(world: World) -> None:
    """openRestApp launches the application's page with ids and parameters in PLACEMENT_OPTIONS."""
    card = put(world, world.deal())["result"]["activity"]["id"]
    opened = world.control(f"activities/{card}/press", button="open", user_id="2")
    assert opened["launch"]["url"].startswith(f"{world.ear.url}/app")
    assert f'"activityId": {card}' in opened["launch"]["fields"]["PLACEMENT_OPTIONS"]


def test_foreign_application_may_not_update_a_card(world: World) -> None:
    """Only the application that made the card changes it."""
    card = put(world, world.deal())["result"]["activity"]["id"]
    other = world.control("apps", title="Other", handler_url=f"{world.ear.url}/other", scopes=["crm"])
    launch = world.control("launch", app_id=other["app_id"], user_id="1")
    world.token = launch["fields"]["AUTH_ID"]
    code = world.error("crm.activity.configurable.update", id=card, fields={}, layout=CARD)
    assert code == "ERROR_WRONG_APPLICATION"


def test_todo_lives_its_documented_life(world: World) -> None:
    """Added, moved, completed; then no longer changeable."""
    world.bind("onCrmActivityAdd", "/added")
    deal = world.deal()
    owner = {"ownerTypeId": 2, "ownerId": deal}
    assert world.error("crm.activity.todo.add", **owner, deadline="never") == "WRONG_DATETIME_FORMAT"
    todo = world.result("crm.activity.todo.add", **owner, deadline="2026-12-03T15:00:00", title="Call")["id"]
    assert world.heard("/added")[0]["data"] == {"FIELDS": {"ID": str(todo)}}
    moved = world.result("crm.activity.todo.updateDeadline", id=todo, **owner, value="2026-12-04T15:00:00+03:00")
    assert moved == {"id": todo}
    read = world.result("crm.activity.get", id=todo)
    assert (read["DEADLINE"], read["SUBJECT"], read["PROVIDER_ID"]) == ("2026-12-04T15:00:00+03:00", "Call", "CRM_TODO")
    assert world.result("crm.activity.update", id=todo, fields={"COMPLETED": "Y"}) is True
    code = world.error("crm.activity.todo.updateDescription", id=todo, **owner, value="x")
    assert code == "CAN_NOT_UPDATE_COMPLETED_TODO"


def test_blocks_stand_on_foreign_activities_only(world: World) -> None:
    """Additional blocks are set on a todo, refused on a configurable card."""
    deal = world.deal()
    todo = world.result("crm.activity.todo.add", ownerTypeId=2, ownerId=deal, deadline="2026-12-03T15:00:00")["id"]
    card = put(world, deal)["result"]["activity"]["id"]
    blocks = {"blocks": {"block_1": {"type": "text", "properties": {"value": "Hello!", "bold": True}}}}
    place = {"entityTypeId": 2, "entityId": deal}
    assert world.result("crm.activity.layout.blocks.set", **place, activityId=todo, layout=blocks) == {"success": True}
    assert world.result("crm.activity.layout.blocks.get", **place, activityId=todo) == {"layout": blocks}
    code = world.error("crm.activity.layout.blocks.set", **place, activityId=card, layout=blocks)
    assert code == "UNSUITABLE_ACTIVITY_TYPE_ERROR"
