"""Entities that Telegram finds by itself in plain text: addresses, mentions, hashtags, commands, mail, phones."""

from __future__ import annotations

import re
from typing import Any

from sandbox.telegram.entities.units import utf16_length

_ZONES = (
    "com|org|net|edu|gov|info|biz|io|me|app|dev|ru|uz|kz|kg|tj|tm|by|ua|de|fr|it|es|uk|us|eu|tr|cn|jp|kr|in|ai|co|"
    "tv|cc|su|pro|shop|store|online|site|tech|xyz|top|test|example|рф|бел|қаз"
)
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("email", re.compile(r"(?<![\w.+-])[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(?![\w])")),
    (
        "url",
        re.compile(
            r"(?<![\w@.])(?:(?:https?|tg|ton|tonsite)://[^\s<>\"«»]+|"
            rf"(?:[\w-]+\.)+(?:{_ZONES})(?::\d+)?(?![\w-])(?:[/?#][^\s<>\"«»]*)?)",
            re.IGNORECASE,
        ),
    ),
    ("bot_command", re.compile(r"(?<![\w/<>@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")),
    ("mention", re.compile(r"(?<![\w@/])@[A-Za-z][A-Za-z0-9_]{1,31}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w#@/])#(?=\w*[^\W\d_])[\w·]{1,256}(?!#)")),
    ("cashtag", re.compile(r"(?<![\w$])\$(?:1INCH|[A-Z]{1,8})(?![\w$])")),
    (
        "phone_number",
        re.compile(r"(?<![\w+])\+\d{1,3}[\s-]?(?:\(?\d{2,4}\)?[\s-]?)?\d{2,4}(?:[\s-]?\d{2,4}){1,3}(?!\w)"),
    ),
)
_TRAILING = ".,:;!?'\"…)]}"
_SIGNS = ("@", "#", "/", "$", "+", ".", "://")


def _trimmed(text: str) -> str:
    """An address does not swallow the punctuation of the sentence, but keeps its own closed parentheses."""
    while text and text[-1] in _TRAILING:
        if text[-1] == ")" and text.count("(") >= text.count(")"):
            break
        text = text[:-1]
    return text


def find_entities(text: str) -> list[dict[str, Any]]:
    """Detected entities, in order, never overlapping; an earlier kind in the table wins."""
    if not any(sign in text for sign in _SIGNS):
        return []
    taken: list[tuple[int, int]] = []
    found: list[dict[str, Any]] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            covered = _trimmed(match[0]) if kind == "url" else match[0]
            begin, end = match.start(), match.start() + len(covered)
            if any(begin < other_end and other_begin < end for other_begin, other_end in taken):
                continue
            taken.append((begin, end))
            found.append({"type": kind, "offset": utf16_length(text[:begin]), "length": utf16_length(covered)})
    return sorted(found, key=lambda entity: entity["offset"])
