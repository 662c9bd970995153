"""Ready-made sets as rules of ours: run once when a deal comes to their stage, by whoever moved it; silence brings a task."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from b24app.errors import InvalidInput
from b24app.i18n import texts
from b24app.services import lot_news, ready_sets, stage_rules
from b24app.services import settings as stored
from storage.models import CrmLink, Lot, Person
from storage.unit_of_work import UnitOfWork
from tests import factories
from tests.integration.services.outgoing import said_to, sent
from tests.integration.services.test_crm_edits import changed, linked
from tests.integration.services.test_orders import awarded

THANKS = "Thank you for working through our marketplace! Order for lot No. {number}."


def switched(uow: UnitOfWork, code: str, stage: str, *, on: bool = True, **numbers: int) -> None:
    """Switch a set on or off as an administrator does."""
    stage_rules.switch(uow, code, stage=stage, numbers=numbers, on=on, actor="user/1", t=texts("ru"))


def waiting_lot(uow: UnitOfWork) -> tuple[Lot, Person]:
    """A lot before its moderation, seen there by the portal, and a factory that suits it."""
    stored.put(uow, "factories_told", lot_news.BY_RULE, "user/1")
    abc, _ = factories.factory(uow)
    ivan, _ = factories.buyer(uow)
    lot = factories.lot(uow, ivan, published=False)
    linked(uow, f"lot/{lot.id}", stage="moderation")
    changed(uow, stage="moderation")
    return lot, abc


def test_a_rule_tells_factories_once_when_the_deal_comes_to_its_stage(uow: UnitOfWork) -> None:
    """Whoever moves the deal to the stage, the factory hears of the lot once, though the portal tells of the deal again and again."""
    switched(uow, "announce_lot", "published")
    lot, abc = waiting_lot(uow)
    before = len(said_to(uow, abc.chat_id))
    changed(uow, stage="published")
    assert (lot.state, len(said_to(uow, abc.chat_id)) - before) == ("published", 1)
    changed(uow, stage="offers")
    changed(uow, stage="published")
    assert len(said_to(uow, abc.chat_id)) - before == 1


@pytest.mark.parametrize("on", [True, False])
def test_a_rule_that_is_off_or_of_another_stage_does_nothing(uow: UnitOfWork, on: bool) -> None:
    """Nobody is told by a rule of another stage, nor by one that was switched off."""
    switched(uow, "announce_lot", "published")
    switched(uow, "announce_lot", "offers" if on else "published", on=on)
    _, abc = waiting_lot(uow)
    before = len(said_to(uow, abc.chat_id))
    changed(uow, stage="published")
    assert len(said_to(uow, abc.chat_id)) == before


def test_deals_that_stood_there_before_are_left_alone(uow: UnitOfWork) -> None:
    """A rule that is switched on runs for deals that come to the stage from then on, not for those seen there first."""
    lot, abc = waiting_lot(uow)
    changed(uow, stage="published")
    link = uow.session.query(CrmLink).filter_by(ref=f"lot/{lot.id}").one()
    link.snapshot = {"stage": "published"}
    link.created_at = uow.now - timedelta(days=9)
    switched(uow, "announce_lot", "published")
    before = len(said_to(uow, abc.chat_id))
    changed(uow, stage="published")
    assert len(said_to(uow, abc.chat_id)) == before


def test_silence_brings_one_task_and_an_answer_none(uow: UnitOfWork) -> None:
    """After the chosen hours the responsible employee gets a task and a notice, once; not when a factory has answered."""
    factories.managers(uow, "7")
    abc, _ = factories.factory(uow)
    ivan, _ = factories.buyer(uow)
    lots = [factories.lot(uow, ivan, key=key) for key in ("silent", "answered")]
    for lot in lots:
        ready_sets.announce(uow, lot, {"hours": 5, "limit": 0, "minimum_score": 0}, "rule")
    factories.offer(uow, abc, lots[1])
    uow.now += timedelta(hours=4)
    assert ready_sets.follow_up(uow) == 0
    uow.now += timedelta(hours=1)
    assert (ready_sets.follow_up(uow), ready_sets.follow_up(uow)) == (1, 0)
    (task,) = sent(uow, "AddTask")
    assert (task.ref, task.responsible_id) == (f"lot/{lots[0].id}", "7")


def test_closing_an_order_thanks_both_sides_once(uow: UnitOfWork) -> None:
    """When the order's deal comes to the stage the buyer and the factory are thanked, a second robot thanks nobody twice."""
    switched(uow, "close_order", "shipped")
    order, ivan, abc = awarded(uow)
    linked(uow, f"order/{order.id}", stage="production")
    order.state = "shipped"
    changed(uow, stage="shipped")
    ready_sets.close(uow, order, "token-of-a-robot")
    number = uow.session.get_one(Lot, order.lot_id).number
    for person in (ivan, abc):
        thanks = texts(person.language)(THANKS, number=number)
        assert said_to(uow, person.chat_id).count(thanks) == 1


@pytest.mark.parametrize(
    ("code", "stage", "numbers"),
    [("nothing", "published", {}), ("announce_lot", "done", {}), ("announce_lot", "published", {"hours": 0})],
)
def test_what_makes_no_sense_is_not_switched_on(
    uow: UnitOfWork, code: str, stage: str, numbers: dict[str, Any]
) -> None:
    """An unknown set, a stage it is not for and a number out of its bounds are refused in words."""
    with pytest.raises(InvalidInput):
        switched(uow, code, stage, **numbers)
    assert stage_rules.shown(uow) == {}
