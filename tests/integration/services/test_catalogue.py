"""Finding factories: words in any spelling, filters, order, pages, access, relations."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from b24app.domain.banners import Wish as BannerWish
from b24app.domain.catalogue import Wish
from b24app.domain.deliveries import AddLogMessage
from b24app.errors import LimitExceeded, NotAllowed, NotFound
from b24app.services import (
    banners,
    catalogue,
    catalogue_entries,
    companies,
    enquiries,
    messages,
    offers,
    relations,
    statistics,
)
from b24app.services.spoken import Spoken
from storage.models import CatalogueEntry, Company, Person
from storage.unit_of_work import UnitOfWork
from tests import factories
from tests.integration.services.outgoing import said_to, sent


def with_access(uow: UnitOfWork, telegram_id: str = "1001") -> tuple[Person, Company]:
    """A buyer who may use the catalogue for a month."""
    owner, company = factories.buyer(uow, telegram_id)
    until = uow.now.date() + timedelta(days=30)
    companies.grant(uow, company.id, "catalogue_access", until, reason="paid", actor="user/1")
    uow.session.flush()
    return owner, company


def names(uow: UnitOfWork, buyer: Company, **wish: Any) -> list[str]:
    """The names found, in order."""
    return [company.name for company, _ in catalogue.find(uow, buyer, Wish(**wish)).companies]


SPELLINGS = [
    "футболки", "futbolka", "Futbolkalar", "T-shirts", "futblki", "футблока", "Джинс", "ташкент", "toshkent", "Tashkent",
    "oeko tex", "ОЕКО", "abc", "АБС", "текстилс", "Gerber", "гербер", "paxta", "пахта",
]  # fmt: skip
FOUND: list[dict[str, Any]] = [
    {"segments": ("knitwear",)},
    {"volume": 1000, "unit": "pcs"},
    {"lead_time_days": 45},
    {"certificates": ("oeko_tex_100",)},
    {"regions": ("tashkent_city", "andijan")},
    {"equipment": "gerber"},
    {"equipment": "Джуки"},
    {"quality_department": True, "verified": True},
]
NOT_FOUND: list[dict[str, Any]] = [
    {"segments": ("yarn",)},
    {"volume": 999, "unit": "pcs"},
    {"volume": 5000, "unit": "kg"},
    {"lead_time_days": 44},
    {"certificates": ("gots",)},
    {"regions": ("andijan",)},
    {"equipment": "juki brother"},
]


def test_words_are_found_in_every_spelling(uow: UnitOfWork) -> None:
    """Russian, Uzbek or English, Cyrillic or Latin, with a typing error: the factory is found."""
    _, buyer = with_access(uow)
    factories.factory(uow, segments=["tshirts", "denim"])
    assert [typed for typed in SPELLINGS if names(uow, buyer, text=typed) != ["ABC Textiles"]] == []


def test_what_nobody_makes_is_not_found(uow: UnitOfWork) -> None:
    """Words that nothing resembles find nothing."""
    _, buyer = with_access(uow)
    factories.factory(uow)
    assert [names(uow, buyer, text=typed) for typed in ("обувь", "polyester fabric", "qwrtp")] == [[]] * 3


def test_filters(uow: UnitOfWork) -> None:
    """Each filter keeps exactly the factories that answer it."""
    _, buyer = with_access(uow)
    factories.factory(uow)
    assert [wish for wish in FOUND if names(uow, buyer, **wish) != ["ABC Textiles"]] == []
    assert [wish for wish in NOT_FOUND if names(uow, buyer, **wish)] == []


def test_an_expired_certificate_does_not_count(uow: UnitOfWork) -> None:
    """A certificate that ran out yesterday is none."""
    _, buyer = with_access(uow)
    yesterday = (uow.now.date() - timedelta(days=1)).isoformat()
    factories.factory(uow, certificates=[{"certificate": "gots", "number": "1", "expires_on": yesterday}])
    assert names(uow, buyer, certificates=("gots",)) == []


def test_only_published_factories_are_there(uow: UnitOfWork) -> None:
    """A factory without subscription, not accepted or suspended is found by nobody; one shown by a manager is, without badge."""
    _, buyer = with_access(uow)
    factories.factory(uow, "2001", company="No subscription", subscribed=False)
    factories.factory(uow, "2002", company="Not accepted", accepted=False, verified=False, subscribed=False)
    _, suspended = factories.factory(uow, "2003", company="Suspended")
    companies.suspend(uow, suspended.id, "complaints", "user/1")
    _, shown = factories.factory(uow, "2004", company="Shown anyway", subscribed=False, verified=False)
    companies.publish(uow, shown.id, "user/1")
    assert names(uow, buyer) == ["Shown anyway"]
    assert names(uow, buyer, verified=True) == []
    with pytest.raises(NotFound):
        catalogue.profile(uow, buyer, suspended.id)


def test_without_access_only_a_glimpse(uow: UnitOfWork) -> None:
    """A buyer without access gets the count and three factories, no next page and no profile."""
    _, buyer = factories.buyer(uow)
    made = [factories.factory(uow, str(2001 + n), company=f"Factory {n}")[1] for n in range(5)]
    found = catalogue.find(uow, buyer, Wish())
    assert (found.count, len(found.companies), found.next_cursor) == (5, 3, None)
    with pytest.raises(NotAllowed):
        catalogue.profile(uow, buyer, made[0].id)


@pytest.mark.parametrize("sort", ["best", "new", "answer"])
def test_pages_neither_repeat_nor_leave_out(sort: str, uow: UnitOfWork) -> None:
    """Turning over all pages shows every factory once, in the order of one great page, though a new one appears meanwhile."""
    _, buyer = with_access(uow)
    for number in range(7):
        factories.factory(uow, str(2001 + number), company=f"Factory {number}", verified=number % 2 == 0)
    whole = [company.id for company, _ in catalogue.find(uow, buyer, Wish(sort=sort)).companies]
    turned: list[int] = []
    found = catalogue.find(uow, buyer, Wish(sort=sort), limit=3)
    turned += [company.id for company, _ in found.companies]
    factories.factory(uow, "2999", company="Newcomer")
    while found.next_cursor:
        found = catalogue.find(uow, buyer, Wish(sort=sort), found.next_cursor, limit=3)
        turned += [company.id for company, _ in found.companies if company.name != "Newcomer"]
    assert turned == whole


def test_verified_and_named_come_first(uow: UnitOfWork) -> None:
    """Between equal factories the verified one comes first; a name that was typed beats that."""
    _, buyer = with_access(uow)
    factories.factory(uow, "2001", company="Samarqand Trikotaj", verified=False)
    factories.factory(uow, "2002", company="Buxoro Tekstil", specialisation="Samarqand uslubi")
    assert names(uow, buyer) == ["Buxoro Tekstil", "Samarqand Trikotaj"]
    assert names(uow, buyer, text="самарканд") == ["Samarqand Trikotaj", "Buxoro Tekstil"]


def test_a_relation_only_goes_forward(uow: UnitOfWork) -> None:
    """Looking, talking, an offer and a contract each leave one note on the buyer's contact, and looking again changes nothing."""
    ivan, buyer = with_access(uow)
    abc, factory = factories.factory(uow)
    relations.viewed(uow, buyer, factory, ivan)
    enquiries.begin(uow, ivan, buyer, factory.id)
    relations.viewed(uow, buyer, factory, ivan)
    lot = factories.lot(uow, ivan)
    offer = factories.offer(uow, abc, lot)
    offers.allow(uow, offer.id, "user/1")
    offers.award(uow, ivan, offer.id)
    relation = relations.between(uow, buyer.id, factory.id)
    assert relation is not None
    assert relation.state == "contract"
    notes = sent(uow, "AddLogMessage", ref=f"contact/{ivan.id}")
    assert [note.title for note in notes if isinstance(note, AddLogMessage)] == [
        "Профиль просмотрен",
        "Переписка",
        "Получено предложение",
        "Договор",
    ]


def test_four_are_compared_at_most(uow: UnitOfWork) -> None:
    """A fifth factory is refused until one is taken out."""
    _, buyer = with_access(uow)
    made = [factories.factory(uow, str(2001 + n), company=f"Factory {n}")[1] for n in range(5)]
    for factory in made[:4]:
        relations.set_compared(uow, buyer, factory, on=True)
    with pytest.raises(LimitExceeded):
        relations.set_compared(uow, buyer, made[4], on=True)
    relations.set_compared(uow, buyer, made[0], on=False)
    relations.set_compared(uow, buyer, made[4], on=True)
    assert relations.compared(uow, buyer.id) == [factory.id for factory in made[1:]]


def test_talking_from_the_catalogue_hides_who_buys(uow: UnitOfWork) -> None:
    """One conversation per pair opens, masked, recorded on the buyer's contact; the factory reads no name of the buyer."""
    ivan, buyer = with_access(uow)
    factories.factory(uow)
    factory = catalogue.find(uow, buyer, Wish()).companies[0][0]
    thread = enquiries.begin(uow, ivan, buyer, factory.id)
    assert enquiries.begin(uow, ivan, buyer, factory.id).id == thread.id
    text = "Northern Style here, call +7 900 123-45-67"
    messages.say(uow, ivan, thread, Spoken(kind="text", text=text, source_key="1001:1"))
    told = " ".join(said_to(uow, "2001"))
    assert told
    assert "Northern" not in told
    assert "123-45" not in told
    assert len(sent(uow, "AddTimelineComment", ref=f"contact/{ivan.id}")) == 1


def test_statistics_beside_the_median(uow: UnitOfWork) -> None:
    """Views, invitations, answers and orders of a factory are counted beside the median of its segment."""
    ivan, buyer = with_access(uow)
    abc, factory = factories.factory(uow)
    factories.factory(uow, "2002", company="Rival")
    relations.viewed(uow, buyer, factory, ivan)
    relations.set_favourite(uow, buyer, factory, on=True)
    lot = factories.lot(uow, ivan)
    offer = factories.offer(uow, abc, lot)
    offers.allow(uow, offer.id, "user/1")
    offers.award(uow, ivan, offer.id)
    found = statistics.of_factory(uow, factory)
    assert (found.views.own, found.views.median, found.favourites, found.peers) == (1, 0, 1, 1)
    assert (found.received.own, found.received.median) == (1, 1)
    assert (found.answered.own, found.answered.median, found.won.own) == (1, 0, 1)
    assert (found.answer_minutes.own, found.answer_minutes.median) == (0, None)


def test_a_banner_runs_for_its_audience_and_counts_clicks(uow: UnitOfWork) -> None:
    """A banner is shown to its audience between its dates; a click is counted and tells where to go."""
    words = {language: {"title": "Sale", "text": ""} for language in ("ru", "uz", "en")}
    wish = BannerWish(words=words, target="/app/catalogue", audience="buyer")
    running = banners.save(uow, None, wish, actor="user/1")
    over = BannerWish(words=words, target="", audience="all", ends_at=uow.now - timedelta(days=1))
    banners.save(uow, None, over, actor="user/1")
    assert [banner.id for banner in banners.shown_to(uow, "buyer")] == [running.id]
    assert banners.shown_to(uow, "factory") == []
    assert banners.click(uow, running.id, "buyer") == "/app/catalogue"
    uow.session.refresh(running)
    assert running.clicks == 1
    with pytest.raises(NotFound):
        banners.click(uow, running.id, "factory")


def test_a_row_that_nothing_touched_is_mended(uow: UnitOfWork) -> None:
    """A factory whose row is missing is found again after the minutely look, and a fresh row is left alone."""
    _, buyer = with_access(uow)
    _, factory = factories.factory(uow)
    uow.session.flush()
    uow.session.execute(delete(CatalogueEntry).where(CatalogueEntry.company_id == factory.id))
    assert names(uow, buyer) == []
    assert catalogue_entries.refresh_stale(uow) == 1
    assert names(uow, buyer) == ["ABC Textiles"]
    assert catalogue_entries.refresh_stale(uow) == 0


def test_the_longest_name_is_found_by_its_words(uow: UnitOfWork) -> None:
    """A name as long as the questionnaire allows is kept and found, by its first word and by its last."""
    _, buyer = with_access(uow)
    long = " ".join(f"{first}{second}q" for first in "bdfgklmnrst" for second in "aeiou")[:199]
    factories.factory(uow, company=long)
    assert [names(uow, buyer, text=word) for word in (long.split()[0], long.split()[-2])] == [[long], [long]]
