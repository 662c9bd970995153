"""Changes of published lots: which wait for an employee, what is seen meanwhile, how they end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from b24app.errors import InvalidInput, InvalidState
from b24app.services import cards, lot_changes, lot_checks, lot_revisions, lots, moderation, offers, overview, settings
from b24app.services.moderation import Wanted
from storage.models import Lot, Person
from storage.unit_of_work import UnitOfWork
from tests import factories
from tests.integration.services.outgoing import said_to, sent

MEND = [{"field": "place", "reason": "Какой терминал?"}]


def published(uow: UnitOfWork) -> tuple[Lot, Person, Person]:
    """Ivan's published lot, answered by a factory; two employees who may decide."""
    settings.put(uow, "tender_channel_id", "-100", "user/1")
    factories.managers(uow, "5", "6")
    ivan, _ = factories.buyer(uow)
    abc, _ = factories.factory(uow)
    lot = factories.lot(uow, ivan)
    factories.offer(uow, abc, lot)
    return lot, ivan, abc


def revise(uow: UnitOfWork, ivan: Person, lot: Lot, **changes: object) -> Lot:
    """Let Ivan change some answers."""
    return lot_changes.revise(uow, ivan, lot.id, factories.lot_answers(uow.now.date(), **changes))


def test_a_change_waits_and_factories_see_the_lot_as_it_was(uow: UnitOfWork) -> None:
    """Where a first submission waits, so does a change: an employee reads old and new on a card, nobody else hears of it."""
    lot, ivan, abc = published(uow)
    heard = len(said_to(uow, abc.chat_id))
    revise(uow, ivan, lot, quantity=30000, packaging="По 10 штук")
    assert (lot.version, lot.quantity, lot.state, lot_revisions.waits(lot)) == (1, 20000, "published", True)
    assert (len(said_to(uow, abc.chat_id)), sent(uow, "EditChatMessage")) == (heard, [])
    (card,) = sent(uow, "ShowCard", card=f"revision/{lot.id}")
    rows = "\n".join(words for _, words in card.rows)
    assert (card.ref, " → " in rows, "По 10 штук" in rows) == (f"lot/{lot.id}", True, True)
    (found,), _ = moderation.queue(uow, Wanted(kind="lot"))
    assert (found.id, found.since, overview.waiting(uow)["lots"].count) == (lot.id, uow.now, 1)
    revise(uow, ivan, lot, quantity=30000, packaging="По 10 штук")
    assert len(sent(uow, "ShowCard", card=f"revision/{lot.id}")) == 1


def test_an_approved_change_is_the_next_version(uow: UnitOfWork) -> None:
    """Factories are asked to confirm, the buyer is told, the card closes, a second press learns that it was decided."""
    lot, ivan, abc = published(uow)
    revise(uow, ivan, lot, quantity=30000)
    assert str(lot.number) in cards.act(uow, f"revision/{lot.id}", "approve", "user/5")
    assert (lot.version, lot.quantity, lot_revisions.waits(lot), lot.revision) == (2, 30000, False, {})
    assert [card.closed for card in sent(uow, "ShowCard", card=f"revision/{lot.id}")] == [False, True]
    assert len(sent(uow, "EditChatMessage", original=f"lot/{lot.id}:published:v1:channel")) == 1
    assert "confirm" in str(sent(uow, "SendChatMessage", chat_id=abc.chat_id)[-1].buttons)
    assert "опубликовано" in said_to(uow, ivan.chat_id)[-1]
    assert "#5" in cards.act(uow, f"revision/{lot.id}", "approve", "user/6")


def test_a_returned_change_is_kept_for_its_buyer(uow: UnitOfWork) -> None:
    """He reads which answer and why, finds what he wrote, and what he sends anew waits again; the lot stays as it was."""
    lot, ivan, _ = published(uow)
    revise(uow, ivan, lot, place="Порт", quantity=30000)
    with pytest.raises(InvalidInput):
        lot_changes.send_back(uow, lot.id, [], "user/5")
    lot_changes.send_back(uow, lot.id, MEND, "user/5")
    assert "Какой терминал?" in said_to(uow, ivan.chat_id)[-1]
    assert (lot.version, lot_revisions.waits(lot)) == (1, False)
    assert (lot_revisions.wished(lot)["place"], lot_revisions.wished(lot)["quantity"]) == ("Порт", 30000)
    with pytest.raises(InvalidState):
        lot_changes.publish(uow, lot.id, "user/5")
    lot_changes.revise(uow, ivan, lot.id, {"place": "Порт, терминал 3"}, ["place"])
    assert (lot_revisions.waits(lot), lot.corrections) == (True, [])
    lot_changes.publish(uow, lot.id, "user/6")
    assert (lot.fields["place"], lot.quantity) == ("Порт, терминал 3", 30000)


def test_who_read_another_change_decides_on_none(uow: UnitOfWork) -> None:
    """What changed since an employee read it is not published unread."""
    lot, ivan, _ = published(uow)
    revise(uow, ivan, lot, quantity=30000)
    earlier = uow.now - timedelta(minutes=1)
    with pytest.raises(InvalidState):
        lot_changes.publish(uow, lot.id, "user/5", seen_at=earlier)
    assert lot_changes.publish(uow, lot.id, "user/5", seen_at=lot.revision_at).version == 2


def test_without_moderation_only_what_is_suspicious_waits(uow: UnitOfWork) -> None:
    """A clean change of such a segment counts at once; words of abuse or a phone wait, and the card says why."""
    lot, ivan, _ = published(uow)
    lot_checks.keep_unmoderated(uow, ["tshirts"], "user/1")
    revise(uow, ivan, lot, quantity=30000)
    assert (lot.version, lot.quantity) == (2, 30000)
    for words in ("Говно, блядь, а не упаковка", "Звоните +998 90 123 45 67"):
        revise(uow, ivan, lot, quantity=30000, packaging=words)
        assert (lot.version, lot_revisions.waits(lot)) == (2, True)
        assert len(sent(uow, "ShowCard", card=f"revision/{lot.id}")[-1].rows) == 3
    revise(uow, ivan, lot, quantity=30000)
    assert (lot_revisions.waits(lot), sent(uow, "ShowCard", card=f"revision/{lot.id}")[-1].closed) == (False, True)


def test_the_last_day_alone_waits_for_nobody(uow: UnitOfWork) -> None:
    """More time may be given by its own button, so it may by the form."""
    lot, ivan, _ = published(uow)
    until = (uow.now + timedelta(days=30)).date()
    lot_changes.revise(uow, ivan, lot.id, {**lot.fields, "respond_by": until.isoformat()})
    assert (lot.version, lot.respond_by and lot.respond_by.date()) == (2, until)


def test_what_was_awarded_meanwhile_holds_a_smaller_lot(uow: UnitOfWork) -> None:
    """A change to fewer pieces than are awarded by now cannot be published; with the lot it ends."""
    lot, ivan, _ = published(uow)
    revise(uow, ivan, lot, quantity=11000)
    (offer,) = offers.of_company(uow, offers.of_lot(uow, lot.id)[0].company_id)
    offers.allow(uow, offer.id, "user/5")
    offers.award(uow, ivan, offer.id, 12000)
    with pytest.raises(InvalidState):
        lot_changes.publish(uow, lot.id, "user/5")
    lots.cancel(uow, ivan, lot.id)
    assert (lot.revision, sent(uow, "ShowCard", card=f"revision/{lot.id}")[-1].closed) == ({}, True)
    assert overview.waiting(uow)["lots"].count == 0
