"""Installing on a portal: proof, plan, apply, again."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import delete

from b24app.bitrix24.install.checks import Check, reached
from b24app.bitrix24.install.planning import Action
from b24app.bitrix24.processes import Place, filled, places_of
from b24app.manifest import manifest
from b24app.services import portals, settings
from storage.models import AppliedElement
from tests.contract.bitrix24.conftest import Deployment
from tests.serving import serving


def test_an_installation_brings_everything_that_the_manifest_declares(deployment: Deployment) -> None:
    """After one run the plan is empty, and the portal shows pipelines, fields, robots, triggers, pages and events."""
    deployment.install()
    assert deployment.installer.plan() == []
    assert set(deployment.call("bizproc.robot.list")) == set(manifest().robots)
    assert {row["CODE"] for row in deployment.call("crm.automation.trigger.list")} == set(manifest().triggers)
    bound = {row["placement"] for row in deployment.call("placement.get")}
    places = places_of_portal(deployment)
    assert bound == {filled(placement.placement, places) for placement in manifest().placements.values()}
    with deployment.transactions() as uow:
        portal = portals.current(uow)
        assert portal is not None
        assert (portal.state, portal.owner_user_id) == ("active", "1")
        assert settings.get(uow, "line_id") != ""


def places_of_portal(deployment: Deployment) -> dict[str, Place]:
    """The numbers that the portal gave to our smart processes."""
    with deployment.transactions() as uow:
        portal = portals.current(uow)
        assert portal is not None
        return places_of(uow, portal.id)


def test_a_smart_process_comes_with_its_stages_and_fields(installed: Deployment) -> None:
    """The audit is an object of the portal with our stages only, in order, and with every declared field on it."""
    place, declared = places_of_portal(installed)["audit"], manifest().processes["audit"]
    rows = installed.call("crm.status.list", {"filter": {"ENTITY_ID": place.directory}, "order": {"SORT": "ASC"}})
    wanted = [place.stage_id(stage.status or code.upper()) for code, stage in declared.stages.items()]
    assert [row["STATUS_ID"] for row in rows] == wanted
    params = {"entityTypeId": place.entity_type_id, "useOriginalUfNames": "Y"}
    fields = installed.call("crm.item.fields", params)["fields"]
    assert {f"UF_CRM_{place.type_id}_MP_{code.upper()}" for code in declared.fields} <= set(fields)


def test_a_smart_process_is_found_again_after_a_new_installation(installed: Deployment) -> None:
    """Another installation adopts the process instead of making a second one, and keeps its items."""
    before = places_of_portal(installed)
    with installed.transactions() as uow:
        uow.session.execute(delete(AppliedElement))
    installed.installer.apply()
    assert places_of_portal(installed) == before
    assert installed.installer.plan() == []


def test_a_plan_without_smart_processes_leaves_the_rest_in_place(deployment: Deployment) -> None:
    """Where the portal's plan refuses smart processes, what hangs on them is named as missing and everything else works."""
    fault = {"match": {"method": "crm.type.add"}, "action": "error", "error": "CREATE_DYNAMIC_TYPE_RESTRICTED"}
    deployment.world.fault({**fault, "description": "Not on this plan", "status": 403})
    assert deployment.launch().status_code == 200
    progress = deployment.installer.apply()
    assert progress.state == "done"
    assert {line.key for line in progress.failed} >= {"process:audit", "placement:audit_tab", "stage:audit.visit"}
    assert progress.blocking == ()


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


def test_the_field_that_we_draw_is_registered_before_it_is_made(installed: Deployment) -> None:
    """Companies have the field of our kind, its page is ours, and a kind that somebody deleted or moved is brought back."""
    [kind] = installed.call("userfieldtype.list")
    assert (kind["USER_TYPE_ID"], int(kind["OPTIONS"]["height"])) == (
        "standing",
        manifest().field_types["standing"].height,
    )
    filtered = {"filter": {"FIELD_NAME": "UF_CRM_MP_STANDING"}}
    [field] = installed.call("crm.company.userfield.list", filtered)
    assert field["USER_TYPE_ID"] == f"rest_{installed.call('app.info')['ID']}_standing"
    installed.call(
        "userfieldtype.update",
        {"USER_TYPE_ID": "standing", "HANDLER": f"{kind['HANDLER']}/old", "TITLE": kind["TITLE"]},
    )
    assert [(step.action, step.key) for step in installed.installer.plan()] == [(Action.CHANGE, "field_type:standing")]
    installed.installer.apply()
    assert installed.call("userfieldtype.list") == [kind]
    installed.call("userfieldtype.delete", {"USER_TYPE_ID": "standing"})
    assert [(step.action, step.key) for step in installed.installer.plan()] == [(Action.ADD, "field_type:standing")]


def test_a_portal_that_takes_no_field_of_ours_can_still_be_worked_on(deployment: Deployment) -> None:
    """Where the portal refuses the kind of field, it and its field are named as missing and the rest is in place."""
    fault = {
        "match": {"method": "userfieldtype.add", "direction": "batch"},
        "action": "error",
        "error": "ACCESS_DENIED",
    }
    deployment.world.fault({**fault, "description": "Not on this plan", "status": 403})
    assert deployment.launch().status_code == 200
    progress = deployment.installer.apply()
    assert progress.state == "done"
    assert {line.key for line in progress.failed} == {"field_type:standing", "field:company.standing"}


def test_what_is_closed_to_us_is_said_before_anything_is_made(deployment: Deployment) -> None:
    """A portal without smart processes and an address of ours that does not answer are warnings; neither stops the installation."""
    fault = {"match": {"method": "crm.type.list", "direction": "batch"}, "action": "error", "error": "ACCESS_DENIED"}
    deployment.world.fault({**fault, "description": "Not on this plan", "status": 403, "times": 1})
    assert deployment.launch().status_code == 200
    looked = deployment.installer.look()
    levels = {check["code"]: (check["level"], check["detail"]) for check in looked.checks}
    assert (levels["processes"][0], levels["reached"]) == ("warning", ("warning", "404"))
    assert {levels[code][0] for code in ("plan", "scopes", "leads", "offline_events", "automation")} == {"ok"}


def test_our_own_address_is_opened_as_anybody_would() -> None:
    """An address that answers is fine; one behind which nobody listens is named with the reason."""
    app = Flask("alive")
    app.add_url_rule("/healthz", view_func=lambda: "alive")
    with serving(app) as address:
        assert reached(address) == Check("reached", "ok", "200")
    assert reached(address) == Check("reached", "warning", "ConnectionError")
