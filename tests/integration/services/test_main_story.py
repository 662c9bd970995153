"""The main story on the level of services: from two registrations to an award."""

from __future__ import annotations

from sqlalchemy import select

from b24app.services import conversations, messages, offers, settings
from b24app.services.spoken import Spoken
from storage.models import Lot, Offer
from storage.unit_of_work import UnitOfWork
from tests import factories
from tests.integration.services.outgoing import rows, said_to, sent


def test_the_story_runs_from_registration_to_award(uow: UnitOfWork) -> None:
    """Buyer and factory register, a lot is published anonymously, answered, allowed, discussed and awarded."""
    settings.put(uow, "tender_channel_id", "-100500", "user/1")
    settings.put(uow, "responsible_ids", "5", "user/1")
    ivan, northern = factories.buyer(uow)
    abc, factory = factories.factory(uow)
    lot = factories.lot(uow, ivan)

    (post,) = sent(uow, "SendChatMessage", chat_id="-100500")
    assert f"№ {lot.number}" in post.text or str(lot.number) in post.text
    assert northern.name not in post.text
    assert post.buttons == [[{"text": "Откликнуться", "start": f"lot_{lot.number}"}]]
    (invitation,) = sent(uow, "BroadcastMessage", chat_id=abc.chat_id)
    assert "20" in invitation.text

    offer = factories.offer(uow, abc, lot)
    assert [one.code for one in sent(uow, "FireTrigger")] == ["factory_responded"]
    assert not [text for text in said_to(uow, ivan.chat_id) if "предложение" in text]
    (card,) = sent(uow, "ShowCard", card=f"offer/{offer.id}")
    assert [button["action"] for button in card.buttons] == ["allow", "decline"]

    conversation = offers.allow(uow, offer.id, "user/5")
    assert any("1 новое предложение" in text for text in said_to(uow, ivan.chat_id))

    messages.say(uow, ivan, conversation, Spoken(kind="text", text="Здравствуйте!", source_key=f"{ivan.chat_id}:7"))
    (copy,) = sent(uow, "SendConversationMessage", chat_id=abc.chat_id)
    assert copy.text.endswith("Здравствуйте!")
    assert len(sent(uow, "SendToOpenLine")) == 1
    assert [one.ref for one in sent(uow, "AddTimelineComment")] == [f"lot/{lot.id}"]

    order = offers.award(uow, ivan, offer.id)
    assert (order.quantity, order.company_id) == (20000, factory.id)
    assert uow.session.get_one(Lot, lot.id).outcome == "awarded"
    saved = {row.payload["ref"]: row.payload for row in rows(uow, "SaveItem")}
    assert saved[f"order/{order.id}"]["stage"] == "contract"
    assert saved[f"order/{order.id}"]["links"]["factory_company"] == f"company/{factory.id}"
    assert saved[f"order/{order.id}"]["fields"]["award_sum"] == "64000.00|USD"
    assert saved[f"lot/{lot.id}"]["stage"] == "contract"
    thread = conversations.of_offer(uow, offer.id)
    assert thread is not None
    assert thread.order_id == order.id


def test_every_second_factory_is_told_that_it_lost(uow: UnitOfWork) -> None:
    """When a lot is awarded whole, the other responders hear of it and their offers are closed."""
    ivan, _ = factories.buyer(uow)
    abc, _ = factories.factory(uow)
    other, _ = factories.factory(uow, "2002", company="Silk Road")
    lot = factories.lot(uow, ivan)
    winner, loser = factories.offer(uow, abc, lot), factories.offer(uow, other, lot, lead_time_days=50)
    offers.allow(uow, winner.id, "user/1")
    offers.award(uow, ivan, winner.id)
    assert uow.session.scalars(select(Offer.state).where(Offer.id == loser.id)).one() == "lost"
    assert any("boshqa fabrika" in text for text in said_to(uow, other.chat_id))
