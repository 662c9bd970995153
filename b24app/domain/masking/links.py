"""Finding addresses of pages in folded text, written plainly, with gaps, or with the signs spelled out: the table says how, by example."""

from __future__ import annotations

import re
from collections.abc import Iterator

from b24app.domain.masking import addresses
from b24app.domain.masking.addresses import CLOSE, DOT_WORDS, LABEL, OPEN, SHORT, SURE, WORDY
from b24app.domain.masking.lexicon import alternation, openings

Found = tuple[int, int, str]

_PLACES = alternation("handles", "places")
_FILES, _STROKE, _SITE, _SHORTENER, _ZONE = (
    alternation("links", heading) for heading in ("files", "stroke", "sites", "shorteners", "zones")
)
_ALONE, _REST = r"(?<![\w@.-])", r"[^\s<>\"]"
_PATH = rf"(?:[:/?#]{_REST}*)?"
_FEW = "(?:com|ru|uz|net|org)"
_SITE_NAME = r"[a-z0-9][a-z0-9-]{2,62}(?:\s+[a-z]{2,12})?"
_NETWORK = "(?:vk|ok|instagram|facebook|linkedin)"

_WAYS = addresses.ways((
    ("abc.uz", rf"\.(?:{SURE})\b", rf"{_ALONE}(?:{LABEL}\.)+(?:{SURE})\b(?![.]?\w){_PATH}"),
    ("abc.by", rf"\.(?:{SHORT}|{WORDY})\b", rf"{_ALONE}(?:[a-z0-9-]{{3,}}\.)+(?:{SHORT}|{WORDY})\b(?![.]?\w){_PATH}"),
    # Three words joined by dots are an address whatever the last one is, unless it names a kind of file.
    (
        "shop.abc.zone",
        r"\.[a-z0-9-]{3,}\.[a-z]",
        rf"{_ALONE}(?=[a-z0-9.-]*[a-z]{{3}})(?:[a-z0-9][a-z0-9-]{{2,62}}\.){{2,4}}(?!(?:{_FILES})\b)[a-z]{{2,12}}\b(?:[/?#]{_REST}*)?",
    ),
    (
        "abc (dot) uz",
        rf"(?:{DOT_WORDS}|\.)[\s)\]}}>]+(?:{SURE}|{SHORT})\b",
        rf"\b{LABEL}(?:\s*{OPEN}(?:\.|{DOT_WORDS}){CLOSE}\s*|\s+(?:{DOT_WORDS})\s+)(?:{SURE}|{SHORT})\b",
    ),
    ("abc . uz", rf"\.\s*{_FEW}\b", rf"\b[a-z0-9][a-z0-9-]{{2,62}}(?:\s+\.\s*|\s*\.\s+){_FEW}\b(?!\s*[a-z])"),
    ("abctextile,uz", rf",{_FEW}\b", rf"{_ALONE}[a-z][a-z0-9-]{{3,62}},{_FEW}\b"),
    ("a b c . u z", r"[.@_](?<= .) ", r"(?<!\w)(?:[a-zа-яё0-9_-] ){2,}(?:[@._] (?:[a-zа-яё0-9_-] )+)+[a-zа-яё0-9](?!\w)"),
    (
        "a b c dot u z",
        DOT_WORDS,
        rf"(?<!\w)(?:[a-zа-яё0-9_-] ){{3,}}(?:(?:{DOT_WORDS}) (?:[a-zа-яё0-9_-] ?){{2,}})+(?<! )(?!\w)",
    ),
    (
        "our site: abc . zone",
        _SITE,
        rf"(?<!\w)(?:{_SITE})(?:\W+\w{{2,12}}){{0,5}}?\W+(?P<host>[a-z0-9][a-z0-9-]{{2,62}}\s*\.\s*(?:{SURE}|{SHORT}))(?!\w)",
    ),
    (
        "our site: abc uz",
        _SITE,
        rf"(?<!\w)(?:{_SITE})(?:\W+\w{{2,12}}){{0,5}}?\W+(?P<host>{_SITE_NAME}\s+(?:com|ru|uz|net|org|kz|su|ком|ру|уз|кз)(?:\s+(?:tr|uk|uz|br))?)(?!\w)",
    ),
    ("w w w abc uz", r"w\W{0,2}w\W{0,2}w", r"(?<!\w)w\W{0,2}w\W{0,2}w\W{1,3}[a-z0-9-]{2,62}(?:\W{1,3}[a-z]{2,4}){0,2}(?!\w)"),
    # In letters of this alphabet the zone is a word too, so the name is to end what is said.
    (
        "our site: abc uz, in cyrillic",
        _SITE,
        rf"(?<!\w)(?:{_SITE})\W{{1,3}}(?P<host>[а-яё][а-яё0-9-]{{3,62}}\s+(?:ком|ру|уз|кз))(?=\s*(?:[,.;!?\n]|$))",
    ),
    ("live:.cid.abc", r"live:", r"(?<!\w)live:(?=[.\d_-]*[a-z])[.\w-]{3,64}"),
    ("www . abc", r"www\s*\.", rf"\bwww\s*\.\s*{_REST}+"),
    ("https : // abc", r"/", rf"(?:\bh(?:tt|xx)ps?\s*:\s*/\s*/|\bftp://){_REST}+"),
    (
        "https:// drive abc com / folders / x",
        r"/",
        rf"\bh(?:tt|xx)ps?\s*:\s*/\s*/\s{{1,3}}(?:[a-z0-9-]{{1,62}}\s{{1,3}}){{1,4}}(?:{SURE})\b(?:\s*/{_REST}*)*",
    ),
    ("t . me / abc", r"/", rf"\b(?:t|wa)\s+me\s?/\s?{_REST}+|\b(?:t|wa|telegram|vk|fb|m)(?:\s*\.\s*|[^\w\s]{{1,2}})(?:me|dog|com|cc)\s*/\s*{_REST}+|\btg://{_REST}+"),
    ("vk.com", rf"{_NETWORK}\s*\.", rf"\b{_NETWORK}\s*\.\s*(?:com|ru)\b{_REST}*"),
    ("abc textile uz/catalogue", r"/", rf"{_ALONE}[a-z0-9][a-z0-9-]{{1,62}}(?:\s+[a-z0-9-]{{2,62}})?\s+(?:{SURE})/{_REST}{{2,}}"),
    (
        "abctextile, zone ru",
        _ZONE,
        rf"{_ALONE}[a-z0-9][a-z0-9-]{{2,62}}\W{{1,3}}(?:\w{{1,2}}\s+)?(?:{_ZONE})\s+(?:{SURE})(?!\w)",
    ),
    (
        "abctextile with a dot com",
        DOT_WORDS,
        rf"{_ALONE}[a-z0-9][a-z0-9-]{{3,62}}\s+(?:with|plus|and|then|с|плюс|и|потом)\s+(?:(?:a|the)\s+)?(?:{DOT_WORDS})\s+(?:{SURE})(?!\w)",
    ),
    (
        "h t t p abc dot com",
        r"h\s+t\s+t\s+p",
        rf"(?<!\w)h\s+t\s+t\s+p(?:\s+s)?(?:\W+\w{{1,62}}){{1,3}}\W+(?:{DOT_WORDS}|\.)\W*(?:{SURE})(?!\w)",
    ),
    ("clck.la/abc", r"/", rf"{_ALONE}[a-z0-9-]{{2,62}}\.(?:{_SHORTENER})/{_REST}+"),
    ("linkedin: in/abc", r"/", r"(?:linkedin|линкедин)\w*\W{1,3}(?P<host>in/[a-z0-9-]{3,60})"),
    # A page told aloud: the place with or without its dot, then the word for the stroke.
    (
        "vk com slash abc",
        _STROKE,
        rf"(?<![\w.])(?:[a-z0-9-]{{1,62}}\W{{1,3}}(?:{SURE}|{SHORT}|dog)|(?:вк|фб)\W{{1,3}}ком|t\W{{0,2}}me|{_PLACES})\W+(?:{_STROKE})\W+[a-z0-9_.-]{{3,63}}",
    ),
))  # fmt: skip


CLUE = re.compile(
    rf"[./@]|^_$|live:|,{_FEW}|(?<!\w)w{{1,3}}(?!\w)|{openings('links', 'sites')}|{DOT_WORDS}|{_STROKE}|{_ZONE}|(?<!\w)h(?!\w)"
)


def find(text: str) -> Iterator[Found]:
    """Give the places of addresses of pages."""
    for start, end in addresses.search(text, _WAYS):
        yield start, end, "link"
