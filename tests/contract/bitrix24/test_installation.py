"""Installing on a portal: proof, plan, apply, again."""

from __future__ import annotations

from b24app.bitrix24.install.planning import Action
from b24app.manifest import manifest
from b24app.services import portals, settings
from tests.contract.bitrix24.conftest import Deployment


def test_an_installation_brings_everything_that_the_manifest_declares(deployment: Deployment) -> None:
    """After one run the plan is empty, and the portal shows pipelines, fields, robots, triggers, pages and events."""
    deployment.install()
    assert deployment.installer.plan() == []
    assert set(deployment.call("bizproc.robot.list")) == set(manifest().robots)
    assert {row["CODE"] for row in deployment.call("crm.automation.trigger.list")} == set(manifest().triggers)
    bound = {row["placement"] for row in deployment.call("placement.get")}
    assert bound == {placement.placement for placement in manifest().placements.values()}
    with deployment.transactions() as uow:
        portal = portals.current(uow)
        assert portal is not None
        assert (portal.state, portal.owner_user_id) == ("active", "1")
        assert settings.get(uow, "line_id") != ""


def test_what_was_lost_on_the_portal_is_made_again(installed: Deployment) -> None:
    """A robot that somebody deleted is the whole plan, and applying brings it back."""
    installed.call("bizproc.robot.delete", {"CODE": "publish_lot"})
    assert [(step.action, step.key) for step in installed.installer.plan()] == [(Action.ADD, "robot:publish_lot")]
    installed.installer.apply()
    assert "publish_lot" in installed.call("bizproc.robot.list")


def test_a_portal_without_automation_can_still_be_worked_on(deployment: Deployment) -> None:
    """What the plan refuses is named, and the rest is in place: only robots, activities and triggers may be missing."""
    deployment.world.fault(
        {
            "match": {"method": "bizproc.*", "direction": "batch"},
            "action": "error",
            "error": "ACCESS_DENIED",
            "description": "Not on this plan",
            "status": 403,
        }
    )
    assert deployment.launch().status_code == 200
    progress = deployment.installer.apply()
    assert progress.state == "done"
    assert {line.key.partition(":")[0] for line in progress.failed} >= {"robot", "activity"}
    assert progress.blocking == ()
