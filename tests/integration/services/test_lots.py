"""Lots: submitted once, anonymous, sent to whom they suit, closed for good."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from b24app.errors import InvalidInput, InvalidState, NotAllowed, NotFound
from b24app.i18n import LANGUAGES
from b24app.services import lots, matching, settings
from b24app.services.match_words import Why
from storage.models import Lot
from storage.unit_of_work import UnitOfWork
from tests import factories
from tests.integration.services.outgoing import rows, said_to, sent

CHANNEL = "-100500"


def test_the_same_submit_again_changes_nothing(uow: UnitOfWork) -> None:
    """Pressing twice gives one lot, one deal, one card."""
    ivan, _ = factories.buyer(uow)
    first = factories.lot(uow, ivan, published=False)
    before = len(rows(uow))
    assert factories.lot(uow, ivan, published=False).id == first.id
    assert len(rows(uow)) == before


def test_a_lot_may_be_edited_until_it_is_published(uow: UnitOfWork) -> None:
    """Other answers under the same key replace the earlier ones; the number stays."""
    ivan, _ = factories.buyer(uow)
    first = factories.lot(uow, ivan, published=False)
    number = first.number
    again = factories.lot(uow, ivan, published=False, quantity=30000)
    assert (again.id, again.number, again.quantity) == (first.id, number, 30000)


def test_numbers_grow_and_are_never_reused(uow: UnitOfWork) -> None:
    """Each lot has a greater number than the one before, cancelled or not."""
    ivan, _ = factories.buyer(uow)
    first = factories.lot(uow, ivan)
    lots.cancel(uow, ivan, first.id)
    second = factories.lot(uow, ivan, key="key-2")
    assert second.number > first.number


def test_a_deal_with_every_answer_waits_for_moderation(uow: UnitOfWork) -> None:
    """The deal holds the answers, the client and the stage, and a card asks for the decision."""
    ivan, company = factories.buyer(uow)
    lot = factories.lot(uow, ivan, published=False)
    (deal,) = sent(uow, "SaveItem", ref=f"lot/{lot.id}")
    assert (deal.stage, deal.pipeline) == ("moderation", "orders")
    assert deal.links == {"companyId": f"company/{company.id}", "contactId": f"contact/{ivan.id}"}
    assert deal.fields["quantity"] == 20000
    assert (deal.fields["opportunity"], deal.fields["currencyId"]) == ("70000.00", "USD")
    (card,) = sent(uow, "ShowCard", card=f"lot/{lot.id}")
    assert [button["action"] for button in card.buttons] == ["approve", "return"]


def test_the_deal_of_a_buyer_not_approved_yet_hangs_on_the_lead(uow: UnitOfWork) -> None:
    """Before approval the client is the lead, afterwards the company and the contact."""
    ivan, company = factories.buyer(uow, accepted=False)
    lot = factories.lot(uow, ivan, published=False)
    (deal,) = sent(uow, "SaveItem", ref=f"lot/{lot.id}")
    assert deal.links == {"leadId": f"lead/{company.id}"}


def test_without_a_questionnaire_no_lot(uow: UnitOfWork) -> None:
    """Nobody places a lot before the questionnaire is complete."""
    with pytest.raises(NotAllowed):
        factories.lot(uow, factories.person(uow, "7"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_factories_see_tells_nothing_of_the_buyer(uow: UnitOfWork, language: str) -> None:
    """Names, phones, links and user names never show in what is published, in no language."""
    ivan, _ = factories.buyer(uow)
    ivan.username = "ivan_petrov"
    lot = factories.lot(
        uow,
        ivan,
        product="Футболки для Northern Style, звоните Ivan Petrov +7 900 123-45-67, northern-style.ru, @ivan_petrov",
        packaging="пишите на ivan@mail.ru",
        logistics="бренд Northern",
    )
    view = lots.anonymous_view(uow, lot, language)
    shown = " ".join([view.title, view.product, *(value for _, _, value in view.rows)]).lower()
    for secret in ("northern", "ivan", "petrov", "900", "mail.ru", "@"):
        assert secret not in shown
    assert view.masked


def test_only_listed_answers_are_public(uow: UnitOfWork) -> None:
    """Files and anything not on the list of public answers stay away, whatever the lot holds."""
    ivan, company = factories.buyer(uow)
    lot = factories.lot(uow, ivan, files=[1, 2])
    lot.fields = {**lot.fields, "secret": company.name}
    view = lots.public_view(lot, "en")
    assert "files" not in {code for code, _, _ in view.rows}
    assert company.name not in str(view.rows)


def test_publishing_posts_once_and_invites_matching_factories_in_their_language(uow: UnitOfWork) -> None:
    """One channel post with a Respond link, one message in Uzbek to the factory that suits, none to those that do not."""
    settings.put(uow, "tender_channel_id", CHANNEL, "user/1")
    ivan, _ = factories.buyer(uow)
    suits, _ = factories.factory(uow)
    too_small, _ = factories.factory(uow, "2002", company="Small", capacity_min=10, capacity_max=100)
    unpaid, _ = factories.factory(uow, "2003", company="Unpaid", subscribed=False)
    other, _ = factories.factory(uow, "2004", company="Yarn", segments=["yarn"])
    lot = factories.lot(uow, ivan)
    assert len(sent(uow, "SendChatMessage", chat_id=CHANNEL)) == 1
    (invitation,) = sent(uow, "BroadcastMessage")
    assert invitation.chat_id == suits.chat_id
    assert "fabrikangizga mos" in invitation.text
    for person in (too_small, unpaid, other):
        assert sent(uow, "BroadcastMessage", chat_id=person.chat_id) == []
    with pytest.raises(InvalidState):
        lots.approve(uow, lot.id, "user/2")


@pytest.mark.parametrize(
    "unfit",
    [
        {"moq": 30000},
        {"capacity_min": 1000, "capacity_max": 9000},
        {"lead_time_days": 90},
        {"segments": ["denim"]},
        {"certificates": []},
        {"certificates": [{"certificate": "oeko_tex_100", "number": "A", "expires_on": "2026-03-20"}]},
    ],
)
def test_hard_conditions_exclude(uow: UnitOfWork, unfit: dict[str, Any]) -> None:
    """A factory that cannot make the lot is not on its list, however good it is."""
    ivan, _ = factories.buyer(uow)
    _, good = factories.factory(uow)
    answers: dict[str, Any] = {"company": "Unfit", **unfit}
    factories.factory(uow, "2002", **answers)
    lot = factories.lot(uow, ivan, required_certificates=["oeko_tex_100"])
    assert [match.company_id for match in matching.factories_for(uow, lot.id, "en")] == [good.id]


def test_matches_are_ordered_explained_and_repeatable(uow: UnitOfWork) -> None:
    """The better factory comes first, with reasons in the reader's language; twice the same."""
    ivan, _ = factories.buyer(uow)
    factories.factory(uow, company="Plain", verified=False, lead_time_days=58)
    _, best = factories.factory(uow, "2002", company="Best", segments=["tshirts"], lead_time_days=30)
    lot = factories.lot(uow, ivan)
    found = matching.factories_for(uow, lot.id, "ru")
    assert [match.name for match in found] == ["Best", "Plain"]
    assert Why("Проверена платформой", "good") in found[0].reasons
    assert found == matching.factories_for(uow, lot.id, "ru")
    assert [match.lot_id for match in matching.lots_for(uow, best.id, "uz")] == [lot.id]


def test_a_lot_counted_in_another_unit_is_not_excluded(uow: UnitOfWork) -> None:
    """When volumes cannot be compared the factory stays on the list and the reason says so."""
    ivan, _ = factories.buyer(uow)
    factories.factory(uow, volume_unit="kg", moq=90000, capacity_min=100000, capacity_max=100000)
    lot = factories.lot(uow, ivan)
    (match,) = matching.factories_for(uow, lot.id, "en")
    assert Why("Counts its capacity in another unit", "plain") in match.reasons


def test_a_returned_lot_comes_back_corrected(uow: UnitOfWork) -> None:
    """The buyer hears which field and why; the corrected lot waits for moderation again."""
    ivan, _ = factories.buyer(uow)
    lot = factories.lot(uow, ivan, published=False)
    lots.request_corrections(uow, lot.id, [{"field": "product", "reason": "Уточните состав"}], "user/1")
    assert any("Уточните состав" in text for text in said_to(uow, ivan.chat_id))
    again = factories.lot(uow, ivan, published=False, product="Футболки, 100% хлопок, 180 г/м², 4 цвета")
    assert (again.id, again.state, again.corrections) == (lot.id, "submitted", [])


def test_cancelling_tells_responders_and_marks_the_post(uow: UnitOfWork) -> None:
    """A cancelled lot is closed, its post edited, its deal lost and every responder told."""
    settings.put(uow, "tender_channel_id", CHANNEL, "user/1")
    ivan, _ = factories.buyer(uow)
    abc, _ = factories.factory(uow)
    lot = factories.lot(uow, ivan)
    offer = factories.offer(uow, abc, lot)
    lots.cancel(uow, ivan, lot.id)
    assert (lot.state, lot.outcome, offer.state) == ("closed", "cancelled", "lost")
    (edit,) = sent(uow, "EditChatMessage", chat_id=CHANNEL)
    assert edit.original == f"lot/{lot.id}:published:v1:channel"
    assert any("bekor qilindi" in text for text in said_to(uow, abc.chat_id))
    (deal,) = sent(uow, "SaveItem", ref=f"lot/{lot.id}")
    assert deal.stage == "lost"


def test_nobody_else_cancels_a_lot(uow: UnitOfWork) -> None:
    """For a stranger the lot does not exist."""
    ivan, _ = factories.buyer(uow)
    stranger, _ = factories.buyer(uow, "1002", company="Other")
    with pytest.raises(NotFound):
        lots.cancel(uow, stranger, factories.lot(uow, ivan).id)


def test_a_lot_without_offers_expires(uow: UnitOfWork) -> None:
    """After its deadline a lot nobody answered is closed as expired, and the buyer is told."""
    ivan, _ = factories.buyer(uow)
    lot = factories.lot(uow, ivan)
    uow.now += timedelta(days=15)
    assert lots.expire_due(uow) == 1
    assert uow.session.get_one(Lot, lot.id).outcome == "expired"


def test_dates_must_be_ahead_and_in_order(uow: UnitOfWork) -> None:
    """A lot cannot be wanted yesterday, nor delivered before it is made."""
    ivan, _ = factories.buyer(uow)
    with pytest.raises(InvalidInput) as refusal:
        factories.lot(uow, ivan, produce_by="2026-03-01", deliver_by="2026-02-28")
    assert set(refusal.value.fields) == {"produce_by", "deliver_by"}


def test_a_deep_link_opens_published_lots_only(uow: UnitOfWork) -> None:
    """The link of the channel's button finds a published lot and nothing else."""
    ivan, _ = factories.buyer(uow)
    waiting = factories.lot(uow, ivan, published=False)
    shown = factories.lot(uow, ivan, key="key-2")
    assert lots.get_for_channel(uow, f"lot_{waiting.number}") is None
    assert lots.get_for_channel(uow, f"lot_{shown.number}") is shown
    assert lots.get_for_channel(uow, "lot_x") is None
