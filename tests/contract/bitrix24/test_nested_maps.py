"""Maps inside of parameters: messages from outside, properties of robots, options of widgets, tasks, meetings."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox.contract import method_facts
from tests.sandbox.portal.conftest import InstalledApp, with_every_scope

DAY, NEXT = "2030-05-06T10:00:00+03:00", "2030-05-07T10:00:00+03:00"
# What a task may be given, as its page lists it, with a value that is not the usual one.
TASK = {
    "TITLE": "Dye",
    "DESCRIPTION": "Blue",
    "MARK": "P",
    "PRIORITY": "2",
    "MULTITASK": "N",
    "CREATED_BY": "2",
    "DEADLINE": DAY,
    "START_DATE_PLAN": DAY,
    "END_DATE_PLAN": NEXT,
    "XML_ID": "x1",
    "ALLOW_CHANGE_DEADLINE": "Y",
    "ALLOW_TIME_TRACKING": "Y",
    "TASK_CONTROL": "Y",
    "ADD_IN_REPORT": "Y",
    "TIME_ESTIMATE": "3600",
    "MATCH_WORK_TIME": "Y",
    "STATUS": "3",
    "AUDITORS": ["2"],
    "ACCOMPLICES": ["3"],
    "UF_CRM_TASK": ["D_1"],
}
MEETING = {
    "type": "user",
    "ownerId": 1,
    "from": "2030-05-06",
    "to": "2030-05-07",
    "name": "Fair",
    "description": "In Tashkent",
    "color": "#9cbe1c",
    "text_color": "#283033",
    "accessibility": "free",
    "importance": "low",
    "private_event": "Y",
    "location": "Hall 3",
    "rrule": {"FREQ": "WEEKLY", "INTERVAL": 1, "BYDAY": ["MO"], "UNTIL": "2030-06-01"},
    "remind": [{"type": "min", "count": 20}],
    "is_meeting": "Y",
    "attendees": [1, 2],
    "meeting": {"notify": True, "reinvite": False, "allow_invite": False, "hide_guests": False},
}


@pytest.fixture(scope="module")
def app() -> Iterator[InstalledApp]:
    """A portal of its own."""
    with with_every_scope() as installed:
        yield installed


def test_messages_from_outside_may_say_everything_documented(app: InstalledApp) -> None:
    """All keys of a message, its person and its chat are taken, unknown ones beside them too."""
    line = {"CONNECTOR": "nested", "LINE": 1}
    register = {"ID": "nested", "NAME": "Nested", "ICON": {"DATA_IMAGE": "data:image/svg+xml,x"}}
    app.call("imconnector.register", {**register, "PLACEMENT_HANDLER": app.handler})
    app.call("imconnector.activate", {**line, "ACTIVE": "1"})
    message = {
        "user": {
            "id": "u1",
            "name": "Ivan",
            "last_name": "Petrov",
            "url": "https://example.com/u1",
            "gender": "male",
            "email": "ivan@example.com",
            "phone": "+998901112233",
            "skip_phone_validate": "Y",
            "nonsense": 1,
        },
        "message": {"id": "m1", "date": 1773265993, "text": "Good day", "disable_crm": "Y", "nonsense": 1},
        "chat": {"id": "c1", "name": "Channel", "url": "https://example.com/c1", "nonsense": 1},
    }
    documented = method_facts("bitrix24", "imconnector.send.messages")["params"]["MESSAGES"]["params"]
    told = {part: set(documented[part]["params"]) - {"picture", "files", "user_id"} for part in message}
    assert all(keys <= set(message[part]) for part, keys in told.items())
    (taken,) = app.call("imconnector.send.messages", {**line, "MESSAGES": [message]})["DATA"]["RESULT"]
    assert taken["SUCCESS"] is True
    chat = app.call("im.dialog.get", {"DIALOG_ID": f"chat{taken['session']['CHAT_ID']}"})
    person = next(user for user in chat["readed_list"] if user["user_name"] == "Ivan Petrov")
    assert person


@pytest.mark.parametrize("name", sorted(set(TASK) - {"TITLE"}))
def test_tasks_keep_what_their_page_lists(app: InstalledApp, name: str) -> None:
    """A field given to a new task is read back; an unknown one is not."""
    fields = {"TITLE": "Dye", "RESPONSIBLE_ID": 1, name: TASK[name], "NONSENSE": 1}
    made = app.call("tasks.task.add", {"fields": fields})["task"]["id"]
    task = app.call("tasks.task.get", {"taskId": made, "select": ["*", "UF_*"]})["task"]
    head, *rest = name.lower().split("_")
    assert task[head + "".join(map(str.capitalize, rest))] == TASK[name]
    assert "nonsense" not in task


def test_meetings_keep_what_their_page_lists(app: InstalledApp) -> None:
    """A meeting comes back with its looks, repetition, reminder and guests."""
    section = app.call("calendar.section.add", {"type": "user", "ownerId": 1, "name": "Fairs"})
    number = app.call("calendar.event.add", {**MEETING, "section": section, "nonsense": 1})
    found = app.call("calendar.event.getbyid", {"id": number})
    same = {name: found[name.upper()] for name in ("description", "color", "text_color", "accessibility", "importance")}
    assert same == {name: MEETING[name] for name in same}
    assert (found["NAME"], found["LOCATION"], found["PRIVATE_EVENT"]) == ("Fair", "Hall 3", "Y")
    rule = found["RRULE"]
    assert (rule["FREQ"], rule["INTERVAL"], rule["BYDAY"]) == ("WEEKLY", 1, {"MO": "MO"})
    assert rule["UNTIL_TS"] == 1906491600
    assert found["REMIND"] == [{"type": "min", "count": 20}]
    assert sorted(guest["id"] for guest in found["ATTENDEE_LIST"]) == [1, 2]


def test_robots_take_every_part_of_a_property(app: InstalledApp) -> None:
    """A property says its name, type, options, default and whether it is required or multiple; other keys are passed over."""
    documented = method_facts("bitrix24", "bizproc.robot.add")["params"]["PROPERTIES"]["params"]
    full = {
        "Name": {"en": "Colour"},
        "Description": {"en": "Of the cloth"},
        "Type": "select",
        "Options": {"r": "Red", "b": "Blue"},
        "Required": "Y",
        "Multiple": "N",
        "Default": "r",
    }
    assert set(full) == set(documented)
    robot = {"CODE": "full", "HANDLER": app.handler, "NAME": "Full"}
    properties = {"colour": {**full, "Nonsense": 1}}
    app.call("bizproc.robot.add", {**robot, "PROPERTIES": properties, "RETURN_PROPERTIES": properties})
    kept = next(row for row in app.portal.look("automation")["components"] if row["CODE"] == "full")
    assert set(full) <= set(kept["PROPERTIES"]["colour"])
    wrong = {**robot, "CODE": "wrong", "PROPERTIES": {"colour": {"Type": "select"}}}
    answer = app.portal.as_app(app.token, "bizproc.robot.add", wrong)
    assert answer.json()["error"] == "ERROR_ACTIVITY_VALIDATION_FAILURE"


def test_widgets_keep_their_names_and_options(app: InstalledApp) -> None:
    """A widget comes back with its name in languages and its options."""
    place = {"PLACEMENT": "PAGE_BACKGROUND_WORKER", "HANDLER": app.handler}
    options = {"errorHandlerUrl": f"{app.handler}/error"}
    app.call("placement.bind", {**place, "LANG_ALL": {"en": {"TITLE": "Calls"}}, "OPTIONS": options, "NONSENSE": 1})
    (found,) = app.call("placement.get")
    assert (found["placement"], found["options"], found["langAll"]["en"]["TITLE"]) == (
        "PAGE_BACKGROUND_WORKER",
        options,
        "Calls",
    )
