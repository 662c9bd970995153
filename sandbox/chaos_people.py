"""What people do during a round of chaos: two who talk, an operator who joins in, a buyer who places lots.

Every text holds a word of its own by which it is found again on every side. Called by `sandbox.chaos`.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sandbox import plot
from sandbox.stack import Stack
from sandbox.telegram.demo import ABC_DIRECTOR, IVAN
from sandbox.visitors import Failed, control

SYLLABLES = ("ba", "de", "fi", "go", "ku", "la", "me", "ni", "po", "ru")
PATIENCE_SECONDS = 30.0
Tell = Callable[..., None]


def word(number: int) -> str:
    """Give a word for a number: no digits, which the masking of contacts would look at."""
    return "zu" + "".join(SYLLABLES[int(digit)] for digit in f"{number:05d}")


@dataclass(frozen=True)
class Said:
    """One text: who said it (ivan, abc, operator, lot) and the word in it, in the order of saying."""

    who: str
    word: str


class People:
    """The people of one stack, who remember what they said."""

    def __init__(self, stack: Stack, line_chat: str, web: threading.Lock, tell: Tell) -> None:
        self._stack, self._line_chat, self._web, self._tell = stack, line_chat, web, tell
        self.ivan, self.abc = stack.telegrammer(IVAN), stack.telegrammer(ABC_DIRECTOR)
        self.said: list[Said] = []

    def act(self, chance: random.Random, actions: int) -> None:
        """Say so many things, with pauses between them."""
        doing = {"ivan": self._ivan, "abc": self._abc, "operator": self._operator, "lot": self._lot}
        for who in chance.choices(list(doing), weights=[10, 10, 5, 1], k=actions):
            text = word(len(self.said))
            self._tell("says", who=who, word=text)
            doing[who](text)
            self.said.append(Said(who, text))
            time.sleep(chance.uniform(0.02, 0.5))

    def _ivan(self, text: str) -> None:
        self.ivan.act("send", text=f"Вопрос {text} о партии")

    def _abc(self, text: str) -> None:
        self.abc.act("send", text=f"Javob {text} tayyor")

    def _operator(self, text: str) -> None:
        address = f"{self._stack.portal_url}/sandbox/openlines/{self._line_chat}/say"
        with self._web:
            control("POST", address, {"user_id": 1, "text": f"Коллеги, {text} согласовано"})
            control("POST", f"{self._stack.portal_url}/sandbox/drain", {"seconds": 10})

    def _lot(self, text: str) -> None:
        """Place a lot, pressing again until the answer comes, as people do; the form's own key makes that harmless."""
        self._again(self.ivan.open_app)
        for step, answers in plot.lot().items():
            typed = {f"q.{code}": value for code, value in answers.items()}
            if step == "product":
                typed["q.product"] = f"Футболки {text} хлопковые"
            self._again(partial(self.ivan.do, "next_step", form="lot", step=step, **typed))
        self._again(partial(self.ivan.do, "submit_form", form="lot", client_key=f"chaos-{text}"))

    def _again(self, act: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                act()
                return
            except (Failed, OSError) as error:
                if time.monotonic() > deadline:
                    raise Failed(f"in vain for {PATIENCE_SECONDS:.0f} s: {error}") from error
                time.sleep(0.3)
