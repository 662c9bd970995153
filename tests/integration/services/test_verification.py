"""What an unverified factory is told of the verification, and its request for it."""

from __future__ import annotations

import pytest

from b24app.errors import InvalidInput, InvalidState
from b24app.i18n import texts
from b24app.services import verification
from storage.unit_of_work import UnitOfWork
from tests import factories
from tests.integration.services.outgoing import sent

EN = texts("en")


def test_the_price_is_the_industrys_until_another_is_chosen(uow: UnitOfWork) -> None:
    """Before a choice the pack's price is named, then the chosen one; nought names none; own words take the standing ones' place."""
    assert verification.terms(uow, EN).price == "Price: US$300.00"
    verification.keep_price(uow, "250,50", "EUR", "user/1", EN)
    verification.keep_words(uow, {"en": "Our auditor visits you."}, "user/1")
    assert verification.terms(uow, EN) == verification.Terms("Our auditor visits you.", "Price: €250.50")
    assert verification.terms(uow, texts("uz")).words == verification.standing(texts("uz"))
    verification.keep_price(uow, "0", "USD", "user/1", EN)
    assert verification.terms(uow, EN).price == ""


@pytest.mark.parametrize(("amount", "currency"), [("abc", "USD"), ("-1", "USD"), ("1.005", "USD"), ("5", "XXX")])
def test_a_price_that_cannot_be_is_refused(uow: UnitOfWork, amount: str, currency: str) -> None:
    """Words, less than nothing, parts of a cent and a currency nobody trades in change nothing."""
    with pytest.raises(InvalidInput):
        verification.keep_price(uow, amount, currency, "user/1", EN)
    assert verification.terms(uow, EN).price == "Price: US$300.00"


def test_a_request_reaches_the_manager_once_a_day(uow: UnitOfWork) -> None:
    """The responsible employee is notified and the company's timeline says so, once however often the button is pressed."""
    factories.managers(uow, "7")
    abc, company = factories.factory(uow, verified=False)
    company.responsible_id = "7"
    first = verification.ask(uow, abc)
    assert verification.ask(uow, abc).id == first.id
    (notice,) = sent(uow, "NotifyUser", tag=f"verification/{company.id}")
    assert ("ABC Textiles" in notice.text, notice.ref) == (True, f"company/{company.id}")
    (line,) = [one for one in sent(uow, "AddLogMessage", ref=f"company/{company.id}") if "ABC" in one.title]
    assert "300" in line.text


def test_nobody_else_asks(uow: UnitOfWork) -> None:
    """A verified factory, one that is not accepted yet and a buyer are refused."""
    people = [
        factories.factory(uow)[0],
        factories.factory(uow, "2002", accepted=False, verified=False, subscribed=False)[0],
        factories.buyer(uow)[0],
    ]
    for person in people:
        with pytest.raises(InvalidState):
            verification.ask(uow, person)
