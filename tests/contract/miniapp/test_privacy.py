"""A person's own data through the Mini App, and links that lead into the other role."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from b24app.config import Settings
from b24app.services import people
from storage.models import Company, File, Person
from storage.unit_of_work import Transactions
from telegram_bridge.miniapp.uploads import place_of
from tests import factories
from tests.contract.miniapp.conftest import Visitor

Visit = Callable[..., Visitor]


def test_the_copy_is_an_archive_behind_a_link(transactions: Transactions, visitor: Visit, settings: Settings) -> None:
    """Asking for a copy stores an archive with readable data and offers an expiring link to it; a second one replaces it."""
    with transactions() as uow:
        ivan, _ = factories.buyer(uow)
    there = visitor(ivan)
    for _ in range(2):
        assert there.act("export_data").status_code == 200
    assert "/files/" in there.get("/app/data").text
    with transactions() as uow:
        (file,) = uow.session.scalars(select(File)).all()
    with zipfile.ZipFile(place_of(settings.files_dir, file.sha256)) as archive:
        kept = json.loads(archive.read("data.json"))
    assert kept["companies"][0]["name"] == "Northern Style"


def test_a_deleted_account_has_no_pass_any_more(transactions: Transactions, visitor: Visit) -> None:
    """After deletion the open Mini App is refused."""
    with transactions() as uow:
        ivan, _ = factories.buyer(uow)
    there = visitor(ivan)
    assert there.act("delete_account").get_json()["close"]
    assert there.get("/app/").status_code == 401


@pytest.mark.parametrize(
    "action", ["export_data", "delete_account", "invite_colleague", "remove_colleague", "colleague_role"]
)
def test_grave_actions_want_a_fresh_entry(action: str, transactions: Transactions, visitor: Visit) -> None:
    """Whoever came in hours ago may go on working, but for what is grave comes in again, and is told so; nothing was done."""
    with transactions() as uow:
        ivan, _ = factories.buyer(uow)
    there = visitor(ivan, opened_ago=timedelta(hours=2))
    refused = there.act(action, role="sales", person_id=str(ivan.id))
    assert (refused.status_code, "откройте" in refused.get_json()["message"]) == (403, True)
    assert there.get("/app/").status_code == 200
    with transactions() as uow:
        assert uow.session.get_one(Person, ivan.id).state == "active"


def test_notices_are_chosen(transactions: Transactions, visitor: Visit) -> None:
    """Unticked kinds are switched off; quiet hours are kept while ticked."""
    with transactions() as uow:
        ivan, _ = factories.buyer(uow)
    there = visitor(ivan)
    there.act("choose_notices", offers="true", quiet="true", quiet_from="21", quiet_until="7")
    with transactions() as uow:
        kept = uow.session.get_one(Person, ivan.id)
        assert (kept.muted, kept.quiet_from, kept.quiet_until) == (["lots", "orders", "reminders", "team"], 21, 7)
    there.act("choose_notices", offers="true")
    with transactions() as uow:
        assert uow.session.get_one(Person, ivan.id).quiet_from is None


def test_a_link_leads_into_the_role_it_means(transactions: Transactions, visitor: Visit) -> None:
    """Somebody who buys and makes is shown a stranger's lot as a factory, the own lot as a buyer, whatever role was open."""
    with transactions() as uow:
        stranger, _ = factories.buyer(uow, "1002", company="Other")
        both, _ = factories.factory(uow, "1001")
        factories.buyer(uow, "1001")
        own, foreign = factories.lot(uow, both), factories.lot(uow, stranger)
    there = visitor(both)
    for lot, role in ((foreign, "factory"), (own, "buyer"), (foreign, "factory")):
        path = there.get(f"/app/numbers/{lot.number}").headers["X-Go"]
        answer = there.get(path)
        if go := answer.headers.get("X-Go"):
            answer = there.get(go)
        assert answer.status_code == 200
        with transactions() as uow:
            found = people.find(uow, "1001")
            assert found is not None
            assert found.active_role == role


def test_a_profile_is_changed_from_its_screen(transactions: Transactions, visitor: Visit) -> None:
    """The screen shows every answer as it is; sending it with a new address keeps all others."""
    with transactions() as uow:
        ivan, company = factories.buyer(uow)
        before = dict(company.answers)
    there = visitor(ivan)
    assert "Northern Style" in there.get("/app/profile/edit").text
    form = {f"q.{code}": value for code, value in before.items()}
    saved = there.act("edit_profile", **{**form, "q.legal_address": "Moscow, Arbat 2"})
    assert saved.get_json()["go"] == "/app/settings"
    with transactions() as uow:
        assert uow.session.get_one(Company, company.id).answers == {**before, "legal_address": "Moscow, Arbat 2"}


def test_what_a_colleague_changed_meanwhile_stays(transactions: Transactions, visitor: Visit) -> None:
    """Of a profile only what was touched on the page is taken: an older page brings nothing back, what was emptied is emptied."""
    with transactions() as uow:
        ivan, company = factories.buyer(uow)
        before = dict(company.answers)
    there = visitor(ivan)
    there.act("edit_profile", changed=["", "position"], **{"q.position": "Директор"})
    old = {f"q.{code}": value for code, value in before.items()} | {"q.website": ""}
    there.act("edit_profile", changed=["", "legal_address", "website"], **{**old, "q.legal_address": "Moscow, Arbat 2"})
    told = there.act("edit_profile", changed=["", "email"], **{"q.email": "no address"})
    assert list(told.get_json()["fields"]) == ["email"]
    mended = {**before, "position": "Директор", "legal_address": "Moscow, Arbat 2"}
    mended.pop("website", None)
    with transactions() as uow:
        assert uow.session.get_one(Company, company.id).answers == mended
