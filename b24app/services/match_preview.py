"""What other weights would have meant for the latest lots: who would stand where, before anything is changed.

Called by the desk's page of weights. Sends nothing and writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select

from b24app.services import match_weights, matching
from storage.models import Company, Lot, Order
from storage.unit_of_work import UnitOfWork

LOTS = 6
PLACES = 5


@dataclass(frozen=True, kw_only=True)
class Place:
    """A factory's place among those that suit a lot, from 1, and its score, with the weights of today and with the others."""

    company_id: int
    name: str
    chosen: bool
    before: int
    after: int
    score_before: int
    score_after: int

    @property
    def rise(self) -> int:
        """How many places it goes up; negative when it goes down."""
        return self.before - self.after


@dataclass(frozen=True, kw_only=True)
class LotPlaces:
    """One lot: the first places with the other weights, those of today that leave them, and the factories that were chosen."""

    lot: Lot
    places: tuple[Place, ...]

    @property
    def moves(self) -> bool:
        """Whether anybody shown changes places."""
        return any(place.rise for place in self.places)


def preview(uow: UnitOfWork, weights: Mapping[str, int]) -> list[LotPlaces]:
    """Rank the factories for the latest published lots with the weights in force and with others, as of each lot's publication."""
    lots = uow.session.scalars(
        select(Lot).where(Lot.published_at.is_not(None)).order_by(Lot.created_at.desc(), Lot.id).limit(LOTS)
    ).all()
    return [LotPlaces(lot=lot, places=_places(uow, lot, weights)) for lot in lots]


def _places(uow: UnitOfWork, lot: Lot, weights: Mapping[str, int]) -> tuple[Place, ...]:
    ranked = _ranked(uow, lot, weights).subquery()
    chosen = select(Order.company_id).where(Order.lot_id == lot.id)
    shown = or_(ranked.c.after <= PLACES, ranked.c.before <= PLACES, ranked.c.company_id.in_(chosen))
    rows = uow.session.execute(
        select(ranked, Company.name, Company.id.in_(chosen).label("chosen"))
        .join(Company, Company.id == ranked.c.company_id)
        .where(shown)
        .order_by(ranked.c.after)
    )
    return tuple(
        Place(
            company_id=row.company_id,
            name=row.name,
            chosen=row.chosen,
            before=row.before,
            after=row.after,
            score_before=row.score_before,
            score_after=row.score_after,
        )
        for row in rows
    )


def _ranked(uow: UnitOfWork, lot: Lot, weights: Mapping[str, int]) -> Select[Any]:
    score_before = matching.points_of(lot, match_weights.current(uow), uow.now, lot.published_at)
    score_after = matching.points_of(lot, weights, uow.now, lot.published_at)
    scored = (
        matching.candidates(lot, uow.now, lot.published_at)
        .add_columns(score_before.label("score_before"), score_after.label("score_after"))
        .subquery()
    )
    number = func.row_number()
    return select(
        scored.c.company_id,
        scored.c.score_before,
        scored.c.score_after,
        number.over(order_by=(scored.c.score_before.desc(), scored.c.company_id)).label("before"),
        number.over(order_by=(scored.c.score_after.desc(), scored.c.company_id)).label("after"),
    )
