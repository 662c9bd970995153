"""Who of the portal's employees takes what is new, who stands in for whom, and who may press which button."""

from __future__ import annotations

from datetime import timedelta

import pytest

from b24app.errors import NotAllowed
from b24app.services import cards, settings, staff
from storage.models import Absence, OutboxRow
from storage.unit_of_work import UnitOfWork
from tests import factories


def leave(uow: UnitOfWork, user_id: str, stand_in: str = "", *, days: tuple[int, int] = (0, 3)) -> None:
    """Let an employee be away from one day to another, counted from today."""
    first, last = (staff.today(uow) + timedelta(days=number) for number in days)
    uow.session.add(Absence(user_id=user_id, from_day=first, until_day=last, stand_in_id=stand_in))
    uow.session.flush()


def test_newcomers_go_round_among_those_who_are_there(uow: UnitOfWork) -> None:
    """Whoever is away today gets nobody new; everybody away counts as everybody there."""
    settings.put(uow, "responsible_ids", "5, 6,7", "user/1")
    assert [staff.responsible_for(uow, number) for number in range(3)] == ["5", "6", "7"]
    leave(uow, "6")
    leave(uow, "7", days=(1, 2))
    assert [staff.responsible_for(uow, number) for number in range(3)] == ["5", "7", "5"]
    leave(uow, "5")
    leave(uow, "7")
    assert staff.responsible_for(uow, 1) == "6"


def test_newcomers_go_to_whom_has_least_open(uow: UnitOfWork) -> None:
    """With distribution by load, open questionnaires and lots count, and the administrator's order breaks a tie."""
    settings.put(uow, "responsible_ids", "5,6", "user/1")
    settings.put(uow, "distribution", staff.LOAD, "user/1")
    assert staff.responsible_for(uow, 1) == "5"
    _, buyer = factories.buyer(uow)
    buyer.responsible_id, buyer.state = "5", "submitted"
    uow.session.flush()
    assert staff.responsible_for(uow, 1) == "6"


def test_a_stand_in_hears_what_the_absent_would(uow: UnitOfWork) -> None:
    """A notification goes to the stand-in while he is there, else to the first manager who is."""
    settings.put(uow, "responsible_ids", "5,6", "user/1")
    leave(uow, "6", "9")
    assert staff.on_duty(uow, "6") == "9"
    leave(uow, "9")
    assert staff.on_duty(uow, "6") == "5"
    staff.notify(uow, "6", "…", tag="t")
    (row,) = uow.session.query(OutboxRow).filter_by(kind="NotifyUser")
    assert row.payload["user_id"] == "5"


@pytest.mark.parametrize(("user_id", "noun", "may"), [("8", "lot", True), ("8", "offer", False), ("9", "lot", False)])
def test_a_button_of_a_card_asks_for_the_role(uow: UnitOfWork, user_id: str, noun: str, may: bool) -> None:
    """Whoever sees a card may press its buttons only when an administrator named him for such decisions."""
    settings.put(uow, "moderator_ids", "8", "user/1")
    if may:
        staff.must_decide(uow, f"user/{user_id}", noun)
        return
    with pytest.raises(NotAllowed):
        cards.act(uow, f"{noun}/1", {"lot": "approve", "offer": "allow"}[noun], f"user/{user_id}")


def test_whom_the_portal_called_an_administrator_stays_one(uow: UnitOfWork) -> None:
    """A card's button is pressed without a token: the portal's last word on the employee counts, and its withdrawal too."""
    staff.meet(uow, "3", "Ольга", is_admin=True)
    assert (staff.role_of(uow, "3"), staff.name_of(uow, "3")) == ("admin", "Ольга")
    staff.meet(uow, "3", "Ольга", is_admin=False)
    assert (staff.role_of(uow, "3"), staff.name_of(uow, "4")) == ("observer", "#4")
