"""The sandbox beside the parameter tables of the documentation's method pages, extracted apart from its own contract."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox import docs
from sandbox.portal.registry import METHODS
from tests.sandbox.portal.conftest import InstalledApp, with_every_scope

PAGES: dict[str, Any] = json.loads(Path(__file__).with_name("method_pages.json").read_text(encoding="utf-8"))["methods"]
SYSTEM_CODES = frozenset({"100", "ERROR_ARGUMENT", ""})
# Documented to answer with status 200 and the mistake inside, or to have no refusal of their own.
TELL_IN_THE_RESULT = frozenset(
    ["imconnector.register", "imconnector.unregister", "placement.bind", "im.chat.get", "crm.contact.company.items.get"]
)
# The page calls `fields` required and documents an empty company as possible in the same breath.
TAKES_NOTHING = frozenset({"crm.company.add"})


@pytest.fixture(scope="module")
def app() -> Iterator[InstalledApp]:
    """An application with every scope on a portal of its own."""
    with with_every_scope() as installed:
        yield installed


@pytest.fixture(scope="module")
def table() -> dict[str, str]:
    """Method in lower case → its row in the description of the sandbox; the absent ones stand under the empty name."""
    text = docs.text()
    rows = {line.split("`")[1].lower(): line for line in text.splitlines() if line.startswith("| `")}
    return {**rows, "": next(line for line in text.splitlines() if line.startswith("`calendar.resource.add`"))}


def test_every_documented_method_is_simulated_or_named_as_absent(table: dict[str, str]) -> None:
    """Nothing of the named families is missing in silence."""
    absent = {name.strip("`, ").lower() for name in table[""].split(" ")}
    assert [name for name in PAGES if name.lower() not in METHODS and name.lower() not in absent] == []


def test_every_documented_parameter_is_known(table: dict[str, str]) -> None:
    """Each parameter of a simulated method is listed as honoured or as having no effect."""
    unknown = [
        (name, parameter)
        for name, page in PAGES.items()
        if name.lower() in METHODS
        for parameter in page["params"]
        if f"`{parameter}`".lower() not in table[name.lower()].lower()
    ]
    assert unknown == []


def test_missing_required_parameters_are_refused_as_documented(app: InstalledApp) -> None:
    """A call without anything is refused with a code of the method's page or of the system."""
    wrong = []
    for name, page in PAGES.items():
        required = [parameter for parameter, types in page["params"].items() if types.startswith("!")]
        if not required or name.lower() not in METHODS or name in TAKES_NOTHING | TELL_IN_THE_RESULT:
            continue
        answer = app.portal.as_app(app.token, name)
        code = str(answer.json().get("error"))
        expected = SYSTEM_CODES | set(page["codes"])
        if answer.status_code not in {400, 403} or (code not in expected and page["codes"]):
            wrong.append((name, answer.status_code, code, required, page["codes"]))
    assert wrong == []
