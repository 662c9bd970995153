"""The little market that the demo offers: strangers to the main story, in every state that lists and boards can show."""

from __future__ import annotations

from collections import Counter

from sandbox.market import Market
from sandbox.market_plot import WISHES
from sandbox.visitors import until
from sandbox.witness import Item, Witness
from storage.embedded import EmbeddedServer
from tests.functional.stacks import running

STAGES = {"MODERATION": 2, "PUBLISHED": 1, "OFFERS": 2, "NEGOTIATION": 1, "CONTRACT": 2, "WON": 1}
ORDERS = 3


def test_the_market_fills_every_stage(postgres: EmbeddedServer, template_database: str) -> None:
    """Played to its end, it leaves lots at each stage up to the contract and one order delivered."""
    postgres.drop_database("market")
    postgres.create_database("market", template=template_database)
    with running(postgres.address("market")) as stack:
        stack.install()
        for _, chapter in Market(stack).chapters():
            chapter()
        world = Witness(stack)
        until("every lot at its stage", lambda: stages(world.deals()[: len(WISHES)]) == STAGES)
        assert len(world.deals()[len(WISHES) :]) == ORDERS
    postgres.drop_database("market")


def stages(deals: list[Item]) -> Counter[str]:
    """Count deals by their stages, whatever pipeline they are in."""
    return Counter(str(deal["stageId"]).rpartition(":")[2] for deal in deals)
