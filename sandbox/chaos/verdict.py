"""Comparing both worlds with what was said: what came twice, what came out of order or to the wrong person, what is missing and shown.

Called by `run` when nothing is on its way any more. Looks at the worlds through their public side, and at the outbox for what the health
page shows as unconfirmed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg

from sandbox.chaos.ledger import TIMELINE, WORD, Ledger, Place, Said
from sandbox.chaos.worlds import Seen, seen_everywhere
from sandbox.stack import Stack

KINDS = {
    "line": {"SendToOpenLine"},
    "timeline": {"AddTimelineComment"},
    "lead": {"SaveItem"},
    "company": {"SaveItem"},
    "deal": {"SaveItem"},
    "order": {"SaveItem"},
    "card": {"ShowCard"},
    "telegram": {"SendConversationMessage"},
}
PROVABLE = set(KINDS) - {"telegram"}
NOTICE, ANY = "SendChatMessage", ""
ZEROS = ("duplicates", "disorder", "strays", "provable_missing", "lost", "poison", "stuck")
LISTED = 20
TELEGRAM_PATIENCE_SECONDS = 0.5
OVERTAKEN = """
SELECT late.payload::text, next.payload::text FROM inbox AS late JOIN inbox AS next
    ON next.lane = late.lane AND next.position > late.position AND next.processed_at < late.received_at
WHERE late.position > 0 AND (late.source <> 'telegram' OR EXISTS (
    SELECT FROM inbox AS next
    WHERE next.source = late.source AND next.position BETWEEN late.position + 1 AND late.position + 50
      AND next.received_at < late.received_at - make_interval(secs => %(patience)s)
))
"""
Shown = set[tuple[str, str, str]]


@dataclass
class Verdict:
    """What was found; `holds` when nothing came twice, out of order or astray, nothing provable is missing, nothing silently lost."""

    people: int = 0
    said: int = 0
    effects: int = 0
    unconfirmed: list[str] = field(default_factory=list)
    late: set[str] = field(default_factory=set)
    """Words that reached the application after a later one of the same chat had been worked: their place could not be known."""
    hasty: set[str] = field(default_factory=set)
    """Words that were worked before something said earlier had arrived: perhaps nobody knew yet where they belong."""
    turned_away: list[str] = field(default_factory=list)
    """Those of them that went nowhere, which the bot told their speakers, or a person sees that it may not have."""
    reopened: int = 0
    """How often an administrator had to open the application again, since nobody had its tokens any more."""
    duplicates: list[str] = field(default_factory=list)
    disorder: list[str] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)
    provable_missing: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    poison: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Tell whether every promise was kept."""
        return not any(getattr(self, name) for name in ZEROS)

    def table(self) -> str:
        """Give the figures, and what is behind those that should be zero."""
        lines = [f"people            {self.people}", f"said and done     {self.said}"]
        lines += [f"effects compared  {self.effects}", f"shown unconfirmed {len(self.unconfirmed)}"]
        lines += [f"too late for order {len(self.late)}", f"turned away       {len(self.turned_away)}"]
        lines.append(f"opened anew       {self.reopened}")
        for name in ZEROS:
            found: list[str] = getattr(self, name)
            lines.append(f"{name:<17} {len(found)}" + "".join(f"\n      {one}" for one in found[:LISTED]))
        return "\n".join(lines)


def judge(stack: Stack, ledger: Ledger, people: Iterable[str]) -> Verdict:
    """Look at every place where something should stand, once each, in the order of its speaker. `people` are Telegram chats."""
    people = list(people)
    said = ledger.all()
    found = seen_everywhere(stack, people)
    seen = found.words
    verdict = Verdict(people=len(people), said=len(said), stuck=list(ledger.stuck))
    shown, verdict.poison = _troubled(stack)
    verdict.late, verdict.hasty = _overtaken(stack)
    verdict.duplicates += [f"{name}, {times} times" for name, times in Counter(found.names).items() if times > 1]
    _count(verdict, said, found, shown)
    _compare_orders(verdict, said, found)
    _find_strays(verdict, said, seen)
    return verdict


def _count(verdict: Verdict, said: Sequence[Said], seen: Seen, shown: Shown) -> None:
    counts = {place: Counter(words) for place, words in seen.words.items()}
    told = seen.answered | {(chat, ANY) for kind, chat, _ in shown if kind == NOTICE}
    for one in said:
        for place in one.places:
            verdict.effects += 1
            found = counts.get(place, Counter())[one.word]
            if found > 1:
                verdict.duplicates.append(f"{place}: {one.word}, {found} times")
            if not found and one.word in verdict.hasty and told & {(one.by, one.word), (one.by, ANY)}:
                verdict.turned_away.append(f"{place}: {one.word} ({one.order})")
            elif not found:
                is_shown = any((kind, place.chat, one.word) in shown for kind in KINDS[place.kind])
                (verdict.unconfirmed if is_shown else verdict.lost).append(f"{place}: {one.word} ({one.order})")
                if place.kind in PROVABLE:
                    verdict.provable_missing.append(f"{place}: {one.word} ({one.order})")


def _compare_orders(verdict: Verdict, said: Sequence[Said], seen: Seen) -> None:
    spoken: dict[tuple[Place, str], list[str]] = defaultdict(list)
    for one in said:
        if one.order and one.word not in verdict.late:
            for place in one.places:
                spoken[place, one.order].append(one.word)
    positions = {place: [_first_positions(words)] for place, words in seen.words.items()}
    positions[TIMELINE] = [_first_positions(words) for words in seen.timelines]
    for (place, order), words in spoken.items():
        for where in positions.get(place, ()):
            arrived = [word for word in words if word in where]
            if (in_fact := sorted(arrived, key=where.__getitem__)) != arrived:
                verdict.disorder.append(f"{place}: {order} said {' '.join(arrived)}, seen {' '.join(in_fact)}")


def _first_positions(words: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for position, word in enumerate(words):
        found.setdefault(word, position)
    return found


def _find_strays(verdict: Verdict, said: Sequence[Said], seen: Mapping[Place, Sequence[str]]) -> None:
    """Find words of conversations in chats of people whom they were not meant for."""
    wanted = {one.word: {*one.places, Place("telegram", one.by)} for one in said if one.order}
    for place, words in seen.items():
        if place.kind == "telegram":
            astray = {word for word in words if word in wanted and place not in wanted[word]}
            verdict.strays += [f"{place}: {word}" for word in sorted(astray)]


def _troubled(stack: Stack) -> tuple[Shown, list[str]]:
    """Give what the health page shows: (kind, chat, word) of unconfirmed and refused sends, ANY word for notices; and facts set aside."""
    with psycopg.connect(stack.environment["DATABASE_URL"]) as connection:
        rows: list[Any] = connection.execute(
            "SELECT kind, payload ->> 'chat_id', payload::text FROM outbox WHERE state IN ('uncertain', 'dead')"
        ).fetchall()
        poison = connection.execute("SELECT source, key, error FROM inbox WHERE state = 'poison'").fetchall()
    shown = {(kind, chat or "", found) for kind, chat, text in rows for found in WORD.findall(text) or [ANY]}
    return shown, [f"{source} {key}: {error}" for source, key, error in poison]


def _overtaken(stack: Stack) -> tuple[set[str], set[str]]:
    """Give the words that were told too late (lost events that were read back, what was overtaken by too much), and those before them.

    Telegram counts its updates, so that one which is missing is waited for; the portal's messages have ids with gaps.
    """
    with psycopg.connect(stack.environment["DATABASE_URL"]) as connection:
        found = connection.execute(OVERTAKEN, {"patience": TELEGRAM_PATIENCE_SECONDS}).fetchall()
    late = {word for text, _ in found for word in WORD.findall(text)}
    return late, {word for _, text in found for word in WORD.findall(text)}
