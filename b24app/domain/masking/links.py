"""Finding e-mail addresses and links in folded text, written plainly, with gaps, or with the signs spelled out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from b24app.domain.masking.lexicon import alternation

Found = tuple[int, int, str]

_SURE, _SHORT, _WORDY = (
    alternation("links", heading) for heading in ("endings", "short endings", "endings that are words")
)
_THEN, _FILES = alternation("phones", "order"), alternation("links", "files")
_DOG, _DOT_WORDS, _STROKE = (alternation("links", heading) for heading in ("at", "dot", "stroke"))
_SPOKEN_SERVICE, _SITE = alternation("links", "mail services spoken of"), alternation("links", "sites")
_SERVICE, _SERVICE_IN_PARTS = alternation("links", "mail services"), alternation("links", "mail services in parts")
# A label has at most 63 letters, a mailbox 64; the bounds also keep a text made to be slow from being so.
_LABEL = r"[a-zа-яё0-9](?:[a-zа-яё0-9-]{0,61}[a-zа-яё0-9])?"
_DOT = rf"(?:\s*\.\s*|\s*[(\[{{<]\s*(?:\.|{_DOT_WORDS})\s*[)\]}}>]\s*|[\s,]+(?:{_DOT_WORDS})[\s,]+)"
_AT = (
    rf"(?:\s*@\s*|_at_|-at-|\([aа]\)(?=[a-z])|\s*[(\[{{<]\s*(?:@|at|эт|{_DOG})\s*[)\]}}>]\s*"
    rf"|[\s,]+(?:{_DOG})[\s,]+)"
)

_EMAIL = re.compile(
    rf"(?<![\w.+-])[a-zа-яё0-9][\w.+-]{{0,63}}{_AT}{_LABEL}(?:{_DOT}{_LABEL})*{_DOT}(?:{_SURE}|{_SHORT}|[a-z]{{2,10}})\b"
)
_EMAIL_IN_WORDS = re.compile(rf"[a-z0-9][\w.+-]{{0,63}}\s+(?:at|эт)\s+{_LABEL}{_DOT}(?:{_SURE}|{_SHORT})\b")
# The name of a mail service after the sign needs no ending to be an address.
_EMAIL_OF_SERVICE = re.compile(
    rf"(?<![\w.+-])[a-z0-9][\w.+-]{{0,63}}[\s,]*(?:(?:{_THEN})\s+)?(?:@|\b(?:at|эт|ат|{_DOG})\b)(?:\s+(?:и|and|va))?\s*"
    rf"(?:{_SERVICE})(?:\W{{0,3}}(?:com|ru|uz|ком|ру|уз))?(?!\w)"
)
_EMAIL_WITH_ANOTHER_SIGN = re.compile(
    rf"[a-z0-9][\w.+-]{{1,63}}\s?[#*%&=~^|]\s?(?:{_SERVICE_IN_PARTS})\s?\.\s?(?:com|ru|uz)\b"
)
_EMAIL_AT_PLACE = re.compile(
    rf"(?<![\w.+-])[a-z0-9][\w.+-]{{2,63}}\s+(?:на|в)\s+(?:{_SPOKEN_SERVICE})(?!\w)(?:\s*(?:точка\s*)?ру(?!\w))?"
)
_EMAIL_WITH_COMMA = re.compile(rf"[a-z0-9][\w.+-]{{0,63}}\s*@\s*{_LABEL}\s*,\s*(?:{_SURE})\b")
_EMAIL_IN_PARTS = re.compile(
    rf"[a-z0-9][\w.+-]{{2,63}}\s+(?:(?:на|at|da)\s+)?(?:{_SERVICE_IN_PARTS})\s+(?:com|ru|uz)\b"
)
# A sign in brackets is written so for one purpose only; what stands behind it need not be a whole address.
_EMAIL_IN_BRACKETS = re.compile(
    rf"(?<![\w.+-])[a-zа-яё0-9][\w.+-]{{0,63}}(?:\s*[(\[{{<]\s*(?:\.|{_DOT_WORDS})\s*[)\]}}>]\s*[\w.+-]{{1,63}}){{0,3}}"
    rf"\s*[(\[{{<]\s*(?:@|at|эт|{_DOG})\s*[)\]}}>]\s*{_LABEL}(?:{_DOT}{_LABEL}){{0,3}}"
)
# A page told aloud: the place with or without its dot, then the word for the stroke.
_SPELLED_PATH = re.compile(
    rf"(?<![\w.])(?:[a-z0-9-]{{1,62}}\W{{1,3}}(?:{_SURE}|{_SHORT}|dog)|(?:вк|фб)\W{{1,3}}ком|t\W{{0,2}}me)\W+(?:{_STROKE})\W+[a-z0-9_.-]{{3,63}}"
)
_PROFILE = re.compile(r"(?:linkedin|линкедин)\w*\W{1,3}(?P<host>in/[a-z0-9-]{3,60})")
_SPACED_WWW = re.compile(r"(?<!\w)w\W{0,2}w\W{0,2}w\W{1,3}[a-z0-9-]{2,62}(?:\W{1,3}[a-z]{2,4}){0,2}(?!\w)")
_NAMED_SITE = re.compile(
    rf"(?<!\w)(?:{_SITE})(?:\W+\w{{2,12}}){{0,5}}?\W+"
    r"(?P<host>[a-z0-9][a-z0-9-]{2,62}(?:\s+[a-z]{2,12})?\s+(?:com|ru|uz|net|org|kz|su))(?!\w)"
)
_SHORTENED = re.compile(rf"(?<![\w@.-])[a-z0-9-]{{2,62}}\.(?:{alternation('links', 'shorteners')})/[^\s<>\"]+")
_LINK = re.compile(r"(?:\bh(?:tt|xx)ps?\s*:\s*/\s*/|\bftp://|\bwww\s*\.\s*)[^\s<>\"]+")
_MESSENGER = re.compile(
    r"\b(?:t|wa|telegram|vk|fb|m)(?:\s*\.\s*|[^\w\s]{1,2})(?:me|dog|com|cc)\s*/\s*[^\s<>\"]+|\btg://[^\s<>\"]+|\b(?:vk|ok|instagram|facebook|linkedin)"
    r"\s*\.\s*(?:com|ru)\b[^\s<>\"]*"
)
_HOST = re.compile(rf"(?<![\w@.-])(?:{_LABEL}\.)+(?:{_SURE})\b(?![.]?\w)(?:[:/?#][^\s<>\"]*)?")
_SHORT_HOST = re.compile(rf"(?<![\w@.-])(?:[a-z0-9-]{{3,}}\.)+(?:{_SHORT}|{_WORDY})\b(?![.]?\w)(?:[:/?#][^\s<>\"]*)?")
# Three words joined by dots are an address whatever the last one is, unless it names a kind of file.
_DEEP_HOST = re.compile(
    rf"(?<![\w@.-])(?=[a-z0-9.-]*[a-z]{{3}})(?:[a-z0-9][a-z0-9-]{{2,62}}\.){{2,4}}(?!(?:{_FILES})\b)"
    r"[a-z]{2,12}\b(?:[/?#][^\s<>\"]*)?"
)
_SPELLED_HOST = re.compile(
    rf"\b{_LABEL}(?:\s*[(\[{{<]\s*(?:\.|{_DOT_WORDS})\s*[)\]}}>]\s*|\s+(?:{_DOT_WORDS})\s+)(?:{_SURE}|{_SHORT})\b"
)
_HOST_WITH_PATH = re.compile(
    rf"(?<![\w@.-])[a-z0-9][a-z0-9-]{{1,62}}(?:\s+[a-z0-9-]{{2,62}})?\s+(?:{_SURE})/[^\s<>\"]{{2,}}"
)
_GAPPED_HOST = re.compile(r"\b[a-z0-9][a-z0-9-]{2,62}(?:\s+\.\s*|\s*\.\s+)(?:com|ru|uz|net|org)\b(?!\s*[a-z])")
_COMMA_HOST = re.compile(r"(?<![\w@.-])[a-z][a-z0-9-]{3,62},(?:com|ru|uz|net|org)\b")
_SPACED = re.compile(r"(?<!\w)(?:[a-zа-яё0-9_-] ){2,}(?:[@.] (?:[a-zа-яё0-9_-] )+)+[a-zа-яё0-9](?!\w)")
_NOT_A_NAME = re.compile(r"[\d.\-]+")

_Finders = tuple[tuple[re.Pattern[str], str], ...]
_FINDERS: tuple[tuple[re.Pattern[str], _Finders], ...] = (
    (
        re.compile(rf"@|_at_|-at-|\([aа]\)|{_DOG}|\b(?:at|эт|ат)\b"),
        (
            (_EMAIL, "email"),
            (_EMAIL_IN_BRACKETS, "email"),
            (_EMAIL_IN_WORDS, "email"),
            (_EMAIL_OF_SERVICE, "email"),
            (_EMAIL_WITH_COMMA, "email"),
            (_SPACED, "link"),
        ),
    ),
    (
        re.compile(rf"{_SERVICE_IN_PARTS}|{_SPOKEN_SERVICE}"),
        ((_EMAIL_AT_PLACE, "email"), (_EMAIL_IN_PARTS, "email"), (_EMAIL_WITH_ANOTHER_SIGN, "email")),
    ),
    (
        re.compile(r"/|www"),
        ((_HOST_WITH_PATH, "link"), (_SHORTENED, "link"), (_PROFILE, "link"), (_LINK, "link"), (_MESSENGER, "link")),
    ),
    (
        re.compile(rf"(?:[.,]|{_DOT_WORDS})[\s)\]}}>]*(?:{_SURE}|{_SHORT}|{_WORDY}|dog)\b"),
        (
            (_MESSENGER, "link"),
            (_HOST, "link"),
            (_SHORT_HOST, "link"),
            (_SPELLED_HOST, "link"),
            (_GAPPED_HOST, "link"),
            (_COMMA_HOST, "link"),
        ),
    ),
    (re.compile(_STROKE), ((_SPELLED_PATH, "link"),)),
    (re.compile(r"w\W{0,2}w\W{0,2}w"), ((_SPACED_WWW, "link"),)),
    (re.compile(r"[a-z0-9]{3}\.[a-z0-9-]{3,}\.[a-z]"), ((_DEEP_HOST, "link"),)),
    (re.compile(r" [.@] "), ((_SPACED, "link"),)),
    (re.compile(r"сайт|site|sayt|веб|домен|dom[ae]"), ((_NAMED_SITE, "link"),)),
)
"""What a text must hold to be worth a closer look → what to look for then."""


def find(text: str) -> Iterator[Found]:
    """Give the places of e-mail addresses and links."""
    for hint, finders in _FINDERS:
        if hint.search(text):
            for pattern, kind in finders:
                for found in pattern.finditer(text):
                    if not _NOT_A_NAME.fullmatch(found[0]):
                        group = "host" if "host" in pattern.groupindex else 0
                        yield found.start(group), found.end(group), kind
