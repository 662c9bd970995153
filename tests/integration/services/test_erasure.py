"""What is left of a forgotten person in the CRM, in the open line and on the disk."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import select

from b24app.jobs import forget_bytes
from b24app.services import conversations, erasure, messages, offers, outcomes_kept, personal_data
from b24app.services.spoken import Spoken
from storage.models import CrmLink, File, Lot, Message, Person
from storage.unit_of_work import Transactions, UnitOfWork
from tests import factories
from tests.integration.services.outgoing import rows, sent


def upload(uow: UnitOfWork, person: Person, sha256: str) -> File:
    """A file that a person put into the store."""
    file = File(owner=f"person/{person.id}", person_id=person.id, name="a.pdf", mime="application/pdf", size=1)
    file.sha256 = sha256
    uow.session.add(file)
    uow.session.flush()
    return file


def test_the_cards_are_emptied_of_every_way_to_reach(uow: UnitOfWork) -> None:
    """Contact and former lead lose name, account, phone and e-mail; what we remember of writing them goes too."""
    ivan, company = factories.buyer(uow)
    telegram_id = ivan.telegram_id
    for ref, number in ((f"contact/{ivan.id}", "5"), (f"lead/{company.id}", "6")):
        snapshot = {"telegram_id": telegram_id, "fm": ["+7"], "full_name": "Ivan Petrov", "lot": "kept"}
        uow.session.add(CrmLink(ref=ref, entity_type_id=3, entity_id=number, snapshot=snapshot, created_at=uow.now))
    uow.session.flush()
    personal_data.erase(uow, ivan)
    for ref in (f"contact/{ivan.id}", f"lead/{company.id}"):
        (card,) = sent(uow, "SaveItem", ref=ref)
        assert (card.fields["name"], card.fields["telegram_id"]) == ("Удалённый пользователь", "")
        assert sent(uow, "ForgetReach", ref=ref)
    (lead,) = sent(uow, "SaveItem", ref=f"lead/{company.id}")
    assert lead.fields["full_name"] == ""
    kept = uow.session.scalars(select(CrmLink.snapshot).where(CrmLink.ref == f"lead/{company.id}")).one()
    assert kept == {"lot": "kept"}


def test_the_lead_of_a_colleague_is_left_alone(uow: UnitOfWork) -> None:
    """Whoever joined a company takes nothing off the lead that tells of its founder; without a lead there is nothing to take."""
    _, company = factories.buyer(uow)
    erasure.empty_lead(uow, company, "1")
    snapshot = {"telegram_id": "1", "full_name": "Ivan Petrov"}
    link = CrmLink(ref=f"lead/{company.id}", entity_type_id=1, entity_id="6", snapshot=snapshot, created_at=uow.now)
    uow.session.add(link)
    uow.session.flush()
    before = len(rows(uow, "SaveItem"))
    erasure.empty_lead(uow, company, "2")
    assert (len(rows(uow, "SaveItem")), link.snapshot) == (before, snapshot)
    erasure.empty_lead(uow, company, "1")
    assert (len(rows(uow, "ForgetReach")), "full_name" in link.snapshot) == (1, False)


def test_what_was_found_on_a_card_is_removed_by_its_ids(uow: UnitOfWork) -> None:
    """The answer to the look leads to one save that empties each entry; nothing found leads to nothing."""
    erasure.empty_card(uow, "contact/7")
    (look,) = rows(uow, "ForgetReach")
    before = len(rows(uow, "SaveItem"))
    outcomes_kept.KEEPERS["ForgetReach"](uow, look, {"reach": {}})
    assert len(rows(uow, "SaveItem")) == before
    outcomes_kept.KEEPERS["ForgetReach"](uow, look, {"reach": {"15": "PHONE", "16": "EMAIL"}})
    (card,) = sent(uow, "SaveItem", ref="contact/7")
    assert card.fields["fm"] == {"15": {"typeId": "PHONE", "value": ""}, "16": {"typeId": "EMAIL", "value": ""}}


def test_words_without_an_order_go_and_agreed_ones_stay(uow: UnitOfWork) -> None:
    """Help and mere negotiations are emptied here and in the open line; the chat of an order is kept."""
    thread, ivan, abc, lot = factories.conversation(uow)
    agreed = messages.say(uow, ivan, thread, Spoken(kind="text", text="agreed words", source_key="1:1"))
    offers.award(uow, ivan, thread.offer_id or 0)
    second = factories.lot(uow, ivan, key="key-2")
    talk = offers.allow(uow, factories.offer(uow, abc, second).id, "user/1")
    negotiated = messages.say(uow, ivan, talk, Spoken(kind="text", text="mere words", source_key="1:2"))
    asked = messages.say(
        uow, ivan, conversations.open_help(uow, ivan), Spoken(kind="text", text="help me", source_key="1:3")
    )
    assert erasure.forget_words(uow, ivan) == 2
    assert [message.original for message in (agreed, negotiated, asked)] == ["agreed words", "", ""]
    told = sent(uow, "DeleteInOpenLine")
    assert {one.message_id for one in told} == {str(negotiated.id), str(asked.id)}
    assert uow.session.get_one(Lot, lot.id).id
    assert uow.session.get_one(Message, asked.id).deleted_at is not None


def test_files_go_but_those_of_orders_and_of_colleagues(uow: UnitOfWork) -> None:
    """A company that goes on keeps its files; of one that ends only what was ordered stays."""
    ivan, company = factories.buyer(uow)
    abc, _ = factories.factory(uow)
    ordered, cancelled, loose = (upload(uow, ivan, name * 64) for name in "abc")
    lot = factories.lot(uow, ivan, files=[ordered.id])
    factories.lot(uow, ivan, key="key-2", files=[cancelled.id])
    offer = factories.offer(uow, abc, lot)
    offers.allow(uow, offer.id, "user/1")
    offers.award(uow, ivan, offer.id)
    ids = {"ordered": ordered.id, "cancelled": cancelled.id, "loose": loose.id}

    def left() -> set[str]:
        known = set(uow.session.scalars(select(File.id).where(File.person_id == ivan.id)))
        return {name for name, number in ids.items() if number in known}

    assert (erasure.forget_files(uow, ivan, {company.id: True}), left()) == (1, {"ordered", "cancelled"})
    assert (erasure.forget_files(uow, ivan, {company.id: False}), left()) == (1, {"ordered"})


def test_bytes_that_nothing_names_are_deleted(transactions: Transactions, tmp_path: Path) -> None:
    """Only old bytes without a row go; what was stored this hour may still get one."""
    with transactions() as uow:
        upload(uow, factories.person(uow, "1"), "a" * 64)
    for sha256, stored_at in (("a" * 64, 0), ("b" * 64, 0), ("c" * 64, 10_000)):
        place = tmp_path / sha256[:2] / sha256
        place.parent.mkdir()
        place.write_bytes(b"x")
        os.utime(place, (stored_at, stored_at))
    assert forget_bytes.forget(transactions, str(tmp_path), 5_000) == 1
    assert sorted(path.name[0] for path in tmp_path.glob("??/*")) == ["a", "c"]
