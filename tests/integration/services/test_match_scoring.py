"""The score in SQL and the score of the domain are the same score."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from b24app.domain import matching as rules
from b24app.services import match_scoring, matching
from b24app.services.catalogue_entries import refresh_past
from storage.models import CatalogueEntry, Company, Lot
from storage.unit_of_work import UnitOfWork
from tests import factories
from tests.conftest import NOW

SEGMENTS = ["tshirts", "denim", "home", "yarn"]
WEIGHTS = st.lists(st.integers(0, 100), min_size=8, max_size=8).map(
    lambda cuts: dict(
        zip(rules.CRITERIA, [b - a for a, b in zip([0, *sorted(cuts)], [*sorted(cuts), 100], strict=True)], strict=True)
    )
)
ENTRIES = st.fixed_dictionaries(
    {
        "segments": st.lists(st.sampled_from(SEGMENTS), unique=True, min_size=1),
        "unit": st.sampled_from(["pcs", "kg"]),
        "moq": st.sampled_from([0, 1, 1000, 30_000]),
        "capacity_per_month": st.one_of(st.just(0), st.integers(1, 10**7)),
        "lead_time_days": st.integers(0, 90),
        "verified_until": st.sampled_from([None, NOW - timedelta(days=1), NOW + timedelta(days=1)]),
        "answer_minutes": st.none() | st.integers(0, 10**6),
        "invited_lots": st.integers(0, 300),
        "answered_lots": st.integers(0, 300),
        "finished_orders": st.integers(0, 50),
        "on_time_orders": st.integers(0, 50),
        "open_orders": st.integers(0, 40),
        "prices": st.dictionaries(
            st.sampled_from(SEGMENTS), st.tuples(st.sampled_from(["USD", "RUB"]), st.integers(1, 10**6)).map(list)
        ),
    }
)
LOTS = st.fixed_dictionaries(
    {
        "segment": st.sampled_from(SEGMENTS),
        "quantity": st.integers(1, 10**6),
        "days": st.integers(0, 120),
        "target": st.none() | st.tuples(st.integers(1, 10**6), st.sampled_from(["USD", "RUB"])),
    }
)


def change(lot: Lot, wished: dict[str, Any]) -> None:
    """Let a lot ask for something else."""
    lot.segment, lot.quantity = wished["segment"], wished["quantity"]
    target = wished["target"] and {"amount_minor": wished["target"][0], "currency": wished["target"][1]}
    produce_by = (NOW + timedelta(days=wished["days"])).date().isoformat()
    kept = {**lot.fields, "produce_by": produce_by, "target_price": target}
    lot.fields = {code: value for code, value in kept.items() if value is not None}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entries=st.lists(ENTRIES, min_size=1, max_size=8), wished=LOTS, weights=WEIGHTS)
def test_sql_and_domain_agree_on_every_point(
    uow: UnitOfWork, entries: list[dict[str, Any]], wished: dict[str, Any], weights: dict[str, int]
) -> None:
    """Whatever factories, lot and weights there are, both give the same points, from either side, and so the same order."""
    uow.session.execute(delete(CatalogueEntry))
    lot = uow.session.scalars(select(Lot)).first() or factories.lot(uow, factories.buyer(uow)[0])
    change(lot, wished)
    made = [Company(kind="factory", name="F", state="accepted", publication="published") for _ in entries]
    uow.session.add_all(made)
    uow.session.flush()
    standing = {"publication": "published", "accepted": True, "subscribed_until": NOW + timedelta(days=9)}
    rows = [{**standing, "company_id": one.id, **entry} for one, entry in zip(made, entries, strict=True)]
    uow.session.execute(insert(CatalogueEntry), rows)
    kept = [entry for entry in uow.session.scalars(select(CatalogueEntry)) if lot.segment in entry.segments]
    wish = matching.wish_of(lot, NOW)
    expected = {
        e.company_id: rules.score(wish, matching.candidate_of(e, lot.segment, NOW), weights).points for e in kept
    }
    column = matching.points_of(lot, weights, NOW)
    shared = CatalogueEntry.company_id.in_(expected)
    rows_of_sql = uow.session.execute(select(CatalogueEntry.company_id, column).where(shared))
    assert {row[0]: row[1] for row in rows_of_sql} == expected
    for entry in kept:
        able = match_scoring.able_factory(entry, NOW)
        reverse = match_scoring.points(match_scoring.asked_by_lots(NOW), able, weights)
        assert uow.session.scalar(select(reverse).where(Lot.id == lot.id)) == expected[entry.company_id]


def test_the_past_of_a_factory_is_kept_beside_what_it_is_searched_by(uow: UnitOfWork) -> None:
    """An offer and the order made from it change what the next matching knows, without anybody adding up the past."""
    ivan, _ = factories.buyer(uow)
    abc, company = factories.factory(uow)
    lot = factories.lot(uow, ivan)
    factories.offer(uow, abc, lot)
    entry = uow.session.get_one(CatalogueEntry, company.id, populate_existing=True)
    assert (entry.invited_lots, entry.answered_lots, entry.open_orders) == (1, 1, 0)
    assert entry.prices == {"tshirts": ["USD", 320]}
    refresh_past(uow, company.id)
    again = uow.session.get_one(CatalogueEntry, company.id, populate_existing=True)
    assert again.prices == {"tshirts": ["USD", 320]}
