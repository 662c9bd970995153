"""Handing the application over to another administrator, and preparing its removal."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from sqlalchemy import update

from b24app.bitrix24.enrolment import Enrolment, NotProven
from b24app.bitrix24.oauth import AuthorizationServer
from b24app.domain.deliveries import SaveItem, ShowCard
from b24app.manifest import manifest
from b24app.services import portals
from storage.models import Card
from tests.contract.bitrix24.conftest import Carrier, Deployment

LEAD = {"title": "New", "name": "Ivan"}


def owner(deployment: Deployment) -> str:
    """Give whose rights the background work uses."""
    with deployment.transactions() as uow:
        portal = portals.current(uow)
        assert portal is not None
        return portal.owner_user_id


def launched(deployment: Deployment, user_id: str) -> dict[str, Any]:
    """Give what the portal posts when this employee opens the application's page."""
    wanted = {"app_id": deployment.app["app_id"], "user_id": user_id, "placement": "LEFT_MENU", "options": {}}
    return dict(deployment.world.control("launch", wanted)["fields"])


def enrolment(deployment: Deployment) -> Enrolment:
    """Give the part that proves launches."""
    server = AuthorizationServer(deployment.settings)
    return Enrolment(deployment.settings, deployment.transactions, deployment.client, server)


def test_another_administrator_takes_over(installed: Deployment) -> None:
    """His own refresh token is spent and his rights used from then on; an employee without rights is refused."""
    users = requests.get(f"{installed.world.url}/sandbox/users", timeout=10).json()["users"]
    admins = [user["ID"] for user in users if user.get("ADMIN")]
    others = [user["ID"] for user in users if not user.get("ADMIN")]
    with pytest.raises(NotProven):
        enrolment(installed).take_over(launched(installed, others[0])["REFRESH_ID"], others[0])
    assert owner(installed) == "1"
    taker = admins[-1]
    enrolment(installed).take_over(launched(installed, taker)["REFRESH_ID"], taker)
    assert owner(installed) == taker
    assert str(installed.call("profile")["ID"]) == taker


def test_preparing_the_removal_leaves_nothing_open(carrier: Carrier) -> None:
    """Triggers are gone and cards completed before the token dies; nothing is sent any more until somebody installs again."""
    deployment = carrier.deployment
    carrier.done(SaveItem(ref="lead/1", fields=LEAD))
    buttons = [{"action": "approve", "title": "Approve", "kind": "primary"}]
    shown = ShowCard(card="company/1", ref="lead/1", title="Check", rows=[["Company", "Moda"]], buttons=buttons)
    activity_id = carrier.done(shown)["activity_id"]
    with deployment.transactions() as uow:
        uow.send(shown)
        uow.session.execute(update(Card).values(state="open"))
    deployment.installer.prepare_removal()
    assert deployment.call("crm.automation.trigger.list") in ([], {})
    found = deployment.call("crm.activity.list", {"filter": {"ID": activity_id}, "select": ["ID", "COMPLETED"]})
    assert found[0]["COMPLETED"] == "Y"
    (held,) = carrier.send(SaveItem(ref="lead/2", fields=LEAD))
    assert "not installed" in str(held)
    assert deployment.installer.apply().state == "done"
    assert {row["CODE"] for row in deployment.call("crm.automation.trigger.list")} == set(manifest().triggers)
    carrier.done(SaveItem(ref="lead/3", fields=LEAD))
