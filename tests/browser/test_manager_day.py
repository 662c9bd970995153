"""A manager's day inside the portal, in Russian and once in Uzbek: everything is decided on our pages and cards, nothing elsewhere.

Buyer and factory act over HTTP as their phones would; the manager's screens are real. Pictures go to build/pictures, or where
PICTURES says.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

import psycopg
import pytest
import requests
from playwright.sync_api import Browser, FrameLocator, Locator, expect

from sandbox import plot
from sandbox.stack import Stack
from sandbox.story import Story
from sandbox.visitors import control, until
from sandbox.witness import COMPANY, DEAL, LEAD
from tests.browser.worlds import PATIENCE, PortalDesk
from tests.conftest import PROJECT
from tests.functional.stacks import running

PICTURES = PROJECT / os.environ.get("PICTURES", "build/pictures")
CONTACT = 3
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


class Day:
    """The manager at the portal, and the people who write to him from their phones."""

    def __init__(self, browser: Browser, stack: Stack, language: str) -> None:
        self.stack, self.language = stack, language
        self.story = Story(stack)
        self.manager = PortalDesk(browser, stack.portal_url)

    def picture(self, name: str) -> None:
        """Keep what the manager sees."""
        self.manager.picture(PICTURES / f"day-{self.language}-{name}.png")

    def install(self) -> None:
        """The questions before the installation: language, a manager, the difference; then every step, live, to the end."""
        self.manager.go(f"/marketplace/app/{self.stack.app_id}/")
        frame = self.manager.page.frame_locator("#application iframe.app")
        frame.locator('[name="card_language"]').select_option(self.language)
        frame.locator('[name="role.1"]').select_option("manager")
        expect(frame.locator(".difference").first).to_be_visible()
        expect(frame.locator("li.ok", has_text="Наш адрес отвечает")).to_be_visible()
        self.picture("install")
        frame.locator("#questions button").click()
        expect(frame.locator("#section-view")).to_be_visible(timeout=60_000)
        frame.locator('nav button[hx-get$="/settings"]').click()
        frame.locator('#do-choose_look [name="language"]').select_option(self.language)
        frame.locator("#do-choose_look button").click()
        expect(frame.locator("#section-view .notice")).to_be_visible()
        self.picture("settings")

    def open(self, section: str, number: str) -> FrameLocator:
        """Open our tab on a card: the last of the card's tabs."""
        self.manager.go(f"/crm/{section}/details/{number}/")
        return self._tab_here()

    def approve_a_lead(self) -> None:
        """One answer goes back with a reason, the buyer mends exactly that, the second look approves."""
        self.story.ivan_registers()
        tab = self.open("lead", self.story.lead_id)
        answer = tab.locator(".answer", has=tab.locator('[name="reason.website"]'))
        answer.locator(".mark").click()
        answer.locator('[name="reason.website"]').fill("Сайт не открывается")
        self.picture("lead-returned")
        tab.locator('#do-return_company button[type="submit"], #do-return_company').last.click()
        expect(tab.locator("#section-questionnaire .notice")).to_be_visible()
        self.story.ivan.wait_for("Сайт не открывается")
        self.story.ivan.open_app()
        self.story.ivan.do("correct_questionnaire", **{"q.website": "https://moda-torg-2.example"})
        world = self.story.world
        until("the mended answer on the lead", lambda: "moda-torg-2" in str(world.item(LEAD, self.story.lead_id)))
        tab = self.open("lead", self.story.lead_id)
        tab.locator("#do-approve_company").click()
        expect(tab.locator(".badge-good").first).to_be_visible()
        until("the buyer's company", lambda: world.newest(COMPANY, "Мода Торг"))

    def audit_a_factory(self) -> None:
        """Documents accepted one by one, the visit noted, every line scored, the verdict given: the factory has its badge."""
        self.story.abc_registers()
        tab = self.open("company", self.story.company_id)
        tab.locator("#do-approve_company").click()
        expect(tab.locator("#do-approve_company")).to_have_count(0)
        self._grant(tab)
        tab.locator("#section-audits summary").first.click()
        tab.locator("#do-request_audit button").click()
        expect(tab.locator("#section-audits .notice")).to_be_visible()
        path = until("the audit in the CRM", self._audit_path)
        self._send_documents()
        self.manager.go(path)
        frame = self._tab_here()
        accept = frame.locator('[id^="do-accept_document-"]:not([id$="-error"])')
        expect(accept.first).to_be_visible()
        self.picture("audit-documents")
        while accept.count():
            left = accept.count()
            accept.first.click()
            expect(accept).to_have_count(left - 1)
        frame.locator('#do-record_visit [name="note"]').fill("Чисто, линии работают")
        frame.locator("#do-record_visit button").click()
        expect(frame.locator("#do-save_scores")).to_be_visible()
        for line in frame.locator("#do-save_scores fieldset").all():
            line.locator('label:has(input[value="4"])').click()
        self.picture("audit-scoring")
        frame.locator("#do-save_scores button").click()
        verdict = frame.locator("#do-decide_audit")
        expect(verdict).to_be_visible()
        verdict.locator('[name="conclusion"]').fill("Фабрика готова к экспорту")
        self.picture("audit-verdict")
        verdict.locator("button").click()
        expect(frame.locator("#section-checklist .banner")).to_be_visible()
        tab = self.open("company", self.story.company_id)
        expect(tab.locator("#section-profile .badge-good").first).to_be_visible()
        self.picture("badge")

    def publish_a_lot(self) -> None:
        """Original beside what factories will see; one press publishes, and the matches come with their reasons."""
        tab = self.open("deal", self.story.deal_id)
        self.picture("lot")
        tab.locator("#do-approve_lot").click()
        expect(tab.locator("#section-matches")).to_contain_text("ABC Textiles", timeout=PATIENCE)
        self.picture("matches")

    def weigh_anew(self) -> None:
        """Other weights are tried on the lots there are before they are put in force, and the change is taken back."""
        desk = self._desk("weights")
        for code, more in (("capacity", 5), ("lead_time", -5)):
            field = desk.locator(f'[name="weight.{code}"]')
            field.fill(str(int(field.input_value()) + more))
        desk.locator("#preview").click()
        expect(desk.locator("#section-weights_preview .places").first).to_contain_text("ABC Textiles")
        self.picture("weights")
        desk.locator("#do-save_weights").click()
        expect(desk.locator("#section-view .notice")).to_be_visible()
        desk.locator("#do-restore_weights").click()
        expect(desk.locator("#section-view .notice")).to_be_visible()

    def read_the_reports(self) -> None:
        """The funnel shows the day's lot, and both files of the reports come down to the manager's disk."""
        desk = self._desk("report_lots")
        expect(desk.locator("table").first).to_be_visible()
        self.picture("reports")
        for kind, begins in (("xlsx", b"PK"), ("pdf", b"%PDF")):
            with self.manager.page.expect_download() as coming:
                desk.locator(f"#export-{kind}").click()
            assert coming.value.path().read_bytes().startswith(begins)

    def decide_on_the_timeline(self) -> None:
        """The first offer is declined and the better one allowed, both by the buttons of their cards."""
        for price, press in (("3.90", 1), ("3.05", 0)):
            self._offer(price)
            card = until("the offer's card", self._open_card)
            self.manager.go(f"/crm/deal/details/{self.story.deal_id}/")
            shown = self.manager.page.locator("#feed .entry", has_text=price.replace(".", ",")).first
            shown.scroll_into_view_if_needed()
            self.picture(f"offer-{price}")
            shown.locator("[data-press]").nth(press).click()
            until("the card to close", partial(self._is_done, card))
        self.story.ivan.wait_for("предложени")

    def decide_on_the_contact(self) -> None:
        """The factory asks for another name; its contact shows both, and one press lets the new one count."""
        self.story.abc.open_app()
        self.story.abc.do("edit_profile", changed="company", **{"q.company": "ABC Textiles Global"})
        admin, wanted = self.stack.employee(1), {"companyId": self.story.company_id}
        [contact] = admin.rest("crm.item.list", entityTypeId=CONTACT, filter=wanted)["items"]
        tab = self.open("contact", contact["id"])
        expect(tab.locator("#section-questionnaire")).to_contain_text("ABC Textiles Global")
        self.picture("contact")
        tab.locator('[id^="do-decide_change-"]').first.click()
        expect(tab.locator("#section-questionnaire .notice")).to_be_visible()
        world = self.story.world
        until("the new name in the CRM", lambda: world.newest(COMPANY, "ABC Textiles Global"))

    def configure_the_automation(self) -> None:
        """Two of our robots and one of the portal go on Published; the settings of ours open in the designer and are kept with the rule."""
        category = self.story.world.item(DEAL, self.story.deal_id)["categoryId"]
        task = {"title": "Фабрики молчат, время вышло: {=W2:timed_out}", "responsible": "1"}
        robots = [
            {"code": "notify_factories", "id": "W1", "app_id": self.stack.app_id},
            {"code": "wait_for_reply", "id": "W2", "app_id": self.stack.app_id, "timeout_seconds": 7200},
            {"code": "add_task", "id": "W3", "properties": task, "after_previous": True},
        ]
        stage = f"C{category}:PUBLISHED"
        wanted = {"entity": "deal", "stage": stage, "robots": robots}
        control("POST", f"{self.stack.portal_url}/sandbox/automation", wanted)
        self.manager.go(f"/crm/deal/automation/{category}/")
        titles = {"ru": ("Сообщить фабрикам о лоте", "Ждать ответа"), "uz": ("Lot haqida fabrikalarga", "Javob kutish")}
        for title in titles[self.language]:
            expect(self.manager.page.get_by_text(re.compile(title)).first).to_be_visible()
        self.picture("automation")
        form = self._settings_of(stage, 0)
        form.locator('[name="all"][value="no"]').check()
        form.locator('[name="limit"]').fill("25")
        self.picture("robot-settings")
        self._keep_settings()
        form = self._settings_of(stage, 1)
        form.locator('[name="hours"]').fill("1")
        self._keep_settings()
        placed = control("GET", f"{self.stack.portal_url}/sandbox/automation?entity=deal")["stages"]
        kept = {row["code"]: row["properties"] for stage in placed for row in stage["robots"]}
        assert kept["notify_factories"] == {"limit": "25", "minimum_score": "0"}
        assert kept["wait_for_reply"] == {"who": "factory", "hours": "1", "minutes": "0"}

    def find_the_task(self) -> None:
        """The factories kept silent for the hour that the rule waits: the portal's own robot made the manager a task on the lot's deal."""
        log = f"{self.stack.portal_url}/sandbox/automation/log"
        until("the rule to wait", lambda: "W2" in str(control("GET", log)))
        until("the wait to be known", partial(self._hours_pass, 1))
        self.manager.go("/company/personal/user/1/tasks/")
        made = self.manager.page.locator("[data-task]", has_text="Фабрики молчат, время вышло: Y")
        expect(made).to_be_visible(timeout=PATIENCE)
        expect(made.locator(f'a[href*="/crm/deal/details/{self.story.deal_id}/"]')).to_be_visible()
        self.picture("task")

    def _hours_pass(self, hours: int) -> bool:
        """Let time go by for the portal and for those who wait; answers whether anybody does."""
        passed = "UPDATE robot_waits SET until = until - %s * interval '1 hour' WHERE state = 'open'"
        with psycopg.connect(self.stack.environment["DATABASE_URL"]) as connection:
            waiting = connection.execute(passed, (hours,)).rowcount > 0
        if waiting:
            control("POST", f"{self.stack.portal_url}/sandbox/clock", {"advance_seconds": hours * 3600})
        return waiting

    def _settings_of(self, stage: str, place: int) -> Locator:
        self.manager.page.locator(f'[data-stage="{stage}"] [data-robot="{place}"]').click()
        return self.manager.page.frame_locator("iframe.app").locator("form[data-robot]")

    def _keep_settings(self) -> None:
        self.manager.page.locator("form .button--main[type=submit]").click()
        expect(self.manager.page.locator("iframe.app")).to_have_count(0)

    def _desk(self, view: str) -> FrameLocator:
        self.manager.go(f"/marketplace/app/{self.stack.app_id}/")
        frame = self.manager.page.frame_locator("#application iframe.app")
        frame.locator(f'nav button[hx-get$="/{view}"]').click()
        expect(frame.locator(f'nav button[aria-current][hx-get$="/{view}"]')).to_be_visible()
        return frame

    def _grant(self, tab: FrameLocator) -> None:
        form = tab.locator("#do-grant")
        form.locator('[name="service"]').select_option("subscription_6m")
        form.locator('[name="until"]').fill(plot.in_days(datetime.now(UTC).date(), 180))
        form.locator('[name="reason"]').fill("Первые полгода")
        form.get_by_role("button").click()
        expect(tab.locator("#section-rights .notice")).to_be_visible()

    def _audit_path(self) -> str:
        fresh = self.open("company", self.story.company_id)
        found = fresh.locator("#section-audits a[data-path]")
        expect(fresh.locator("#section-audits")).to_be_visible()
        return (found.first.get_attribute("data-path") or "") if found.count() else ""

    def _tab_here(self) -> FrameLocator:
        tab = self.manager.page.get_by_role("tab").last
        tab.click()
        return self.manager.page.frame_locator(f"#{tab.get_attribute('aria-controls')} iframe.app")

    def _send_documents(self) -> None:
        """Send every document that is asked for, as the factory's phone would."""
        opened = self.story.abc.act("open_webapp", menu=True)
        base = self.stack.app_url
        session = requests.post(f"{base}/app/session", json={"init_data": opened["init_data"]}, timeout=20).json()
        headers = {"X-Session": session["token"]}
        page = requests.get(f"{base}/app/audit", headers=headers, timeout=20).text
        audit_id = re.search(r'name="audit_id" value="(\d+)"', page)
        assert audit_id, page[:500]
        for code in dict.fromkeys(re.findall(r'name="code" value="(\w+)"', page)):
            files = {"file": (f"{code}.pdf", PDF, "application/pdf")}
            kept = requests.post(f"{base}/app/files", files=files, headers=headers, timeout=20)
            assert kept.ok, kept.text
            form = {"audit_id": audit_id[1], "code": code, "files": str(kept.json()["id"])}
            sent = requests.post(f"{base}/app/act/send_audit_document", data=form, headers=headers, timeout=20)
            assert sent.ok, sent.text

    def _listed(self) -> re.Match[str] | None:
        return re.search(r"/app/tenders/(\d+)", self.story.abc.screen("/app/tenders").text)

    def _offer(self, price: str) -> None:
        self.story.abc.open_app()
        typed = {f"q.{code}": value for code, value in {**plot.offer(), "price.amount": price}.items()}
        listed = until("the lot among the factory's", self._listed, 90)
        self.story.abc.do("submit_offer", lot_id=listed[1], **typed)

    def _open_card(self) -> str:
        cards = self.story.world.cards(self.story.deal_id)
        return str(cards[-1]["ID"]) if cards else ""

    def _is_done(self, card: str) -> bool:
        return card not in {str(one["ID"]) for one in self.story.world.cards(self.story.deal_id)}


@pytest.fixture(params=["ru", "uz"])
def day(browser: Browser, database_url: str, request: pytest.FixtureRequest) -> Iterator[Day]:
    """A portal on which nothing is installed, in one language."""
    with running(database_url) as stack:
        yield Day(browser, stack, request.param)


@pytest.mark.long
@pytest.mark.timeout(300)
def test_a_manager_s_day(day: Day) -> None:
    """From the installation to the exported reports the manager finds every decision on our pages and cards, and no page fails."""
    day.install()
    day.approve_a_lead()
    day.audit_a_factory()
    day.story.ivan_places_a_lot()
    day.configure_the_automation()
    day.publish_a_lot()
    day.weigh_anew()
    day.find_the_task()
    day.decide_on_the_timeline()
    day.decide_on_the_contact()
    day.read_the_reports()
    assert day.manager.faults == []
