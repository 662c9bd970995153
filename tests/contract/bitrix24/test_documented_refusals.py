"""Mistakes that the documentation's pages name, made on purpose: each is refused as its page says.

`refusals.json` holds rows: what is set up (method, parameters, names kept of the result), then the mistakes (method,
parameters, code, words of the message, who makes it: a user of the application by number, or a webhook).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from sandbox.contract import method_facts
from tests.contract.bitrix24.plain_calls import Plain
from tests.contract.bitrix24.test_answers import Caller
from tests.sandbox.portal.conftest import with_every_scope

ROWS: list[list[Any]] = json.loads(Path(__file__).with_name("refusals.json").read_text(encoding="utf-8"))
SETUP = [Plain(*row) for row in ROWS if isinstance(row[2], dict)]
MISTAKES = [row for row in ROWS if isinstance(row[2], str)]
ADMINISTRATOR = 1


class Mistaken(Caller):
    """Makes calls as several people."""

    tokens: dict[int, str]

    def prepare(self) -> None:
        """What the mistakes are about."""
        launch = {user: {"app_id": self.app.id, "user_id": user} for user in (2, 3, 4)}
        fields = {user: self.app.portal.control("launch", given)["fields"] for user, given in launch.items()}
        self.tokens = {ADMINISTRATOR: self.app.token} | {user: sent["AUTH_ID"] for user, sent in fields.items()}
        self.app.portal.control("webhooks", {"user_id": "1", "key": "admin"})
        for plain in SETUP:
            answer = self.send(plain)
            assert answer.status_code == 200, (plain, answer.text)
            self.remember(plain, answer.json()["result"])

    def make(self, name: str, params: dict[str, Any], who: int | str) -> requests.Response:
        """One call as a user of the application or through a webhook."""
        filled = self._filled(params)
        if isinstance(who, int):
            return self.app.portal.as_app(self.tokens[who], name, filled)
        return self.app.portal.send(name, filled, who)


@pytest.fixture(scope="module")
def mistaken() -> Iterator[Mistaken]:
    """A portal with something in it to be mistaken about."""
    with with_every_scope() as app:
        caller = Mistaken(app)
        caller.prepare()
        yield caller


def _difference(caller: Mistaken, row: list[Any]) -> str | None:
    name, params, code, words, who = row + ["", ADMINISTRATOR][len(row) - 3 :]
    answer = caller.make(name, params, who)
    body = answer.json()
    nested = body.get("result")
    error = nested if isinstance(nested, dict) and "error" in nested else body
    statuses = [e.get("status") for e in method_facts("bitrix24", name).get("errors", ()) if e["code"] == code]
    found = (str(error.get("error")), str(error.get("error_description")))
    fits = "error" in error and found[0] == code and words.lower() in found[1].lower()
    if fits and (not statuses or answer.status_code in statuses or None in statuses):
        return None
    return f"{name} {params} as {who}: {answer.status_code} {found}, documented {statuses} {code!r} {words!r}"


def test_documented_mistakes_are_refused_as_documented(mistaken: Mistaken) -> None:
    """Every mistake of the table is refused in the code, status and words of its method's page."""
    differences = [found for row in MISTAKES if (found := _difference(mistaken, row))]
    assert differences == []


def test_outside_people_are_kept_out_of_crm(mistaken: Mistaken) -> None:
    """A user of the extranet belongs to no department and is refused by the methods of CRM that say so."""
    portal = mistaken.app.portal
    wrong = {"EMAIL": "out@example.com", "EXTRANET": "Y"}
    assert mistaken.make("user.add", wrong, ADMINISTRATOR).json()["error"] == "ERROR_GROUPID"
    number = mistaken.make("user.add", {**wrong, "SONET_GROUP_ID": [1]}, ADMINISTRATOR).json()["result"]
    shown = portal.call("user.get", {"ID": number})[0]
    assert (shown["USER_TYPE"], shown["UF_DEPARTMENT"]) == ("extranet", [])
    portal.control("webhooks", {"user_id": str(number), "key": "out"})
    assert portal.refused("crm.item.list", {"entityTypeId": 2}, f"{number}/out") == (403, "allowed_only_intranet_user")
