"""Hiding contacts in what people write before a contract: phones, e-mails, links, user names, spelled out or split too.

Called by services on plain text; the original is kept for the manager. What a text is full of in this trade must stay
readable: sizes, dates, article numbers, prices, quantities, HS codes. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from b24app.domain.masking import (
    growing,
    handles,
    introductions,
    links,
    mailboxes,
    people,
    phones,
    pointers,
    registers,
    signed,
    spelled,
)
from b24app.domain.masking.clues import Clues
from b24app.domain.masking.folding import Folded, fold

Found = tuple[int, int, str]

MARK = "•••"
FINDERS: tuple[tuple[str, Callable[[str], object], Callable[[str], Iterator[Found]]], ...] = (
    ("addresses of mailboxes, written or told", mailboxes.CLUE.search, mailboxes.find),
    ("addresses of pages, written or told", links.CLUE.search, links.find),
    ("names that the sign @ goes with, or the word for it", signed.CLUE.search, signed.find),
    ("user names, told by their make and the messenger beside them", handles.is_clue, handles.find),
    ("numbers a company or an account is registered under, and cards", registers.CLUE.search, registers.find),
    ("cards, tags and stalls where a contact is to be found", pointers.CLUE.search, pointers.find),
    ("phone numbers in figures", phones.CLUE.search, phones.find),
    ("phone numbers in words", spelled.is_clue, spelled.find),
)
"""What is looked for in folded text, by what clue and how; names need capitals and are looked for in the text as it was written."""
_CLUES = Clues([is_clue for _, is_clue, _ in FINDERS])
SHORTEST_NAME = 4


@dataclass(frozen=True)
class Masked:
    """`text` as others may see it; `found` names what was hidden: email, link, handle, phone, company_id, card, name."""

    text: str
    found: tuple[str, ...]

    @property
    def hidden(self) -> bool:
        """Tell whether anything was hidden."""
        return bool(self.found)


def contacts_in(text: str) -> list[Found]:
    """Give where the contacts of a text are, names apart."""
    return _spans(text, (), introductions_too=False)


def mask(text: str, names: Iterable[str] = (), *, introductions_too: bool = True) -> Masked:
    """Hide every contact in a text, and every one of the given names.

    `introductions_too` hides the names that people and companies introduce themselves by; what is public under a company's name, and
    files, in which every heading would be such a name, do without.
    """
    spans = _spans(text, names, introductions_too=introductions_too)
    if not spans:
        return Masked(text, ())
    return Masked(_covered(text, spans), tuple(sorted({kind for _, _, kind in spans})))


def _spans(text: str, names: Iterable[str], *, introductions_too: bool) -> list[Found]:
    """Give the places of whatever is to be hidden."""
    folded = fold(text)
    finders = [FINDERS[number][-1] for number in _CLUES.within(folded.text)]
    found = [growing.grown(folded.text, *one) for find in finders for one in find(folded.text)]
    found += [(*name.span(), "name") for name in _name_matches(folded.text, names)]
    spans = [(folded.origin[start], _end_of(folded, end, text), kind) for start, end, kind in found]
    return _introductions(text, folded.text, spans) if introductions_too else spans


def _end_of(folded: Folded, end: int, text: str) -> int:
    """Give where in the text a place ends: what is not seen behind its last sign, such as the frame of a keycap, goes with it."""
    return folded.origin[end] if end < len(folded.origin) else len(text)


def _introductions(text: str, folded: str, contacts: Sequence[Found]) -> list[Found]:
    found = [*contacts, *introductions.find(text, folded)]
    found += people.find(text, near_contact=bool(found))
    near = [one for start, end, _ in found for one in introductions.beside(text, start, end)]
    signed = introductions.signatures(text) if found and "\n" in text else ()
    return [*found, *near, *signed]


def _name_matches(text: str, names: Iterable[str]) -> list[re.Match[str]]:
    wanted = sorted({fold(name).text.strip() for name in names if len(name.strip()) >= SHORTEST_NAME}, key=len)
    if not wanted:
        return []
    pattern = "|".join(re.escape(name) for name in reversed(wanted))
    return list(re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", text))


def _covered(text: str, spans: Sequence[Found]) -> str:
    out: list[str] = []
    at = 0
    for start, end in _merged(spans):
        out += (text[at:start], MARK)
        at = end
    return "".join([*out, text[at:]])


def _merged(spans: Sequence[Found]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end, _ in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
