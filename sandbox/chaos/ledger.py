"""What was said and done in a run, and where each of it has to be found: the other half of every comparison.

Written by the scripts when somebody has said something, read by the verdict. Knows neither world.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass

SYLLABLES = ("ba", "de", "fi", "go", "ku", "la", "me", "ni", "po", "ru")
WORD = re.compile(r"zu(?:" + "|".join(SYLLABLES) + r"){6}")


def word(number: int) -> str:
    """Give a word for a number below a million: no digits, which the masking of contacts would look at."""
    return "zu" + "".join(SYLLABLES[int(digit)] for digit in f"{number:06d}")


@dataclass(frozen=True)
class Place:
    """Where something is seen: `kind` is telegram, line, timeline, lead, company, deal, order or card; `chat` names the Telegram chat."""

    kind: str
    chat: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.chat}".strip()


LINE, TIMELINE, CARD = Place("line"), Place("timeline"), Place("card")
ONE_LEAD, ONE_COMPANY, ONE_DEAL, ONE_ORDER = Place("lead"), Place("company"), Place("deal"), Place("order")


@dataclass(frozen=True)
class Said:
    """One thing said or done: the word in it, where it must be seen, whose order it keeps (conversation and speaker), by whom.

    `by` is the speaker's own chat, where the bot may quote it, or empty.
    """

    word: str
    order: str
    places: tuple[Place, ...]
    by: str = ""


class Ledger:
    """Everything said so far, in the order of saying within each `order`. Safe to share between threads."""

    def __init__(self) -> None:
        self._said: list[Said] = []
        self._writing = threading.Lock()
        self.stuck: list[str] = []
        """What people tried in vain for longer than anybody's patience lasts."""

    def note(self, word: str, order: str, *places: Place, by: str = "") -> None:
        """Remember something that was said."""
        with self._writing:
            self._said.append(Said(word, order, places, by))

    def all(self) -> list[Said]:
        """Give everything."""
        with self._writing:
            return list(self._said)
