"""Lots after publication: versions, confirmation, more time, shares."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from b24app.errors import InvalidInput, InvalidState, NotFound
from b24app.services import awards, lot_changes, lot_checks, lots, offers, settings
from storage.models import Lot, LotVersion, Offer, Person
from storage.unit_of_work import UnitOfWork
from tests import factories
from tests.integration.services.outgoing import said_to, sent


def answered(uow: UnitOfWork) -> tuple[Lot, Offer, Person, Person]:
    """Ivan's published lot of a segment without moderation, with one offer let through."""
    settings.put(uow, "tender_channel_id", "-100", "user/1")
    ivan, _ = factories.buyer(uow)
    abc, _ = factories.factory(uow)
    lot = factories.lot(uow, ivan)
    lot_checks.keep_unmoderated(uow, ["tshirts"], "user/1")
    offer = factories.offer(uow, abc, lot)
    offers.allow(uow, offer.id, "user/1")
    return lot, offer, ivan, abc


def changed(uow: UnitOfWork, **changes: object) -> dict[str, object]:
    """The lot's answers with changes."""
    return factories.lot_answers(uow.now.date(), **changes)


def test_a_changed_lot_is_a_new_version_that_responders_confirm(uow: UnitOfWork) -> None:
    """The post changes, the factory is asked by button, nothing is awarded before it confirms, then it can be."""
    lot, offer, ivan, abc = answered(uow)
    lot_changes.revise(uow, ivan, lot.id, changed(uow, quantity=30000))
    assert (lot.version, lot.quantity, lot.state) == (2, 30000, "published")
    assert uow.session.scalars(select(LotVersion.version).where(LotVersion.lot_id == lot.id)).all() == [1, 2]
    (post,) = sent(uow, "EditChatMessage", original=f"lot/{lot.id}:published:v1:channel")
    assert "30" in post.text
    assert post.buttons
    (question,) = [one for one in sent(uow, "SendChatMessage", chat_id=abc.chat_id) if "confirm" in str(one.buttons)]
    assert "Miqdor" in question.text
    with pytest.raises(InvalidState):
        offers.award(uow, ivan, offer.id)
    lot_changes.confirm(uow, abc, offer.id)
    before = len(said_to(uow, ivan.chat_id))
    lot_changes.confirm(uow, abc, offer.id)
    assert len(said_to(uow, ivan.chat_id)) == before
    assert offers.award(uow, ivan, offer.id).quantity == 30000


def test_nothing_changed_is_no_version(uow: UnitOfWork) -> None:
    """Saving the same answers tells nobody anything."""
    lot, _, ivan, abc = answered(uow)
    before = len(said_to(uow, abc.chat_id))
    lot_changes.revise(uow, ivan, lot.id, lot.fields)
    assert (lot.version, len(said_to(uow, abc.chat_id))) == (1, before)


def test_only_the_owner_changes_and_only_what_is_published(uow: UnitOfWork) -> None:
    """A stranger finds no lot; a closed one cannot be changed or extended."""
    lot, offer, ivan, _ = answered(uow)
    stranger, _ = factories.buyer(uow, "1002", company="Other")
    other, _ = factories.factory(uow, "2002", company="Silk Road")
    with pytest.raises(NotFound):
        lot_changes.revise(uow, stranger, lot.id, changed(uow))
    with pytest.raises(NotFound):
        lot_changes.confirm(uow, other, offer.id)
    lots.cancel(uow, ivan, lot.id)
    with pytest.raises(InvalidState):
        lot_changes.revise(uow, ivan, lot.id, changed(uow, quantity=1))
    with pytest.raises(InvalidState):
        lot_changes.extend(uow, ivan, lot.id, date(2026, 4, 30))


def test_a_lot_takes_offers_longer(uow: UnitOfWork) -> None:
    """The deadline moves later only, on the post and on the deal; an earlier day is refused."""
    lot, _, ivan, _ = answered(uow)
    until = (uow.now + timedelta(days=40)).date()
    lot_changes.extend(uow, ivan, lot.id, until)
    assert lot.respond_by is not None
    assert lot.respond_by.date() == until
    for wrong in (until - timedelta(days=1), until + timedelta(days=400)):
        with pytest.raises(InvalidInput):
            lot_changes.extend(uow, ivan, lot.id, wrong)


def test_shares_are_given_together_or_not_at_all(uow: UnitOfWork) -> None:
    """A share under the factory's minimum or over what is left refuses all of them; good ones close the lot when nothing is left."""
    lot, first, ivan, _ = answered(uow)
    silk, _ = factories.factory(uow, "2002", company="Silk Road")
    second = factories.offer(uow, silk, lot, moq=5000)
    offers.allow(uow, second.id, "user/1")
    for shares, fault in (
        ({first.id: 12000, second.id: 100}, f"share.{second.id}"),
        ({first.id: 12000, second.id: 9000}, "shares"),
        ({}, "shares"),
    ):
        with pytest.raises(InvalidInput) as refused:
            awards.split(uow, ivan, lot.id, shares)
        assert fault in refused.value.fields
    made = awards.split(uow, ivan, lot.id, {first.id: 12000, second.id: 8000})
    assert ([order.quantity for order in made], lot.outcome) == ([12000, 8000], "awarded")
    with pytest.raises(InvalidState):
        lot_changes.revise(uow, ivan, lot.id, changed(uow, quantity=50000))


def test_a_lot_cannot_shrink_below_what_is_awarded(uow: UnitOfWork) -> None:
    """After a part was awarded the lot stays larger than that part."""
    lot, offer, ivan, _ = answered(uow)
    offers.award(uow, ivan, offer.id, 12000)
    with pytest.raises(InvalidInput):
        lot_changes.revise(uow, ivan, lot.id, changed(uow, quantity=12000))
