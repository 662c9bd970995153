"""Finding the names that people and companies introduce themselves by, whatever the names are: a cue leads to each.

Works on the text as it was written, for a name is told from a word by its capital letter; a capital alone hides nothing. The cues are
lists in `words/introductions.txt`; people whose given names are known need no cue of these, see `people`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from b24app.domain.masking.clues import Remembered
from b24app.domain.masking.lexicon import ANY_ENDING, Roles, alternation, entries, lists

Found = tuple[int, int, str]

_LISTS, _MAPS = "introductions", "places to look up"

_APOSTROPHES = "'ʻʼ’‘`"


def _cue(*headings: str) -> str:
    """Give a pattern for the words as they are written, with an apostrophe of any make."""
    parts = alternation(_LISTS, *headings).split(ANY_ENDING)
    words = rf"[\w{_APOSTROPHES}]*".join(part.replace("'", f"[{_APOSTROPHES}]") for part in parts)
    return rf"(?i:(?<!\w)(?:{words})(?!\w))"


_CAPITAL, _SMALL = "[A-ZА-ЯЁЎҚҒҲÀ-ÖØ-ÞĞİŞ]", "[a-zа-яёўқғҳß-öø-ÿğış]"
_NAME = rf"(?!(?:{alternation(_LISTS, 'no names')})(?!\w)){_CAPITAL}{_SMALL}{{2,}}(?:['ʻʼ’‘`-](?:{_CAPITAL}|{_SMALL})+|{_SMALL})*"
_FULL = rf"{_NAME}(?:\s+(?:{_NAME}|{_CAPITAL}\.)){{0,2}}"
# No name is longer; the bound also keeps a text made to be slow from being so.
_TITLE = rf"{_CAPITAL}[\w'ʻʼ’‘&.-]{{0,39}}[\w]"
_FIRM = rf"{_TITLE}(?:\s+(?:(?:&|and|und|of|va|и)\s+)?{_TITLE}){{0,3}}(?:\s*{_CAPITAL}\.){{0,2}}"
_QUOTED = r"(?:«[^«»\n]{2,60}»|“[^“”\n]{2,60}”|„[^„“”\n]{2,60}[“”]|\"[^\"\n]{2,60}\")"
_WORD = r"[^\W\d_]{3,}"
_CASE = "(?:ga|da|dan|ni|ning|га|да|дан|ни|нинг)?"
"""How Uzbek ends a word in a sentence."""
_BEFORE = rf"(?<!\w)(?:{alternation(_LISTS, 'legal forms before')})(?!\w)"
_BEHIND = rf"(?:{alternation(_LISTS, 'legal forms behind')})(?!\w)"
_THERE = rf"(?i:(?<!\w)(?:{alternation(_LISTS, 'places to look up')}|{alternation('handles', 'places')})(?!\w))"
_NO_NAME = rf"(?!(?:{alternation(_LISTS, 'no names')})(?!\w))"
_STREET = rf"{_TITLE}(?:\s+{_TITLE}){{0,2}}"
_HOUSE = rf"(?:{_cue('houses')}\.?\s*)?\d{{1,4}}(?:\s?[A-Za-zА-Яа-я]|/\d{{1,4}}|\s?-?(?:uy|уй))?{_CASE}(?!\w)"
_FROM = r"(?i:из|от|с|from|of|at)"
_SAID = rf"(?:\s*[:—–-]?\s*{_cue('being named')})?\s*[:—–-]?\s*"
_PLACE_OR_BRAND = rf"(?:{alternation('names', 'places and brands')}|{alternation('people', 'brands')})(?!\w)"
_AFTER = rf"(?P<more>,?\s+{_FROM}\s+(?:{_cue('firms')}\s+|the\s+)?(?:{_QUOTED}|{_FIRM}))?"

# What the pattern is after, the list of which a word must stand in the text, the pattern.
_TABLE: tuple[tuple[str, str, str], ...] = (
    (
        "my name is …",
        "calling",
        rf"{_cue('calling')}\s*[:—–-]?\s*(?!{_cue('no names behind calling')})(?P<name>{_FULL}|{_WORD}(?:\s+{_NAME}){{0,2}}){_AFTER}",
    ),
    ("Kind regards, …", "partings", rf"{_cue('partings')}[\s,!.:—–-]*(?P<name>{_FULL}){_AFTER}"),
    ("Best, …, at the end", "closings", rf"{_cue('closings')}[,!.]?\s*[\n,—–-]\s*(?P<name>{_FULL})\s*[.!]?\s*$"),
    ("Thanks, and a line below …", "thanks", rf"{_cue('thanks')}[,!.]*\s*\n\s*(?P<name>{_FULL})\s*[.!]?\s*$"),
    ("our director …", "posts", rf"{_cue('posts')}\s*[:,—–-]?\s*(?P<name>{_FULL}){_AFTER}"),
    (
        "this is … from",
        "saying who",
        rf"{_cue('saying who')}\s+(?P<name>{_FULL})(?=,?\s+(?:from|here|speaking|of|again|your|the|из|от|с|{_cue('firms')})\b){_AFTER}",
    ),
    ("I am …", "being", rf"{_cue('being')}\s+(?P<name>{_FULL}){_AFTER}"),
    (
        "я …, at the end of a clause",
        "I",
        rf"{_cue('I')}\s*[:,—–-]?\s*(?P<name>{_FULL})(?=\s*[,.!]|\s+(?:из|от|с)\b|\s*$){_AFTER}",
    ),
    (
        "men …, …man",
        "men",
        rf"{_cue('men')}\s+(?:\w+(?:dan|lik|дан|лик)\s+)?(?!\w+(?:dan|da|ga|дан|да|га)(?:man|ман)?\b)(?P<name>{_FULL})(?=\s*,|(?<=man)\b|(?<=ман)\b|\s+\w+\s+{_cue('firms')})",
    ),
    ("…man, from a firm", "men", rf"(?<!\w)(?P<name>{_CAPITAL}{_SMALL}+(?:man|ман),\s+{_FIRM}(?:dan|дан))(?!\w)"),
    ("colleagues of «…»", "posts", rf"{_cue('posts')}\s+{_FROM}\s+(?P<name>{_QUOTED})"),
    (
        "ask for …",
        "asking for",
        rf"{_cue('asking for')}(?:\s+(?i:на|в|у|at|in)\s+(?:the\s+)?\w+)?[:\s]\s*(?P<name>{_FULL}){_AFTER}",
    ),
    ("… will call", "answering", rf"{_cue('answering')}\s+(?P<name>{_FULL})"),
    ("contact: …", "cards", rf"{_cue('cards')}\s*[:—–-]\s*(?P<name>{_FULL}){_AFTER}"),
    (
        "… aka bilan gaplashing",
        "titles behind",
        rf"(?<!\w)(?P<name>{_FULL}\s+{_cue('titles behind')})\s+(?:bilan|билан|deb|деб|javob|жавоб|qo'ng'iroq|қўнғироқ|hal|ҳал)(?!\w)",
    ),
    (
        "on the map: «…»",
        _MAPS,
        rf"{_THERE}[^\n.!?«“\"]{{0,25}}(?P<name>{_QUOTED})",
    ),
    (
        "on the network we are …",
        _MAPS,
        rf"{_THERE}(?:[\s,:—–-]+{_cue('being called there')})*[\s,:—–-]+(?P<name>{_NAME}\s+{_FULL})",
    ),
    (
        "look for us as …",
        "looking up",
        rf"{_cue('looking up')}(?:\s+(?i:us|me|up|for|as|under|нас|меня|как|по|имени))+[:\s]\s*(?P<name>{_FULL}|{_QUOTED})",
    ),
    (
        "look … up and ring",
        "looking up",
        rf"{_cue('looking up')}\s+(?P<name>{_NAME}\s+{_FULL}|{_QUOTED})\s*,?\s+{_cue('and then')}",
    ),
    (
        "look for … there",
        "looking up",
        rf"{_cue('looking up')}\s+(?P<name>{_NAME}\s+{_FULL}|{_QUOTED})\s+(?i:on|in|at|в|во|на)\s+{_THERE}",
    ),
    (
        "the channel is called …",
        "being named",
        (
            rf"{_cue('channels')}[^\n.!?]{{0,25}}{_cue('being named')}\s*[:—–-]?\s*"
            rf"(?P<name>{_CAPITAL}[\w'-]+(?:\s+[\w'-]+){{0,3}})(?=\s*(?:[,.!;\n]|$))"
        ),
    ),
    (
        "… deb yozing",
        "deb",
        rf"(?P<name>{_TITLE}(?:\s+{_TITLE}){{0,3}}|{_QUOTED})\s+{_cue('deb')}\s+(?:yoz|qidir|izla|top|chiq|ёз|қидир|изла|топ|чиқ)",
    ),
    (
        "telegramda … deb yozing",
        "deb",
        rf"{_THERE}\s+(?P<name>[\w.{_APOSTROPHES}]+(?:\s[\w.{_APOSTROPHES}]+){{0,2}})\s+{_cue('deb')}\s+{_cue('to be typed')}",
    ),
    (
        "… Textile",
        "trade tails",
        rf"(?<!\w){_NO_NAME}(?P<name>(?:{_TITLE}\s+){{1,3}}(?:{alternation(_LISTS, 'trade tails')})(?!\w)(?:\s+{_TITLE})?)(?<=[\w.])",
    ),
    ("ul. … 8", "streets before", rf"(?P<name>{_cue('streets before')}\.?\s*{_STREET}[\s,]*{_HOUSE})"),
    ("… ko'chasi 8", "streets behind", rf"(?<!\w)(?P<name>{_STREET}\s+{_cue('streets behind')}[\s,-]*{_HOUSE})"),
    (
        "… 12-mavze, 4-uy",
        "quarters",
        rf"(?<!\w)(?P<name>(?:{_TITLE}[\s,]+){{0,3}}\d{{1,3}}\s?-?\s?{_cue('quarters')}[\s,-]*{_HOUSE})",
    ),
    ("8 … Road", "streets behind", rf"(?<!\w)(?P<name>\d{{1,4}}[A-Za-z]?,?\s+{_STREET}\s+{_cue('streets behind')})"),
    ("LLC …", "legal forms before", rf"(?P<name>{_BEFORE}\s*(?:{_QUOTED}|{_FIRM}))"),
    ("LLC «…»", "legal forms behind", rf"(?P<name>(?<!\w){_BEHIND}\.?\s*{_QUOTED})"),
    (
        "… LLC",
        "legal forms behind",
        rf"(?P<name>(?:{_QUOTED}|(?<!\w){_FIRM})(?:\s*\([^()\n]{{2,30}}\))?,?\s+{_BEHIND})",
    ),
    ("factory «…»", "firms", rf"{_cue('firms')}{_SAID}(?P<name>{_QUOTED})"),
    ("«…», that is us", "us", rf"(?P<name>{_QUOTED}|{_NAME}\s+{_FIRM})[\s,—–-]+{_cue('us')}"),
    ("«…» factory", "firms", rf"(?P<name>{_QUOTED})\s+{_cue('firms')}"),
    (
        "the factory is called …",
        "being named",
        rf"{_cue('firms')}\s+{_cue('being named')}\s*[:—–-]?\s*(?P<name>{_FIRM})",
    ),
    ("our partner «…»", "posts", rf"{_cue('posts')}\s*[:—–-]?\s*(?P<name>{_QUOTED})"),
    ("channel «…»", "named in marks", rf"{_cue('named in marks')}\s*[:—–-]?\s*(?P<name>{_QUOTED})"),
    (
        "call …",
        "reaching firms",
        rf"{_cue('reaching firms')}\s+(?:the\s+)?(?!{_PLACE_OR_BRAND})(?P<name>{_NAME}\s+{_FULL})",
    ),
    (
        "магазин …, in Latin letters",
        "firms",
        rf"{_cue('firms')}(?<=[а-яё])\s+(?!{_PLACE_OR_BRAND})(?P<name>[A-Z][A-Za-z]{{3,}}(?:\s[A-Z][A-Za-z]+)*)",
    ),
    (
        "shop … …",
        "firms",
        rf"{_cue('firms')}\s+(?!{_PLACE_OR_BRAND})(?P<name>{_NAME}(?:\s+{_NAME})+)",
    ),
    (
        "address: …, … 12",
        "addresses",
        rf"{_cue('addresses')}\s*[:—–-]?\s*(?P<name>(?:{_TITLE}[\s,]+){{1,4}}(?:№|No\.?\s*)?\d{{1,4}}[A-Za-zА-Яа-я]?{_CASE}(?!\w)(?:,\s*\d{{1,4}}-?\s?(?:uy|уй|кв|дом))?(?:,\s*{_FULL})?)",
    ),
    (
        "our factory …",
        "ours",
        rf"{_cue('ours')}[\s:—–-]+(?:\w+\s+)?{_cue('firms')}(?:(?:\s+\w+){{1,2}}\s*:)?{_SAID}(?P<name>{_FIRM})",
    ),
    ("we trade as …", "trading", rf"{_cue('trading')}\s*[:—–-]?\s*(?P<name>{_QUOTED}|{_FIRM})"),
    ("factory of ours …", "ours", rf"{_cue('firms')}\s+{_cue('ours')}\s*[:—–-]?\s*(?P<name>{_FIRM})"),
)


def _beginnings(headings: Iterable[str]) -> dict[str, frozenset[str]]:
    """Give the words that the entries of each list begin with."""
    words = lists(_LISTS, headings)
    words[_MAPS] += entries("handles", "places")
    return {heading: frozenset(word.lower().split()[0] for word in listed) for heading, listed in words.items()}


_FINDERS: dict[str, list[re.Pattern[str]]] = {}
for _, needed, pattern in _TABLE:
    _FINDERS.setdefault(needed, []).append(re.compile(pattern))
_ALONE_BELOW = re.compile(
    rf"[.!?,)]\s*\n\s*(?!(?i:{alternation(_LISTS, 'greetings', 'closings')})(?!\w))(?P<name>{_CAPITAL}{_SMALL}{{2,}}(?:\s{_NAME})?)\s*$"
)
_INITIAL = re.compile(rf"{_CAPITAL}\.")
_INITIALS = re.compile(rf"(?<![\w.])(?P<name>(?:{_CAPITAL}\.\s?){{1,2}}\s{_NAME}|{_NAME}\s{_CAPITAL}\.\s?{_CAPITAL}\.)")
_WORDS = re.compile(r"\w[\w'.-]*\w|\w")
_BEHIND_FIGURES = re.compile(r"(?<=\d-)[^\W\d]+")
_BEGINNINGS = Roles(_beginnings(needed for _, needed, _ in _TABLE))
_CUES = Remembered(lambda word: frozenset(_BEGINNINGS.of_any([*_WORDS.findall(word), *_BEHIND_FIGURES.findall(word)])))
_POLITE = rf"(?!(?:{alternation(_LISTS, 'greetings')})(?!\w))"
_BEFORE_CONTACT = re.compile(rf"(?<![\w-]){_POLITE}(?P<name>{_FULL}(?:\s*,\s*{_QUOTED})?)\s*[,|—–]\s*$")
_BEHIND_CONTACT = re.compile(rf"\s*[,|—–(]\s*{_POLITE}(?P<name>{_FULL})(?=\s*(?:[,.;|)!\n]|$))")
_REACHED_BY = re.compile(rf"(?<=[^\W\d_]\s)(?P<name>{_FULL})\s+(?:on|at|via|по|на)\s+$")
_PARTINGS = frozenset(",|—–")
_REACH = 80
_SIGNED = re.compile(rf"\s*(?P<name>{_NAME}\s+{_FULL})\s*(?:[|,/].*)?$")


def find(written: str, folded: str) -> Iterator[Found]:
    """Give the places of names in a text as it was written; its folded form is looked at first, for a cue."""
    patterns = [pattern for cue in _CUES.of_any(folded.split()) for pattern in _FINDERS[cue]]
    patterns += [_INITIALS] if _INITIAL.search(written) else []
    patterns += [_ALONE_BELOW] if "\n" in written else []
    for pattern in patterns:
        for found in pattern.finditer(written):
            yield found.start("name"), found.end("more" if found.groupdict().get("more") else "name"), "name"


def beside(written: str, start: int, end: int) -> Iterator[Found]:
    """Give the names right before and right behind a contact, parted from it by a comma or a stroke."""
    parted = written[max(0, start - 2) : start].rstrip()[-1:] in _PARTINGS
    before = _BEFORE_CONTACT.search(written, max(0, start - _REACH), start) if parted else None
    reached = _REACHED_BY.search(written, max(0, start - _REACH), start)
    for found in (before, reached, _BEHIND_CONTACT.match(written, end)):
        if found:
            yield found.start("name"), found.end("name"), "name"


def signatures(written: str) -> Iterator[Found]:
    """Give the names that stand on a line of their own: below or above a contact they sign the message."""
    at = 0
    for line in written.split("\n"):
        signed = _SIGNED.match(line)
        if signed:
            yield at + signed.start("name"), at + signed.end("name"), "name"
        at += len(line) + 1
