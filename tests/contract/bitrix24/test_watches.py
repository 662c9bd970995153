"""What nobody tells us is looked for: automation processes that stand still, and an owner in whose name nothing can be done any more."""

from __future__ import annotations

import pytest

from b24app.bitrix24.owner import OwnerWatch
from b24app.bitrix24.stuck import StuckWorkflows
from b24app.domain.deliveries import FinishRobot, NotifyUser, SaveItem
from b24app.services import portals, reports, settings
from storage.models import InboxRow, OutboxRow, Report
from tests.contract.bitrix24.conftest import Carrier, Deployment, asked
from tests.contract.bitrix24.test_automation import LOT, calls, place, soon

FIFTEEN_MINUTES = 15 * 60


def look(carrier: Carrier) -> list[dict[str, str]]:
    """Look at the processes as a worker does; answers what the health page will show."""
    made = carrier.deployment
    with made.transactions() as uow:
        uow.session.query(Report).delete()
    asked(made, StuckWorkflows(made.transactions))
    with made.transactions() as uow:
        report = reports.read(uow, "workflows")
        assert report is not None
        return list(report.content["stuck"])


@pytest.fixture
def waiting(carrier: Carrier) -> Carrier:
    """A process of a deal that began a quarter of an hour ago, and waits for our answer to its first call."""
    world = carrier.deployment.world
    world.control("clock", {"advance_seconds": -FIFTEEN_MINUTES})
    carrier.done(LOT)
    robot = {"code": "find_matches", "app_id": carrier.deployment.app["app_id"], "properties": {"limit": "3"}}
    place(carrier, "MODERATION", robots=[robot])
    carrier.done(SaveItem(ref="lot/1", stage="moderation", pipeline="orders"))
    assert soon(lambda: calls(carrier))
    world.control("clock", {"advance_seconds": FIFTEEN_MINUTES})
    return carrier


def test_a_process_whose_call_waits_or_was_set_aside_is_found(waiting: Carrier) -> None:
    """Its deal is named with the reason: not worked yet, or set aside after failures."""
    deal = str(waiting.item("lot/1")["id"])
    assert [(one["entity_id"], one["why"]) for one in look(waiting)] == [(deal, "unworked")]
    with waiting.deployment.transactions() as uow:
        uow.session.query(InboxRow).update({"state": "poison"})
    assert [one["why"] for one in look(waiting)] == ["set_aside"]


@pytest.mark.parametrize(("state", "why"), [("todo", "unsent"), ("dead", "refused"), ("done", "")])
def test_a_process_that_waits_for_our_answer_is_found(waiting: Carrier, state: str, why: str) -> None:
    """An answer on its way, or refused, is named; one that arrived leaves nothing to show."""
    with waiting.deployment.transactions() as uow:
        row = uow.session.query(InboxRow).filter_by(source="bitrix24.robot").one()
        row.state = "done"
        uow.send(FinishRobot(event_token=row.key, return_values={}, log_message=""))
        uow.session.flush()
        uow.session.query(OutboxRow).filter_by(kind=FinishRobot.__name__).update({"state": state})
    assert [one["why"] for one in look(waiting)] == ([why] if why else [])


def test_a_process_that_moves_is_left_alone(carrier: Carrier) -> None:
    """One that stands still for less than ten minutes is nobody's worry."""
    carrier.done(LOT)
    robot = {"code": "find_matches", "app_id": carrier.deployment.app["app_id"], "properties": {"limit": "3"}}
    place(carrier, "MODERATION", robots=[robot])
    carrier.done(SaveItem(ref="lot/1", stage="moderation", pipeline="orders"))
    assert soon(lambda: calls(carrier))
    assert look(carrier) == []


def watched(made: Deployment) -> str:
    """Ask who we are as a worker does; answers the trouble that the pages show."""
    with made.transactions() as uow:
        uow.session.query(Report).delete()
    asked(made, OwnerWatch(made.transactions))
    with made.transactions() as uow:
        portal = portals.current(uow)
        assert portal is not None
        return portal.trouble


def alarms(made: Deployment) -> list[str]:
    """Give who was told, in order."""
    with made.transactions() as uow:
        rows = uow.session.query(OutboxRow).filter_by(kind=NotifyUser.__name__).order_by(OutboxRow.id)
        return [row.payload["user_id"] for row in rows]


def change(made: Deployment, **rights: bool) -> None:
    """Change what the employee may in whose name we work."""
    made.world.control("users/1", rights)


def test_an_owner_who_lost_the_rights_raises_one_alarm(installed: Deployment) -> None:
    """The pages say so, owner and responsible people hear of it once, and it ends when the rights are back."""
    with installed.transactions() as uow:
        settings.put(uow, "responsible_ids", "2,3", "user/1")
    assert watched(installed) == ""
    change(installed, ADMIN=False)
    assert (watched(installed), watched(installed)) == ("owner: no_admin",) * 2
    assert alarms(installed) == ["1", "2", "3"]
    change(installed, ADMIN=True)
    assert watched(installed) == ""


def test_a_dismissed_owner_is_seen(installed: Deployment) -> None:
    """The portal refuses every call then: no notice could arrive, so the pages carry the alarm alone."""
    change(installed, ACTIVE=False)
    assert watched(installed).startswith("owner: refused")
    assert alarms(installed) == []


def test_a_silent_portal_is_no_news(installed: Deployment) -> None:
    """An outage says nothing of the owner: what was known stays, and nobody is alarmed."""
    installed.world.fault({"match": {"method": "batch"}, "action": "drop_before"})
    assert (watched(installed), alarms(installed)) == ("", [])
