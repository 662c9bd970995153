"""The corpus that recall and false alarms are measured on: every line of this folder, by language. Run to print the figures."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from b24app.domain.masking import mask
from tests.unit.masking.corpus import CONTACTS, HARMLESS

FOLDER = Path(__file__).parent
LANGUAGES = {
    "ru": "Russian",
    "uz": "Uzbek, Latin",
    "uzc": "Uzbek, Cyrillic",
    "en": "English",
    "mixed": "mixed, the older list",
}


def lines(name: str) -> list[tuple[str, str]]:
    """Give (language, text) of every line of a file, or of every file that the pattern names."""
    rows = [row for path in sorted(FOLDER.glob(name)) for row in path.read_text(encoding="utf-8").splitlines()]
    return [(language, text) for language, _, text in (row.partition("\t") for row in rows if row)]


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
