"""A factory's figures against its segments: views, favourites, lots received, answered, won, median answer time.

Called by the Mini App and the chat. Sends nothing. All figures are of the last PERIOD_DAYS.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, ColumnElement, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.expression import cast
from sqlalchemy.types import Text

from b24app.i18n import Texts
from b24app.services import relations, showcase
from storage.models import CatalogueEntry, Company, Invitation, Offer, Order, ProfileView
from storage.unit_of_work import UnitOfWork

PERIOD_DAYS = 90
COMPARED_FACTORIES = 300


@dataclass(frozen=True)
class Figure:
    """One figure of a factory and the median of its segments; None where there is nothing to go by."""

    own: int | None
    median: int | None


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What a factory reads of itself. `answer_minutes`: the median from invitation to offer; `peers`: how many it is compared with."""

    views: Figure
    favourites: int
    received: Figure
    answered: Figure
    won: Figure
    answer_minutes: Figure
    peers: int


def of_factory(uow: UnitOfWork, company: Company) -> Figures:
    """Work out a factory's figures and the medians of the published factories that share a segment with it."""
    since = uow.now - timedelta(days=PERIOD_DAYS)
    peers = _peers(uow, company)
    ids = [company.id, *peers]
    counted = {
        "views": _views(uow, ids, since),
        "received": _count(uow, Invitation.company_id, Invitation.invited_at >= since, ids),
        "answered": _count(uow, Offer.company_id, Offer.created_at >= since, ids),
        "won": _count(uow, Order.company_id, Order.created_at >= since, ids),
    }
    figures = {name: _figure(company.id, peers, found) for name, found in counted.items()}
    rows = uow.session.execute(
        select(CatalogueEntry.company_id, CatalogueEntry.answer_minutes).where(
            _among(CatalogueEntry.company_id, ids), CatalogueEntry.answer_minutes.is_not(None)
        )
    )
    minutes = {company_id: int(answered or 0) for company_id, answered in rows}
    own_minutes = minutes.pop(company.id, None)
    return Figures(
        favourites=relations.favourite_count(uow, company.id),
        answer_minutes=Figure(own_minutes, median(list(minutes.values()))),
        peers=len(peers),
        **figures,
    )


@dataclass(frozen=True)
class Row:
    """One figure in words: the factory's own, the median, and whether the own one is `good`, `late` or neither."""

    label: str
    own: str
    median: str
    tone: str


def rows_of(found: Figures, t: Texts) -> list[Row]:
    """Say the figures that have a median."""
    minutes = found.answer_minutes
    # Of minutes fewer are better.
    swift = Figure(*(None if value is None else -value for value in (minutes.own, minutes.median)))
    own, middle = (showcase.minutes_words(value, t.language) or "—" for value in (minutes.own, minutes.median))
    return [
        _plain_row(t("Profile views"), found.views, t),
        _plain_row(t("Lots received"), found.received, t),
        _plain_row(t("Lots answered"), found.answered, t),
        _plain_row(t("Orders won"), found.won, t),
        Row(t("Median answer time"), own, middle, _tone(swift)),
    ]


def _plain_row(label: str, figure: Figure, t: Texts) -> Row:
    median_words = "—" if figure.median is None else t.number(figure.median)
    return Row(label, t.number(figure.own or 0), median_words, _tone(figure))


def _tone(figure: Figure) -> str:
    if figure.own is None or figure.median is None or figure.own == figure.median:
        return ""
    return "good" if figure.own > figure.median else "late"


def median(values: list[int]) -> int | None:
    """Give the middle value, the lower of two; None of nothing."""
    return sorted(values)[(len(values) - 1) // 2] if values else None


def _figure(company_id: int, peers: list[int], found: dict[int, int]) -> Figure:
    return Figure(found.get(company_id, 0), median([found.get(peer, 0) for peer in peers]))


def _peers(uow: UnitOfWork, company: Company) -> list[int]:
    """Name published factories that share a segment; so many of them, always the same ones, that a median is worth its name."""
    return list(
        uow.session.scalars(
            select(CatalogueEntry.company_id)
            .where(
                CatalogueEntry.segments.op("&&")(cast(list(company.segments), ARRAY(Text))),
                CatalogueEntry.accepted.is_(True),
                CatalogueEntry.publication == "published",
                CatalogueEntry.company_id != company.id,
            )
            .order_by(func.md5(cast(CatalogueEntry.company_id, Text)))
            .limit(COMPARED_FACTORIES)
        )
    )


def _views(uow: UnitOfWork, ids: list[int], since: datetime) -> dict[int, int]:
    """Count the buyers that looked, once a day each."""
    return _count(uow, ProfileView.factory_company_id, ProfileView.day >= since.date(), ids)


def _among(of: InstrumentedAttribute[int], ids: list[int]) -> ColumnElement[bool]:
    # One array instead of a parameter for each id, whose parsing took longer than the query.
    return of == func.any(cast(ids, ARRAY(BigInteger)))


def _count(
    uow: UnitOfWork, of: InstrumentedAttribute[int], when: ColumnElement[bool], ids: list[int]
) -> dict[int, int]:
    rows = uow.session.execute(select(of, func.count()).where(_among(of, ids), when).group_by(of))
    return {company_id: int(count) for company_id, count in rows}
