"""Who opened a page, in the portal's own words; and what an administrator may do in the Contact Center."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
import requests

from b24app.bitrix24.visitors import VisitorCheck
from b24app.domain.lines import LINE_CHAT
from b24app.errors import NotAllowed
from b24app.manifest import manifest
from b24app.services import settings
from tests.contract.bitrix24.conftest import Carrier, Deployment
from tests.contract.bitrix24.test_gateway_crm import LEAD
from tests.contract.bitrix24.test_gateway_line import WORDS


@dataclass(frozen=True)
class Claim:
    """What a launch claims."""

    access_token: str
    expires_in: int = 3600
    entity_type_id: int = 0
    entity_id: str = ""


def token_of(deployment: Deployment, user_id: str) -> str:
    """Give the token that a page of the portal posts for this person."""
    made = deployment.world.control("launch", {"app_id": deployment.app["app_id"], "user_id": user_id})
    return str(made["fields"]["AUTH_ID"])


def check(deployment: Deployment) -> VisitorCheck:
    """Give a check without memory."""
    return VisitorCheck(deployment.client, deployment.transactions)


def test_the_portal_says_who_somebody_is(installed: Deployment) -> None:
    """Administrator and employee are told apart by the portal's answer, not by the launch."""
    admin = check(installed).confirm(Claim(token_of(installed, "1")))
    employee = check(installed).confirm(Claim(token_of(installed, "3")))
    assert (admin.user_id, admin.is_admin, employee.user_id, employee.is_admin) == ("1", True, "3", False)
    assert admin.name


def test_the_right_to_see_an_item_is_the_portals_to_give(carrier: Carrier) -> None:
    """An employee without rights in the CRM cannot read the lead whose tab he claims to have opened."""
    lead = carrier.done(LEAD)
    rights = {}
    for user_id in ("1", "4"):
        claim = Claim(token_of(carrier.deployment, user_id), entity_type_id=1, entity_id=lead["entity_id"])
        rights[user_id] = check(carrier.deployment).confirm(claim).can_read
    assert rights == {"1": True, "4": False}


def test_a_page_beside_a_chat_asks_about_that_chat(carrier: Carrier) -> None:
    """Whoever stands outside the dialogue and its line sees no page of ours beside it."""
    chat = carrier.done(WORDS)["chat_id"]
    may = {}
    for user_id in ("1", "4"):
        claim = Claim(token_of(carrier.deployment, user_id), entity_type_id=LINE_CHAT, entity_id=chat)
        may[user_id] = check(carrier.deployment).confirm(claim).can_read
    assert may == {"1": True, "4": False}


def test_a_made_up_token_is_nobody(installed: Deployment) -> None:
    """What the portal does not know is refused."""
    with pytest.raises(NotAllowed):
        check(installed).confirm(Claim("made up"))


def test_the_portals_word_is_remembered_for_a_short_while(installed: Deployment) -> None:
    """The same token within its life costs one call; another item is asked about anew; after five minutes, too."""
    now = [0.0]
    remembering = VisitorCheck(installed.client, installed.transactions, clock=lambda: now[0])
    claim = Claim(token_of(installed, "1"))
    first = remembering.confirm(claim)
    installed.world.fault({"match": {"method": "batch"}, "action": "expire_token"})
    assert remembering.confirm(claim) is first
    now[0] = 301.0
    with pytest.raises(NotAllowed):
        remembering.confirm(claim)


def connect(deployment: Deployment, user_id: str, **changes: Any) -> int:
    """Press Connect in the Contact Center for another line; answers the status of our page."""
    connector = manifest().connector.id
    made = deployment.world.control(f"connectors/{connector}/connect", {"line": "1", "user_id": user_id})
    return requests.post(made["url"], data={**made["fields"], **changes}, timeout=20).status_code


def test_an_administrator_moves_conversations_to_another_line(installed: Deployment) -> None:
    """The line of the launch is connected and used from then on."""
    assert connect(installed, "1") == 200
    with installed.transactions() as uow:
        assert settings.get(uow, "line_id") == "1"
    status = installed.call("imconnector.status", {"CONNECTOR": manifest().connector.id, "LINE": 1})
    assert status["STATUS"] is True


@pytest.mark.parametrize(
    ("user_id", "changes"),
    [
        ("3", {}),
        ("1", {"member_id": "other"}),
        ("1", {"AUTH_ID": "made up"}),
        ("1", {"PLACEMENT_OPTIONS": "{}"}),
        ("1", {"PLACEMENT_OPTIONS": "not json"}),
    ],
)
def test_nobody_else_moves_a_line(installed: Deployment, user_id: str, changes: dict[str, str]) -> None:
    """An employee, a stranger's launch and a launch without a line change nothing."""
    with installed.transactions() as uow:
        before = settings.get(uow, "line_id")
    assert connect(installed, user_id, **changes) == 403
    with installed.transactions() as uow:
        assert settings.get(uow, "line_id") == before
