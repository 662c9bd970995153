"""Changes that employees make on CRM cards, as the portal tells of them and shows them."""

from __future__ import annotations

from b24app.bitrix24 import events
from b24app.domain.deliveries import ReadItem, SaveItem
from storage.models import CrmLink, OutboxRow
from tests.contract.bitrix24.conftest import Carrier

LOT = SaveItem(
    ref="lot/256",
    fields={
        "title": "Лот 256",
        "lot_number": 256,
        "lot_state": "submitted",
        "published_at": "2026-03-02T09:30:00+00:00",
    },
    stage="moderation",
    pipeline="orders",
)


def written(carrier: Carrier) -> CrmLink:
    """Write the lot and remember what was written, as the dispatcher does."""
    carrier.done(LOT)
    with carrier.deployment.transactions() as uow:
        link = uow.session.query(CrmLink).filter_by(ref=LOT.ref).one()
        link.snapshot = {**LOT.fields, "stage": LOT.stage}
    return link


def test_an_item_as_we_wrote_it_shows_no_difference(carrier: Carrier) -> None:
    """Numbers, choices and moments come back in the portal's own form, and that is no edit."""
    written(carrier)
    answer = carrier.done(ReadItem(ref=LOT.ref))
    assert (answer["stage"], answer["changed"]) == ("moderation", {})


def test_an_edit_is_seen_with_its_author(carrier: Carrier) -> None:
    """A moved card and a changed field are named, and who did it."""
    link = written(carrier)
    stage = carrier.item(LOT.ref)["stageId"].replace("MODERATION", "PRODUCTION")
    params = {"entityTypeId": 2, "id": link.entity_id, "useOriginalUfNames": "Y"}
    carrier.deployment.call("crm.item.update", {**params, "fields": {"stageId": stage, "UF_CRM_MP_LOT_NUMBER": 7}})
    answer = carrier.done(ReadItem(ref=LOT.ref))
    assert (answer["stage"], answer["changed"], answer["user_id"]) == ("production", {"lot_number": "7"}, "1")


def test_the_portals_event_asks_for_a_look(carrier: Carrier) -> None:
    """The event names an item only; ours is looked at, a stranger's is not."""
    link = written(carrier)
    for number in (link.entity_id, "999999"):
        with carrier.deployment.transactions() as uow:
            events.handle(uow, {"event": "ONCRMDEALUPDATE", "data": {"FIELDS": {"ID": number}}})
    with carrier.deployment.transactions() as uow:
        assert [row.payload["ref"] for row in uow.session.query(OutboxRow).filter_by(kind="ReadItem")] == [LOT.ref]


def test_a_deleted_item_needs_no_look(carrier: Carrier) -> None:
    """An item that is gone before it was read ends the look without a fault."""
    link = written(carrier)
    carrier.deployment.call("crm.item.delete", {"entityTypeId": 2, "id": link.entity_id})
    assert carrier.done(ReadItem(ref=LOT.ref)) == {}
