"""What one guest, or the two of a trade, go through from the first start to the last word. Run in a thread each by `run`."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime

from sandbox import plot
from sandbox.chaos.cast import Guest, Trade
from sandbox.chaos.ledger import CARD, LINE, ONE_COMPANY, ONE_DEAL, ONE_LEAD, ONE_ORDER, TIMELINE, Ledger, Place
from sandbox.chaos.people import Office, TelegramPerson, patiently
from sandbox.stack import Stack

GRANTED = ("verification", "subscription_6m")
GRANTED_DAYS = 180
LONGEST_PAUSE_SECONDS = 0.8


def telegram(person: TelegramPerson) -> Place:
    """Give somebody's chat with the bot."""
    return Place("telegram", person.chat)


def card_of(person: TelegramPerson) -> Place:
    """Give where somebody's questionnaire stands: a buyer is a lead first, a factory a company."""
    return ONE_LEAD if person.facts.role == "buyer" else ONE_COMPANY


class GuestScript:
    """Registers, asks for help and talks; an accepted one places lots."""

    def __init__(self, stack: Stack, office: Office, ledger: Ledger, guest: Guest, seed: str) -> None:
        self._stack, self._office, self._ledger, self._guest = stack, office, ledger, guest
        self._chance = random.Random(seed)

    def play(self) -> None:
        """Go through it all. Raises Failed when something was tried in vain for too long."""
        person = TelegramPerson(self._stack, self._guest.person)
        person.register()
        self._ledger.note(person.facts.company, "", card_of(person))
        person.write("/help")
        heard: list[str] = []
        for speaker, word in self._guest.says:
            if speaker == "guest":
                person.write(f"Вопрос {word} о партии")
                heard.append(word)
                self._ledger.note(word, f"help {person.chat} guest", LINE, TIMELINE, by=person.chat)
            elif self._office.say(heard, f"Коллега, {word} согласовано"):
                self._ledger.note(word, f"help {person.chat} operator", telegram(person), TIMELINE)
            time.sleep(self._chance.uniform(0.0, LONGEST_PAUSE_SECONDS))
        if self._guest.lots:
            self._office.accept(person.facts)
            self._ledger.note(person.facts.company, "", ONE_COMPANY)
        for word in self._guest.lots:
            place_lot(person, word)
            self._ledger.note(word, "", ONE_DEAL)


class TradeScript:
    """A buyer and a factory from the first start to their talk about a lot."""

    def __init__(self, stack: Stack, office: Office, ledger: Ledger, trade: Trade, seed: str) -> None:
        self._stack, self._office, self._ledger, self._trade = stack, office, ledger, trade
        self._chance = random.Random(seed)

    def play(self) -> None:
        """Go through it all. Raises Failed when something was tried in vain for too long."""
        trade = self._trade
        buyer, factory = (TelegramPerson(self._stack, person) for person in (trade.buyer, trade.factory))
        self._settle_in(buyer, factory)
        place_lot(buyer, trade.lot)
        self._ledger.note(trade.lot, "", ONE_DEAL)
        deal_id = self._office.publish(trade.lot)
        lot_id = buyer.lot_number()
        factory.offer(lot_id, f"Namuna {trade.offer} bepul")
        self._ledger.note(trade.lot, "", CARD)
        self._office.allow(deal_id, lambda: bool(buyer.conversation()))
        self._talk(buyer, factory)
        buyer.award(lot_id)
        self._ledger.note(trade.lot, "", ONE_ORDER)

    def _settle_in(self, buyer: TelegramPerson, factory: TelegramPerson) -> None:
        for person in (factory, buyer):
            person.register()
            self._ledger.note(person.facts.company, "", card_of(person))
            item_id = self._office.accept(person.facts)
            if person is factory:
                until = plot.in_days(datetime.now(UTC).date(), GRANTED_DAYS)
                self._office.grant(item_id, GRANTED, until)

    def _talk(self, buyer: TelegramPerson, factory: TelegramPerson) -> None:
        other = {"buyer": factory, "factory": buyer}
        heard: list[str] = []
        conversation = patiently("the conversation in the Mini App", factory.conversation)
        for speaker, word in self._trade.says:
            order = f"lot {self._trade.lot} {speaker}"
            if speaker == "operator":
                if self._office.say(heard, f"Коллеги, {word} согласовано"):
                    self._ledger.note(word, order, telegram(buyer), telegram(factory), TIMELINE)
            else:
                if speaker == "buyer":
                    buyer.write(f"Вопрос {word} о партии")
                else:
                    factory.say_in_app(conversation, f"Javob {word} tayyor", f"chaos-{word}")
                heard.append(word)
                by = buyer.chat if speaker == "buyer" else factory.chat
                self._ledger.note(word, order, telegram(other[speaker]), LINE, TIMELINE, by=by)
            time.sleep(self._chance.uniform(0.0, LONGEST_PAUSE_SECONDS))


def place_lot(person: TelegramPerson, word: str) -> None:
    """Place a lot; the form's own key makes a second try harmless."""
    steps = plot.lot()
    steps["product"] = {**steps["product"], "product": f"Футболки {word} хлопковые"}
    person.fill("lot", steps, client_key=f"chaos-{word}")
