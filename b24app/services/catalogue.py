"""The buyer's catalogue of factories: searching, one profile, what may be seen without access.

Called by the Mini App. Sends nothing; who looked at whom is kept by `relations`. Errors: NotFound, NotAllowed (no access),
InvalidInput (a cursor or sort that is none of ours).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    ScalarSelect,
    Text,
    and_,
    case,
    cast,
    extract,
    func,
    intersect,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from b24app.domain import catalogue as rules
from b24app.domain import search
from b24app.domain.catalogue import Cursor, Wish
from b24app.errors import InvalidInput, NotAllowed, NotFound
from b24app.services.match_scoring import rated
from storage.models import CatalogueEntry as Entry
from storage.models import CatalogueWord, Company, SearchWord
from storage.unit_of_work import UnitOfWork

ASKED_WORDS = 6
LIKE_WORDS = 200


@dataclass(frozen=True)
class Found:
    """One page: the factories in order with their rows, how many there are in all (told on the first page), where the next begins."""

    companies: list[tuple[Company, Entry]]
    count: int
    next_cursor: Cursor | None


def has_access(company: Company, uow: UnitOfWork) -> bool:
    """Tell whether a buyer's company may use the catalogue now."""
    return company.state == "accepted" and company.catalogue_until is not None and company.catalogue_until > uow.now


def find(
    uow: UnitOfWork, buyer: Company, wish: Wish, cursor: Cursor | None = None, *, limit: int = rules.PAGE
) -> Found:
    """Give a page of the factories that answer a wish; without access the first few of the first page, to be shown blurred."""
    if wish.sort not in rules.SORTS:
        raise InvalidInput(code="sort")
    if not has_access(buyer, uow):
        cursor, limit = None, rules.PREVIEWED
    asked = [_like(uow, word) for word in search.words(wish.text)[:ASKED_WORDS]]
    fits = and_(*visible(uow), *_filters(uow, wish), *([_said(*(like.all for like in asked))] if asked else []))
    # Found once, counted and turned over from there; only ids and values, for the rows are wide and few of them are wanted.
    value = _order(uow, wish, buyer, asked).label("value")
    hits = select(Entry.company_id, value).where(fits).cte("hits")
    if cursor is None:
        hits = hits.prefix_with("MATERIALIZED", dialect="postgresql")
        every: ScalarSelect[int] | BindParameter[int] = select(func.count()).select_from(hits).scalar_subquery()
    else:
        every = literal(0)
    statement = select(hits.c.company_id, hits.c.value, every.label("found"))
    if cursor is not None:
        statement = statement.where(
            tuple_(hits.c.value, hits.c.company_id)
            < tuple_(literal(cursor.value, BigInteger), literal(cursor.company_id))
        )
    rows = uow.session.execute(statement.order_by(hits.c.value.desc(), hits.c.company_id.desc()).limit(limit + 1)).all()
    count = int(rows[0].found) if rows else 0
    page = rows[:limit]
    following = Cursor(int(page[-1].value), page[-1].company_id) if len(rows) > limit else None
    shown = several(uow, [row.company_id for row in page])
    return Found(shown, count, following if has_access(buyer, uow) else None)


def profile(uow: UnitOfWork, buyer: Company, company_id: int) -> tuple[Company, Entry]:
    """Give a factory that may be looked at. NotAllowed without access, NotFound for one that is not in the catalogue."""
    if not has_access(buyer, uow):
        raise NotAllowed(code="no_catalogue_access")
    return one(uow, company_id)


def one(uow: UnitOfWork, company_id: int) -> tuple[Company, Entry]:
    """Give a factory of the catalogue. NotFound for any other."""
    found = several(uow, [company_id])
    if not found:
        raise NotFound(code="company")
    return found[0]


def several(uow: UnitOfWork, company_ids: Sequence[int]) -> list[tuple[Company, Entry]]:
    """Give those of some factories that are in the catalogue now, in the order asked for."""
    rows = uow.session.execute(
        select(Company, Entry)
        .join(Entry, Entry.company_id == Company.id)
        .where(Company.id.in_(company_ids), *visible(uow))
    )
    known = {company.id: (company, entry) for company, entry in rows}
    return [known[number] for number in company_ids if number in known]


def visible(uow: UnitOfWork) -> list[ColumnElement[bool]]:
    """Give the conditions under which a factory is in the catalogue: published and subscribed, or shown without the badge."""
    subscribed = and_(Entry.publication == "published", Entry.subscribed_until > uow.now)
    return [Entry.accepted.is_(True), or_(subscribed, Entry.publication == "unverified_visible")]


@dataclass(frozen=True)
class _Like:
    """A typed word, folded, and the words of the catalogue that answer it: `same` is spelt so, `all` may be alike."""

    asked: str
    same: list[str]
    all: list[str]


def _like(uow: UnitOfWork, asked: str) -> _Like:
    # A word that begins like the typed one shares its first piece, so that the pieces alone find it, by their index. One that is too
    # short for typing errors is only gone on from, by words that hold every piece of it but the end.
    pieces = SearchWord.trigrams
    alike = search.errors_allowed(asked) > 0
    held = _holds(pieces, search.trigrams(asked)) if alike else _holds_all(pieces, search.opening(asked))
    candidates = uow.session.scalars(select(SearchWord.word).where(held))
    judged = [(search.likeness(asked, word), word) for word in candidates]
    judged = sorted((pair for pair in judged if pair[0]), key=lambda pair: (-pair[0], len(pair[1]), pair[1]))
    judged = judged[:LIKE_WORDS]
    return _Like(
        asked=asked,
        same=[word for how, word in judged if how == search.EXACT],
        all=[word for _, word in judged],
    )


def _holds(column: Any, values: Sequence[str]) -> ColumnElement[bool]:
    held: ColumnElement[bool] = column.op("&&")(cast(list(values), ARRAY(Text)))
    return held


def _holds_all(column: Any, values: Sequence[str]) -> ColumnElement[bool]:
    held: ColumnElement[bool] = column.op("@>")(cast(list(values), ARRAY(Text)))
    return held


def _begins(column: Any, asked: str) -> ColumnElement[bool]:
    """Tell whether one of the folded words of a column goes on from the typed one."""
    # One look at a short text: hundreds of words compared with each of a name would be the dearest part of the search.
    return func.concat(" ", func.array_to_string(column, " ")).like(f"% {asked}%")


def _said(*words: Sequence[str]) -> ColumnElement[bool]:
    """Tell whether a factory is found by a folded word of each list."""
    # Met among the words first: most factories fall out there, and the rows of few are looked at.
    found = [select(CatalogueWord.company_id).where(CatalogueWord.word.in_(listed)) for listed in words]
    return Entry.company_id.in_(intersect(*found) if len(found) > 1 else found[0])


def _filters(uow: UnitOfWork, wish: Wish) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wish.segments:
        found.append(_holds(Entry.segments, wish.segments))
    if wish.volume is not None:
        found.append(Entry.moq <= wish.volume)
        if wish.unit:
            found.append(Entry.unit == wish.unit)
    if wish.lead_time_days is not None:
        found.append(Entry.lead_time_days <= wish.lead_time_days)
    for word in search.words(wish.equipment)[:ASKED_WORDS]:
        found.append(_holds(Entry.equipment_words, _like(uow, word).all))
    if wish.regions:
        found.append(Entry.region.in_(wish.regions))
    if wish.quality_department:
        found.append(Entry.quality_department.is_(True))
    if wish.stars is not None:
        found.append(and_(Entry.rating_count > 0, rated(Entry.rating_total, Entry.rating_weight) >= wish.stars))
    if wish.verified:
        found.append(Entry.verified_until > uow.now)
    today = uow.now.date().isoformat()
    found += [cast(Entry.certificates, JSONB)[code].astext >= today for code in wish.certificates]
    return found


def _order(uow: UnitOfWork, wish: Wish, buyer: Company, asked: Sequence[_Like]) -> ColumnElement[int]:
    """Give the whole number that the list is ordered by, the greatest first."""
    if wish.sort == "new":
        return cast(func.coalesce(extract("epoch", Entry.accepted_at), 0), BigInteger)
    if wish.sort == "answer":
        return cast(-func.coalesce(Entry.answer_minutes, rules.SLOWEST_MINUTES), BigInteger)
    if wish.sort == "rating":
        # The unrated stand where the prior puts them, neither first nor last; of equals those with more reviews come first.
        exact = cast(func.round(rated(Entry.rating_total, Entry.rating_weight) * 100), BigInteger)
        return exact * 1000 + func.least(Entry.rating_count, 999)
    points: ColumnElement[Any] = cast(Entry.merit, BigInteger)
    points += case((Entry.verified_until > uow.now, rules.VERIFIED_POINTS), else_=0)
    wanted = list(wish.segments or buyer.segments)
    if wanted:
        points += case((_holds(Entry.segments, wanted), rules.OWN_SEGMENT_POINTS), else_=0)
    for like in asked:
        points += case((_begins(Entry.name_words, like.asked), 2 * rules.HIT_POINTS), else_=0)
        # Where no other word answers, all that are found hold this one: what all have alike orders nobody, and costs a second look.
        if like.same != like.all:
            points += case((_said(like.same), rules.HIT_POINTS), else_=0)
    return points
