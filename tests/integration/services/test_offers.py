"""Offers: only verified factories, the manager's gate, the buyer's choice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from b24app.errors import InvalidInput, InvalidState, NotAllowed, NotFound
from b24app.services import cards, exchange, lots, offers, settings
from b24app.services.comparison import Comparison
from storage.models import CatalogueEntry, OfferVersion
from storage.unit_of_work import UnitOfWork
from tests import factories
from tests.integration.services.outgoing import rows, said_to, sent


def test_only_a_verified_factory_answers(uow: UnitOfWork) -> None:
    """An unverified factory is told what is missing, a buyer is refused."""
    ivan, _ = factories.buyer(uow)
    lot = factories.lot(uow, ivan)
    unverified, _ = factories.factory(uow, "2002", verified=False)
    with pytest.raises(NotAllowed) as refusal:
        factories.offer(uow, unverified, lot)
    assert refusal.value.code == "not_verified"
    with pytest.raises(NotAllowed):
        factories.offer(uow, ivan, lot)


def test_one_live_offer_is_edited_until_allowed(uow: UnitOfWork) -> None:
    """A second answer replaces the first and keeps its versions; after the decision it is refused."""
    ivan, _ = factories.buyer(uow)
    abc, _ = factories.factory(uow)
    lot = factories.lot(uow, ivan)
    first = factories.offer(uow, abc, lot)
    before = len(rows(uow))
    assert factories.offer(uow, abc, lot).id == first.id
    assert len(rows(uow)) == before
    second = factories.offer(uow, abc, lot, price={"amount": "3.00", "currency": "USD"})
    assert (second.id, second.version, second.price_minor) == (first.id, 2, 300)
    assert uow.session.query(OfferVersion).where(OfferVersion.offer_id == first.id).count() == 2
    assert len(sent(uow, "FireTrigger", code="factory_responded")) == 1
    offers.allow(uow, first.id, "user/1")
    with pytest.raises(InvalidState):
        factories.offer(uow, abc, lot, price={"amount": "2.00", "currency": "USD"})


def test_a_closed_or_overdue_lot_takes_no_offers(uow: UnitOfWork) -> None:
    """After its deadline or its end a lot is not answered any more."""
    ivan, _ = factories.buyer(uow)
    abc, _ = factories.factory(uow)
    lot = factories.lot(uow, ivan)
    uow.now += timedelta(days=15)
    with pytest.raises(InvalidState):
        factories.offer(uow, abc, lot)
    uow.now -= timedelta(days=15)
    lots.cancel(uow, ivan, lot.id)
    with pytest.raises(InvalidState):
        factories.offer(uow, abc, lot)


def test_the_buyer_sees_nothing_before_the_manager_allows(uow: UnitOfWork) -> None:
    """An offer is invisible to the buyer, in lists and messages, until it is let through."""
    ivan, _ = factories.buyer(uow)
    abc, _ = factories.factory(uow)
    lot = factories.lot(uow, ivan)
    before = len(said_to(uow, ivan.chat_id))
    offer = factories.offer(uow, abc, lot)
    assert len(said_to(uow, ivan.chat_id)) == before
    assert offers.seen_by_buyer(uow, ivan, lot.id) == []
    with pytest.raises(NotFound):
        offers.shortlist(uow, ivan, offer.id, True)
    with pytest.raises(NotFound):
        offers.award(uow, ivan, offer.id)
    offers.allow(uow, offer.id, "user/1")
    assert offers.seen_by_buyer(uow, ivan, lot.id) == [offer]


def test_ratings_stand_side_by_side(uow: UnitOfWork) -> None:
    """The comparison tells a factory's rating and from how many reviews it comes; one without reviews has none."""
    ivan, _ = factories.buyer(uow)
    abc, rated = factories.factory(uow)
    rival, _ = factories.factory(uow, "2002", company="Buxoro")
    lot = factories.lot(uow, ivan)
    for person in (abc, rival):
        offers.allow(uow, factories.offer(uow, person, lot).id, "user/1")
    entry = uow.session.get_one(CatalogueEntry, rated.id)
    entry.rating_total, entry.rating_weight, entry.rating_count = 50.0, 10.0, 12
    uow.session.flush()
    table = offers.compare(uow, ivan, lot.id, "ru")
    values = dict(zip([column.factory for column in table.columns], _row(table, "Рейтинг"), strict=True))
    assert values == {rated.name: "★ 4,7 (12)", "Buxoro": ""}


def _row(table: Comparison, label: str) -> list[str]:
    return next(values for name, values, _ in table.rows if name == label)


def test_the_card_shows_the_factory_standing_and_closes_itself(uow: UnitOfWork) -> None:
    """The deal's timeline shows who offers and how it stands; deciding elsewhere completes the card."""
    ivan, _ = factories.buyer(uow)
    abc, factory = factories.factory(uow)
    lot = factories.lot(uow, ivan)
    offer = factories.offer(uow, abc, lot)
    (card,) = sent(uow, "ShowCard", card=f"offer/{offer.id}")
    shown = dict(card.rows)
    assert shown["Фабрика"] == factory.name
    assert shown["Репутация"] == "Проверена, подписка действует"
    offers.allow(uow, offer.id, "user/1")
    assert [one.closed for one in sent(uow, "ShowCard", card=f"offer/{offer.id}")] == [False, True]


def test_a_declined_factory_hears_why_and_may_try_again(uow: UnitOfWork) -> None:
    """Declining tells the reason in the factory's language and leaves room for a new offer."""
    ivan, _ = factories.buyer(uow)
    abc, _ = factories.factory(uow)
    lot = factories.lot(uow, ivan)
    offer = factories.offer(uow, abc, lot)
    offers.decline(uow, offer.id, "price", "user/1")
    assert any("Narx bozordan yuqori" in text for text in said_to(uow, abc.chat_id))
    again = factories.offer(uow, abc, lot, price={"amount": "2.90", "currency": "USD"})
    assert again.id != offer.id


def test_buttons_decide_once_and_tell_who_did(uow: UnitOfWork) -> None:
    """A second press on a card is told who decided and when, and changes nothing."""
    ivan, _ = factories.buyer(uow)
    abc, _ = factories.factory(uow)
    offer = factories.offer(uow, abc, factories.lot(uow, ivan))
    factories.managers(uow, "5", "6")
    assert "открыта" in cards.act(uow, f"offer/{offer.id}", "allow", "user/5")
    before = len(rows(uow))
    second = cards.act(uow, f"offer/{offer.id}", "decline", "user/6")
    assert "#5" in second
    assert (offer.state, len(rows(uow))) == ("allowed", before)
    with pytest.raises(NotFound):
        cards.act(uow, f"offer/{offer.id}", "explode", "user/6")


def test_offers_stand_side_by_side(uow: UnitOfWork) -> None:
    """The comparison has a column per offer, the best price and lead time marked, contacts masked."""
    ivan, _ = factories.buyer(uow)
    abc, _ = factories.factory(uow)
    silk, _ = factories.factory(uow, "2002", company="Silk Road")
    lot = factories.lot(uow, ivan)
    cheap = factories.offer(uow, abc, lot, message="Call +998 90 123 45 67")
    quick = factories.offer(uow, silk, lot, price={"amount": "3.90", "currency": "USD"}, lead_time_days=30)
    for offer in (cheap, quick):
        offers.allow(uow, offer.id, "user/1")
    table = offers.compare(uow, ivan, lot.id, "en")
    by_label = {label: (values, best) for label, values, best in table.rows}
    names = [column.factory for column in table.columns]
    assert names[by_label["Price"][1]] == "ABC Textiles"
    assert names[by_label["Lead time"][1]] == "Silk Road"
    assert by_label["Against your target"][0][names.index("ABC Textiles")] == "−9%"
    assert all("998" not in column.message for column in table.columns)


def test_a_buyer_sees_so_many_offers_at_most(uow: UnitOfWork) -> None:
    """The best-matched ones up to the administrator's number, and what was put on the short list whatever its place."""
    ivan, _ = factories.buyer(uow)
    lot = factories.lot(uow, ivan)
    made = []
    for number, days in enumerate((30, 45, 58)):
        owner, _ = factories.factory(uow, f"200{number}", company=f"Factory {number}", lead_time_days=days)
        made.append(factories.offer(uow, owner, lot, lead_time_days=days).id)
        offers.allow(uow, made[-1], "user/1")
    ranked = [column.offer_id for column in offers.compare(uow, ivan, lot.id, "en").columns]
    settings.put(uow, "offers_shown", "2", "user/1")
    assert [column.offer_id for column in offers.compare(uow, ivan, lot.id, "en").columns] == ranked[:2]
    assert offers.shown_counts(uow, [lot.id]) == {lot.id: 2}
    offers.shortlist(uow, ivan, ranked[2], True)
    seen = [column.offer_id for column in offers.compare(uow, ivan, lot.id, "en").columns]
    assert (sorted(ranked), seen) == (sorted(made), [ranked[0], ranked[2]])


def test_awarding_a_part_leaves_the_rest_open(uow: UnitOfWork) -> None:
    """A split award makes several orders; the lot closes when nothing is left, never more than it wanted."""
    ivan, _ = factories.buyer(uow)
    abc, _ = factories.factory(uow)
    silk, _ = factories.factory(uow, "2002", company="Silk Road")
    lot = factories.lot(uow, ivan)
    first, second = factories.offer(uow, abc, lot), factories.offer(uow, silk, lot, moq=500)
    for offer in (first, second):
        offers.allow(uow, offer.id, "user/1")
    offers.award(uow, ivan, first.id, 12000)
    assert lot.state == "published"
    with pytest.raises(InvalidInput):
        offers.award(uow, ivan, second.id, 9000)
    order = offers.award(uow, "user/1", second.id)
    assert (order.quantity, lot.state, lot.outcome) == (8000, "closed", "awarded")
    (deal,) = sent(uow, "SaveItem", ref=f"lot/{lot.id}")
    assert deal.fields["award_sum"] == "64000.00|USD"


def test_an_offer_is_awarded_once(uow: UnitOfWork) -> None:
    """A second press makes no second order."""
    ivan, _ = factories.buyer(uow)
    abc, _ = factories.factory(uow)
    lot = factories.lot(uow, ivan)
    offer = factories.offer(uow, abc, lot)
    offers.allow(uow, offer.id, "user/1")
    offers.award(uow, ivan, offer.id, 5000)
    with pytest.raises(InvalidState):
        offers.award(uow, ivan, offer.id, 5000)


@pytest.mark.parametrize("seen", [False, True])
def test_a_factory_takes_its_offer_back(seen: bool, uow: UnitOfWork) -> None:
    """Before and after the manager's word an offer can be withdrawn, once; the manager learns of it, the buyer if he saw it."""
    ivan, buyer = factories.buyer(uow)
    buyer.responsible_id = "7"
    abc, _ = factories.factory(uow)
    lot = factories.lot(uow, ivan)
    offer = factories.offer(uow, abc, lot)
    if seen:
        offers.allow(uow, offer.id, "user/1")
    offers.withdraw(uow, abc, offer.id)
    told = len(rows(uow))
    offers.withdraw(uow, abc, offer.id)
    assert (offer.state, len(rows(uow)), offers.of_lot(uow, lot.id)) == ("withdrawn", told, [])
    assert "ABC Textiles" in sent(uow, "NotifyUser", user_id="7")[-1].text
    assert ("отозвала" in said_to(uow, ivan.chat_id)[-1]) is seen
    closed = sent(uow, "ShowCard", card=f"offer/{offer.id}")[-1]
    assert closed.closed
    assert factories.offer(uow, abc, lot).id != offer.id


def test_only_ones_own_open_offer_is_taken_back(uow: UnitOfWork) -> None:
    """Another factory's offer does not exist, and one that won stands."""
    ivan, _ = factories.buyer(uow)
    abc, _ = factories.factory(uow)
    other, _ = factories.factory(uow, "2002", company="Other factory")
    offer = factories.offer(uow, abc, factories.lot(uow, ivan))
    with pytest.raises(NotFound):
        offers.withdraw(uow, other, offer.id)
    offers.allow(uow, offer.id, "user/1")
    offers.award(uow, ivan, offer.id)
    with pytest.raises(InvalidState):
        offers.withdraw(uow, abc, offer.id)


def test_prices_in_several_currencies_are_laid_side_by_side(uow: UnitOfWork) -> None:
    """With rates every price also stands in the currency of the wish and the cheapest is marked; without them nothing is guessed."""
    ivan, _ = factories.buyer(uow)
    lot = factories.lot(uow, ivan)
    for number, price in (
        ("2001", {"amount": "3.20", "currency": "USD"}),
        ("2002", {"amount": "2.90", "currency": "EUR"}),
    ):
        maker, _ = factories.factory(uow, number, company=f"Factory {number}")
        offers.allow(uow, factories.offer(uow, maker, lot, price=price).id, "user/1")

    def row(label: str) -> tuple[list[str], int]:
        rows = offers.compare(uow, ivan, lot.id, "en").rows
        return next((values, best) for name, values, best in rows if name == label)

    assert (row("In one currency"), row("Price")[1]) == (([], -1), -1)
    assert sorted(row("Against your target")[0]) == ["", "−9%"]
    assert "no exchange rate" in offers.compare(uow, ivan, lot.id, "en").rates
    exchange.keep(uow, "USD=1 EUR=1.08 UZS=0.00008", "operator")
    assert f"{uow.now.year}" in offers.compare(uow, ivan, lot.id, "en").rates
    values, best = row("In one currency")
    assert (sorted(values), values[best]) == (["≈ US$3.13", "≈ US$3.20"], "≈ US$3.13")
    assert sorted(row("Against your target")[0]) == ["−11%", "−9%"]
    for wrong in ("EUR=", "EUR=-1", "eur=1", "XYZ=2", "EUR=NaN"):
        with pytest.raises(InvalidInput):
            exchange.keep(uow, wrong, "operator")
