"""Finding user names in folded text by the sign that goes with them: `@ivan`, *собака ivan*, *ivan underscore petrov*."""

from __future__ import annotations

import re
from collections.abc import Iterator

from b24app.domain.masking import addresses
from b24app.domain.masking.lexicon import alternation, entries, openings

Found = tuple[int, int, str]

_WORDS = frozenset(entries("ordinary", "words"))
_NAME = r"[a-z][a-z0-9_.]{3,31}"
_NICK, _PLACES, _LOOKED_FOR, _OF_FILES, _CODES, _DOG, _PUPPY, _UNDERSCORE, _REMARK = (
    alternation("handles", heading)
    for heading in (
        "nicknames",
        "places",
        "looked for",
        "parts of files",
        "codes",
        "at signs",
        "at signs that are words",
        "underscores",
        "remarks",
    )
)
_DOTS, _TYPED = alternation("links", "dot"), alternation("introductions", "to be typed")
_LOOKS_MADE = r"(?=[a-z.]*[0-9_]|[a-z]+\.[a-z]{3})"
_NO_FILE = rf"(?!(?:{_CODES}|\d+)_)(?![\w.]*(?<![^\W_])(?:{_OF_FILES})(?![^\W_]))"
_CALLED = r"[^\W\d_][\w']+(?:\s[\w']+){0,3}"
_WAYS = addresses.ways((
    ("@ivan", "@", r"(?<![\w.])@\s?[a-z][a-z0-9_.]{2,31}"),
    (
        "the sign @ and ivan",
        r"@\s",
        r"@\s+(?:белгиси|belgisi|sign|знак|значок|символ)?\s*(?:ва|va|and|then|и|потом|плюс|plus)\s+(?P<host>[a-z][a-z0-9_.]{2,31})(?!\w)",
    ),
    (
        "ivan_petrov",
        "_",
        rf"(?<![\w./-]){_NO_FILE}[^\W_]{{2,20}}(?:[_.]{{1,2}}[^\W_]{{1,20}}){{0,3}}_{{1,2}}[^\W_]{{2,20}}_?(?![\w/-]|\.\w|%)",
    ),
    ("discord ivan#1234", r"#\d{4}", rf"(?<!\w)(?:{_PLACES})\W+(?P<host>[a-z][a-z0-9_.]{{2,31}}#\d{{4}})(?!\d)"),
    (
        "наш канал ткани ивана, в телеграме",
        _LOOKED_FOR,
        rf"(?<!\w)(?:{_LOOKED_FOR})\s*[:—–-]?\s*(?P<host>{_CALLED})\s*,\s*(?:{_PLACES})(?!\w)",
    ),
    ("ivantex deb yozing telegramda", "deb|деб", rf"(?<!\w)(?P<host>[\w.]{{4,32}})\s+(?:deb|деб)\s+(?:{_TYPED})\s+(?:{_PLACES})(?!\w)"),
    (
        "nik: ivan teks 07",
        rf"(?:{_NICK})\s*[:=—–-]",
        rf"(?<!\w)(?:{_NICK})\s*[:=—–-]\s*(?P<host>[a-zа-яё][\w.]{{1,20}}(?:\s[\w.]{{1,20}}){{0,3}})(?=\s*(?:[,!;\n]|\.?$))",
    ),
    (
        "telegram ivan nuqta teks",
        rf"[a-z]\s+(?:{_DOTS})\s+[a-z]",
        rf"(?<!\w)(?:{_PLACES})\W+(?P<host>[a-z][\w-]{{1,20}}(?:\s+(?:{_DOTS})\s+[a-z0-9][\w-]{{1,20}}){{1,3}})(?!\w)",
    ),
    (
        "ivan teks, without the space",
        _REMARK,
        rf"(?<![\w.@])(?P<host>@?\s?[a-z][a-z0-9_.-]{{1,31}}(?:\s[a-z0-9_.-]{{2,31}})?)[\s,(—–-]{{1,3}}(?:только\s|faqat\s|but\s|all\s)?(?:{_REMARK})(?!\w)",
    ),
    (
        "my handle, without the dash: ivan-teks",
        _REMARK,
        rf"(?<!\w)(?:{_NICK}|{_PLACES})\W[^\n.!?]{{0,20}}(?:{_REMARK})\s*[:—–-]\s*(?P<host>[a-z][\w.-]{{2,31}}(?:\s[a-z][\w.-]{{1,31}})?)",
    ),
    ("собака ivan", _DOG, rf"(?<!\w)(?:{_DOG})\s+(?:{_NAME}|[а-яё]+_[а-яё0-9_]+)(?!\w)"),
    ("kuchukcha ivan_7", _PUPPY, rf"(?<!\w)(?:{_PUPPY})\s+{_LOOKS_MADE}{_NAME}(?!\w)"),
    ("ivan underscore petrov", _UNDERSCORE, rf"(?<![\w.])[a-z][a-z0-9.]*\s+(?:{_UNDERSCORE})\s+[a-z0-9][a-z0-9_.]*"),
))  # fmt: skip
_OPENINGS = openings(
    "handles", "at signs", "at signs that are words", "underscores", "nicknames", "looked for", "remarks are told by"
)
CLUE = re.compile(rf"[@_#]|{_OPENINGS}|{_DOTS}|(?<!\w)(?:deb|деб)(?!\w)")
SIGN_AND_NAME = 2


def find(text: str) -> Iterator[Found]:
    """Give the places of such names, with the sign."""
    for start, end in addresses.search(text, _WAYS):
        said = text[start:end].split()
        is_plain = len(said) == SIGN_AND_NAME and said[-1] in _WORDS
        if not is_plain and not _WORDS.issuperset(said):
            yield start, end, "handle"
