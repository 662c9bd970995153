"""What the portal kept while nobody listened is fetched, stored once, and only then confirmed."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, text

from b24app.bitrix24 import offline as offline_module
from b24app.bitrix24.offline import MissedEvents
from b24app.domain.deliveries import SaveItem
from b24app.services import reports
from storage.models import InboxRow
from tests.contract.bitrix24.conftest import Carrier, Deployment, asked

LOST = {"match": {"method": "oncrm*", "direction": "out"}, "action": "lose"}


class Absence:
    """A company in the CRM that employees work on, a minute ago by the portal's clock."""

    def __init__(self, carrier: Carrier) -> None:
        self.carrier = carrier
        self.installed: Deployment = carrier.deployment
        self.world = carrier.deployment.world
        self.question = MissedEvents(self.installed.transactions)
        self.world.control("clock", {"advance_seconds": -60})
        self.id = str(carrier.done(SaveItem(ref="company/7", fields={"title": "ABC"}))["entity_id"])
        self.world.control("drain", {"seconds": 5})
        self.fetch()
        with self.installed.transactions() as uow:
            uow.session.query(InboxRow).delete()

    def change(self, title: str = "ABD") -> None:
        """Let an employee change the company."""
        self.world.as_user("crm.item.update", {"entityTypeId": 4, "id": self.id, "fields": {"title": title}})
        self.world.control("drain", {"seconds": 5})

    def write(self) -> None:
        """Change the company ourselves."""
        self.carrier.done(SaveItem(ref="company/7", fields={"title": "ABF"}))
        self.world.control("drain", {"seconds": 5})

    def fetch(self) -> int:
        """Fetch what was missed, as a worker does every minute; what it stored is confirmed the next time."""
        return asked(self.installed, self.question)

    def facts(self) -> list[tuple[str, Any]]:
        """Give what is in the inbox: event and object."""
        with self.installed.transactions() as uow:
            rows = uow.session.scalars(select(InboxRow).order_by(InboxRow.id))
            return [(row.payload["event"], row.payload["data"]["FIELDS"]["ID"]) for row in rows]

    def queue(self) -> list[dict[str, Any]]:
        """Give what the portal still keeps."""
        return list(self.installed.call("event.offline.list"))


@pytest.fixture
def absence(carrier: Carrier) -> Absence:
    """An application that is about to miss something."""
    return Absence(carrier)


def test_a_missed_change_is_fetched_once_and_confirmed(absence: Absence) -> None:
    """The event got lost; the portal's record becomes the same fact, the queue is empty, and a second look finds nothing."""
    absence.world.fault(LOST)
    absence.change()
    assert (absence.fetch(), absence.fetch()) == (1, 0)
    assert absence.facts() == [("ONCRMCOMPANYUPDATE", absence.id)]
    assert absence.queue() == []


def test_what_arrived_by_itself_is_no_news(absence: Absence) -> None:
    """An event that was heard when it happened is confirmed in the queue and stored no second time."""
    absence.change()
    assert absence.facts() == [("ONCRMCOMPANYUPDATE", absence.id)]
    assert (absence.fetch(), absence.fetch()) == (0, 0)
    assert len(absence.facts()) == 1
    assert absence.queue() == []


def test_a_batch_whose_fetcher_died_is_finished_by_the_next(absence: Absence) -> None:
    """Records reserved by a process that never confirmed them are found in the list, stored and cleared."""
    absence.world.fault(LOST)
    absence.change()
    reserved = absence.installed.call("event.offline.get", {"clear": 0})
    assert reserved["events"]
    assert (absence.fetch(), absence.fetch()) == (1, 0)
    assert absence.facts() == [("ONCRMCOMPANYUPDATE", absence.id)]
    assert absence.queue() == []


def test_nothing_is_confirmed_before_it_is_stored(absence: Absence) -> None:
    """When the confirmation gets lost the record stays with the portal and is recognised as known the next time."""
    absence.world.fault(LOST)
    absence.change()
    absence.world.fault(
        {
            "match": {"method": "event.offline.clear", "direction": "batch"},
            "action": "error",
            "error": "OVERLOAD_LIMIT",
            "status": 503,
        }
    )
    assert (absence.fetch(), absence.fetch()) == (1, 0)
    assert len(absence.queue()) == len(absence.facts()) == 1
    absence.world.fault()
    assert (absence.fetch(), absence.fetch()) == (0, 0)
    assert (absence.queue(), len(absence.facts())) == ([], 1)


def test_what_a_worker_left_unconfirmed_is_confirmed_by_the_next(absence: Absence) -> None:
    """A worker that stops after storing leaves a reservation: the next knows the fact, stores nothing and clears it."""
    absence.world.fault(LOST)
    absence.change()
    assert absence.fetch() == 1
    absence.question = MissedEvents(absence.installed.transactions)
    assert (absence.fetch(), absence.fetch()) == (0, 0)
    assert (absence.queue(), len(absence.facts())) == ([], 1)


def test_more_than_one_answer_holds_is_fetched_in_one_round(absence: Absence, monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as answers are full another is asked for, and what the one before held is confirmed along with that."""
    monkeypatch.setattr(offline_module, "LIMIT", 1)
    absence.world.fault(LOST)
    absence.change()
    absence.world.as_user("crm.item.delete", {"entityTypeId": 4, "id": absence.id})
    absence.world.control("drain", {"seconds": 5})
    with absence.world.reading("offline_event_data", "data"):
        assert absence.fetch() == len(absence.facts()) >= 2
    assert len(absence.queue()) <= 1


def test_a_deletion_is_fetched_too(absence: Absence) -> None:
    """An item deleted meanwhile is told as its event would tell it."""
    absence.world.fault(LOST)
    absence.world.as_user("crm.item.delete", {"entityTypeId": 4, "id": absence.id})
    with absence.world.reading("offline_event_data", "data"):
        assert absence.fetch() >= 1
    assert ("ONCRMCOMPANYDELETE", absence.id) in absence.facts()


def test_records_that_do_not_say_what_changed_make_us_look_by_date(absence: Absence) -> None:
    """Where the queue names events only, the changed item is found by the date of its change."""
    absence.world.fault(LOST)
    absence.change()
    with absence.world.reading("offline_event_data", "false"):
        assert (absence.fetch(), absence.fetch()) == (1, 0)
    assert absence.facts() == [("ONCRMCOMPANYUPDATE", absence.id)]
    assert absence.queue() == []


def test_a_deletion_that_is_not_named_makes_us_compare_everything(absence: Absence) -> None:
    """A record that only says that something was deleted leaves no date either: the comparison of both sides is asked for."""
    absence.world.fault(LOST)
    absence.world.as_user("crm.item.delete", {"entityTypeId": 4, "id": absence.id})
    with absence.world.reading("offline_event_data", "false"):
        absence.fetch()
    with absence.installed.transactions() as uow:
        waiting = uow.session.scalars(text("SELECT task_name FROM procrastinate_jobs WHERE status = 'todo'")).all()
    assert [name for name in waiting if name.endswith("reconcile")]


def test_a_plan_without_the_queue_is_looked_through_by_date(absence: Absence) -> None:
    """Without the feature nothing is registered offline, and missed changes are found all the same."""
    feature = {"match": {"method": "feature.get"}, "action": "error", "error": "ACCESS_DENIED", "status": 403}
    absence.world.fault(feature, {**feature, "match": {"method": "feature.get", "direction": "batch"}})
    absence.installed.installer.apply()
    assert not [row for row in absence.installed.call("event.get") if str(row["offline"]) == "1"]
    absence.world.fault(LOST)
    absence.change("ABE")
    assert absence.fetch() == 1
    assert absence.facts() == [("ONCRMCOMPANYUPDATE", absence.id)]
    with absence.installed.transactions() as uow:
        report = reports.read(uow, "offline")
        assert report is not None
        assert report.content["mode"] == "dates"


def test_a_change_behind_our_own_event_is_no_repeat_of_it(absence: Absence) -> None:
    """Our own event arrived, that of an employee two seconds later got lost: the portal's record of it is another fact."""
    absence.write()
    assert len(absence.facts()) == 1
    absence.world.fault(LOST)
    absence.world.control("clock", {"advance_seconds": 2})
    absence.change("ABG")
    assert (absence.fetch(), len(absence.facts())) == (1, 2)


def test_a_portal_that_does_not_answer_is_asked_again_later(absence: Absence) -> None:
    """A look that fails harms nothing: what waits there is fetched by the next."""
    absence.world.fault(LOST)
    absence.change()
    absence.world.fault({"match": {"method": "batch"}, "action": "status", "status": 502})
    assert absence.fetch() == 0
    absence.world.fault()
    assert absence.fetch() == 1
