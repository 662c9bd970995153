"""Changing an accepted company's profile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from b24app.errors import InvalidState
from b24app.services import cards, drafts, moderation, overview, profile_changes
from storage.models import Member
from storage.unit_of_work import UnitOfWork
from tests import factories
from tests.integration.services.outgoing import said_to, sent
from tests.plans import rows_in_vain

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


def test_what_two_asked_for_is_decided_once(uow: UnitOfWork) -> None:
    """When two people of a company asked one after the other, the word on the later change leaves none of them waiting."""
    abc, company = factories.factory(uow)
    colleague = factories.person(uow, "777", "uz", "factory")
    uow.session.add(Member(person_id=colleague.id, company_id=company.id, role="owner"))
    earlier = drafts.save(uow, colleague, f"{profile_changes.WAITING}{company.id}", {"company": "ABC Old"})
    earlier.changed_at -= timedelta(hours=1)
    profile_changes.edit(uow, abc, {**ANSWERS, "company": "ABC Global"})
    profile_changes.decide(uow, company.id, "user/5", approve=True)
    assert (company.name, profile_changes.waiting(uow, company.id)) == ("ABC Global", None)
    assert overview.waiting(uow)["changes"].count == 0


def test_those_that_wait_are_counted_without_reading_every_form(uow: UnitOfWork) -> None:
    """Among ten thousand half-filled forms an index leads to the few that were handed in."""
    abc, _ = factories.factory(uow)
    every = "SELECT id, 'offer:' || n FROM people, generate_series(1, 10000) n"
    uow.session.execute(text(f"INSERT INTO drafts (person_id, form) {every}"))
    profile_changes.edit(uow, abc, {**ANSWERS, "company": "ABC Global"})
    uow.session.flush()
    uow.session.execute(text("ANALYZE drafts"))
    with rows_in_vain(uow.session) as in_vain:
        assert overview.waiting(uow)["changes"].count == 1
        assert moderation.queue(uow, moderation.Wanted(kind="change"))[1] == 1
    assert sum(in_vain) < 100
