"""The CRM and our records are compared whole: what differs is named, and mended where a machine may."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from b24app.bitrix24.crm import ORIGINATOR
from b24app.bitrix24.reconciling import LOCK, NAME, Reconciliation
from b24app.domain.delivery import Network
from b24app.jobs.sending import Pace, Sending
from b24app.manifest import manifest
from b24app.services import crm_edits, reports
from storage.locks import alone
from storage.models import CrmLink, OutboxRow
from tests.contract.bitrix24.conftest import Carrier, Deployment
from tests.contract.placements.world import DEAL, Marketplace


class Books:
    """Our records and the CRM, in step."""

    def __init__(self, carrier: Carrier) -> None:
        self.deployment: Deployment = carrier.deployment
        self.market = Unlinked(carrier.deployment.transactions)
        self.sending = Sending(
            Network.BITRIX24,
            carrier.gateway,
            carrier.deployment.transactions,
            Pace(batch=50, per_lane=20, settle_seconds=0, longest_call_seconds=0),
        )
        self.market.buyer()
        self.factory = self.market.factory()
        self.lot = self.market.lot(published=True)
        self.carry()

    def carry(self) -> None:
        """Let everything that was asked for reach the CRM."""
        for _ in range(20):
            with self.deployment.transactions() as uow:
                waiting = uow.session.query(OutboxRow).filter_by(state="todo", network="bitrix24")
                if not waiting.update({"not_before": None}):
                    return
            self.sending.carry(self.sending.take().envelopes)

    def compare(self) -> dict[str, Any]:
        """Compare everything; answers what the report holds."""
        made = self.deployment
        assert Reconciliation(made.transactions, made.client, made.keeper, manifest()).run()
        with made.transactions() as uow:
            report = reports.read(uow, NAME)
            assert report is not None
            assert report.state == "done", report.content
            return report.content

    def link(self, ref: str) -> CrmLink:
        """Give what is remembered of an item."""
        with self.deployment.transactions() as uow:
            return uow.session.scalars(select(CrmLink).where(CrmLink.ref == ref)).one()

    def item(self, ref: str) -> dict[str, Any]:
        """Give the item as the portal shows it."""
        link = self.link(ref)
        params = {"entityTypeId": link.entity_type_id, "id": link.entity_id, "useOriginalUfNames": "Y"}
        return dict(self.deployment.call("crm.item.get", params)["item"])

    def quietly(self, method: str, **params: Any) -> Any:
        """Change something on the portal while none of its events reaches us."""
        return self.deployment.world.as_user(method, params)


class Unlinked(Marketplace):
    """A marketplace whose CRM items are made by the gateway, not by hand."""

    def link(self, uow: Any, ref: str, entity_type_id: int) -> str:
        """Leave the link to the dispatcher."""
        return ""


@pytest.fixture
def books(carrier: Carrier) -> Books:
    """A buyer, a factory and a published lot, all of them in the CRM."""
    return Books(carrier)


def test_two_sides_in_step_differ_in_nothing(books: Books) -> None:
    """After everything was carried the comparison reads every item and finds nothing to mend."""
    content = books.compare()
    assert (content["counts"], content["repaired"], content["error"]) == ({}, 0, "")
    assert content["read"] >= 5


def test_a_portal_that_answers_with_empty_items_is_asked_for_whole_ones(books: Books) -> None:
    """Where chosen fields under their original names come back empty, the comparison still reads every item."""
    with books.deployment.world.reading("item_list_original_names_with_select", "empty"):
        content = books.compare()
    assert (content["counts"], content["error"]) == ({}, "")
    assert content["read"] >= 5


def test_a_field_changed_behind_our_back_is_written_again(books: Books) -> None:
    """The difference is named with its field, and the card reads as our records say after it was carried."""
    ref = f"lot/{books.lot}"
    before = books.item(ref)["UF_CRM_MP_LOT_NUMBER"]
    params = {"entityTypeId": DEAL, "id": books.link(ref).entity_id, "useOriginalUfNames": "Y"}
    books.quietly("crm.item.update", **params, fields={"UF_CRM_MP_LOT_NUMBER": 4711})
    content = books.compare()
    (finding,) = content["findings"]
    assert (finding["kind"], finding["ref"], finding["fields"]) == ("changed", ref, ["lot_number"])
    books.carry()
    books.carry()
    assert books.item(ref)["UF_CRM_MP_LOT_NUMBER"] == before
    assert books.compare()["counts"] == {}


def test_an_item_that_is_gone_is_made_again(books: Books) -> None:
    """A deal deleted while nobody listened comes back whole, on the stage of its lot."""
    ref = f"lot/{books.lot}"
    gone = books.link(ref).entity_id
    books.quietly("crm.item.delete", entityTypeId=DEAL, id=gone)
    assert books.compare()["counts"] == {"missing": 1}
    books.carry()
    item = books.item(ref)
    assert (str(item["id"]) != gone, item["stageId"].partition(":")[2]) == (True, "PUBLISHED")
    assert books.compare()["counts"] == {}


def test_an_item_that_nobody_remembers_is_taken_up_again(books: Books) -> None:
    """After our memory of it was lost the item that carries our mark is found instead of being made twice."""
    ref = f"lot/{books.lot}"
    known = books.link(ref).entity_id
    with books.deployment.transactions() as uow:
        uow.session.query(CrmLink).filter_by(ref=ref).delete()
    assert books.compare()["counts"] == {"unlinked": 1}
    books.carry()
    assert books.link(ref).entity_id == known
    assert books.compare()["counts"] == {}


def test_what_only_a_person_can_judge_is_named_and_left_alone(books: Books) -> None:
    """A second deal of the same lot and a deal of a lot that we do not know are reported; nothing is deleted."""
    for mark in (f"lot/{books.lot}", "lot/4711"):
        books.quietly(
            "crm.item.add", entityTypeId=DEAL, fields={"title": "?", "originatorId": ORIGINATOR, "originId": mark}
        )
    content = books.compare()
    assert (content["counts"], content["repaired"]) == ({"twice": 1, "unknown": 1}, 0)
    assert books.compare()["counts"] == content["counts"]


def test_a_lot_that_never_reached_the_crm_is_sent(books: Books) -> None:
    """A lot without a deal and without a save under way gets one; what an employee deleted knowingly does not come back."""
    with books.deployment.transactions() as uow:
        uow.session.query(CrmLink).filter_by(ref=f"lot/{books.lot}").delete()
    books.quietly("crm.item.delete", entityTypeId=DEAL, id=_deal_of(books))
    assert books.compare()["counts"] == {"absent": 1}
    books.carry()
    with books.deployment.transactions() as uow:
        crm_edits.told(uow, DEAL, books.link(f"lot/{books.lot}").entity_id, deleted=True)
    books.quietly("crm.item.delete", entityTypeId=DEAL, id=_deal_of(books))
    assert books.compare()["counts"] == {}


def _deal_of(books: Books) -> str:
    where = {"originId": f"lot/{books.lot}"}
    (item,) = books.deployment.call("crm.item.list", {"entityTypeId": DEAL, "filter": where})["items"]
    return str(item["id"])


def test_only_one_process_compares_at_a_time(books: Books) -> None:
    """Whoever comes second leaves, and the report stays the first one's."""
    made = books.deployment
    with alone(made.transactions.engine, LOCK):
        assert not Reconciliation(made.transactions, made.client, made.keeper, manifest()).run()
