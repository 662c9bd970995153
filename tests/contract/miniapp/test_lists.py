"""Long lists of the Mini App: turned over page by page, and no dearer for being long."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from b24app.domain.catalogue import completeness, unanswered
from b24app.services import lot_changes, offers
from b24app.services.industries import pack
from storage.models import Person
from storage.unit_of_work import Transactions
from telegram_bridge.miniapp.paging import PAGE
from tests import factories
from tests.contract.miniapp.conftest import Visitor
from tests.counting import counted

Visit = Callable[[Person], Visitor]
MANY = PAGE + 3


@pytest.fixture
def market(transactions: Transactions) -> tuple[Person, Person]:
    """A buyer with more lots than a page holds and a factory that answered each of them."""
    with transactions() as uow:
        ivan, _ = factories.buyer(uow)
        abc, _ = factories.factory(uow)
        for number in range(MANY):
            factories.offer(uow, abc, factories.lot(uow, ivan, key=f"key-{number}"))
        return ivan, abc


@pytest.mark.parametrize(("who", "path"), [(0, "/app/lots"), (1, "/app/offers"), (1, "/app/tenders")])
def test_a_long_list_is_turned_over_without_gap_or_repeat(
    who: int, path: str, market: tuple[Person, Person], visitor: Visit, engine: Engine
) -> None:
    """Pages follow each other to the end, every entry once, in a number of queries that has nothing to do with their length."""
    there = visitor(market[who])
    with counted(engine) as sent:
        page = there.get(path).text
    first = len(sent)
    found = re.findall(r'data-go href="/app/(?:lots|tenders)/(\d+)"', page)
    more = re.search(r'hx-get="([^"]+)"', page)
    assert (len(found), bool(more)) == (PAGE, True)
    assert more is not None
    with counted(engine) as sent:
        rest = there.get(more[1].replace("&amp;", "&")).text
    assert first - len(sent) in range(-1, 3)
    found += re.findall(r'data-go href="/app/(?:lots|tenders)/(\d+)"', rest)
    assert (len(found), len(set(found)), "hx-get" in rest) == (MANY, MANY, False)


def test_lots_are_narrowed_to_one_segment(transactions: Transactions, visitor: Visit) -> None:
    """A factory of several segments looks at the lots of one of them; a segment that is not its own leaves the list whole."""
    with transactions() as uow:
        ivan, _ = factories.buyer(uow)
        abc, _ = factories.factory(uow)
        shirts = factories.lot(uow, ivan)
        knitted = factories.lot(uow, ivan, key="key-2", segment="knitwear")
    there = visitor(abc)
    shown = {
        asked: set(re.findall(r'href="/app/tenders/(\d+)"', there.get(f"/app/tenders?segment={asked}").text))
        for asked in ("knitwear", "", "yarn")
    }
    both = {str(shirts.id), str(knitted.id)}
    assert shown == {"knitwear": {str(knitted.id)}, "": both, "yarn": both}


def test_a_lot_tells_its_history(transactions: Transactions, visitor: Visit) -> None:
    """Every decision, version, deadline, offer and award of a lot is told to its buyer, the latest first."""
    with transactions() as uow:
        ivan, _ = factories.buyer(uow)
        abc, _ = factories.factory(uow)
        lot = factories.lot(uow, ivan)
        uow.now += timedelta(minutes=1)
        lot_changes.revise(uow, ivan, lot.id, {**lot.fields, "quantity": 30000})
        lot_changes.publish(uow, lot.id, "user/1")
        offer = factories.offer(uow, abc, lot)
        uow.now += timedelta(minutes=1)
        offers.allow(uow, offer.id, "user/1")
        uow.now += timedelta(minutes=1)
        offers.award(uow, ivan, offer.id)
    text = visitor(ivan).get(f"/app/lots/{lot.id}").text.partition('<ol class="history">')[2]
    told = [
        "Выбрана ABC Textiles, 30\xa0000",
        "Предложение от ABC Textiles",
        "Версия 2: Количество",
        "Опубликован",
        "Отправлен на",
    ]
    assert [text.find(words) for words in told] == sorted(text.find(words) for words in told)
    assert min(text.find(words) for words in told) > 0


def test_a_profile_says_what_it_lacks(transactions: Transactions, visitor: Visit) -> None:
    """The share of answered questions and the open ones are on the profile, the share on the first screen too."""
    with transactions() as uow:
        abc, company = factories.factory(uow)
        form = pack().questionnaires["factory"]
        share = f"{round(100 * completeness(form, company.answers))}%"
        missing = unanswered(form, company.answers)[0].label("uz")
    there = visitor(abc)
    text = there.get("/app/profile").text
    assert (share in text, html.escape(missing) in text, share in there.get("/app/").text) == (True, True, True)
