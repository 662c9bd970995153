"""Sending a lot to more factories: to those that suit it since, and to one that a manager chooses."""

from __future__ import annotations

from typing import Any

import pytest

from b24app.errors import InvalidInput, InvalidState, NotFound
from b24app.i18n import texts
from b24app.services import companies, invitations, lots
from storage.models import Lot, Person
from storage.unit_of_work import UnitOfWork
from tests import factories
from tests.integration.services.outgoing import said_to


def published(uow: UnitOfWork, **changes: Any) -> tuple[Lot, Person]:
    """Ivan's published lot, which ABC Textiles got, and Ivan."""
    ivan, _ = factories.buyer(uow)
    factories.factory(uow)
    return factories.lot(uow, ivan, **changes), ivan


def test_more_are_those_who_did_not_get_it(uow: UnitOfWork) -> None:
    """A factory that suits the lot since its publication gets it once; whoever has it is not written to again."""
    lot, _ = published(uow)
    new, company = factories.factory(uow, "2002", company="Silk Road")
    before = len(said_to(uow, "2001"))
    assert invitations.invite_more(uow, lot, "user/7") == 1
    assert str(lot.number) in said_to(uow, new.chat_id)[-1]
    assert len(said_to(uow, "2001")) == before
    assert company.id in invitations.sent_to(uow, lot.id)
    with pytest.raises(InvalidState, match="already"):
        invitations.invite_more(uow, lot, "user/7")


def test_a_factory_that_does_not_suit_can_be_sent_a_lot(uow: UnitOfWork) -> None:
    """The manager's choice counts more than the hard conditions; a second time, and after the lot closed, it is refused."""
    lot, ivan = published(uow)
    denim, company = factories.factory(uow, "2002", company="Namangan Denim", segments=["denim"])
    assert invitations.invite(uow, lot) == 0
    assert invitations.invite_one(uow, lot, company.id, "user/7").id == company.id
    assert "T-shirt" in said_to(uow, denim.chat_id)[-1] or "Футболки" in said_to(uow, denim.chat_id)[-1]
    with pytest.raises(InvalidState, match="already"):
        invitations.invite_one(uow, lot, company.id, "user/7")
    lots.cancel(uow, ivan, lot.id)
    with pytest.raises(InvalidState, match="no offers"):
        invitations.invite_one(uow, lot, company.id, "user/7")


def test_only_whom_buyers_can_find_is_sent_a_lot(uow: UnitOfWork) -> None:
    """Neither a buyer nor a factory that is suspended or unpaid gets a lot, whatever id is named."""
    lot, _ = published(uow)
    _, unpaid = factories.factory(uow, "2002", company="Unpaid", subscribed=False)
    _, gone = factories.factory(uow, "2003", company="Gone")
    companies.suspend(uow, gone.id, "because", "user/1")
    for company_id in (lot.company_id, unpaid.id, gone.id, 424242):
        with pytest.raises(NotFound):
            invitations.invite_one(uow, lot, company_id, "user/7")


def test_a_factory_is_found_by_its_name(uow: UnitOfWork) -> None:
    """A piece of a name is enough while it names one; several are listed, the exact name wins, a percent sign is a letter."""
    t = texts("en")
    _, abc = factories.factory(uow, company="ABC")
    _, mill = factories.factory(uow, "2002", company="ABC Mill")
    assert invitations.named(uow, "mill", t) == mill.id
    assert invitations.named(uow, "abc", t) == abc.id
    for words, said in (("AB", "ABC, ABC Mill"), ("%", "No factory"), ("nobody", "No factory")):
        with pytest.raises(InvalidInput) as refused:
            invitations.named(uow, words, t)
        assert said in refused.value.fields["factory"][0]
