"""The page Health with everything wrong that can be: readable at any size, and every decision taken by its button."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, expect

from b24app.domain.deliveries import NotifyUser, SendChatMessage, SendConversationMessage
from b24app.services import reports
from storage.models import Gate, InboxRow, OutboxRow, Portal
from tests.browser.looks import shown
from tests.browser.placements.conftest import Opened, Site
from tests.browser.placements.test_look import broken_rules

Open = Callable[..., Opened]
HEALTH = {"ru": "Состояние", "uz": "Holat"}
LOOKS = [("ru", False, 1180), ("uz", True, 320), ("ru", True, 320), ("uz", False, 1180)]
STATES = {
    "Здравствуйте! Ваш лот № 17 опубликован, ждём предложений фабрик.": ("uncertain", "LOST: The answer was lost."),
    "Assalomu alaykum, namunani qachon yuborasiz?": ("uncertain", "LOST: The answer was lost."),
    "Новый лот для вашей фабрики": ("dead", "Forbidden: bot was blocked by the user"),
}
BACKLOG = {"pending": 1204, "error": "Connection timed out", "error_at": "", "ours": True, "set": True}


@pytest.fixture
def troubled(site: Site) -> Site:
    """Messages in doubt and refused, a fact set aside, a process that stands still, a backlog, an owner without rights."""
    with site.transactions() as uow:
        first, second, third = STATES
        uow.send(SendChatMessage(chat_id="5200000001", text=first), key="first")
        uow.send(SendConversationMessage(chat_id="5200000002", text=second), key="second")
        uow.send(SendChatMessage(chat_id="5200000003", text=third), key="third")
        uow.send(NotifyUser(user_id="1", text="…", tag="t"), key="waiting")
        uow.session.flush()
        for row in uow.session.query(OutboxRow):
            row.state, row.error = STATES.get(str(row.payload.get("text")), ("todo", "The portal cannot be reached."))
        stopped = {"id": "1", "entity_type_id": 2, "entity_id": "102", "since": uow.now.isoformat(), "why": "refused"}
        fact = InboxRow(source="telegram", key="7", lane="telegram:7", payload={"update_id": 7}, state="poison")
        fact.error = "Traceback…\nKeyError: 'chat'"
        uow.session.add_all([fact, Gate(name="operating:crm.item.list", at=uow.now.timestamp() + 600, calls=470)])
        reports.write(uow, "workflows", {"looked_at": 1, "stuck": [stopped]})
        reports.write(uow, "telegram", BACKLOG)
        limits = {"bitrix24": {"rate": 2.0, "burst": 50}, "telegram": {"rate": 30.0}}
        reports.write(uow, "limits", limits)
        reports.write(uow, "offline", {"mode": "queue", "parked": 2})
        uow.session.query(Portal).update({"trouble": "owner: no_admin"})
        uow.session.query(OutboxRow).update({"created_at": uow.now - timedelta(hours=5)})
    return site


def health(opened: Open, **look: object) -> Opened:
    """Open the page."""
    tab = opened("overview", **look)
    tab.app.get_by_role("button", name=HEALTH[str(look.get("language", "ru"))], exact=True).click()
    expect(tab.app.locator("[aria-current=page]")).to_have_text(HEALTH[str(look.get("language", "ru"))])
    expect(tab.app.locator("[aria-busy]")).to_have_count(0)
    return tab


@pytest.mark.parametrize("look", shown(LOOKS))
def test_all_troubles_at_once_are_readable(troubled: Site, opened: Open, look: tuple[str, bool, int]) -> None:
    """However much is wrong, the page keeps inside its frame and breaks no rule of WCAG AA."""
    language, dark, width = look
    tab = health(opened, width=width, dark=dark, language=language)
    tab.page.wait_for_timeout(150)
    tab.picture(f"health-troubled-{language}-{'dark' if dark else 'light'}-{width}")
    assert (tab.overflow() <= 0, tab.faults, broken_rules(tab)) == (True, [], [])


def test_every_decision_is_taken_by_its_button(troubled: Site, opened: Open) -> None:
    """It arrived, send again, give up, try again: each press changes its own row, says so, and takes it off the page."""
    arrived, again, given_up = STATES
    tab = health(opened)
    for text, button, said in (
        (arrived, "Дошло", "Отмечено как доставленное."),
        (again, "Отправить заново", "Отправляется ещё раз."),
    ):
        row_of(tab, text).get_by_role("button", name=button).click()
        expect(tab.app.get_by_role("status")).to_have_text(said)
        expect(row_of(tab, text)).to_have_count(0)
    refused = row_of(tab, given_up)
    refused.locator("details.ask > summary").click()
    refused.get_by_role("button", name="Снять с отправки").click()
    expect(refused).to_have_count(0)
    set_aside = row_of(tab, "KeyError")
    set_aside.get_by_role("button", name="Попробовать снова").click()
    expect(set_aside.get_by_role("button")).to_have_count(0)
    with troubled.transactions() as uow:
        states = [row.state for row in uow.session.query(OutboxRow).order_by(OutboxRow.id)]
        fact = uow.session.query(InboxRow).filter_by(key="7").one()
        assert (states[:3], fact.state) == (["done", "todo", "dropped"], "todo")


def row_of(tab: Opened, text: str) -> Locator:
    """Give the entry of a list that holds a text."""
    return tab.app.locator("ul.list > li").filter(has_text=text)
