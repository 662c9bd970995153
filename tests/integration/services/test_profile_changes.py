"""Changing an accepted company's profile."""

from __future__ import annotations

import pytest

from b24app.errors import InvalidState
from b24app.services import cards, profile_changes
from storage.unit_of_work import UnitOfWork
from tests import factories
from tests.integration.services.outgoing import said_to, sent

ANSWERS = factories.FACTORY_ANSWERS


def test_the_name_waits_and_the_rest_changes_at_once(uow: UnitOfWork) -> None:
    """Capacity changes immediately; the new name only after the employee's word, who sees old and new on a card."""
    abc, company = factories.factory(uow)
    assert profile_changes.edit(uow, abc, {**ANSWERS, "company": "ABC Global", "capacity_max": 90000})
    assert (company.name, company.capacity_per_month) == ("ABC Textiles", 90000)
    (card,) = [one for one in sent(uow, "ShowCard", card=f"profile/{company.id}") if not one.closed]
    assert any("ABC Textiles → ABC Global" in row[1] for row in card.rows)
    factories.managers(uow, "5", "6")
    assert "ABC Global" in cards.act(uow, f"profile/{company.id}", "approve", "user/5")
    assert (company.name, company.answers["company"]) == ("ABC Global", "ABC Global")
    assert "tasdiqlandi" in said_to(uow, abc.chat_id)[-1]


def test_a_declined_change_changes_nothing(uow: UnitOfWork) -> None:
    """The name stays; a second press is told that it was decided."""
    abc, company = factories.factory(uow)
    profile_changes.edit(uow, abc, {**ANSWERS, "company": "ABC Global"})
    factories.managers(uow, "5", "6")
    cards.act(uow, f"profile/{company.id}", "return", "user/5")
    assert company.name == "ABC Textiles"
    assert "#5" in cards.act(uow, f"profile/{company.id}", "approve", "user/6")


def test_a_profile_changes_only_after_acceptance(uow: UnitOfWork) -> None:
    """While the questionnaire is checked it is not changed behind the manager's back."""
    abc, _ = factories.factory(uow, accepted=False, verified=False, subscribed=False)
    with pytest.raises(InvalidState):
        profile_changes.edit(uow, abc, ANSWERS)
