"""Inviting colleagues, their roles, removal and what is handed over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from b24app.errors import InvalidState, NotAllowed, NotFound
from b24app.services import colleagues, conversations, offers, orders, people
from storage.models import ColleagueLink, Company, Person
from storage.unit_of_work import UnitOfWork
from tests import factories
from tests.integration.services.outgoing import said_to, sent


def payload_sent_to(uow: UnitOfWork, owner: Person) -> str:
    """Give the start payload of the newest invitation in the owner's chat."""
    invitation = sent(uow, "SendChatMessage", chat_id=owner.chat_id)[-1]
    return str(invitation.buttons[0][0]["start"])


def newcomer(uow: UnitOfWork, telegram_id: str = "3001") -> Person:
    """Somebody who only chose a language."""
    met = people.meet(uow, telegram_id=telegram_id, chat_id=telegram_id, first_name="Laylo")
    people.choose_language(uow, met, "uz")
    return met


def team(uow: UnitOfWork, role: str) -> tuple[Person, Person, Company]:
    """ABC Textiles' owner and a colleague in a role."""
    owner, company = factories.factory(uow)
    link = colleagues.invite(uow, owner, company, role)
    laylo = newcomer(uow)
    colleagues.join(uow, laylo, link.id)
    return owner, laylo, company


def test_a_link_lets_one_person_in(uow: UnitOfWork) -> None:
    """The secret is kept as a hash only; the first who joins closes the link; the owner is told; the CRM gets a contact."""
    owner, company = factories.factory(uow)
    colleagues.invite(uow, owner, company, "sales")
    payload = payload_sent_to(uow, owner)
    kept = uow.session.scalars(select(ColleagueLink)).one()
    assert payload.removeprefix("join_") not in kept.secret_hash
    found = colleagues.invited_to(uow, payload)
    assert found is not None
    laylo = newcomer(uow)
    colleagues.join(uow, laylo, found[0].id)
    assert (people.member_role(uow, laylo, company.id), people.stage_of(uow, laylo)) == ("sales", "accepted")
    assert people.running_consent(uow, laylo, "processing") is not None
    assert colleagues.invited_to(uow, payload) is None
    with pytest.raises(InvalidState):
        colleagues.join(uow, newcomer(uow, "3002"), found[0].id)
    assert "Laylo" in said_to(uow, owner.chat_id)[-1]
    assert sent(uow, "SaveItem", ref=f"contact/{laylo.id}")


def test_a_link_runs_out_and_can_be_withdrawn(uow: UnitOfWork) -> None:
    """After seven days, or once withdrawn, a link lets nobody in."""
    owner, company = factories.factory(uow)
    stranger, _ = factories.factory(uow, "2002", company="Silk Road")
    first = colleagues.invite(uow, owner, company, "sales")
    payload = payload_sent_to(uow, owner)
    with pytest.raises(NotFound):
        colleagues.withdraw(uow, stranger, first.id)
    colleagues.withdraw(uow, owner, first.id)
    assert colleagues.invited_to(uow, payload) is None
    second = colleagues.invite(uow, owner, company, "sales")
    second.expires_at = uow.now - timedelta(seconds=1)
    assert colleagues.invited_to(uow, payload_sent_to(uow, owner)) is None


def test_production_reports_but_does_not_trade(uow: UnitOfWork) -> None:
    """A colleague from production moves orders on and may neither offer, nor invite, nor remove."""
    owner, laylo, company = team(uow, "production")
    ivan, _ = factories.buyer(uow)
    lot = factories.lot(uow, ivan)
    with pytest.raises(NotAllowed):
        factories.offer(uow, laylo, lot)
    offer = factories.offer(uow, owner, lot)
    offers.allow(uow, offer.id, "user/1")
    order = offers.award(uow, ivan, offer.id)
    assert orders.report(uow, laylo, order.id, step="fabric").person_id == laylo.id
    with pytest.raises(NotAllowed):
        colleagues.invite(uow, laylo, company, "owner")
    with pytest.raises(NotAllowed):
        colleagues.remove(uow, laylo, company.id, owner.id)


def test_whoever_leaves_hands_over(uow: UnitOfWork) -> None:
    """After removal nothing of the company can be reached; its lots and conversations go on with those who stay."""
    owner, company = factories.buyer(uow)
    link = colleagues.invite(uow, owner, company, "sales")
    laylo = newcomer(uow)
    colleagues.join(uow, laylo, link.id)
    abc, _ = factories.factory(uow)
    lot = factories.lot(uow, laylo)
    thread = offers.allow(uow, factories.offer(uow, abc, lot).id, "user/1")
    conversations.switch(uow, laylo, thread.id)
    colleagues.remove(uow, owner, company.id, laylo.id)
    assert (lot.person_id, laylo.current_conversation_id, laylo.active_role) == (owner.id, None, "")
    with pytest.raises(NotFound):
        conversations.get_for(uow, laylo, thread.id)
    (deal,) = sent(uow, "SaveItem", ref=f"lot/{lot.id}")
    assert deal.links["contactId"] == f"contact/{owner.id}"


def test_a_company_keeps_an_owner(uow: UnitOfWork) -> None:
    """The last owner can neither leave nor take another role, until somebody else owns the company too."""
    owner, laylo, company = team(uow, "sales")
    with pytest.raises(InvalidState):
        colleagues.remove(uow, owner, company.id, owner.id)
    with pytest.raises(InvalidState):
        colleagues.change_role(uow, owner, company.id, owner.id, "sales")
    colleagues.change_role(uow, owner, company.id, laylo.id, "owner")
    colleagues.remove(uow, owner, company.id, owner.id)
    assert [person.id for person in people.members_of(uow, company.id)] == [laylo.id]
