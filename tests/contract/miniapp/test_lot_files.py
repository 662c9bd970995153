"""Files of lots and offers: the other side gets copies that tell nothing of who made them."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from b24app.config import Settings
from b24app.errors import LimitExceeded
from b24app.services import erasure, offers, profile_changes, sent_files
from storage.models import CleanCopy, File, OutboxRow, Person
from storage.unit_of_work import Transactions, UnitOfWork
from telegram_bridge.clean_file_job import CleanFileJob
from telegram_bridge.miniapp import uploads
from tests import factories
from tests.contract.miniapp.conftest import Visitor

Visit = Callable[[Person], Visitor]


@pytest.fixture
def job(settings: Settings, transactions: Transactions) -> CleanFileJob:
    """The job that makes the copies."""
    return CleanFileJob(settings, transactions)


def upload(uow: UnitOfWork, settings: Settings, owner: Person, name: str, content: bytes) -> int:
    """Keep a file as if its owner had uploaded it."""
    stored = uploads.store(io.BytesIO(content), name, settings.files_dir)
    fetched = sent_files.Fetched(stored.sha256, stored.size, stored.mime, stored.name)
    return sent_files.keep(uow, owner.id, fetched).id


def test_a_factory_gets_the_tech_pack_without_its_maker(
    transactions: Transactions, settings: Settings, job: CleanFileJob, visitor: Visit
) -> None:
    """A lot's file is prepared, then shown under a new name; one that nobody can clean stays back, and the deal says why."""
    with transactions() as uow:
        ivan, _ = factories.buyer(uow)
        abc, _ = factories.factory(uow)
        good = upload(uow, settings, ivan, "Northern Style.txt", "хлопок, +7 900 123-45-67".encode())
        bad = upload(uow, settings, ivan, "b.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 of an old kind")
        lot = factories.lot(uow, ivan, files=[good, bad])
    path = f"/app/tenders/{lot.id}"
    assert "2 ta fayl tayyorlanmoqda" in visitor(abc).get(path).text
    assert (job.run(), job.run()) == (2, 0)
    page = visitor(abc).get(path).text
    assert f"file-{good}.txt" in page
    assert "1 ta fayl menejerda qoldi" in page
    assert "Northern" not in page
    assert f"file-{bad}" not in page
    with transactions() as uow:
        told = [row.payload["text"] for row in uow.session.query(OutboxRow).filter_by(key=f"clean/{bad}:held")]
        copy = uow.session.get_one(File, uow.session.get_one(CleanCopy, good).clean_file_id)
    assert [text.startswith("b.doc: ") for text in told] == [True]
    shown = uploads.place_of(settings.files_dir, copy.sha256).read_text("utf-8")
    assert ("хлопок" in shown, "123-45-67" in shown) == (True, False)


def test_a_buyer_gets_the_files_of_an_allowed_offer(
    transactions: Transactions, settings: Settings, job: CleanFileJob, visitor: Visit
) -> None:
    """What a factory attached stands in its column once a manager let the offer through, not before; until then it is on its way."""
    with transactions() as uow:
        ivan, _ = factories.buyer(uow)
        abc, _ = factories.factory(uow)
        lot = factories.lot(uow, ivan)
        number = upload(uow, settings, abc, "price.txt", b"180 g/m2: 3.20")
        offer = factories.offer(uow, abc, lot, files=[number])
    assert job.run() == 0
    with transactions() as uow:
        offers.allow(uow, offer.id, "user/1")
    assert "Готовится 1 файл" in visitor(ivan).get(f"/app/lots/{lot.id}").text
    job.run()
    assert f"file-{number}.txt" in visitor(ivan).get(f"/app/lots/{lot.id}").text


def test_copies_go_with_what_they_were_made_of(
    transactions: Transactions, settings: Settings, job: CleanFileJob
) -> None:
    """When a person's files are forgotten, neither the copies nor the record of them stay."""
    with transactions() as uow:
        ivan, _ = factories.buyer(uow)
        lot = factories.lot(uow, ivan, files=[upload(uow, settings, ivan, "a.txt", b"cotton")])
    job.run()
    with transactions() as uow:
        assert uow.session.query(CleanCopy).one().state == "ready"
        erasure.forget_files(uow, uow.session.get_one(Person, ivan.id), {lot.company_id: False})
    with transactions() as uow:
        assert (uow.session.query(File).count(), uow.session.query(CleanCopy).count()) == (0, 0)


def test_copies_are_not_counted_as_uploads(
    transactions: Transactions, settings: Settings, job: CleanFileJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What we make of a person's file takes nothing from the number of files that the person may give within a day."""
    monkeypatch.setattr(sent_files, "DAILY_FILES", 2)
    with transactions() as uow:
        ivan, _ = factories.buyer(uow)
        factories.lot(uow, ivan, files=[upload(uow, settings, ivan, "a.txt", b"cotton")])
    assert job.run() == 1
    with transactions() as uow:
        sent_files.must_have_room(uow, uow.session.get_one(Person, ivan.id))
        upload(uow, settings, ivan, "b.txt", b"linen")
        with pytest.raises(LimitExceeded):
            sent_files.must_have_room(uow, uow.session.get_one(Person, ivan.id))


def test_a_broken_picture_keeps_no_other_file_waiting(
    transactions: Transactions, settings: Settings, job: CleanFileJob
) -> None:
    """A file that no program can read is held for the manager, and those behind it are prepared."""
    with transactions() as uow:
        ivan, _ = factories.buyer(uow)
        broken = upload(uow, settings, ivan, "a.jpg", b"\xff\xd8\xff\xe0\x00")
        good = upload(uow, settings, ivan, "b.txt", b"cotton")
        factories.lot(uow, ivan, files=[broken, good])
    job.run()
    with transactions() as uow:
        states = {copy.file_id: (copy.state, copy.reason) for copy in uow.session.query(CleanCopy)}
    assert states == {broken: ("held", "unreadable"), good: ("ready", "")}


def test_a_new_name_of_the_buyer_is_hidden_in_files_shown_before(
    transactions: Transactions, settings: Settings, job: CleanFileJob, visitor: Visit
) -> None:
    """Once a buyer is called otherwise, its shown files are prepared anew without the new name, and the old one stays hidden."""
    with transactions() as uow:
        ivan, company = factories.buyer(uow)
        abc, _ = factories.factory(uow)
        number = upload(uow, settings, ivan, "a.txt", "Northern Style, Полярис, хлопок".encode())
        lot = factories.lot(uow, ivan, files=[number])

    def shown() -> str:
        job.run()
        with transactions() as uow:
            file = uow.session.get_one(File, uow.session.get_one(CleanCopy, number).clean_file_id)
        return uploads.place_of(settings.files_dir, file.sha256).read_text("utf-8")

    assert ["Полярис" in shown(), "Northern" in shown(), "хлопок" in shown()] == [True, False, True]
    with transactions() as uow:
        person = uow.session.get_one(Person, ivan.id)
        profile_changes.edit(uow, person, {**factories.BUYER_ANSWERS, "company": "ООО Полярис"})
        profile_changes.decide(uow, company.id, "user/1", approve=True)
    assert f"file-{number}.txt" not in visitor(abc).get(f"/app/tenders/{lot.id}").text
    assert ["Полярис" in shown(), "Northern" in shown(), "хлопок" in shown()] == [False, False, True]
    with transactions() as uow:
        profile_changes.edit(
            uow,
            uow.session.get_one(Person, ivan.id),
            {**factories.BUYER_ANSWERS, "company": "Полярис", "position": "x"},
        )
    assert f"file-{number}.txt" in visitor(abc).get(f"/app/tenders/{lot.id}").text
