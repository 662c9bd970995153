"""What workflows ask of a person, answered in a real browser."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.sandbox.portal_automation.test_assignments import MOVED, ask
from tests.sandbox.portal_automation.test_robots import stage_of
from tests.sandbox.portal_automation.world import World
from tests.sandbox.portal_pages.office import Desk

PATH = "/bizproc/userprocesses/"


def test_an_assignment_is_answered_on_its_page(world: World, desk: Callable[..., Desk]) -> None:
    """A refusal without the demanded words is shown and changes nothing; approved, the deal goes on and the list is empty."""
    deal = ask(world, "approve", MOVED, name="Price agreed?", description="[b]Look[/b]", comment_required="YA")
    page = desk().go(PATH)
    expect(page.locator("form[data-assignment] h2")).to_have_text("Price agreed?")
    page.get_by_role("button", name="Утвердить").click()
    expect(page.locator(".toast--bad")).to_contain_text("comment is required")
    page.locator("textarea").fill("Fine")
    page.get_by_role("button", name="Утвердить").click()
    expect(page.locator("#assignments .empty")).to_be_visible()
    assert stage_of(world, deal) == "EXECUTING"


def test_questions_are_answered_and_given_to_others(world: World, desk: Callable[..., Desk]) -> None:
    """An assignment goes to the colleague it is given to, who answers its questions there."""
    note = {"code": "set_field", "properties": {"field": "COMMENTS", "value": "{=Q1:phone}"}}
    deal = ask(world, "request", note, fields="phone:string:Phone *")
    desk().go(PATH).get_by_label("Делегировать").select_option("2")
    page = desk("2").go(PATH)
    page.get_by_label("Phone *").fill("+99890")
    page.locator("[data-status='3']").click()
    expect(page.locator("#assignments .empty")).to_be_visible()
    assert world.result("crm.deal.get", id=deal)["COMMENTS"] == "+99890"
