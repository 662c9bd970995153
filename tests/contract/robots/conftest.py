"""What the tests of robots share: a marketplace with a buyer and a factory."""

from __future__ import annotations

import pytest

from storage.unit_of_work import Transactions
from tests.contract.placements.world import Marketplace
from tests.databases import Prepared


@pytest.fixture
def market(transactions: Transactions, prepared: Prepared) -> Marketplace:
    """An installed application with an accepted buyer and a published factory."""
    market = Marketplace(transactions)
    market.begin(prepared, "an accepted buyer and a published factory", _open)
    return market


def _open(market: Marketplace) -> None:
    market.install()
    market.buyer()
    market.factory()
