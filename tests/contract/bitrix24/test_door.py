"""The addresses that the portal's servers call: believed, stored once, or not at all."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from sqlalchemy import func, select

from b24app.bitrix24 import query
from b24app.bitrix24.addresses import server_segment
from b24app.bitrix24.connection import Connection
from b24app.bitrix24.events import handle
from b24app.bitrix24.removal import RemovalCheck
from b24app.services import portals
from storage.models import InboxRow, Portal
from tests.contract.bitrix24.conftest import Deployment


def portal_of(deployment: Deployment) -> Portal:
    """Give the installation."""
    with deployment.transactions() as uow:
        portal = portals.current(uow)
        assert portal is not None
        return portal


def rows(deployment: Deployment) -> int:
    """Count what the inbox holds."""
    with deployment.transactions() as uow:
        return uow.session.scalar(select(func.count()).select_from(InboxRow)) or 0


def auth_of(deployment: Deployment) -> dict[str, str]:
    """Give the auth block of a true event."""
    portal = portal_of(deployment)
    return {"member_id": portal.member_id, "application_token": portal.application_token or ""}


def post(deployment: Deployment, secret: str, body: dict[str, Any], kind: str = "event") -> int:
    """Post a form as the portal's queue server does; answers the status."""
    url = f"{deployment.settings.public_url}/b24/{secret}/{kind}"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return requests.post(url, data=query.encode(body), headers=headers, timeout=10).status_code


EVENT = {"event": "ONCRMTIMELINEITEMACTION", "data": {"id": "allow", "card": "offer/1"}, "ts": "1"}


def test_a_true_event_is_stored_once(installed: Deployment) -> None:
    """The same event delivered twice is one row, and both deliveries are answered 200."""
    body = {**EVENT, "auth": auth_of(installed)}
    secret = server_segment(installed.settings, portal_of(installed).path_secret)
    before = rows(installed)
    assert [post(installed, secret, body), post(installed, secret, body)] == [200, 200]
    assert rows(installed) == before + 1


@pytest.mark.parametrize(
    ("wrong", "changes"),
    [
        ("path", {}),
        ("token", {"application_token": "0" * 32}),
        ("no token", {"application_token": ""}),
        ("portal", {"member_id": "somebody else"}),
    ],
)
def test_a_call_that_is_not_believed_leaves_nothing(
    installed: Deployment, wrong: str, changes: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    """A wrong token or portal, or the path that pages show to browsers, is answered 403; nothing is stored, no secret logged."""
    shown_to_browsers = portal_of(installed).path_secret
    secret = shown_to_browsers if wrong == "path" else server_segment(installed.settings, shown_to_browsers)
    auth = {**auth_of(installed), **changes}
    before = rows(installed)
    assert post(installed, secret, {**EVENT, "auth": auth}) == 403
    assert rows(installed) == before
    assert auth_of(installed)["application_token"] not in caplog.text


@pytest.mark.parametrize(
    "body", [b"\xff\xfe", b"a" + b"[b]" * 40 + b"=1", b'{"a":' * 40_000, b'{"auth": {"member_id": "\\ud800"}}']
)
def test_an_unreadable_body_is_refused(installed: Deployment, body: bytes) -> None:
    """What is no form, nests without an end or holds half a letter is answered 400 and nothing happens."""
    url = f"{installed.settings.public_url}/b24/x/event"
    answer = requests.post(url, data=body, headers={"Content-Type": "application/x-www-form-urlencoded"}, timeout=10)
    assert answer.status_code == 400


def test_a_name_that_no_database_holds_is_not_believed(installed: Deployment) -> None:
    """A portal's name with the one character that no database text may hold is answered like any other stranger's."""
    assert post(installed, "x", {**EVENT, "auth": {**auth_of(installed), "member_id": "a\0b"}}) == 403


@pytest.mark.parametrize("body", [b"a=" + b"b" * 1_000_001, [b"a=", b"b" * 1_000_001]], ids=["told", "in chunks"])
def test_a_body_without_an_end_is_refused(installed: Deployment, body: bytes | list[bytes]) -> None:
    """A megabyte is more than the portal ever sends, whether its size is told beforehand or not."""
    url = f"{installed.settings.public_url}/b24/x/event"
    sent = iter(body) if isinstance(body, list) else body
    assert requests.post(url, data=sent, timeout=10).status_code == 413


def test_a_notice_of_removal_suspends_until_the_portal_says_so(installed: Deployment) -> None:
    """A forged notice is undone by the token that still works; a true one ends the installation and forgets its tokens."""
    payload = {"event": "ONAPPUNINSTALL", "data": {"CLEAN": "1"}}
    for expected in ("active", "removed"):
        with installed.transactions() as uow:
            handle(uow, payload)
        assert portal_of(installed).state == "suspended"
        if expected == "removed":
            installed.world.control(f"apps/{installed.app['app_id']}/uninstall", {"clean": True})
        check = RemovalCheck(installed.transactions, installed.client, installed.keeper)
        assert check.still_installed(portal_of(installed)) is (expected == "active")
        with installed.transactions() as uow:
            portal = uow.session.scalars(select(Portal)).one()
            assert portal.state == expected
    assert portal.access_token is None


def test_only_a_proven_administrator_installs(deployment: Deployment) -> None:
    """An employee without rights, a stranger's token and a missing field are refused, and nothing is stored."""
    assert deployment.launch(user_id="3").status_code == 403
    made = deployment.world.control(f"apps/{deployment.app['app_id']}/install-launch", {"user_id": "1"})
    for changed in ({"REFRESH_ID": "made up"}, {"member_id": "other"}, {"APPLICATION_TOKEN": ""}):
        answer = requests.post(made["url"], data={**made["fields"], **changed}, timeout=10)
        assert answer.status_code == 403, changed
        assert "made up" not in answer.text
    with deployment.transactions() as uow:
        assert uow.session.scalars(select(Portal)).all() == []


def test_tokens_are_renewed_once_for_everybody(installed: Deployment) -> None:
    """Two workers that meet an expired token spend one refresh token, and both go on."""
    expired = installed.keeper.current(installed.portal_id())
    first = installed.keeper.renew(installed.portal_id(), expired)
    second = installed.keeper.renew(installed.portal_id(), expired)
    assert first.token == second.token != expired.token


def test_an_expired_token_is_renewed_in_passing(installed: Deployment) -> None:
    """A call that meets expired_token is repeated with a new token."""
    installed.world.control("clock", {"advance_seconds": 4000})
    connection = Connection(installed.client, installed.keeper, installed.portal_id())
    assert connection.call("profile").result["ID"] == "1"
