"""People, companies and conversations that the tests of updates put into the database."""

from __future__ import annotations

from sqlalchemy import select

from storage.models import Company, Conversation, Lot, Member, Offer, Person
from storage.unit_of_work import UnitOfWork

IVAN, ABC = "7000000001", "7000000002"


def new_person(uow: UnitOfWork, telegram_id: str = IVAN, language: str = "ru", role: str = "buyer") -> Person:
    """Somebody who has been met: Ivan, a buyer."""
    person = Person(
        telegram_id=telegram_id, chat_id=telegram_id, first_name="Иван", language=language, active_role=role
    )
    uow.session.add(person)
    uow.session.flush()
    return person


def new_company(uow: UnitOfWork, person: Person, state: str = "accepted") -> Company:
    """The company of a person, on the side of the person's role."""
    company = Company(kind=person.active_role, name="Ткани & Ко", state=state)
    uow.session.add(company)
    uow.session.flush()
    uow.session.add(Member(company_id=company.id, person_id=person.id))
    uow.session.flush()
    return company


def new_conversation(uow: UnitOfWork, person: Person, company: Company) -> Conversation:
    """A conversation between the person's company and a factory about a published lot."""
    director = new_person(uow, f"{ABC}{person.id}{uow.session.query(Offer).count()}", "uz", "factory")
    factory = new_company(uow, director)
    lot = uow.session.scalar(select(Lot).where(Lot.company_id == company.id))
    if lot is None:
        lot = Lot(company_id=company.id, person_id=person.id, client_key="1", segment="knit", quantity=1, unit="pcs")
        uow.session.add(lot)
        uow.session.flush()
    offer = Offer(
        lot_id=lot.id, company_id=factory.id, person_id=director.id, price_minor=1, currency="USD", lead_time_days=9
    )
    offer.state, offer.decided_at = "allowed", uow.now
    uow.session.add(offer)
    uow.session.flush()
    conversation = Conversation(
        kind="lot", lot_id=lot.id, offer_id=offer.id, buyer_company_id=company.id, factory_company_id=factory.id
    )
    uow.session.add(conversation)
    uow.session.flush()
    return conversation
