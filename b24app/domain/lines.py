"""Open lines: which one a conversation goes over, and what may be wrong with one. Pure.

A line may be meant for one language, for one audience, or for anybody. Documentation of what is judged: imopenlines.config.get,
imconnector.status.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

AUDIENCES = ("buyers", "factories", "deals")
"""Questions of buyers, questions of factories, conversations about lots, orders and the catalogue."""

QUIET: Mapping[str, str] = {
    "CRM_CREATE": "none",
    "WELCOME_MESSAGE": "N",
    "WELCOME_BOT_ENABLE": "N",
    "NO_ANSWER_RULE": "none",
    "WORKTIME_DAYOFF_RULE": "none",
    "CLOSE_RULE": "none",
    "AUTO_CLOSE_RULE": "none",
    "VOTE_MESSAGE": "N",
}
"""What a line must not do by itself: make a lead of a person whom we register, say or ask something that both sides would get."""

LINE_CHAT = -1
"""The type of an open-line chat among those of CRM items, whose numbers are positive: what a page in the messenger stands beside."""

DEAF = frozenset({"gone", "inactive", "unplugged"})
"""With one of these a line takes no message."""

SPEECHLESS = DEAF | {"empty"}
"""With one of these nobody reads what arrives on the line."""

LINE_OFF = "NOT_ACTIVE_LINE"
"""How Bitrix24 refuses a message for a line that is switched off, deleted or without our channel."""


@dataclass(frozen=True)
class Line:
    """A line as routing sees it; an empty language or audience means any."""

    line_id: str
    language: str = ""
    audience: str = ""


def chosen(lines: Iterable[Line], *, language: str, audience: str, default: str) -> str:
    """Give the line that suits best: audience before language, the default before one that is for anybody; `default` when none does."""
    best, best_score = default, 0
    for line in lines:
        if line.language not in {"", language} or line.audience not in {"", audience}:
            continue
        score = 2 * bool(line.audience) + bool(line.language)
        if score > best_score:
            best, best_score = line.line_id, score
    return best


def troubles_of(config: Any, status: Any) -> list[str]:
    """Say what is wrong with a line: gone, inactive, unplugged (our channel is off), empty (no operator), offline (none at work), loud."""
    if not isinstance(config, Mapping):
        return ["gone"]
    checks = {
        "inactive": config.get("ACTIVE") != "Y",
        "unplugged": isinstance(status, Mapping) and not status.get("STATUS"),
        "empty": "QUEUE" in config and not config["QUEUE"],
        "offline": bool(config.get("QUEUE")) and config.get("QUEUE_ONLINE") == "N",
        "loud": any(str(config.get(name, wanted)) != wanted for name, wanted in QUIET.items()),
    }
    return [name for name, found in checks.items() if found]
