"""Finding the names that people and companies introduce themselves by, whatever the names are: a cue leads to each.

Works on the text as it was written, for a name is told from a word by its capital letter; a capital alone hides nothing. The cues are
lists in `words/introductions.txt`; people whose given names are known need no cue of these, see `people`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from b24app.domain.masking.lexicon import alternation, entries

Found = tuple[int, int, str]

_LISTS = "introductions"
_HEADINGS = (
    *("posts", "partings", "calling", "asking for", "answering", "cards", "saying who", "being", "places to look up", "looking up"),
    *("legal forms before", "legal forms behind", "firms", "ours"),
)  # fmt: skip


def _cue(*headings: str) -> str:
    return rf"(?i:(?<!\w)(?:{alternation(_LISTS, *headings)})(?!\w))"


_CAPITAL, _SMALL = "[A-ZА-ЯЁЎҚҒҲÀ-ÖØ-ÞĞİŞ]", "[a-zа-яёўқғҳß-öø-ÿğış]"
_NAME = rf"(?!(?:{alternation(_LISTS, 'no names')})(?!\w)){_CAPITAL}{_SMALL}{{2,}}(?:['ʻʼ’‘`-](?:{_CAPITAL}|{_SMALL})+|{_SMALL})*"
_FULL = rf"{_NAME}(?:\s+(?:{_NAME}|{_CAPITAL}\.)){{0,2}}"
_TITLE = rf"{_CAPITAL}[\w'ʻʼ’‘&.-]*[\w]"
_FIRM = rf"{_TITLE}(?:\s+(?:&\s+)?{_TITLE}){{0,3}}(?:\s*{_CAPITAL}\.){{0,2}}"
_QUOTED = r"(?:«[^«»\n]{2,60}»|“[^“”\n]{2,60}”|„[^„“”\n]{2,60}[“”]|\"[^\"\n]{2,60}\")"
_WORD = r"[^\W\d_]{3,}"
_BEFORE = rf"(?<!\w)(?:{alternation(_LISTS, 'legal forms before')})(?!\w)"
_BEHIND = rf"(?:{alternation(_LISTS, 'legal forms behind')})(?!\w)"
_FROM = r"(?i:из|от|с|from|of|at)"
_SAID = rf"(?:\s*[:—–-]?\s*{_cue('being named')})?\s*[:—–-]?\s*"
_AFTER = rf"(?P<more>,?\s+{_FROM}\s+(?:{_cue('firms')}\s+|the\s+)?(?:{_QUOTED}|{_FIRM}))?"

_PEOPLE = (
    # my name is …
    rf"{_cue('calling')}\s*[:—–-]?\s*(?!{_cue('no names behind calling')})(?P<name>{_FULL}|{_WORD}(?:\s+{_NAME}){{0,2}}){_AFTER}",
    # Kind regards, …
    rf"{_cue('partings')}[\s,!.:—–-]*(?P<name>{_FULL}){_AFTER}",
    # our director …
    rf"{_cue('posts')}\s*[:,—–-]?\s*(?P<name>{_FULL}){_AFTER}",
    # this is … from
    rf"{_cue('saying who')}\s+(?P<name>{_FULL})(?=,?\s+(?:from|here|speaking|of|again|your|the)\b){_AFTER}",
    rf"(?i:\bэто\b)\s*[:,—–-]?\s*(?P<name>{_FULL})(?=,?\s+(?:из|от|с|компани\w+|фирм\w+|фабрик\w+)\b){_AFTER}",
    # I am …
    rf"{_cue('being')}\s+(?P<name>{_FULL}){_AFTER}",
    rf"(?i:\bя\b)\s*[:,—–-]?\s*(?P<name>{_FULL})(?=\s*[,.!]|\s+(?:из|от|с)\b|\s*$){_AFTER}",
    rf"(?i:\b(?:men|мен)\b)\s+(?:\w+(?:dan|lik|дан|лик)\s+)?(?!\w+(?:dan|da|ga|дан|да|га)(?:man|ман)?\b)(?P<name>{_FULL})(?=\s*,|(?<=man)\b|(?<=ман)\b|\s+\w+\s+{_cue('firms')})",
    rf"(?<!\w)(?P<name>{_CAPITAL}{_SMALL}+(?:man|ман),\s+{_FIRM}(?:dan|дан))(?!\w)",
    # ask for …, … will call
    rf"{_cue('asking for')}\s+(?P<name>{_FULL}){_AFTER}",
    rf"{_cue('answering')}\s+(?P<name>{_FULL})",
    # contact: …
    rf"{_cue('cards')}\s*[:—–-]\s*(?P<name>{_FULL}){_AFTER}",
    # Mr …, … aka bilan gaplashing
    r"(?<!\w)(?P<name>(?:Mr|Mrs|Ms|Mister|Madam|Г-н|Г-жа|[Гг]осподин\w*|[Гг]оспож\w+)\.?\s+" + _FULL + ")",
    rf"(?<!\w)(?P<name>{_FULL}\s+(?:aka|opa|ака|опа|xonim|хоним|hoji|домла))\s+(?:bilan|билан|deb|деб|javob|жавоб|qo'ng'iroq|қўнғироқ|hal|ҳал)(?!\w)",
)
_SOUGHT = (
    # on the map: «…»
    rf"{_cue('places to look up')}[^\n.!?«“\"]{{0,25}}(?P<name>{_QUOTED})",
    rf"{_cue('places to look up')}(?:[\s,:—–-]+{_cue('being called there')})*[\s,:—–-]+(?P<name>{_NAME}\s+{_FULL})",
    # look for … there
    rf"{_cue('looking up')}(?:\s+(?i:us|me|up|for|as|under|нас|меня|как|по|имени))+\s+(?P<name>{_FULL}|{_QUOTED})",
    rf"{_cue('looking up')}\s+(?P<name>{_NAME}\s+{_FULL}|{_QUOTED})\s+(?i:on|in|at|в|во|на)\s+{_cue('places to look up')}",
    # … deb yozing
    rf"(?P<name>{_TITLE}(?:\s+{_TITLE}){{0,3}})\s+(?:deb|деб)\s+(?:yoz|qidir|izla|top|chiq|ёз|қидир|изла|топ|чиқ)",
)
_COMPANIES = (
    # LLC …, … LLC
    rf"(?P<name>{_BEFORE}\s*(?:{_QUOTED}|{_FIRM}))",
    rf"(?P<name>(?<!\w){_BEHIND}\.?\s*{_QUOTED})",
    rf"(?P<name>(?:{_QUOTED}|(?<!\w){_FIRM}),?\s+{_BEHIND})",
    # our factory …, the factory is called …, factory «…»
    rf"{_cue('firms')}{_SAID}(?P<name>{_QUOTED})",
    rf"(?P<name>{_QUOTED})\s+{_cue('firms')}",
    rf"{_cue('firms')}\s+{_cue('being named')}\s*[:—–-]?\s*(?P<name>{_FIRM})",
    rf"{_cue('ours')}[\s:—–-]+(?:\w+\s+)?{_cue('firms')}{_SAID}(?P<name>{_FIRM})",
    rf"{_cue('firms')}\s+{_cue('ours')}\s*[:—–-]?\s*(?P<name>{_FIRM})",
)
_FINDERS = tuple(re.compile(pattern) for pattern in (*_PEOPLE, *_SOUGHT, *_COMPANIES))

# Most texts hold no beginning of any cue and need no closer look.
_BEGINNINGS = frozenset(
    beginning
    for heading in _HEADINGS
    for entry in entries(_LISTS, heading)
    for beginning in re.findall(r"[^\W\d_]+", entry.lower())[:1]
)
_STARTS = frozenset(word[:3] for word in _BEGINNINGS) | frozenset(
    "это я men мен mr mrs ms mis mad г гос aka opa ака опа xon хон hoj дом deb деб ман man".split()
)
_WORDS = re.compile(r"[^\W\d_]+")
_POLITE = rf"(?!(?:{alternation(_LISTS, 'greetings')})(?!\w))"
_BEFORE_CONTACT = re.compile(rf"(?<![\w-]){_POLITE}(?P<name>{_FULL}(?:\s*,\s*{_QUOTED})?)\s*[,|—–]\s*$")
_BEHIND_CONTACT = re.compile(rf"\s*[,|—–(]\s*{_POLITE}(?P<name>{_FULL})(?=\s*(?:[,.;|)!\n]|$))")
_REACHED_BY = re.compile(rf"(?<=[^\W\d_]\s)(?P<name>{_FULL})\s+(?:on|at|via|по|на)\s+$")
_PARTINGS = frozenset(",|—–")
_REACH = 80
_SIGNED = re.compile(rf"\s*(?P<name>{_NAME}\s+{_FULL})\s*(?:[|,/].*)?$")


def find(written: str, folded: str) -> Iterator[Found]:
    """Give the places of names in a text as it was written; its folded form is looked at first, for a cue."""
    if _STARTS.isdisjoint(word[:3] for word in _WORDS.findall(folded)):
        return
    for pattern in _FINDERS:
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
