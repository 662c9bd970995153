"""Answers and refusals of the sandbox beside those that the documentation's pages show, extracted as shapes only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from sandbox.contract import method_facts
from tests.contract.bitrix24.plain_calls import CALLS, FURTHER, Plain
from tests.sandbox.portal.conftest import InstalledApp, with_every_scope

DOCUMENTED: dict[str, Any] = json.loads(Path(__file__).with_name("answers.json").read_text(encoding="utf-8"))["methods"]
IDENTIFIERS = frozenset(
    {
        *(
            "id",
            "taskid",
            "itemid",
            "commentid",
            "chat_id",
            "message_id",
            "file_id",
            "config_id",
            "session_id",
            "call_id",
        ),
        *("activityid", "paymentid", "versionid", "templateid", "entityid", "ownerid", "timelineid", "targetfolderid"),
    }
)
NOBODY = 99_999_999
# Codes that any method may answer to a wrong parameter.
SYSTEM_CODES = frozenset({"100", ""})
# Documented to take an unknown or absent object without a word.
FORGIVING = frozenset(
    {
        *("department.get", "im.user.get", "task.elapseditem.getlist", "tasks.task.get", "tasks.task.getaccess"),
        *("tasks.task.history.list", "tasks.task.mute", "tasks.task.unmute", "tasks.task.pin", "tasks.task.unpin"),
        *("im.dialog.read", "im.dialog.unread", "im.notify.read", "im.notify.delete", "im.disk.file.delete"),
        *("imopenlines.message.session.start", "crm.documentgenerator.template.getfields"),
    }
)


class Caller:
    """Makes the plain calls one after another and remembers what they made."""

    def __init__(self, app: InstalledApp) -> None:
        self.app = app
        self.saved: dict[str, Any] = {"handler": app.handler}

    def send(self, plain: Plain, **other: Any) -> requests.Response:
        """One call, with `other` parameters in the place of its own; None leaves one out."""
        params = {name: value for name, value in {**plain.params, **other}.items() if value is not None}
        return self.app.portal.as_app(self.app.token, plain.method, self._filled(params))

    def remember(self, plain: Plain, result: Any) -> None:
        """Keeps what later calls need."""
        for name, path in plain.saved.items():
            found = result
            for key in filter(None, path.split(".")):
                found = found[int(key)] if isinstance(found, list) else found[key]
            self.saved[name] = found

    def _filled(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._filled(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._filled(item) for item in value]
        if not isinstance(value, str) or "$" not in value:
            return value
        if value[1:] in self.saved:
            return self.saved[value[1:]]
        for name in sorted(self.saved, key=len, reverse=True):
            value = value.replace(f"${name}", str(self.saved[name]))
        return value


@pytest.fixture
def caller() -> Iterator[Caller]:
    """An application with every scope on a portal of its own."""
    with with_every_scope() as app:
        yield Caller(app)


def differences(documented: Any, found: Any, path: str = "") -> list[str]:
    """Where an answer lacks a documented key or has another type; nothing is compared with null."""
    if documented == "n" or found is None:
        return []
    if isinstance(documented, dict):
        return _of_map(documented, found, path)
    if isinstance(documented, list):
        return _of_list(documented, found, path)
    kind = "b" if isinstance(found, bool) else "i" if isinstance(found, int | float) else type(found).__name__[0]
    return [] if kind == documented else [f"{path}: {documented}, not {found!r}"[:120]]


def _of_map(documented: dict[str, Any], found: Any, path: str) -> list[str]:
    if found == [] and set(documented) <= {"*"}:
        return []
    if not isinstance(found, dict):
        return [f"{path}: a map, not {found!r}"[:120]]
    if "*" in documented:
        return [line for key in list(found)[:1] for line in differences(documented["*"], found[key], f"{path}.*")]
    lacking = [f"{path}.{key}: missing" for key in documented if key not in found]
    both = [key for key in documented if key in found]
    return lacking + [line for key in both for line in differences(documented[key], found[key], f"{path}.{key}")]


def _of_list(documented: list[Any], found: Any, path: str) -> list[str]:
    if found == {}:
        return []
    if not isinstance(found, list):
        return [f"{path}: a list, not {found!r}"[:120]]
    if not documented or not found:
        return []
    if not all(isinstance(item, dict) for item in found):
        return differences(documented[0], found[0], f"{path}[]")
    merged: dict[str, Any] = {}
    for item in found:
        merged.update({key: value for key, value in item.items() if merged.get(key) in (None, [], {})})
    return differences(documented[0], merged, f"{path}[]")


@pytest.mark.parametrize("calls", [CALLS, FURTHER], ids=["chief", "further"])
def test_answers_have_the_documented_shape(caller: Caller, calls: list[Plain]) -> None:
    """A plain call is answered with every key of its page's example, each of the type that it has there."""
    wrong = {}
    for plain in calls:
        answer = caller.send(plain)
        body = answer.json()
        assert (answer.status_code, body.get("error")) == (200, None), (plain, body)
        caller.remember(plain, body["result"])
        documented = DOCUMENTED.get(plain.method, {})
        found = differences(documented.get("result", "n"), body["result"])
        if documented.get("total") and "total" not in body:
            found.append("total: missing")
        if found:
            wrong[plain.method] = found
    assert wrong == {}


def _names_an_object(name: str, value: Any) -> bool:
    return name.lower() in IDENTIFIERS and str(value).startswith("$")


def _mistakes(caller: Caller, plain: Plain, name: str) -> Iterator[str]:
    documented = {error["code"]: error.get("status") for error in method_facts("bitrix24", plain.method)["errors"]}
    for wrong in (NOBODY, "abc", None):
        answer = caller.send(plain, **{name: wrong})
        code = str(answer.json().get("error"))
        if "error" not in answer.json():
            yield f"{plain.method} {name}={wrong}: accepted"
        elif code not in SYSTEM_CODES | set(documented):
            yield f"{plain.method} {name}={wrong}: {code}, documented {sorted(documented)}"
        elif code and documented.get(code) not in {None, answer.status_code}:
            yield f"{plain.method} {name}={wrong}: status {answer.status_code}, documented {documented[code]}"


@pytest.mark.parametrize(("calls", "at_least"), [(CALLS, 90), (FURTHER, 90)], ids=["chief", "further"])
def test_wrong_objects_are_refused_in_documented_codes(caller: Caller, calls: list[Plain], at_least: int) -> None:
    """An unknown object, a word for a number and nothing at all are refused as the method's page says."""
    wrong: list[str] = []
    tried: set[tuple[str, str]] = set()
    for plain in calls:
        known = method_facts("bitrix24", plain.method).get("errors") and plain.method not in FORGIVING
        names = {(plain.method, name) for name, value in plain.params.items() if _names_an_object(name, value)}
        for _method, name in sorted(names - tried) if known else ():
            wrong += _mistakes(caller, plain, name)
        tried |= names
        caller.remember(plain, caller.send(plain).json()["result"])
    assert wrong == []
    assert len(tried) > at_least
