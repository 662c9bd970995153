"""Lots of segments without moderation: what is published at once and what waits for a person all the same."""

from __future__ import annotations

from typing import Any

import pytest

from b24app.services import lot_checks, settings
from storage.unit_of_work import UnitOfWork
from tests import factories
from tests.integration.services.outgoing import said_to, sent


def without_moderation(uow: UnitOfWork, *segments: str) -> None:
    """Switch moderation off for some segments."""
    lot_checks.keep_unmoderated(uow, segments, "user/1")


def test_a_clean_lot_of_such_a_segment_is_published_at_once(uow: UnitOfWork) -> None:
    """Factories, the channel and the buyer hear of it; no card asks, the responsible employee reads a notice."""
    settings.put(uow, "tender_channel_id", "-100500", "user/1")
    factories.managers(uow, "7")
    ivan, company = factories.buyer(uow)
    company.responsible_id = "7"
    abc, _ = factories.factory(uow)
    without_moderation(uow, "tshirts", "nonsense")
    lot = factories.lot(uow, ivan, published=False)
    assert (lot.state, lot.published_at) == ("published", uow.now)
    assert [deal.stage for deal in sent(uow, "SaveItem", ref=f"lot/{lot.id}")] == ["published"]
    assert [card for card in sent(uow, "ShowCard", card=f"lot/{lot.id}") if not card.closed] == []
    assert any(str(lot.number) in text for text in said_to(uow, abc.chat_id))
    assert len(sent(uow, "SendChatMessage", chat_id="-100500")) == 1
    assert [str(lot.number) in one.text for one in sent(uow, "NotifyUser", tag=f"lot/{lot.id}")] == [True]
    assert lot_checks.unmoderated(uow) == {"tshirts"}
    again = factories.lot(uow, ivan, published=False)
    assert (again.id, len(sent(uow, "SendChatMessage", chat_id="-100500"))) == (lot.id, 1)


@pytest.mark.parametrize(
    ("changes", "accepted"),
    [
        ({"requirements_note": "Звоните +998 90 123 45 67"}, True),
        ({"packaging": "какая блядь упаковка"}, True),
        ({"place": "Northern Style, Москва"}, True),
        ({"segment": "denim"}, True),
        ({}, False),
    ],
    ids=["contacts", "abuse", "the buyer's name", "another segment", "a buyer nobody checked"],
)
def test_what_somebody_must_look_at_waits_all_the_same(
    uow: UnitOfWork, changes: dict[str, Any], accepted: bool
) -> None:
    """Contacts, abuse, a telling name, another segment or a buyer who is not accepted keep a lot for the moderator."""
    ivan, _ = factories.buyer(uow, accepted=accepted)
    without_moderation(uow, "tshirts")
    lot = factories.lot(uow, ivan, published=False, **changes)
    (card,) = sent(uow, "ShowCard", card=f"lot/{lot.id}")
    assert (lot.state, card.closed) == ("submitted", False)


def test_a_lot_cleaned_of_its_contacts_goes_out(uow: UnitOfWork) -> None:
    """Once the buyer takes out what was found, the lot is published and the card that waited is completed."""
    ivan, _ = factories.buyer(uow)
    without_moderation(uow, "tshirts")
    factories.lot(uow, ivan, published=False, requirements_note="Пишите @ivan_petrov")
    lot = factories.lot(uow, ivan, published=False)
    assert (lot.state, sent(uow, "ShowCard", card=f"lot/{lot.id}")[-1].closed) == ("published", True)
