"""The form of a robot's settings in a slider of the portal's designer, friendlier than the portal's own list of properties.

Built for `registry` from what the designer posts: the rule's code, its values so far, the fields of the document. What is chosen goes
back to the designer by its command `setPropertyValue`, and is kept when the person saves the rule there; only a file is kept here.
Protocol: tutorials/bizproc/setting-robot of the documentation. Knows nothing of what the robot does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from b24app.errors import InvalidInput
from b24app.i18n import Texts, texts
from b24app.manifest import ACTIVITY_SUFFIX, Parameter, Robot, manifest
from b24app.services import rule_files
from placements import robot_words
from placements.calls import Call
from placements.outside import Outside
from placements.subjects import Subject
from storage.unit_of_work import UnitOfWork

_WHOLE = re.compile(r"-?\d{1,9}")
_NAME = re.compile(r"[\w.:]{1,120}")
MOST_FIELDS = 500


@dataclass(frozen=True)
class Control:
    """One property as it is asked: `kind` is choice, number, limit, score, text, file, line or expression.

    An expression is a value that the process fills in. `choices` are (value, label, explanation).
    """

    name: str
    kind: str
    label: str
    value: str
    required: bool
    hint: str = ""
    choices: tuple[tuple[str, str, str], ...] = ()


def take_file(outside: Outside, call: Call, form: dict[str, Any]) -> None:
    """Keep the bytes of the file to enclose before any transaction. InvalidInput when it cannot be sent."""
    given = form["attachment"]
    form["given"] = outside.keep_file(given.stream, given.filename) if given else None
    if form["given"] is None:
        said = texts(call.language)("This file cannot be sent: it is empty, too large or of an unknown kind.")
        raise InvalidInput(fields={"attachment": [said]})


def add_file(uow: UnitOfWork, call: Call, _subject: Subject, form: dict[str, Any]) -> str:
    """Keep a file for the rule whose settings are open."""
    rule_files.add(uow, form["given"], call.actor)
    return ""


def enclosed(uow: UnitOfWork, call: Call, _subject: Subject) -> dict[str, Any]:
    """Show the file that this employee has just given."""
    return {"enclosed": rule_files.newest(uow, call.actor)}


def form(uow: UnitOfWork, call: Call, _subject: Subject) -> dict[str, Any]:
    """Show the settings of the robot that the designer names; a robot of another version gets a page that says so."""
    t, code = texts(call.language), str(call.options.get("code", "")).removesuffix(ACTIVITY_SUFFIX)
    robot = manifest().robots.get(code)
    if robot is None or not robot.own_form:
        return {"robot": None}
    return {
        "robot": robot.title.of(call.language),
        "code": code,
        "about": robot.description.of(call.language),
        "after": robot_words.after(t, code),
        "controls": _controls(t, code, robot, call),
        "enclosed": rule_files.find(uow, str(_held(call).get("file") or "")),
        "presets": robot_words.presets(t),
        "places": robot_words.places(t),
        "fields": list(_fields(call.options.get("document_fields"))),
        "results": list(_results(call.options.get("template"))),
    }


def _controls(t: Texts, code: str, robot: Robot, call: Call) -> list[Control]:
    given = _held(call)
    hints, explained = robot_words.hints(t, code), robot_words.explained(t, code)
    return [
        Control(
            name,
            _kind(name, parameter, value),
            parameter.title.of(call.language),
            value,
            parameter.required,
            hints.get(name, ""),
            tuple(
                (option, title.of(call.language), explained.get(option, ""))
                for option, title in parameter.options.items()
            ),
        )
        for name, parameter in robot.properties.items()
        for value in [_value(given.get(name), parameter)]
    ]


def _held(call: Call) -> dict[str, Any]:
    """Give the values that the rule holds so far."""
    held = call.options.get("current_values")
    return held if isinstance(held, dict) else {}


def _value(given: Any, parameter: Parameter) -> str:
    one = given[0] if isinstance(given, list) and given else given
    if isinstance(one, str | int | float) and str(one).strip():
        return str(one)
    return "" if parameter.default is None else str(parameter.default)


def _kind(name: str, parameter: Parameter, value: str) -> str:
    """Tell how to ask for a property; what the portal fills in for each process is shown as it is written."""
    if parameter.type == "select":
        return "choice" if value in parameter.options or not value else "expression"
    if parameter.type == "int":
        return robot_words.NUMBERS.get(name, "number") if _WHOLE.fullmatch(value) else "expression"
    if name == "file":
        return "file"
    return "text" if parameter.type == "text" else "line"


def _fields(described: Any) -> Iterator[tuple[str, str]]:
    """Give (placeholder, name) of the document's fields; they come as an object by name or as a list."""
    for field_id, name, _ in _described(described):
        yield f"{{=Document:{field_id}}}", name


def _results(template: Any) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Give each earlier step that returns something: its name, and (placeholder, name) of what it returns.

    The documentation names the list `return_activities` but not the member that holds what a step returns: whichever member
    describes properties in the one documented way is taken.
    """
    steps = template.get("return_activities") if isinstance(template, dict) else None
    for step_id, step, members in _described(steps):
        returned = [
            (f"{{={step_id}:{field_id}}}", name)
            for member in members.values()
            for field_id, name, _ in _described(member)
        ]
        if returned:
            yield step, returned


def _described(found: Any) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Give (id, name, all that is said) of what the designer describes, as an object by id or as a list; the unreadable is left out."""
    pairs = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
    for key, one in list(pairs)[:MOST_FIELDS]:
        if isinstance(one, dict):
            one_id, name = str(one.get("Id") or key), str(one.get("Name") or "")
            if name and _NAME.fullmatch(one_id):
                yield one_id, name, one
