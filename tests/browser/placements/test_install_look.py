"""The installation wizard and the page of the Contact Center in every state: inside their frame, readable, never at a dead end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from flask import Flask, Response
from playwright.sync_api import Browser, Page, expect

from b24app import assets
from b24app.bitrix24.enrolment import Enrolled
from b24app.bitrix24.install import progress
from b24app.bitrix24.install.progress import Line, Progress
from b24app.errors import GatewayError, NotAllowed, Retryable
from b24app.services import settings as stored
from placements import install, install_connector
from storage.unit_of_work import Transactions
from tests.browser.looks import shown
from tests.browser.placements.conftest import HERE, Opened, settings_for
from tests.browser.placements.test_look import broken_rules
from tests.contract.bitrix24.conftest import NoBots
from tests.contract.placements.conftest import Portal, Somebody
from tests.contract.placements.world import APPLICATION_TOKEN, MEMBER_ID, Marketplace
from tests.serving import serving

LOOKS = shown(
    [
        ("ru", False, 1180),
        ("uz", True, 320),
        ("en", True, 1180),
        ("ru", False, 320),
        ("uz", False, 1180),
    ]
)
LINES = (
    Line("pipeline:orders", "Заказы", "add"),
    Line("stage:orders.published", "Опубликован", "change"),
    Line("field:lead.questionnaire", "Анкета покупателя целиком, со всеми разделами и повторами", "adopt"),
    Line("robot:publish_lot", "Опубликовать лот", "add"),
    Line("placement:old_tab", "Прежняя вкладка", "remove"),
)
CHECKS = (
    {"code": "plan", "level": "ok", "detail": ""},
    {"code": "scopes", "level": "fault", "detail": "crm, bizproc, imopenlines"},
    {"code": "offline_events", "level": "warning", "detail": ""},
)
OFFERS = {
    "lines": [["1", "Маркетплейс"], ["7", "Открытая линия отдела сопровождения экспортных поставок"]],
    "employees": [["1", "Ольга Смирнова"], ["7", "Константин Константинопольский"], ["9", "Анна Котова"]],
}


def half_done(state: str, error: str = "") -> tuple[Line, ...]:
    """Give the steps with the first two behind us and the third in a state."""
    first, second, third, *rest = LINES
    done = [replace(line, state="done") for line in (first, second)]
    return (*done, replace(third, state=state, error=error), *rest)


STATES = {
    "looking": Progress("looking"),
    "asking": Progress("asking", LINES, checks=CHECKS, offers=OFFERS),
    "settled": Progress("asking", checks=CHECKS[:1], offers=OFFERS),
    "running": Progress("running", half_done("waiting"), checks=CHECKS[:1]),
    "failed": Progress(
        "failed", half_done("failed", "ACCESS_DENIED: Not on this plan"), error="Bitrix24: ACCESS_DENIED", checks=CHECKS
    ),
    "marked": Progress(
        "done",
        (
            *(replace(line, state="done") for line in LINES[:4]),
            replace(LINES[4], state="failed", error="Not on this plan"),
        ),
    ),
    "done": Progress("done", tuple(replace(line, state="done") for line in LINES), checks=CHECKS[:1]),
}


@dataclass
class Outside:
    """Whoever proves launches, works and connects lines: does as it is told."""

    portal_url: str = ""
    language: str = "ru"
    refusal: Exception | None = None
    asked: list[str] = field(default_factory=list)

    def admit(self, _launch: Any) -> Enrolled:
        """Believe a launch unless told otherwise."""
        if self.refusal:
            raise self.refusal
        return Enrolled(1, f"{self.portal_url}/rest/", self.language, "1")

    def connect_line(self, line_id: str, _actor: str) -> None:
        """Take a line unless told otherwise."""
        self.asked.append(line_id)
        if self.refusal:
            raise self.refusal


@dataclass
class Wizard:
    """The pages with a portal's window around them."""

    url: str
    outside: Outside
    portal: Portal
    transactions: Transactions
    browser: Browser
    pages: list[Page] = field(default_factory=list)

    def at(self, state: str) -> None:
        """Let an installation be in a state."""
        with self.transactions() as uow:
            progress.write(uow, STATES[state], uow.now)

    def open(self, path: str, language: str = "ru", width: int = 1180, *, dark: bool = False) -> Opened:
        """Open one of the pages as the administrator who likes it so."""
        self.outside.language = language
        with self.transactions() as uow:
            stored.put(uow, "desk_look:1", f"{language},{'dark' if dark else 'light'}", "user/1")
        page = self.browser.new_page(viewport={"width": width, "height": 900}, device_scale_factor=1)
        self.pages.append(page)
        opened = Opened(page, page.frame_locator("iframe"))
        page.on("pageerror", lambda error: opened.faults.append(str(error)))
        page.goto(f"{self.outside.portal_url}/host")
        page.evaluate("start", self._launch(path, language))
        opened.app.locator("h1, strong").first.wait_for()
        return opened

    def _launch(self, path: str, language: str) -> dict[str, Any]:
        host = self.outside.portal_url.removeprefix("http://")
        fields = {
            "AUTH_ID": "admin",
            "AUTH_EXPIRES": "3600",
            "REFRESH_ID": "r",
            "SERVER_ENDPOINT": "https://oauth.example/rest/",
            "APPLICATION_TOKEN": APPLICATION_TOKEN,
            "member_id": MEMBER_ID,
            "PLACEMENT": "SETTING_CONNECTOR" if "connector" in path else "DEFAULT",
            "PLACEMENT_OPTIONS": '{"LINE": 7}',
        }
        action = f"{self.url}{path}?DOMAIN={host}&PROTOCOL=0&LANG={language}&APP_SID=sid1"
        return {"action": action, "fields": fields, "sid": "sid1", "token": "admin", "expires": 3600}


@pytest.fixture
def wizard(transactions: Transactions, browser: Browser) -> Iterator[Wizard]:
    """The installation page and the connector's on a free port, with a database of their own."""
    app = Flask("install-tests", static_folder=None)
    portal = Portal({"admin": Somebody("1", "Ольга Смирнова", True), "other": Somebody("9", "Анна Котова", False)})
    with serving(app) as url:
        outside = Outside(portal_url=url.replace("127.0.0.1", "localhost"))
        kept: Any = outside
        app.register_blueprint(
            install.create_blueprint(
                settings=settings_for(url),
                transactions=transactions,
                enrolment=kept,
                start=outside.asked.append,
                bots=NoBots(),
            )
        )
        app.register_blueprint(
            install_connector.create_blueprint(
                transactions=transactions, confirm_visitor=portal, connect_line=outside.connect_line
            )
        )
        app.register_blueprint(assets.create_blueprint())
        window = (HERE / "host.html").read_text("utf-8")
        app.add_url_rule("/host", view_func=lambda: Response(window, mimetype="text/html"))
        Marketplace(transactions).install()
        made = Wizard(url, outside, portal, transactions, browser)
        yield made
        for page in made.pages:
            page.close()


def calm(opened: Opened) -> tuple[bool, list[str], list[str]]:
    """Give whether a page keeps inside its frame, what it complained of, and which accessibility rules it breaks."""
    return opened.overflow() <= 0, opened.faults, broken_rules(opened)


@pytest.mark.parametrize(("language", "dark", "width"), LOOKS)
def test_the_wizard_in_every_state(wizard: Wizard, language: str, dark: bool, width: int) -> None:
    """Looking, asking with a difference and without, working, stopped, ready with marks and ready: one page follows it all."""
    look = f"{language}-{'dark' if dark else 'light'}-{width}"
    opened = wizard.open("/install", language, width, dark=dark)
    shown_as = opened.app.locator("#progress .state").first
    for state in STATES:
        before = shown_as.inner_text()
        wizard.at(state)
        if state != "looking":
            expect(shown_as).not_to_have_text(before)
        opened.picture(f"install-{state}-{look}")
        assert calm(opened) == (True, [], []), state
        if state in {"asking", "settled", "failed", "marked"}:
            # Nothing is followed any more until somebody acts; the next state is what he would see then.
            opened = wizard.open("/install", language, width, dark=dark)
            shown_as = opened.app.locator("#progress .state").first


def test_a_press_of_the_wizard_never_vanishes(wizard: Wizard) -> None:
    """Without a connection the wizard says so and can be pressed again; with answers it goes on, and a page that is too old says that."""
    opened = wizard.open("/install")
    wizard.at("asking")
    install_it, said = opened.app.get_by_role("button", name="Установить"), opened.app.locator("[data-said]")
    expect(install_it).to_be_visible()
    opened.page.route("**/install/begin", lambda route: route.abort())
    install_it.click()
    expect(said).to_contain_text("Нет связи")
    expect(install_it).to_be_enabled()
    opened.picture("install-unsent")
    opened.page.unroute("**/install/begin")
    install_it.click()
    expect(opened.app.locator("#progress .state").first).to_contain_text("Ждём")
    assert wizard.outside.asked[-1] == "apply_installation"
    assert opened.heard("resizeWindow")
    opened.page.route("**/install/progress", lambda route: route.fulfill(status=403, body=""))
    expect(opened.app.locator("#said")).to_contain_text("слишком долго")


def test_a_wizard_that_nobody_works_for_says_so(wizard: Wizard) -> None:
    """After two minutes without a word of the work the page tells what to look at and lets it begin anew."""
    opened = wizard.open("/install")
    with wizard.transactions() as uow:
        progress.write(uow, STATES["running"], uow.now - progress.STALE)
    expect(opened.app.locator(".fault").first).to_contain_text("worker")
    opened.picture("install-stalled")
    opened.app.locator("#again").click()
    expect(opened.app.locator("#progress .state").first).to_contain_text("Смотрим")
    assert wizard.outside.asked.count("look_at_portal") == 2


@pytest.mark.parametrize(("language", "dark", "width"), LOOKS)
def test_the_connector_page_in_every_state(wizard: Wizard, language: str, dark: bool, width: int) -> None:
    """The line is connected; a portal that refused is asked again with one press; who may not connect is told who may."""
    look = f"{language}-{'dark' if dark else 'light'}-{width}"
    wizard.outside.refusal = Retryable("503")
    opened = wizard.open("/install/connector", language, width, dark=dark)
    opened.picture(f"connector-failed-{look}")
    assert calm(opened) == (True, [], [])
    wizard.outside.refusal = None
    opened.app.get_by_role("button").click()
    expect(opened.app.get_by_role("button")).to_have_count(0)
    opened.picture(f"connector-connected-{look}")
    assert (calm(opened), wizard.outside.asked) == ((True, [], []), ["7", "7"])
    wizard.portal.known["admin"] = wizard.portal.known["other"]
    opened = wizard.open("/install/connector", language, width, dark=dark)
    opened.picture(f"connector-refused-{look}")
    assert (calm(opened), wizard.outside.asked) == ((True, [], []), ["7", "7"])


@pytest.mark.parametrize("refusal", [NotAllowed(code="not_admin"), Retryable("503")])
def test_a_launch_that_is_not_believed_gets_words(wizard: Wizard, refusal: Exception) -> None:
    """Who may not install is told who may; when the portal cannot be asked, one press tries again."""
    wizard.outside.refusal = refusal
    opened = wizard.open("/install", width=320)
    opened.picture(f"install-{type(refusal).__name__.lower()}-320")
    assert calm(opened) == (True, [], [])
    again = opened.app.get_by_role("button")
    assert again.count() == isinstance(refusal, GatewayError)
    if again.count():
        wizard.outside.refusal = None
        again.click()
        expect(opened.app.locator("#progress")).to_be_visible()
