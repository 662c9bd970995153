"""A little market: six factories, four buyers and nine lots in every state between moderation and *delivered*.

Played into running worlds through HTTP, so that there is something to look at in every list, queue, board and chart. Something is left
waiting at every door: a factory and a buyer to accept, lots to moderate, offers to allow. Disturbs nobody of the main story.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from sandbox import market_plot, plot
from sandbox.hands import enter, fill, first_listed, press
from sandbox.market_plot import CUSTOMERS, MAKERS, WISHES, Bid, Customer, Maker, Wish
from sandbox.stack import Stack
from sandbox.visitors import Telegrammer, control, until
from sandbox.witness import COMPANY, DEAL, LEAD, Witness, expect, value_of

AT_ONCE = 3
GRANTED_DAYS = 180
GRANTED = ("verification", "subscription_6m")
LANGUAGES = {"ru": "Русский", "en": "English", "uz": "Oʻzbekcha"}
QUESTIONS = {"ru": "Добрый день! Когда сможете прислать образец?", "en": "Good afternoon! When can you send a sample?"}
REPLY = "Assalomu alaykum! Namuna 5 kunda tayyor boʻladi."


class Market:
    """The people, and each chapter as a method that answers what may be said of it."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.manager = stack.employee()
        self.world = Witness(stack)
        self.makers = [stack.telegrammer(maker.telegram_id) for maker in MAKERS]
        self.customers = [stack.telegrammer(customer.telegram_id) for customer in CUSTOMERS]
        self.lot_ids: dict[Wish, str] = {}

    def chapters(self) -> list[tuple[str, Callable[[], list[str]]]]:
        """Give the play in order."""
        return [
            ("Six factories register, in Uzbek", self.makers_register),
            ("The manager accepts five of them and grants verification and subscription", self.manager_grants),
            ("Four buyers register, in Russian and English", self.customers_register),
            ("The manager approves three of them", self.manager_approves),
            ("The buyers place nine lots", self.customers_place),
            ("The manager publishes seven; two wait", self.manager_publishes),
            ("The factories answer", self.makers_answer),
            ("The manager allows contact; they talk", self.they_talk),
            ("Three orders are placed; one is delivered", self.orders_get_on),
        ]

    # --- chapters -------------------------------------------------------------------------------------------------

    def makers_register(self) -> list[str]:
        """A company of each stands in the CRM."""

        def register(number: int) -> str:
            maker, person = MAKERS[number], self.makers[number]
            self._meet(maker, "uz")
            enter(person, LANGUAGES["uz"], "factory")
            fill(person, "factory", market_plot.questionnaire_of_maker(maker), processing="true")
            return f"{maker.company}: company {self._item(COMPANY, maker.company)}"

        return _side_by_side(register, range(len(MAKERS)))

    def manager_grants(self) -> list[str]:
        """Those who are accepted see lots; the last one waits in the queue."""
        until_day = plot.in_days(datetime.now(UTC).date(), GRANTED_DAYS)
        seen = []
        for maker in MAKERS:
            if not maker.accepted:
                seen.append(f"{maker.company} waits")
                continue
            frame = self.manager.open("CRM_COMPANY_DETAIL_TAB", ID=self._item(COMPANY, maker.company))
            press(frame, "approve_company")
            for service in GRANTED:
                press(frame, "grant", service=service, until=until_day, reason="Проверена на месте")
        return seen

    def customers_register(self) -> list[str]:
        """A lead of each stands in the CRM."""

        def register(number: int) -> str:
            customer, person = CUSTOMERS[number], self.customers[number]
            self._meet(customer, customer.language)
            enter(person, LANGUAGES[customer.language], "buyer")
            steps = market_plot.questionnaire_of_customer(customer)
            fill(person, "buyer", steps, processing="true", marketing="true")
            return f"{customer.company}: lead {self._item(LEAD, customer.company)}"

        return _side_by_side(register, range(len(CUSTOMERS)))

    def manager_approves(self) -> list[str]:
        """Each accepted buyer's lead becomes a company."""
        seen = []
        for customer in CUSTOMERS:
            if not customer.accepted:
                seen.append(f"{customer.company} waits")
                continue
            lead = self._item(LEAD, customer.company)
            press(self.manager.open("CRM_LEAD_DETAIL_TAB", ID=lead), "approve_company")
            seen.append(f"{customer.company}: company {self._item(COMPANY, customer.company)}")
        return seen

    def customers_place(self) -> list[str]:
        """A deal of each lot stands at Moderation."""
        for number, wish in enumerate(WISHES):
            person = self.customers[wish.customer]
            person.open_app()
            fill(person, "lot", market_plot.lot(wish), client_key=f"market-{number}")
            self.lot_ids[wish] = first_listed(person, "/app/lots")
        expect("every lot to be another one", len(set(self.lot_ids.values())) == len(WISHES), self.lot_ids)
        return [f"deal {self._deal(wish)}: {wish.name}" for wish in WISHES]

    def manager_publishes(self) -> list[str]:
        """The tender channel shows what was published."""
        before = len(self.world.channel_posts())
        published = [wish for wish in WISHES if wish.published]
        for wish in published:
            press(self.manager.open("CRM_DEAL_DETAIL_TAB", ID=self._deal(wish)), "approve_lot")
        wanted = before + len(published)
        posts = until("the lots in the channel", lambda: _enough(self.world.channel_posts(), wanted))
        return [f"the channel shows {len(posts)} lots"]

    def makers_answer(self) -> list[str]:
        """A card of each offer stands on its deal's timeline."""
        for wish in WISHES:
            for bid in wish.bids:
                person = self.makers[bid.maker]
                person.open_app()
                typed = {f"q.{code}": value for code, value in market_plot.offer(bid).items()}
                person.do("submit_offer", lot_id=self.lot_ids[wish], **typed)
        answered = [wish for wish in WISHES if wish.bids]
        for wish in answered:
            self._cards(wish, len(wish.bids))
        return [f"{sum(len(wish.bids) for wish in answered)} offers for {len(answered)} lots"]

    def they_talk(self) -> list[str]:
        """Buyer and factory of each allowed lot have a conversation with a question and a reply."""
        seen = []
        for wish in WISHES:
            if wish.allowed:
                for card in self._cards(wish, len(wish.bids)):
                    self.world.press_card(card, "allow")
                seen.append(self._talk(wish))
        return seen

    def orders_get_on(self) -> list[str]:
        """Each order stands where its last report put it."""
        return [self._order(wish) for wish in WISHES if wish.ordered]

    # --- hands ----------------------------------------------------------------------------------------------------

    def _meet(self, who: Maker | Customer, language: str) -> None:
        facts = {
            "id": who.telegram_id,
            "first_name": who.first_name,
            "last_name": who.last_name,
            "language_code": language,
        }
        control("POST", f"{self.stack.telegram_url}/sandbox/users", facts)

    def _item(self, kind: int, title: str) -> str:
        def look() -> str:
            wanted = {"entityTypeId": kind, "filter": {"%title": title}, "select": ["id"]}
            found = self.manager.rest("crm.item.list", **wanted)["items"]
            return str(found[0]["id"]) if found else ""

        return until(f"{title} in the CRM", look)

    def _deal(self, wish: Wish) -> str:
        return self._item(DEAL, wish.name)

    def _cards(self, wish: Wish, count: int) -> list[str]:
        deal_id = self._deal(wish)
        cards = until("the offers' cards on the timeline", lambda: _enough(self.world.cards(deal_id), count))
        return [str(card["ID"]) for card in cards]

    def _talk(self, wish: Wish) -> str:
        customer, asked = self.customers[wish.customer], QUESTIONS[CUSTOMERS[wish.customer].language]
        asked = f"{wish.name}. {asked}"
        self._say(customer, asked, wish)
        bid = until(
            f"a factory to hear {asked}", lambda: next((bid for bid in wish.bids if self._heard(bid, asked)), None)
        )
        self._say(self.makers[bid.maker], REPLY, wish)
        customer.wait_for(REPLY)
        return f"{MAKERS[bid.maker].company} is asked: {asked}"

    def _heard(self, bid: Bid, words: str) -> bool:
        return any(words in str(message.get("text")) for message in self.makers[bid.maker].messages())

    @staticmethod
    def _say(person: Telegrammer, text: str, wish: Wish) -> None:
        """Say something in the person's newest conversation: contact was allowed for this lot a moment ago."""
        person.open_app()
        conversation = first_listed(person, "/app/chats")
        person.do("say", conversation_id=conversation, text=text, key=f"{wish.name}-{person.user_id}")

    def _order(self, wish: Wish) -> str:
        customer, maker = self.customers[wish.customer], self.makers[wish.bids[0].maker]
        customer.open_app()
        screen = customer.screen(f"/app/lots/{self.lot_ids[wish]}")
        customer.do("award", offer_id=value_of(screen.text, "offer_id"))
        maker.open_app()
        order = first_listed(maker, "/app/orders")
        for step in wish.steps:
            maker.do("report_progress", order_id=order, step=step)
        return f"{MAKERS[wish.bids[0].maker].company}: {', '.join(wish.steps)}"


def _enough(found: list[dict[str, object]], count: int) -> list[dict[str, object]] | None:
    return found if len(found) >= count else None


def _side_by_side(work: Callable[[int], str], numbers: Iterable[int]) -> list[str]:
    """Let several people act at once. Raises the first Failed."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(work, numbers))
