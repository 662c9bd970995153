"""`make story`: the main story of the product from end to end, through HTTP only.

Starts everything on free ports, plays Ivan, ABC Textiles and the manager, and after each step prints what the portal and Telegram
now hold. Exits 0 only if all of it is there. The functional tests play the same story.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sandbox import plot
from sandbox.hands import enter, fill, first_listed, press
from sandbox.processes import StartFailed
from sandbox.stack import Options, Stack
from sandbox.telegram.demo import ABC_DIRECTOR, IVAN
from sandbox.visitors import Employee, Failed, Frame, Telegrammer, control, until
from sandbox.witness import COMPANY, DEAL, LEAD, Item, Witness, all_in, expect, short, value_of


class Story:
    """The people, and each chapter as a method that answers what may be said of it."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.manager: Employee = stack.employee()
        self.ivan: Telegrammer = stack.telegrammer(IVAN)
        self.abc: Telegrammer = stack.telegrammer(ABC_DIRECTOR)
        self.world = Witness(stack)
        self.lead_id = self.company_id = self.deal_id = ""

    def chapters(self) -> list[tuple[str, Callable[[], list[str]]]]:
        """Give the story in order."""
        return [
            ("The administrator installs the application", self.install),
            ("Ivan registers as a buyer, in Russian", self.ivan_registers),
            ("The manager approves Ivan's questionnaire", self.manager_approves_ivan),
            ("ABC Textiles registers as a factory, in Uzbek", self.abc_registers),
            ("The manager accepts ABC, grants verification and subscription by hand", self.manager_grants),
            ("Ivan places a lot", self.ivan_places_a_lot),
            ("The manager approves the lot; it is published, numbered and anonymous", self.manager_publishes),
            ("ABC answers the lot; Ivan sees nothing yet", self.abc_offers),
            ("The manager allows contact on the card of the deal's timeline", self.manager_allows),
            ("They talk; contacts are masked, everything is mirrored", self.they_talk),
            ("The manager answers from the open line", self.manager_answers),
            ("Ivan awards the order; the deal moves to Contract", self.ivan_awards),
        ]

    # --- chapters -------------------------------------------------------------------------------------------------

    def install(self) -> list[str]:
        """The portal holds what app.yaml declares."""
        page = self.stack.install()
        categories = self.manager.rest("crm.category.list", entityTypeId=DEAL)["categories"]
        return [f"pipelines: {', '.join(c['name'] for c in categories)}", f"the page says: {page[-300:]}"]

    def ivan_registers(self) -> list[str]:
        """A lead with every answer stands in the CRM and the manager is notified."""
        enter(self.ivan, "Русский", "buyer")
        fill(self.ivan, "buyer", plot.BUYER, processing="true", marketing="true")
        lead = until("Ivan's lead in the CRM", lambda: self.world.newest(LEAD, "Мода Торг"))
        self.lead_id = str(lead["id"])
        answers = self.world.answers(lead)
        expect("every answer in the lead", len(answers) >= 15, answers)
        notices = until("the manager's notification", self.world.notifications)
        return [
            f"lead {lead['id']}: {lead['title']}, {len(answers)} custom fields filled",
            f"notification: {notices[-1]}",
        ]

    def manager_approves_ivan(self) -> list[str]:
        """The lead becomes a contact and a company, Ivan is told."""
        frame = until(
            "Ivan's answers on the tab", lambda: self._tab("CRM_LEAD_DETAIL_TAB", "Летниковская", self.lead_id)
        )
        press(frame, "approve_company")
        company = until("Ivan's company in the CRM", lambda: self.world.newest(COMPANY, "Мода Торг"))
        told = self.ivan.wait_for("анкета одобрена")
        return [f"company {company['id']}: {company['title']}", f"Ivan reads: {short(told)}"]

    def abc_registers(self) -> list[str]:
        """A company stands in the CRM, unverified and unpublished."""
        enter(self.abc, "Oʻzbekcha", "factory")
        fill(self.abc, "factory", plot.FACTORY, processing="true")
        company = until("ABC in the CRM", lambda: self.world.newest(COMPANY, "ABC Textiles"))
        self.company_id = str(company["id"])
        return [f"company {company['id']}: {company['title']}, {len(self.world.answers(company))} custom fields filled"]

    def manager_grants(self) -> list[str]:
        """The factory is accepted, verified and subscribed, each grant with date and reason."""
        frame = self.manager.open("CRM_COMPANY_DETAIL_TAB", ID=self.company_id)
        press(frame, "approve_company")
        until_day = plot.in_days(datetime.now(UTC).date(), 180)
        for service in ("verification", "subscription_6m"):
            press(frame, "grant", service=service, until=until_day, reason="Проверена на месте, первые полгода")
        return [f"the factory reads: {short(self.abc.messages()[-1])}"]

    def ivan_places_a_lot(self) -> list[str]:
        """A deal stands in Orders at stage Moderation."""
        self.ivan.open_app()
        fill(self.ivan, "lot", plot.lot(), client_key="story-1")
        deal = until("the lot's deal", lambda: self.world.newest(DEAL, ""))
        self.deal_id = str(deal["id"])
        return [f"deal {deal['id']}: {deal['title']}, stage {deal['stageId']}"]

    def manager_publishes(self) -> list[str]:
        """The channel shows the lot without its buyer; the matching factory has a private message."""
        frame = self.manager.open("CRM_DEAL_DETAIL_TAB", ID=self.deal_id)
        press(frame, "approve_lot")
        post = until("the post in the tender channel", self._channel_post)
        text = str(post["text"])
        for secret in ("Петров", "Мода", plot.IVAN_PHONE, plot.IVAN_EMAIL):
            expect(f"no {secret!r} in the channel", secret not in text, text)
        private = self.abc.wait_for("20")
        stage = until("the deal at Published", lambda: self.world.at_stage(self.deal_id, "PUBLISHED"))
        return [f"channel: {short(post)}", f"ABC reads: {short(private)}", f"deal: {stage}"]

    def abc_offers_quietly(self) -> None:
        """ABC fills in the offer and submits it; nothing is looked at."""
        self.abc.open_app()
        self._submit_offer()

    def abc_offers(self) -> list[str]:
        """The deal's timeline shows a card with two buttons; nothing reached Ivan."""
        before = len(self.ivan.messages())
        self.abc_offers_quietly()
        card = until("the card on the timeline", self._card)
        expect("nothing told to Ivan", len(self.ivan.messages()) == before, self.ivan.messages()[-1])
        stage = until("the deal at Offers", lambda: self.world.at_stage(self.deal_id, "OFFERS"))
        return [f"card {card['ID']}: {card['SUBJECT'] or 'offer'}", f"deal: {stage}"]

    def manager_allows(self) -> list[str]:
        """Ivan is told and can open the conversation."""
        card = until("the card on the timeline", self._card)
        self.world.press_card(card["ID"], "allow")
        told = self.ivan.wait_for("предложени")
        stage = until("the deal at Negotiation", lambda: self.world.at_stage(self.deal_id, "NEGOTIATION"))
        return [f"Ivan reads: {short(told)}", f"deal: {stage}"]

    def they_talk(self) -> list[str]:
        """What one writes the other reads, masked; the open line and the timeline hold both."""
        self.ivan.act("send", text=plot.IVAN_SAYS)
        heard = self.abc.wait_for("образец за неделю")
        expect("the phone is hidden", "555" not in str(heard["text"]), heard)
        self.abc.act("send", text=plot.ABC_SAYS)
        answered = self.ivan.wait_for("namuna 7 kunda")
        words = ("образец", "namuna")
        line = until("both messages in the open line", lambda: all_in(words, self.world.line_texts()))
        comments = until("both messages on the timeline", lambda: all_in(words, self.world.comments(self.deal_id)))
        return [
            f"ABC reads: {short(heard)}",
            f"Ivan reads: {short(answered)}",
            f"open line: {line}",
            f"timeline: {comments}",
        ]

    def manager_answers(self) -> list[str]:
        """The operator's words reach both on Telegram."""
        chat = until("the dialogue", lambda: self.world.dialogues() or None)[0]
        control(
            "POST",
            f"{self.stack.portal_url}/sandbox/openlines/{chat['chat_id']}/say",
            {"user_id": 1, "text": plot.MANAGER_SAYS},
        )
        words = "образец согласуем"
        return [f"Ivan reads: {short(self.ivan.wait_for(words))}", f"ABC reads: {short(self.abc.wait_for(words))}"]

    def ivan_awards(self) -> list[str]:
        """The order is a child deal at Contract; ABC is told."""
        self.ivan.open_app()
        screen = self.ivan.screen(f"/app/lots/{self._lot_of(self.ivan)}")
        offer_id = value_of(screen.text, "offer_id")
        self.ivan.do("award", offer_id=offer_id)
        order = until("the child deal", self._child_deal)
        stage = until("the lot's deal at Contract", lambda: self.world.at_stage(self.deal_id, "CONTRACT"))
        told = self.abc.wait_for("tanla")
        return [
            f"order deal {order['id']}: {order['title']}, {order['stageId']}",
            f"lot deal: {stage}",
            f"ABC reads: {short(told)}",
        ]

    # --- hands ----------------------------------------------------------------------------------------------------

    def _tab(self, placement: str, words: str, item_id: str) -> Frame | None:
        frame = self.manager.open(placement, ID=item_id)
        return frame if words in frame.page.plain() else None

    def _channel_post(self) -> Item | None:
        posts = self.world.channel_posts()
        return posts[-1] if posts else None

    def _card(self) -> Item | None:
        cards = self.world.cards(self.deal_id)
        return cards[-1] if cards else None

    def _child_deal(self) -> Item | None:
        newest = self.world.newest(DEAL)
        return newest if newest and str(newest["id"]) != self.deal_id else None

    def _lot_of(self, person: Telegrammer) -> str:
        """Give the lot's address number as the person's own list shows it."""
        return first_listed(person, "/app/lots" if person is self.ivan else "/app/tenders")

    def _submit_offer(self) -> None:
        typed = {f"q.{code}": value for code, value in plot.offer().items()}
        lot_id = self._lot_of(self.abc)
        self.abc.do("submit_offer", lot_id=lot_id, **typed)


def play(stack: Stack, say: Callable[[str], None], between: Callable[[int], None] | None = None) -> None:
    """Play every chapter, telling what the worlds then hold; `between` is called after each with its number."""
    story = Story(stack)
    for number, (title, chapter) in enumerate(story.chapters(), start=1):
        started = time.monotonic()
        seen = chapter()
        say(f"{number:>2}. {title}  ({time.monotonic() - started:.1f} s)")
        for line in seen:
            say(f"      {line}")
        if between:
            between(number)


def main(arguments: list[str]) -> int:
    """Run the command; answers the exit status."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.story", description=__doc__)
    parser.add_argument("--record", type=Path, help="leave both worlds' recordings in this folder")
    parser.add_argument("--limits", default="off", help="off, real, or a factor")
    parsed = parser.parse_args(arguments)
    started = time.monotonic()

    def say(line: str) -> None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    with tempfile.TemporaryDirectory(prefix="story-") as folder:
        options = Options(
            folder=Path(folder), record=parsed.record, limits=parsed.limits, database=f"story_{os.getpid()}"
        )
        try:
            with Stack(options) as stack:
                say(f"Everything runs after {time.monotonic() - started:.1f} s.")
                try:
                    play(stack, say)
                except Failed:
                    for name in ("web", "worker"):
                        sys.stderr.write(f"--- the end of {name}.log\n{stack.processes.log_end(name)}\n")
                    raise
        except (Failed, StartFailed) as error:
            sys.stderr.write(f"The story broke off: {error}\n")
            return 1
    say(f"The whole story is there. It took {time.monotonic() - started:.1f} s.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
