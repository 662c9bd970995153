"""A second industry lives through the whole story with nothing but another data file."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from b24app.domain.industries import Pack
from b24app.services import comparison, industries, lots, matching, offers, orders
from storage.unit_of_work import UnitOfWork
from tests import factories
from tests.architecture.source import OURS, PROJECT, files, name
from tests.integration.services.outgoing import said_to, sent

FOOTWEAR = PROJECT / "tests" / "packs" / "footwear.yaml"
OWN_LISTS = ("segments", "production_steps")
SHARED = {"shipped", "delivered", "packed", "quality", "fabric", "home", "kids"}
"""Codes that are ordinary words, or steps that every industry has."""


@pytest.fixture
def footwear(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pack]:
    """The deployment serves shoemakers for the length of a test."""
    monkeypatch.setattr(industries, "PACK_FILE", FOOTWEAR)
    industries.pack.cache_clear()
    yield industries.pack()
    industries.pack.cache_clear()


def test_shoes_go_the_whole_way(footwear: Pack, uow: UnitOfWork) -> None:
    """Registered, matched, published, compared, awarded and delivered in pairs of boots, by leather and lasting."""
    ivan, _ = factories.buyer(uow, segments=["boots"], yearly_volume_unit="pair")
    abc, _ = factories.factory(
        uow,
        segments=["boots", "trainers"],
        volume_unit="pair",
        cad_cam=None,
        certificates=[{"certificate": "lwg", "number": "L-1", "expires_on": "2027-01-01"}],
    )
    lot = factories.lot(uow, ivan, product="Кожаные ботинки, размеры 39–46", segment="boots", unit="pair")
    assert [match.name for match in matching.factories_for(uow, lot.id, "en")] == ["ABC Textiles"]
    view = lots.anonymous_view(uow, lot, "en")
    assert (view.segment, "pairs" in view.quantity) == ("Boots", True)
    offer = factories.offer(uow, abc, lot)
    offers.allow(uow, offer.id, "user/1")
    assert isinstance(offers.compare(uow, ivan, lot.id, "uz"), comparison.Comparison)
    order = offers.award(uow, ivan, offer.id)
    assert orders.steps() == ["leather", "stitching", "lasting", "shipped", "delivered"]
    for step in orders.steps():
        orders.report(uow, abc, order.id, step=step)
    assert order.state == "done"
    assert "Затяжка" in " ".join(said_to(uow, ivan.chat_id))
    assert sent(uow, "SaveItem", ref=f"order/{order.id}")


def test_no_code_knows_an_industry() -> None:
    """No module names a segment or a production step: those words stand in data files only."""
    data = industries.read(industries.INDUSTRIES_DIR / "textile.yaml")
    codes = {choice.code for name_ in OWN_LISTS for choice in data.lists[name_]} - SHARED
    found = [
        f"{name(path)}: {node.value}"
        for path in files(*OURS)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in codes
    ]
    assert found == []
    pages = [path for package in OURS for path in (PROJECT / package).rglob("*.html")]
    words = re.compile(r"[\"'](" + "|".join(sorted(codes)) + r")[\"']")
    assert [name(path) for path in pages if words.search(path.read_text(encoding="utf-8"))] == []
