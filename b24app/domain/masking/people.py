"""Finding people by their names: what a word may be, `given` tells; here what stands around it is weighed against it.

Each thing that speaks for a person, or for goods or somebody addressed, has a reason and a weight in `WEIGHTS`; a name is hidden when they
come to `ENOUGH`. Models and colours bear people's names in this trade, and whom one speaks to is no secret.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from b24app.domain.masking import surroundings
from b24app.domain.masking.given import Kind, is_brand
from b24app.domain.masking.surroundings import Name, Word

Found = tuple[int, int, str]

ENOUGH = 4
WEIGHTS = {
    Kind.LISTED.value: 4,
    Kind.BUILT.value: 4,
    Kind.DOUBTFUL.value: 2,
    Kind.SURNAME.value: 2,
    Kind.ALIKE.value: 1,
    Kind.UNKNOWN.value: 0,
    "a surname beside it": 2,
    "an unknown word with a capital beside it": 1,
    "a capital within a sentence": 1,
    "small letters": -3,
    "a title": 3,
    "somebody to reach, or a post": 2,
    "asked for by name": 1,
    "does what people do": 2,
    "a contact in the message": 1,
    "does it at once": 1,
    "in company": 1,
    "signs the message": 2,
    "from a place": 2,
    "says who speaks": 4,
    "goods beside it": -5,
    "goods near it": -2,
    "in quotation marks": -4,
    "figures behind it": -3,
    "spoken to": -7,
}
_STRENGTH = (Kind.LISTED, Kind.BUILT, Kind.DOUBTFUL, Kind.SURNAME, Kind.ALIKE, Kind.UNKNOWN)


def find(written: str, *, near_contact: bool) -> Iterator[Found]:
    """Give the places of people's names in a text as it was written; a contact found in it speaks for a person."""
    for name, reasons in weighed(written, near_contact=near_contact):
        if sum(map(WEIGHTS.__getitem__, reasons)) >= ENOUGH:
            yield name.start, name.end, "name"


def weighed(written: str, *, near_contact: bool) -> Iterator[tuple[Name, Sequence[str]]]:
    """Give whatever may be a name with the reasons for and against it, as `WEIGHTS` calls them."""
    if not surroundings.may_hold_names(written):
        return
    for name in surroundings.names(written):
        texts = [word.text for word in name.words]
        if not is_brand(texts) and not is_brand([*(word.text for word in name.before[-1:]), *texts]):
            yield name, [*_by_itself(name), *_around(name), *(["a contact in the message"] if near_contact else [])]


def _by_itself(name: Name) -> Iterator[str]:
    kinds = sorted((word.kind for word in name.words), key=_STRENGTH.index)
    yield kinds[0].value
    if len(kinds) > 1:
        known = kinds[1] is not Kind.UNKNOWN
        if known or kinds[0] in {Kind.LISTED, Kind.BUILT}:
            yield "a surname beside it" if known else "an unknown word with a capital beside it"
    if not name.words[0].is_capital:
        yield "small letters"
    elif not name.opens_sentence:
        yield "a capital within a sentence"


def _around(name: Name) -> Iterator[str]:
    found: tuple[tuple[str, bool], ...] = (
        ("a title", name.is_titled),
        ("somebody to reach, or a post", name.has_near("leading", "posts")),
        ("asked for by name", _has(name.before[-1:], "leading", "posts")),
        ("does what people do", name.has_near("acting")),
        ("does it at once", name.acts),
        ("in company", name.is_in_company),
        ("signs the message", name.signs),
        ("goods beside it", name.is_beside_goods),
        ("goods near it", not name.is_beside_goods and name.is_among_goods),
        ("from a place", name.is_from_somewhere),
        ("says who speaks", name.speaks),
        ("in quotation marks", name.is_quoted),
        ("figures behind it", name.is_counted),
        ("spoken to", name.is_addressed),
    )
    yield from (reason for reason, holds in found if holds)


def _has(words: Sequence[Word], *roles: str) -> bool:
    return any(not word.roles.isdisjoint(roles) for word in words)
