"""Finding e-mail addresses in folded text, written plainly, with gaps, or with the signs spelled out: the table says how, by example."""

from __future__ import annotations

import re
from collections.abc import Iterator

from b24app.domain.masking import addresses
from b24app.domain.masking.addresses import CLOSE, DOT, DOT_WORDS, LABEL, OPEN, SHORT, SURE, WORDY
from b24app.domain.masking.lexicon import alternation

Found = tuple[int, int, str]

_DOG = alternation("links", "at")
_SERVICE, _SERVICE_IN_PARTS, _SPOKEN_SERVICE = (
    alternation("links", f"mail services{which}") for which in ("", " in parts", " spoken of")
)
_BRACKETED = rf"{OPEN}(?:@|at|et|эт|dog|{_DOG}){CLOSE}"
_AT = rf"(?:\s*@\s*|_at_|-at-|\s?\([aа]\)\s?(?=[a-z])|\s*{_BRACKETED}\s*|[\s,]+(?:{_DOG})[\s,]+)"
_NAME, _ALONE = r"[a-z0-9][\w.+-]{0,63}", r"(?<![\w.+-])"
_LONGER_NAME, _ANY_NAME = r"[a-z0-9][\w.+-]{2,63}", r"[a-zа-яё0-9][\w.+-]{0,63}"
_THEN = alternation("phones", "order")
_FEW, _ENDING = "(?:com|ru|uz)", r"(?:\W{0,3}(?:com|ru|uz|ком|ру|уз))?"

# A text is searched fastest for clues that each begin with a letter or sign of their own.
_SIGN = rf"@|_at_|-at-|\(a\)|\(а\)|{_DOG}|[ae]t{CLOSE}|эт{CLOSE}|dog{CLOSE}"
_WORD = r"[ae]t(?<!\w..)\b|эт(?<!\w..)\b|ат(?<!\w..)\b"

_WAYS = addresses.ways((
    ("ivan @ mail . ru", _SIGN, rf"{_ALONE}{_ANY_NAME}{_AT}{LABEL}(?:{DOT}{LABEL})*{DOT}(?:{SURE}|{SHORT}|[a-z]{{2,10}})\b"),
    # A sign in brackets is written so for one purpose only; what stands behind it need not be a whole address.
    (
        "ivan [dot] petrov [at] mail",
        _BRACKETED,
        rf"{_ALONE}{_ANY_NAME}(?:\s*{OPEN}(?:\.|{DOT_WORDS}){CLOSE}\s*[\w.+-]{{1,63}}){{0,3}}\s*{_BRACKETED}\s*{LABEL}(?:{DOT}{LABEL}){{0,3}}",
    ),
    ("ivan at mail dot ru", _WORD, rf"{_NAME}\s+(?:at|эт)\s+{LABEL}{DOT}(?:{SURE}|{SHORT}|{WORDY})\b"),
    # The name of a mail service after the sign needs no ending to be an address.
    (
        "ivan собака mail",
        rf"@|{_WORD}|{_DOG}",
        rf"{_ALONE}{_ANY_NAME}[\s,]*(?:(?:{_THEN})\s+)?(?:@|\b(?:[ae]t|эт|ат|{_DOG})\b)(?:\s+(?:и|and|va))?\s*(?:{_SERVICE}){_ENDING}(?!\w)",
    ),
    ("ivan@mail,ru", r"@[^,@]*,", rf"{_NAME}\s*@\s*{LABEL}\s*,\s*(?:{SURE})\b"),
    ("ivan#mail.ru", r"[#*%&=~^|]", rf"[a-z0-9][\w.+-]{{1,63}}\s?[#*%&=~^|]\s?(?:{_SERVICE_IN_PARTS})\s?\.\s?{_FEW}\b"),
    ("ivan mail ru", rf"(?:{_SERVICE_IN_PARTS})\s+{_FEW}", rf"{_LONGER_NAME}\s+(?:(?:на|at|da)\s+)?(?:{_SERVICE_IN_PARTS})\s+{_FEW}\b"),
    (
        "ivan на мейле",
        _SPOKEN_SERVICE,
        rf"{_ALONE}{_LONGER_NAME}\s+(?:на|в)\s+(?:{_SPOKEN_SERVICE})(?!\w)(?:\s*(?:точка\s*)?ру(?!\w))?",
    ),
))  # fmt: skip


CLUE = re.compile(rf"{_SIGN}|{_WORD}|(?:{_SERVICE_IN_PARTS})(?!\w)|{_SPOKEN_SERVICE}")


def find(text: str) -> Iterator[Found]:
    """Give the places of e-mail addresses."""
    for start, end in addresses.search(text, _WAYS):
        yield start, end, "email"
