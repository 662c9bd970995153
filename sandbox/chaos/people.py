"""The hands of the people in a run of chaos: registering, filling in forms, deciding, speaking; each tried again as people do.

Called by the scripts. Whatever a person tries fails now and then, since processes die and answers get lost: they press again until it
works, and only a patience that ran out is a failure.
"""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from typing import Any, TypeVar

from sandbox import plot
from sandbox.chaos.cast import Person
from sandbox.stack import Stack
from sandbox.visitors import Failed, Telegrammer, control
from sandbox.witness import COMPANY, DEAL, LEAD, Item, Witness, value_of

Found = TypeVar("Found")
PATIENCE_SECONDS = 240.0
HOME = "/app/"
LOOK_SECONDS = 0.8
FIRST_PAUSE_SECONDS = 0.15
LONGEST_PAUSE_SECONDS = 2.0
PAUSES_GROW = 1.4
ASK_AGAIN_SECONDS = 15.0
DIALOGUES_SECONDS = 2.0
DIALOGUE_PATIENCE_SECONDS = 60.0


def patiently(what: str, act: Callable[[], Found | None]) -> Found:
    """Do something until it works and gives something; raises Failed when that takes longer than anybody waits."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    failed, pause = Counter[str](), FIRST_PAUSE_SECONDS
    while time.monotonic() < deadline:
        try:
            if found := act():
                return found
            failed["it never came"] += 1
        except (Failed, OSError, ValueError) as error:
            failed[f"{type(error).__name__}: {str(error)[:300]}"] += 1
        time.sleep(pause)
        pause = min(LONGEST_PAUSE_SECONDS, pause * PAUSES_GROW)
    reasons = "; ".join(f"{count} times {reason}" for reason, count in failed.most_common())
    raise Failed(f"{what}, in vain for {PATIENCE_SECONDS:.0f} s: {reasons}")


def handed_in(answer: Item) -> bool:
    """Tell whether a form was accepted, now or by an earlier press whose answer got lost: then the person is led home."""
    return bool(answer.get("done")) or answer.get("go") == HOME


class TelegramPerson:
    """Somebody with a phone."""

    def __init__(self, stack: Stack, person: Person) -> None:
        self.facts = person
        self.chat = str(person.telegram_id)
        self._phone: Telegrammer = stack.telegrammer(person.telegram_id)
        who = {"id": person.telegram_id, "first_name": person.first_name, "language_code": person.language}
        control("POST", f"{stack.telegram_url}/sandbox/users", who)

    def write(self, text: str) -> None:
        """Write to the bot; Telegram itself loses nothing."""
        self._phone.act("send", text=text)

    def register(self) -> None:
        """Start the bot, choose language and role, fill in the questionnaire."""
        self._enter()
        self.open_app()
        steps = _questionnaire(self.facts)
        end = {"processing": "true", **({"marketing": "true"} if self.facts.role == "buyer" else {})}
        self.fill(self.facts.role, steps, **end)

    def fill(self, form: str, steps: plot.Steps, **end: str) -> None:
        """Fill in a form step by step and hand it in; from the first step on again when an answer is lost."""

        def once() -> bool:
            for step, answers in steps.items():
                typed = {f"q.{code}": value for code, value in answers.items()}
                self._phone.do("next_step", form=form, step=step, **typed)
            return handed_in(self._phone.do("submit_form", form=form, **end).json())

        patiently(f"handing in {form}", once)

    def lot_number(self) -> str:
        """Give the address number of the person's newest lot."""
        return patiently("the lot in the Mini App", lambda: self._listed("/app/lots"))

    def conversation(self) -> str:
        """Give the number of the person's liveliest conversation, or an empty text."""
        return self._listed("/app/chats")

    def say_in_app(self, conversation: str, text: str, key: str) -> None:
        """Say something in the Mini App, pressing again until the answer comes; the key makes that harmless."""
        said = {"conversation_id": conversation, "text": text, "key": key}
        patiently("saying it in the Mini App", lambda: self._phone.do("say", **said))

    def _listed(self, path: str) -> str:
        found = re.search(path + r"/(\d+)", self._phone.screen(path).text)
        return found[1] if found else ""

    def offer(self, lot_id: str, message: str) -> None:
        """Answer a lot."""
        typed = {f"q.{code}": value for code, value in {**plot.offer(), "message": message}.items()}
        patiently("the offer", lambda: self._phone.do("submit_offer", lot_id=lot_id, **typed))

    def award(self, lot_id: str) -> None:
        """Choose the one offer to a lot."""

        tried: list[str] = []

        def awarded() -> bool:
            page = self._phone.screen(f"/app/lots/{lot_id}").text
            if tried and 'name="offer_id"' not in page:
                return True
            tried.append(lot_id)
            try:
                return bool(self._phone.do("award", offer_id=value_of(page, "offer_id")).json().get("done"))
            except Failed as error:
                # Refused after an answer that got lost: the first press had done it.
                if len(tried) > 1 and "refused: 409" in str(error):
                    return True
                raise

        patiently("awarding the lot", awarded)

    def open_app(self) -> None:
        """Open the Mini App."""

        def opened() -> bool:
            self._phone.open_app()
            return True

        patiently("opening the Mini App", opened)

    def _enter(self) -> None:
        asked = 0.0
        pressed: set[tuple[int, str]] = set()

        def invited() -> bool:
            nonlocal asked
            if time.monotonic() - asked > ASK_AGAIN_SECONDS:
                asked = time.monotonic()
                pressed.clear()
                self._phone.act("start")
            for message in reversed(self._phone.messages()):
                buttons = _buttons(message)
                if any("web_app" in button for button in buttons):
                    return True
                choice = next((text for text in map(self._choice, buttons) if text), "")
                if choice and (message["message_id"], choice) not in pressed:
                    pressed.add((message["message_id"], choice))
                    self._phone.press(message, choice)
                    return False
            return False

        patiently("being invited to the questionnaire", invited)

    def _choice(self, button: Item) -> str:
        wanted = button.get("callback_data") in {f"lang:{self.facts.language}", f"role:{self.facts.role}"}
        return str(button["text"]) if wanted else ""


def _buttons(message: Item) -> list[Item]:
    return [button for row in (message.get("reply_markup") or {}).get("inline_keyboard") or [] for button in row]


def _questionnaire(person: Person) -> plot.Steps:
    number = person.telegram_id % 10_000_000
    if person.role == "factory":
        return {**plot.FACTORY, "company": {**plot.FACTORY["company"], "company": f"Fabrika {person.company}"}}
    reached = {"phone": f"+7 916 {number:07d}", "email": f"{person.first_name.lower()}@firma.example"}
    return {
        **plot.BUYER,
        "person": {**plot.BUYER["person"], "full_name": person.first_name, **reached},
        "company": {**plot.BUYER["company"], "company": f"Фирма {person.company}"},
    }


class Office:
    """The employee in the portal: accepts, publishes, allows, and talks with everybody from the open line."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._employee = stack.employee()
        self._world = Witness(stack)
        self._asking = threading.Lock()
        self._dialogues: list[Item] = []
        self._asked = 0.0

    def item(self, kind: int, word: str) -> str:
        """Give the id of the CRM item whose title holds a word."""

        def look() -> str:
            wanted = {"entityTypeId": kind, "filter": {"%title": word}, "select": ["id"]}
            found = self._employee.rest("crm.item.list", **wanted)["items"]
            return str(found[0]["id"]) if found else ""

        return patiently(f"the CRM item {word}", look)

    def accept(self, person: Person) -> str:
        """Accept a questionnaire; answers the id of the card it stands on."""
        kind, placement = (
            (LEAD, "CRM_LEAD_DETAIL_TAB") if person.role == "buyer" else (COMPANY, "CRM_COMPANY_DETAIL_TAB")
        )
        item_id = self.item(kind, person.company)
        self._press(placement, item_id, "approve_company")
        return item_id

    def grant(self, company_id: str, today: Iterable[str], until: str) -> None:
        """Give a factory services until a day."""
        for service in today:
            form = {"service": service, "until": until, "reason": "Проверена на месте"}
            self._press("CRM_COMPANY_DETAIL_TAB", company_id, "grant", **form)

    def publish(self, lot: str) -> str:
        """Publish the lot whose title holds a word; answers its deal's id."""
        deal_id = self.item(DEAL, lot)
        self._press("CRM_DEAL_DETAIL_TAB", deal_id, "approve_lot")
        return deal_id

    def allow(self, deal_id: str, done: Callable[[], bool]) -> None:
        """Press Allow on the card of a deal's timeline; the portal tells that once only, so what is lost is pressed on the deal's tab."""
        pressed: list[str] = []

        def press() -> bool:
            cards = self._world.cards(deal_id)
            if cards and not pressed:
                pressed.append(str(cards[-1]["ID"]))
                self._world.press_card(cards[-1]["ID"], "allow")
            elif cards:
                frame = self._employee.open("CRM_DEAL_DETAIL_TAB", ID=deal_id)
                frame.post("/placements/act/allow_offer", {"offer_id": value_of(frame.page.text, "offer_id")})
            deadline = time.monotonic() + ASK_AGAIN_SECONDS
            while time.monotonic() < deadline:
                if done():
                    return True
                time.sleep(LOOK_SECONDS)
            return False

        patiently("allowing contact", press)

    def say(self, words: Collection[str], text: str) -> bool:
        """Write in the dialogue in which one of these words was said; False when there is none: nobody answers what he cannot see."""
        deadline = time.monotonic() + DIALOGUE_PATIENCE_SECONDS
        while not (chat := self._dialogue(words)) and time.monotonic() < deadline:
            time.sleep(DIALOGUES_SECONDS)
        if chat:
            control("POST", f"{self._stack.portal_url}/sandbox/openlines/{chat}/say", {"user_id": 1, "text": text})
        return bool(chat)

    def _dialogue(self, words: Collection[str]) -> str:
        with self._asking:
            if time.monotonic() - self._asked > DIALOGUES_SECONDS:
                self._dialogues = control("GET", f"{self._stack.portal_url}/sandbox/openlines")["dialogs"]
                self._asked = time.monotonic()
            dialogues = self._dialogues
        for dialogue in dialogues:
            texts = " ".join(str(message["text"]) for message in dialogue["messages"])
            if any(word in texts for word in words):
                return str(dialogue["chat_id"])
        return ""

    def _press(self, placement: str, item_id: str, action: str, **form: Any) -> None:
        answered: list[int] = []

        def press() -> bool:
            answer = self._employee.open(placement, ID=item_id).post(f"/placements/act/{action}", form)
            answered.append(answer.status)
            # Refused after an answer that got lost: the first press had done it.
            return answer.status == 200 or (answer.status == 409 and len(answered) > 1)

        patiently(f"{action} on {placement} {item_id}", press)
