"""Who takes part in a round of chaos and what they are going to do, all drawn from a seed before anything begins.

A guest registers, asks for help and talks with an operator; some guests are accepted and place lots. A trade is a buyer and a factory
who register, are accepted, trade a lot and talk about it. Called by `run`. Knows neither world.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from sandbox.chaos.ledger import SYLLABLES, word

FIRST_ID = 5_200_000_000
PEOPLE_OF_A_TRADE = 2
GUESTS_FOR_A_TRADE = 30
SHARE_OF_BUYERS = 0.7
SHARE_OF_TRADERS = 0.25
SPEAKERS_OF_A_TRADE = ("buyer", "factory", "operator")
LANGUAGES = ("ru", "uz", "en")


@dataclass(frozen=True)
class Person:
    """A Telegram account with what its owner types into the questionnaire."""

    telegram_id: int
    first_name: str
    role: str
    language: str
    company: str
    """The word in the company's name."""


@dataclass(frozen=True)
class Guest:
    """A person with the words to be said in a help conversation, by speaker (guest, operator), and those of lots."""

    person: Person
    says: tuple[tuple[str, str], ...]
    lots: tuple[str, ...]


@dataclass(frozen=True)
class Trade:
    """Two people, the words of lot and offer, and those of the talk by speaker (buyer, factory, operator)."""

    buyer: Person
    factory: Person
    lot: str
    offer: str
    says: tuple[tuple[str, str], ...]


@dataclass
class Cast:
    """Everybody of a round."""

    guests: list[Guest] = field(default_factory=list)
    trades: list[Trade] = field(default_factory=list)


class Casting:
    """Draws casts; people and words are never used twice, over all rounds of a run."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._people = count(1)
        self._words = map(word, count())

    def cast(self, number: int, people: int) -> Cast:
        """Give the cast of a round with so many people."""
        chance = random.Random(f"{self._seed}/{number}/cast")
        trades = max(1, people // GUESTS_FOR_A_TRADE)
        guests = max(1, people - trades * PEOPLE_OF_A_TRADE)
        return Cast(
            guests=[self._guest(chance) for _ in range(guests)], trades=[self._trade(chance) for _ in range(trades)]
        )

    def _guest(self, chance: random.Random) -> Guest:
        role = "buyer" if chance.random() < SHARE_OF_BUYERS else "factory"
        person = self._person(chance, role)
        texts = chance.randint(2, 5)
        speakers = ["guest", *chance.choices(("guest", "operator"), weights=(3, 1), k=texts - 1)]
        lots = chance.randint(1, 3) if role == "buyer" and chance.random() < SHARE_OF_TRADERS else 0
        return Guest(person, self._said(speakers), tuple(next(self._words) for _ in range(lots)))

    def _trade(self, chance: random.Random) -> Trade:
        speakers = [
            "buyer",
            "factory",
            *chance.choices(SPEAKERS_OF_A_TRADE, weights=(4, 4, 1), k=chance.randint(4, 12)),
        ]
        return Trade(
            buyer=self._person(chance, "buyer"),
            factory=self._person(chance, "factory"),
            lot=next(self._words),
            offer=next(self._words),
            says=self._said(speakers),
        )

    def _said(self, speakers: list[str]) -> tuple[tuple[str, str], ...]:
        return tuple((speaker, next(self._words)) for speaker in speakers)

    def _person(self, chance: random.Random, role: str) -> Person:
        number = next(self._people)
        return Person(
            telegram_id=FIRST_ID + number,
            first_name="".join(_name(number)),
            role=role,
            language=chance.choice(LANGUAGES),
            company=next(self._words),
        )


def _name(number: int) -> Iterator[str]:
    yield "Ka"
    for digit in f"{number:05d}":
        yield SYLLABLES[int(digit)]
