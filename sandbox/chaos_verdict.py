"""Comparing both worlds with what was said: what came twice, what came out of order, what is missing and whether that is shown.

Called by `sandbox.chaos` when nothing is on its way any more. Looks at the worlds through their public side, and at the outbox for what
the health page shows as unconfirmed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg

from sandbox.chaos_people import Said
from sandbox.stack import Stack
from sandbox.telegram.demo import ABC_DIRECTOR, IVAN
from sandbox.witness import Witness

WORD = re.compile(r"zu(?:ba|de|fi|go|ku|la|me|ni|po|ru){5}")
PLACES = {
    "chat of Ivan": ("SendConversationMessage", {"abc", "operator"}),
    "chat of ABC": ("SendConversationMessage", {"ivan", "operator"}),
    "open line": ("SendToOpenLine", {"ivan", "abc"}),
    "timeline": ("AddTimelineComment", {"ivan", "abc", "operator"}),
    "deals": ("SaveItem", {"lot"}),
}
CHATS = {"chat of Ivan": str(IVAN), "chat of ABC": str(ABC_DIRECTOR)}
PROVABLE = {"open line", "timeline", "deals"}


@dataclass
class Verdict:
    """What was found; `holds` when nothing came twice or out of order, nothing provable is missing and nothing is silently lost."""

    effects: int = 0
    duplicates: list[str] = field(default_factory=list)
    disorder: list[str] = field(default_factory=list)
    unconfirmed: list[str] = field(default_factory=list)
    read_back: set[str] = field(default_factory=set)
    provable_missing: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    poison: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Tell whether every promise was kept."""
        return not (self.duplicates or self.disorder or self.provable_missing or self.lost or self.poison)

    def table(self) -> str:
        """Give the figures, and what is behind those that should be zero."""
        lines = [f"effects checked   {self.effects}", f"shown unconfirmed {len(self.unconfirmed)}"]
        lines.append(f"read back         {len(self.read_back)}")
        for name in ("duplicates", "disorder", "provable_missing", "lost", "poison"):
            found: list[str] = getattr(self, name)
            lines.append(f"{name:<17} {len(found)}" + "".join(f"\n      {one}" for one in found[:20]))
        return "\n".join(lines)


def judge(stack: Stack, said: Sequence[Said]) -> Verdict:
    """Look at every place where something should stand, once each, in the order of its speaker."""
    verdict = Verdict()
    shown, verdict.poison = _troubled(stack)
    verdict.read_back = _read_back(stack)
    for place, seen in _seen(stack).items():
        kind, speakers = PLACES[place]
        wanted = [one for one in said if one.who in speakers]
        verdict.effects += len(wanted)
        for one in wanted:
            count = seen.count(one.word)
            if count > 1:
                verdict.duplicates.append(f"{place}: {one.word} by {one.who}, {count} times")
            if not count:
                _missing(verdict, place, one, shown=(kind, CHATS.get(place, ""), one.word) in shown)
        if place not in {"deals"}:
            for speaker in speakers:
                # What the portal told nobody and was read back a minute later cannot but come late.
                spoken = [one.word for one in wanted if one.who == speaker and one.word not in verdict.read_back]
                _in_order(verdict, place, spoken, seen)
    return verdict


def _missing(verdict: Verdict, place: str, one: Said, *, shown: bool) -> None:
    text = f"{place}: {one.word} by {one.who}"
    if place in PROVABLE:
        verdict.provable_missing.append(text)
    (verdict.unconfirmed if shown else verdict.lost).append(text)


def _in_order(verdict: Verdict, place: str, spoken: list[str], seen: list[str]) -> None:
    arrived = [text for text in dict.fromkeys(seen) if text in spoken]
    expected = [text for text in spoken if text in arrived]
    if arrived != expected:
        first = next(pair for pair in zip(arrived, expected, strict=True) if pair[0] != pair[1])
        verdict.disorder.append(f"{place}: {first[0]} came where {first[1]} was due")


def _seen(stack: Stack) -> dict[str, list[str]]:
    world = Witness(stack)
    deals = world.deals()
    comments = [text for deal in deals for text in world.comments(str(deal["id"]))]
    return {
        "chat of Ivan": _words(world.bot_texts(IVAN)),
        "chat of ABC": _words(world.bot_texts(ABC_DIRECTOR)),
        "open line": _words(world.line_texts()),
        "timeline": _words(comments),
        "deals": _words(str(deal["title"]) for deal in deals),
    }


def _words(texts: Iterable[str]) -> list[str]:
    return [found for text in texts for found in WORD.findall(text)]


def _troubled(stack: Stack) -> tuple[set[tuple[str, str, str]], list[str]]:
    """Give what the health page shows: (kind, chat, word) of unconfirmed and refused sends, and facts set aside."""
    with psycopg.connect(stack.environment["DATABASE_URL"]) as connection:
        rows: list[Any] = connection.execute(
            "SELECT kind, payload ->> 'chat_id', payload::text FROM outbox WHERE state IN ('uncertain', 'dead')"
        ).fetchall()
        poison = connection.execute("SELECT source, key, error FROM inbox WHERE state = 'poison'").fetchall()
    shown = {(kind, chat or "", found) for kind, chat, text in rows for found in WORD.findall(text)}
    return shown, [f"{source} {key}: {error}" for source, key, error in poison]


def _read_back(stack: Stack) -> set[str]:
    """Give the words of operators' messages that came without an event: events carry the moment of their sending."""
    query = "SELECT payload::text FROM inbox WHERE source = 'bitrix24.event' AND payload ->> 'ts' = ''"
    with psycopg.connect(stack.environment["DATABASE_URL"]) as connection:
        return {found for (text,) in connection.execute(query).fetchall() for found in WORD.findall(text)}
