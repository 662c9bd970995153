"""What of the Bot API is simulated, said method by method; the documentation generator prints it.

Knows the contract and the table of methods; changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.contract import load
from sandbox.telegram.call import METHODS
from sandbox.telegram.methods import register_all

GENERAL_GAPS = (
    (
        "Business connections, stories, checklists, guest queries, managed bots and suggested posts do not exist: their "
        "methods are refused as the service refuses unknown ones. Rich messages are answered 501."
    ),
    "file_id is the same for every bot; download addresses never expire.",
    "Pictures are not resized: every size of a photo holds the whole picture.",
    "A webhook may be plain http on any port; a Mini App may be plain http on this machine.",
    (
        "Flood control is a set of token buckets (30/s overall, 1/s per chat with a burst of 3, 20/min per group); "
        "the real service does not publish its algorithm."
    ),
    "Link previews are stored and never generated; automatic detection of addresses knows a short list of zones.",
    "A person who blocked the bot: sending is refused, editing is not.",
    "Two bots never see each other's messages in private; bot-to-bot communication does not exist.",
)


@dataclass(frozen=True)
class Coverage:
    """One documented method: honoured and ignored parameters, and what is missing in words."""

    method: str
    simulated: bool
    honoured: tuple[str, ...]
    ignored: tuple[str, ...]
    gaps: str


def rows() -> list[Coverage]:
    """Every documented method in alphabetical order."""
    register_all()
    shown = []
    for name, facts in sorted(load("telegram")["methods"].items()):
        found = METHODS.get(name.lower())
        parameters = tuple(facts["params"])
        if found is None:
            shown.append(Coverage(name, False, (), parameters, "not simulated: answers 501"))
        else:
            honoured = tuple(parameter for parameter in parameters if parameter not in found.ignored)
            shown.append(Coverage(name, True, honoured, found.ignored, found.gaps))
    return shown


def markdown() -> str:
    """The part about Telegram of the documentation, beginning with a heading of the second level."""
    lines = ["## Telegram", "", *(f"- {gap}" for gap in GENERAL_GAPS), ""]
    lines += ["| Method | Honoured parameters | Validated without effect | Not simulated |", "|---|---|---|---|"]
    for row in rows():
        cells = (row.method, ", ".join(row.honoured), ", ".join(row.ignored) if row.simulated else "", row.gaps)
        lines.append(f"| {' | '.join(cell or '—' for cell in cells)} |")
    return "\n".join(lines) + "\n"
