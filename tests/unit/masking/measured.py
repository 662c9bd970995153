"""The corpus that recall and false alarms are measured on: every line of this folder, by language. Run to print the figures.

In the newer files braces mark what of a line is the contact, and two signs, a stroke and an n, stand for the end of a line.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from b24app.domain.masking import MARK, mask
from tests.unit.masking.corpus import CONTACTS, HARMLESS

FOLDER = Path(__file__).parent
LANGUAGES = {
    "ru": "Russian",
    "uz": "Uzbek, Latin",
    "uzc": "Uzbek, Cyrillic",
    "en": "English",
    "mixed": "mixed, the older list",
}


_NO_BRACES = str.maketrans("", "", "{}")


def marked(name: str) -> list[tuple[str, str]]:
    """Give (language, text) of every line of a file, or of every file that the pattern names, as they stand there."""
    rows = [row for path in sorted(FOLDER.glob(name)) for row in path.read_text(encoding="utf-8").splitlines()]
    return [(language, text.replace("\\n", "\n")) for language, _, text in (row.partition("\t") for row in rows if row)]


def lines(name: str) -> list[tuple[str, str]]:
    """Give (language, text) of every line as somebody would write it."""
    return [(language, text.translate(_NO_BRACES)) for language, text in marked(name)]


def left_over() -> list[str]:
    """Give the lines of which, where the contact is marked, more than one letter or figure of it can still be read."""
    found = [text for _, text in marked("contacts*.txt") if "{" in text]
    return [text for text in found if _readable(text) > 1]


def _readable(text: str) -> int:
    """Count the letters and figures of the marked contacts that masking leaves."""
    plain, inside, is_contact = text.translate(_NO_BRACES), False, []
    for mark in text:
        if mark in "{}":
            inside = mark == "{"
        else:
            is_contact.append(inside)
    shown, at = mask(plain).text.split(MARK), 0
    left = 0
    for number, piece in enumerate(shown):
        at = plain.index(piece, at) if number < len(shown) - 1 else len(plain) - len(piece)
        left += sum(is_contact[place] and plain[place].isalnum() for place in range(at, at + len(piece)))
        at += len(piece)
    return left


def contacts() -> list[tuple[str, str]]:
    """Give the lines in which something must be hidden."""
    return [*lines("contacts*.txt"), *(("mixed", text) for text in CONTACTS)]


def harmless() -> list[tuple[str, str]]:
    """Give the lines that must stay as they are."""
    return [*lines("harmless*.txt"), *(("mixed", text) for text in HARMLESS)]


@dataclass(frozen=True)
class Figures:
    """What was measured over some lines."""

    contacts: int
    harmless: int
    recall: float
    false_alarms: float


def measure(language: str = "") -> Figures:
    """Give recall and false alarms over the lines of a language, or all."""
    hidden = [mask(text).hidden for of, text in contacts() if language in ("", of)]
    alarms = [mask(text).text != text for of, text in harmless() if language in ("", of)]
    return Figures(len(hidden), len(alarms), sum(hidden) / len(hidden), sum(alarms) / len(alarms))


def missed() -> list[str]:
    """Give the contacts that got through."""
    return [text for _, text in contacts() if not mask(text).hidden]


def alarmed() -> list[str]:
    """Give the harmless lines in which something was hidden, as others would see them."""
    return [mask(text).text for _, text in harmless() if mask(text).text != text]


def markdown() -> str:
    """Give the figures as docs/bridge.md shows them."""
    rows = [(name, measure(code)) for code, name in LANGUAGES.items()] + [("all", measure())]
    lines = ["| Lines | With a contact | Hidden | Harmless | Touched by mistake |", "|---|---|---|---|---|"]
    lines += [
        f"| {name} | {found.contacts} | {found.recall:.1%} | {found.harmless} | {found.false_alarms:.1%} |"
        for name, found in rows
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(markdown() + "\n")
