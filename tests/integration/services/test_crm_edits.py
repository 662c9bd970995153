"""Employees' changes of CRM cards: applied, accepted or taken back, and never in circles."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from b24app.domain import stages
from b24app.domain.deliveries import NotifyUser, ReadItem, SaveItem
from b24app.services import crm_edits
from storage.models import Company, CrmLink, Lot, OutboxRow
from storage.unit_of_work import UnitOfWork
from tests import factories
from tests.integration.services.outgoing import rows, sent


def settled(uow: UnitOfWork) -> None:
    """Let everything that was asked for be done."""
    for row in rows(uow):
        row.state, row.sent_at, row.finished_at = "done", uow.now - timedelta(hours=1), uow.now - timedelta(hours=1)
    uow.session.flush()


def linked(uow: UnitOfWork, ref: str, type_id: int = 2, **snapshot: Any) -> CrmLink:
    """Give a thing of ours its CRM item, with what was last written there, and let the outside come to rest."""
    link = CrmLink(ref=ref, entity_type_id=type_id, entity_id="77", snapshot=snapshot)
    uow.session.add(link)
    settled(uow)
    return link


def changed(uow: UnitOfWork, type_id: int = 2, **answer: Any) -> None:
    """Let the portal tell that the item was changed, and read it."""
    crm_edits.told(uow, type_id, "77")
    # A look that fell into a save of ours is still to be repeated behind it.
    looks = [row for row in rows(uow, "ReadItem") if row.state == "todo"]
    assert looks
    for row in looks:
        row.state, row.sent_at = "done", uow.now
        uow.session.flush()
        crm_edits.compared(uow, row, {"user_id": "5", **answer})


def asked(uow: UnitOfWork) -> list[Any]:
    """Give what was asked for since the outside came to rest."""
    from_then = [row.id for row in rows(uow) if row.state == "todo"]
    return [row for row in rows(uow) if row.id in from_then]


def waiting_lot(uow: UnitOfWork) -> Lot:
    """A lot that waits for moderation, with its deal."""
    ivan, _ = factories.buyer(uow)
    made = factories.lot(uow, ivan, published=False)
    linked(uow, f"lot/{made.id}", stage="moderation", lot_state="submitted")
    return made


def test_our_own_write_ends_there(uow: UnitOfWork) -> None:
    """An item that stands as we last wrote it asks for nothing more, however often the portal tells of it."""
    lot = waiting_lot(uow)
    for _ in range(3):
        changed(uow, stage="moderation", changed={})
    assert (asked(uow), lot.state) == ([], "submitted")


def test_moving_a_lot_to_published_publishes_it(uow: UnitOfWork) -> None:
    """An employee who drags a waiting lot to the stage of published lots has approved it, once."""
    lot = waiting_lot(uow)
    changed(uow, stage="published")
    assert lot.state == "published"
    settled(uow)
    changed(uow, stage="published")
    assert asked(uow) == []


@pytest.mark.parametrize("stage", ["contract", "done", "lost", "production"])
def test_a_forbidden_move_is_taken_back_with_a_notice(uow: UnitOfWork, stage: str) -> None:
    """The card returns to the stage of its state and whoever moved it reads why."""
    lot = waiting_lot(uow)
    changed(uow, stage=stage)
    assert lot.state == "submitted"
    back, notice = (row.payload for row in asked(uow))
    assert (back["ref"], back["stage"]) == (f"lot/{lot.id}", "moderation")
    assert (notice["user_id"], "возвращена" in notice["text"]) == ("5", True)


def test_a_move_among_agreeing_stages_stands(uow: UnitOfWork) -> None:
    """What a trigger or an employee moves between stages of one state is accepted and remembered."""
    lot = waiting_lot(uow)
    changed(uow, stage="new")
    assert (asked(uow), lot.state) == ([], "submitted")
    link = uow.session.query(CrmLink).filter_by(ref=f"lot/{lot.id}").one()
    assert link.snapshot["stage"] == "new"


def test_a_field_of_ours_is_written_again(uow: UnitOfWork) -> None:
    """A changed field that we hold gets our value back, and whoever changed it is told."""
    lot = waiting_lot(uow)
    changed(uow, stage="moderation", changed={"lot_state": "12", "not_ours": "x"})
    assert [one for one in sent(uow, "SaveItem") if isinstance(one, SaveItem)][-1].fields == {"lot_state": "submitted"}
    assert [
        one.user_id for one in sent(uow, "NotifyUser", tag=f"edit/lot/{lot.id}") if isinstance(one, NotifyUser)
    ] == ["5"]


def test_what_the_portal_keeps_showing_is_left_alone(uow: UnitOfWork) -> None:
    """A field that reads the same after it was taken back once is not written for ever; a later edit is taken back again."""
    waiting_lot(uow)
    changed(uow, stage="moderation", changed={"lot_state": "12"})
    settled(uow)
    changed(uow, stage="moderation", changed={"lot_state": "12"})
    assert asked(uow) == []
    changed(uow, stage="moderation", changed={})
    changed(uow, stage="moderation", changed={"lot_state": "12"})
    assert [row.kind for row in asked(uow)] == ["SaveItem", "NotifyUser"]


def test_while_we_are_writing_nothing_is_judged(uow: UnitOfWork) -> None:
    """A save of ours on its way, or done since the look, makes the look worthless: there is another, in line behind the save."""
    lot = waiting_lot(uow)
    uow.send(SaveItem(ref=f"lot/{lot.id}", stage="published", pipeline="orders"))
    changed(uow, stage="lost")
    save, look = asked(uow)
    assert (save.kind, look.kind, look.lane, look.not_before) == ("SaveItem", "ReadItem", save.lane, None)


def test_a_managers_change_right_behind_our_save_is_seen(uow: UnitOfWork) -> None:
    """Though no further event comes, the look behind the save judges what the manager did."""
    lot = waiting_lot(uow)
    uow.send(SaveItem(ref=f"lot/{lot.id}", fields={"lot_state": "submitted"}, pipeline="orders"))
    changed(uow, stage="published")
    assert lot.state == "submitted"
    save, look = asked(uow)
    save.state, save.finished_at = "done", uow.now
    look.state, look.sent_at = "done", uow.now + timedelta(seconds=1)
    uow.session.flush()
    crm_edits.compared(uow, look, {"user_id": "5", "stage": "published"})
    assert lot.state == "published"


def test_several_changes_are_looked_at_once(uow: UnitOfWork) -> None:
    """A burst of events of one item asks for one look; an item that is not ours for none."""
    lot = waiting_lot(uow)
    for _ in range(4):
        crm_edits.told(uow, 2, "77")
    crm_edits.told(uow, 2, "78")
    assert sent(uow, "ReadItem") == [ReadItem(ref=f"lot/{lot.id}")]


def test_another_responsible_employee_is_taken_over(uow: UnitOfWork) -> None:
    """Who is made responsible on the company's card answers for it from now on, on our side too."""
    _, company = factories.factory(uow)
    linked(uow, f"company/{company.id}", 4)
    changed(uow, 4, assigned_by="31")
    assert uow.session.get_one(Company, company.id).responsible_id == "31"
    assert asked(uow) == []


def test_a_deleted_item_is_made_again_when_needed(uow: UnitOfWork) -> None:
    """What stood behind a deleted item lives on; only the link goes, so that the next save makes a new item."""
    lot = waiting_lot(uow)
    crm_edits.told(uow, 2, "77", deleted=True)
    assert uow.session.query(CrmLink).filter_by(ref=f"lot/{lot.id}").count() == 0
    assert uow.session.query(OutboxRow).filter_by(state="todo").count() == 0


def test_every_state_has_a_stage_to_return_to() -> None:
    """No card can be taken back to nowhere."""
    for noun, state, *_ in stages.table():
        assert stages.agrees(noun, state, stages.home(noun, state))
