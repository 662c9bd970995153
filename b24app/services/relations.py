"""How buyers and factories stand to each other: looked at, favourite, compared, talking, offer, contract.

Called by the Mini App and by offers. May send: a note on the timeline of the buyer's contact (before approval: the lead) whenever a
relation goes a step further, a notice to the employee responsible when talks begin. Errors: LimitExceeded, NotFound.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import insert

from b24app.domain import relations as rules
from b24app.domain.deliveries import AddLogMessage
from b24app.errors import LimitExceeded
from b24app.i18n import Texts
from b24app.services import people, portals
from storage.holding import HELD
from storage.models import Company, Member, Person, ProfileView, Relation
from storage.unit_of_work import UnitOfWork


def viewed(uow: UnitOfWork, buyer: Company, factory: Company, person: Person) -> Relation:
    """Remember that a buyer looked at a factory's profile today."""
    statement = insert(ProfileView).values(
        factory_company_id=factory.id, buyer_company_id=buyer.id, day=uow.now.date(), count=1
    )
    uow.session.execute(
        statement.on_conflict_do_update(
            index_elements=["factory_company_id", "buyer_company_id", "day"], set_={"count": ProfileView.count + 1}
        )
    )
    return advance(uow, buyer, factory, "viewed", person)


def advance(uow: UnitOfWork, buyer: Company, factory: Company, event: str, person: Person | None = None) -> Relation:
    """Let a relation go forward by an event (see domain.relations) and note the step in the CRM."""
    relation = _held(uow, buyer.id, factory.id)
    state = rules.advanced(relation.state, event)
    if state != relation.state:
        relation.state, relation.changed_at = state, uow.now
        _note(uow, relation, factory, person or _first_person(uow, buyer.id))
    return relation


def set_favourite(uow: UnitOfWork, buyer: Company, factory: Company, on: bool) -> Relation:
    """Put a factory among the buyer's favourites or take it out."""
    relation = _held(uow, buyer.id, factory.id)
    if on != (relation.favourite_at is not None):
        relation.favourite_at = uow.now if on else None
    return relation


def set_compared(uow: UnitOfWork, buyer: Company, factory: Company, on: bool) -> Relation:
    """Put a factory into the buyer's comparison or take it out. LimitExceeded when the comparison is full."""
    uow.session.get_one(Company, buyer.id, with_for_update=HELD)
    relation = _held(uow, buyer.id, factory.id)
    if on and relation.compared_at is None:
        if len(compared(uow, buyer.id)) >= rules.COMPARED_AT_MOST:
            raise LimitExceeded("Four factories are compared at most.", code="comparison_full")
        relation.compared_at = uow.now
    elif not on:
        relation.compared_at = None
    return relation


def favourites(uow: UnitOfWork, buyer_id: int) -> list[int]:
    """Give the ids of a buyer's favourite factories, the newest first."""
    return list(
        uow.session.scalars(
            select(Relation.factory_company_id)
            .where(Relation.buyer_company_id == buyer_id, Relation.favourite_at.is_not(None))
            .order_by(Relation.favourite_at.desc(), Relation.id.desc())
        )
    )


def compared(uow: UnitOfWork, buyer_id: int) -> list[int]:
    """Give the ids of the factories a buyer compares, in the order they were chosen."""
    return list(
        uow.session.scalars(
            select(Relation.factory_company_id)
            .where(Relation.buyer_company_id == buyer_id, Relation.compared_at.is_not(None))
            .order_by(Relation.compared_at, Relation.id)
        )
    )


def of_buyer(uow: UnitOfWork, buyer_id: int, limit: int = 50) -> list[tuple[Relation, Company]]:
    """Give a buyer's relations with the factories' companies, the latest change first."""
    return _latest(uow, Relation.buyer_company_id == buyer_id, Company.id == Relation.factory_company_id, limit)


def of_factory(uow: UnitOfWork, factory_id: int, limit: int = 50) -> list[tuple[Relation, Company]]:
    """Give a factory's relations with the buyers' companies, the latest change first."""
    return _latest(uow, Relation.factory_company_id == factory_id, Company.id == Relation.buyer_company_id, limit)


def _latest(
    uow: UnitOfWork, own: ColumnElement[bool], with_whom: ColumnElement[bool], limit: int
) -> list[tuple[Relation, Company]]:
    rows = uow.session.execute(
        select(Relation, Company)
        .join(Company, with_whom)
        .where(own, Relation.state != "")
        .order_by(Relation.changed_at.desc(), Relation.id.desc())
        .limit(limit)
    )
    return [(relation, company) for relation, company in rows]


def between(uow: UnitOfWork, buyer_id: int, factory_id: int) -> Relation | None:
    """Give the relation of two companies, or None."""
    return uow.session.scalars(
        select(Relation).where(Relation.buyer_company_id == buyer_id, Relation.factory_company_id == factory_id)
    ).first()


def state_words(state: str, t: Texts) -> str:
    """Say how far a relation has come."""
    return {
        "viewed": t("Profile viewed"),
        "talking": t("Talking"),
        "offer": t("Offer received"),
        "contract": t("Contract"),
        "not_interested": t("Not interested"),
    }.get(state, "")


def favourite_count(uow: UnitOfWork, factory_id: int) -> int:
    """Give how many buyers keep a factory among their favourites."""
    return (
        uow.session.scalar(
            select(func.count()).where(Relation.factory_company_id == factory_id, Relation.favourite_at.is_not(None))
        )
        or 0
    )


def _held(uow: UnitOfWork, buyer_id: int, factory_id: int) -> Relation:
    """Give the relation of two companies, locked; made when there was none."""
    uow.session.execute(
        insert(Relation)
        .values(
            buyer_company_id=buyer_id,
            factory_company_id=factory_id,
            state="",
            created_at=uow.now,
            changed_at=uow.now,
        )
        .on_conflict_do_nothing()
    )
    return uow.session.scalars(
        select(Relation)
        .where(Relation.buyer_company_id == buyer_id, Relation.factory_company_id == factory_id)
        .with_for_update(key_share=True),
        execution_options={"populate_existing": True},
    ).one()


def _first_person(uow: UnitOfWork, company_id: int) -> Person | None:
    return uow.session.scalars(
        select(Person).join(Member, Member.person_id == Person.id).where(Member.company_id == company_id).limit(1)
    ).first()


def _note(uow: UnitOfWork, relation: Relation, factory: Company, person: Person | None) -> None:
    ref = people.crm_ref(uow, person) if person else ""
    if ref:
        t = portals.speech(uow)
        key = f"relation/{relation.id}:{relation.state}"
        uow.send(AddLogMessage(ref=ref, title=state_words(relation.state, t), text=factory.name), key=key)
