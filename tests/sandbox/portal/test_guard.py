"""Who may turn the portal's knobs, and what a crash answers."""

from __future__ import annotations

import pytest
import requests

from sandbox.portal.registry import METHODS
from tests.sandbox.portal.conftest import Running


@pytest.mark.parametrize(
    ("headers", "cookie", "status"),
    [
        ({}, "", 200),
        ({}, "1", 200),
        ({}, "2", 403),
        ({"Origin": "http://elsewhere.example"}, "1", 403),
    ],
)
def test_knobs_are_the_administrators(portal: Running, headers: dict[str, str], cookie: str, status: int) -> None:
    """Programs and the administrator's own pages set the clock; managers and pages of other addresses do not."""
    cookies = {"sandbox_user": cookie} if cookie else {}
    answer = requests.post(
        f"{portal.url}/sandbox/limits", json={"mode": "off"}, headers=headers, cookies=cookies, timeout=20
    )
    assert answer.status_code == status


def test_operators_keep_their_work(portal: Running) -> None:
    """What a manager does in open lines is not forbidden: an unknown dialog is missing, not refused."""
    address = f"{portal.url}/sandbox/openlines/99/say"
    answer = requests.post(address, json={"user_id": "2"}, cookies={"sandbox_user": "2"}, timeout=20)
    assert answer.status_code == 404


def test_a_crash_answers_500(
    portal: Running, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A fault of the portal is a 500 with a code for callers of REST, with its trace in the log."""

    def fail(_call: object) -> None:
        raise ZeroDivisionError("of all things")

    found = METHODS["server.time"]
    values = {name: getattr(found, name) for name in found.__slots__}
    monkeypatch.setitem(METHODS, "server.time", type(found)(**{**values, "handler": fail}))
    answer = requests.get(f"{portal.url}/rest/1/admin/server.time", timeout=20)
    assert (answer.status_code, answer.json()["error"]) == (500, "INTERNAL_SERVER_ERROR")
    assert "of all things" in capfd.readouterr().err
