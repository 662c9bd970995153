"""Every screen at every width, theme and language: nothing sticks out, nothing breaks the rules of accessibility."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from b24app.services import companies, lot_changes, lots, messages, offers, people, profile_cards
from b24app.services.industries import pack
from b24app.services.spoken import Spoken, SpokenByManager
from storage.models import Audit, Conversation, Lot, Person
from storage.unit_of_work import UnitOfWork
from tests import factories
from tests.browser.looks import shown
from tests.browser.miniapp.conftest import Site
from tests.browser.miniapp.phones import ABC, IVAN, PICTURES, Phone
from tests.conftest import PROJECT

Open = Callable[..., Phone]
AXE = PROJECT / "static" / "node_modules" / "axe-core" / "axe.min.js"
BUYER = [
    "/app/",
    "/app/form/lot/product",
    "/app/form/lot/terms",
    "/app/form/lot/review",
    "/app/lots",
    "/app/lots/{lot}",
    "/app/lots/{lot}/shares",
    "/app/lots/{lot}/deadline",
    "/app/lots/{lot}/edit",
    "/app/lots/{returned}",
    "/app/lots/{returned}/corrections",
    "/app/lots/99999",
    "/app/catalogue/{factory}",
]
FACTORY = [
    "/app/",
    "/app/tenders",
    "/app/tenders/{lot}",
    "/app/tenders/{lot}/offer",
    "/app/offers",
    "/app/profile",
    "/app/audit",
    "/app/statistics",
]
BOTH = [
    "/app/chats",
    "/app/chats/{chat}",
    "/app/settings",
    "/app/team",
    "/app/orders",
    "/app/orders/{order}",
    "/app/notices",
    "/app/data",
    "/app/profile/edit",
    "/app/help",
    "/app/role",
    "/app/language",
]
# A pairwise subset of language × theme × width.
LOOKS = [
    ("ru", False, 320),
    ("uz", True, 1024),
    ("en", True, 390),
    ("uz", False, 320),
    ("ru", True, 320),
    ("en", False, 1024),
]


@pytest.fixture
def market(site: Site) -> dict[str, int]:
    """A published lot with two offers, one let through, and a conversation with words in it."""
    with site.transactions() as uow:
        ivan, buyer = factories.buyer(uow, str(IVAN["id"]))
        abc, maker = factories.factory(uow, str(ABC["id"]))
        until = uow.now.date() + timedelta(days=30)
        companies.grant(uow, buyer.id, "catalogue_access", until, reason="paid", actor="user/1")
        scores = {line.code: {"points": 3 + number % 3} for number, line in enumerate(pack().audit.checklist)}
        badge = Audit(
            company_id=maker.id, state="passed", requested_by="user/1", verdict="pass", score=82, scores=scores
        )
        badge.decided_at = uow.now
        uow.session.add(badge)
        rival, _ = factories.factory(uow, "2002", company="Buxoro Premium Trikotaj Eksport")
        lot = factories.lot(uow, ivan)
        for person in (abc, rival):
            answer = factories.offer(uow, person, lot)
            offers.allow(uow, answer.id, "user/1")
        thread = uow.session.scalars(select(Conversation).order_by(Conversation.id)).first()
        assert thread is not None
        for speaker in (abc, ivan):
            for turn, text in enumerate(("Assalomu alaykum! " * 12, "OK, +998 90 123 45 67")):
                messages.say(
                    uow, speaker, thread, Spoken(kind="text", text=text, source_key=f"{speaker.chat_id}:{turn}")
                )
        messages.say(
            uow,
            ivan,
            thread,
            Spoken(
                kind="text",
                text="Vaalaykum",
                source_key=f"{ivan.chat_id}:9",
                reply_to_outside_id="0",
                quote="Assalomu alaykum!",
            ),
        )
        send_cards(uow, thread)
        ids = {"lot": lot.id, "chat": thread.id, "factory": maker.id}
        return {**ids, **lots_under_way(uow, ivan, lot)}


def lots_under_way(uow: UnitOfWork, ivan: Person, lot: Lot) -> dict[str, int]:
    """Let a part of the lot be awarded, a change of it wait, and a second lot come back from the manager."""
    order = offers.award(uow, ivan, offers.of_lot(uow, lot.id)[0].id, 5000)
    lot_changes.revise(uow, ivan, lot.id, {"packaging": "Короб по 50 шт."}, ["packaging"])
    returned = factories.lot(uow, ivan, published=False, key="key-2")
    asked = [{"field": code, "reason": "Уточните, пожалуйста."} for code in ("product", "place")]
    lots.request_corrections(uow, returned.id, asked, "user/1")
    return {"order": order.id, "returned": returned.id}


def send_cards(uow: UnitOfWork, thread: Conversation) -> None:
    """Let a manager show each side the other and both the lot."""
    for name, cards in profile_cards.offered(uow, thread).items():
        for card in cards:
            messages.say_as_manager(
                uow,
                SpokenByManager(
                    user_id="1",
                    user_name="Olga",
                    text=card.text,
                    source_key=f"desk:{name}:{card.side}",
                    side=card.side,
                    card=card.subject,
                ),
                conversation_id=thread.id,
            )


@pytest.mark.parametrize("look", shown(LOOKS), ids=lambda look: "-".join(map(str, look)))
@pytest.mark.parametrize("who", ["buyer", "factory"])
def test_every_screen_stands(
    who: str, look: tuple[str, bool, int], site: Site, phone: Open, market: dict[str, int]
) -> None:
    """At this width, theme and language no screen is wider than the phone and axe finds nothing to object to."""
    user = IVAN if who == "buyer" else ABC
    language, dark, width = look
    with site.transactions() as uow:
        person = people.find(uow, str(user["id"]))
        assert person is not None
        people.choose_language(uow, person, language)
    opened = phone(user, width=width, height=700, dark=dark)
    opened.view("home")
    script = AXE.read_text("utf-8")
    found = []
    for path in [*(BUYER if who == "buyer" else FACTORY), *BOTH]:
        visit(opened, path.format(**market))
        opened.page.screenshot(path=PICTURES / f"miniapp-{who}-{language}-{width}-{name_of(path)}.png")
        found += [f"{path}: {fault}" for fault in faults(opened, script)]
    assert found == []


def name_of(path: str) -> str:
    """Make a path fit for a file's name."""
    return path.removeprefix("/app/").replace("/", "-").translate(str.maketrans("", "", "{}")) or "home"


def visit(opened: Phone, path: str) -> None:
    """Go to a screen as the browser's own history does, and wait until it stands."""
    opened.app.locator("#screen").evaluate(
        """(screen, path) => new Promise((resolve) => {
            screen.addEventListener("screen-shown", () => requestAnimationFrame(resolve), { once: true });
            history.pushState({ app: true }, "", path);
            dispatchEvent(new PopStateEvent("popstate"));
        })""",
        path,
    )


def faults(opened: Phone, script: str) -> list[str]:
    """Give what sticks out and what axe finds wrong."""
    frame = opened.page.frames[1]
    frame.evaluate(script)
    wrong = frame.evaluate(
        """async () => {
            const { violations } = await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"] });
            return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) =>
                `${id} ${target} ${failureSummary}`));
        }"""
    )
    wide = opened.overflow()
    return [*([f"sticks out by {wide}px"] if wide > 0 else []), *wrong]
