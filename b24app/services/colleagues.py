"""The people of a company: inviting by a one-time link, roles, removal, handing over.

Called by the Mini App (inviting, roles, removal) and the bot (following a link). May send: bot messages, the newcomer's contact, the
contact of deals that are handed over. Errors: InvalidInput, InvalidState, NotAllowed, NotFound.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import select

from b24app.domain import people as rules
from b24app.domain.deliveries import SaveItem
from b24app.errors import InvalidInput, InvalidState, NotFound
from b24app.services import audit, colleague_news, company_cards, conversations, people
from storage.holding import HELD
from storage.models import ColleagueLink, Company, Lot, Member, Person
from storage.unit_of_work import UnitOfWork

LIFETIME = timedelta(days=7)
PREFIX = "join_"
SECRET_BYTES = 16
MOST_OPEN = 20


def of_company(uow: UnitOfWork, company_id: int) -> list[tuple[Member, Person]]:
    """Give who speaks for a company and in which role, the first member first."""
    rows = uow.session.execute(
        select(Member, Person)
        .join(Person, Person.id == Member.person_id)
        .where(Member.company_id == company_id)
        .order_by(Member.id)
    )
    return [(member, person) for member, person in rows]


def open_links(uow: UnitOfWork, company_id: int) -> list[ColleagueLink]:
    """Give the links that still work, the newest first."""
    return list(
        uow.session.scalars(
            select(ColleagueLink)
            .where(
                ColleagueLink.company_id == company_id,
                ColleagueLink.closed_at.is_(None),
                ColleagueLink.expires_at > uow.now,
            )
            .order_by(ColleagueLink.id.desc())
        )
    )


def invite(uow: UnitOfWork, owner: Person, company: Company, role: str) -> ColleagueLink:
    """Make a link into the company and send it to the owner in the bot, ready to be forwarded. Only its hash is kept.

    NotAllowed for anybody but an owner; InvalidState when too many links are open.
    """
    people.must(uow, owner, company.id, "own")
    if role not in rules.MEMBER_ROLES:
        raise InvalidInput(fields={"role": [", ".join(rules.MEMBER_ROLES)]})
    if len(open_links(uow, company.id)) >= MOST_OPEN:
        raise InvalidState("Too many invitations are open.", code="too_many_links")
    secret = secrets.token_urlsafe(SECRET_BYTES)
    link = ColleagueLink(company_id=company.id, role=role, secret_hash=_hash(secret), invited_by=owner.id)
    link.created_at, link.expires_at = uow.now, uow.now + LIFETIME
    uow.session.add(link)
    uow.session.flush()
    colleague_news.invitation(uow, owner, company, link, f"{PREFIX}{secret}")
    audit.record(uow, f"person/{owner.id}", "colleague_invited", f"company/{company.id}", role=role)
    return link


def withdraw(uow: UnitOfWork, owner: Person, link_id: int) -> None:
    """Close a link before anybody used it. NotFound for another company's."""
    link = uow.session.get(ColleagueLink, link_id, with_for_update=HELD)
    if link is None or not people.member_role(uow, owner, link.company_id):
        raise NotFound(code="link")
    people.must(uow, owner, link.company_id, "own")
    link.closed_at = link.closed_at or uow.now


def invited_to(uow: UnitOfWork, payload: str) -> tuple[ColleagueLink, Company] | None:
    """Give the company that a start payload invites into, or None when the link is unknown, used or has run out."""
    if not payload.startswith(PREFIX):
        return None
    link = uow.session.scalars(
        select(ColleagueLink).where(ColleagueLink.secret_hash == _hash(payload.removeprefix(PREFIX)))
    ).first()
    if link is None or link.closed_at is not None or link.expires_at <= uow.now:
        return None
    return link, uow.session.get_one(Company, link.company_id)


def join(uow: UnitOfWork, person: Person, link_id: int) -> Company:
    """Take a person into the company of a link, once; they act in its role from now on and agree to the processing of their data.

    InvalidState when the link was used meanwhile, or the person speaks for another company of that kind already.
    """
    uow.session.flush()
    link = uow.session.get(ColleagueLink, link_id, with_for_update=HELD, populate_existing=True)
    if link is None or link.closed_at is not None or link.expires_at <= uow.now:
        raise InvalidState("This invitation was used or has run out. Please ask for a new one.", code="link_used")
    company = uow.session.get_one(Company, link.company_id)
    if people.company_of(uow, person, company.kind) is not None:
        raise InvalidState("You speak for a company in this role already.", code="already_member")
    link.closed_at, link.used_by = uow.now, person.id
    uow.session.add(Member(company_id=company.id, person_id=person.id, role=link.role, joined_at=uow.now))
    person.active_role = company.kind
    person.start_payload = PREFIX.rstrip("_")
    uow.session.flush()
    people.forget_memberships(uow)
    people.consent(uow, person, "processing", True)
    if company.decided_at is not None:
        company_cards.save_colleague(uow, company, person)
    colleague_news.joined(uow, company, person, link.role)
    audit.record(uow, f"person/{person.id}", "colleague_joined", f"company/{company.id}", role=link.role)
    return company


def change_role(uow: UnitOfWork, owner: Person, company_id: int, person_id: int, role: str) -> None:
    """Give a colleague another role. InvalidState when nobody would own the company; NotFound for a stranger."""
    member = _member(uow, owner, company_id, person_id)
    if role not in rules.MEMBER_ROLES:
        raise InvalidInput(fields={"role": [", ".join(rules.MEMBER_ROLES)]})
    if role != "owner":
        _must_leave_an_owner(uow, member)
    member.role = role
    audit.record(uow, f"person/{owner.id}", "colleague_role", f"company/{company_id}", person=person_id, role=role)


def remove(uow: UnitOfWork, owner: Person, company_id: int, person_id: int) -> None:
    """Take a person out of the company; what they were in charge of goes over to the owner who removes them, or who stays.

    Conversations belong to the company, so everybody left goes on with them. InvalidState for the last owner.
    """
    member = _member(uow, owner, company_id, person_id)
    _must_leave_an_owner(uow, member)
    leave(uow, member)
    audit.record(uow, f"person/{owner.id}", "colleague_removed", f"company/{company_id}", person=person_id)


def leave(uow: UnitOfWork, member: Member) -> None:
    """End a membership and hand over its lots and current conversation. Somebody else must be left."""
    company = uow.session.get_one(Company, member.company_id)
    person = uow.session.get_one(Person, member.person_id)
    others = [(one, who) for one, who in of_company(uow, company.id) if one.id != member.id]
    heir = next((who for one, who in others if one.role == "owner"), others[0][1])
    for lot in uow.session.scalars(select(Lot).where(Lot.company_id == company.id, Lot.person_id == person.id)):
        lot.person_id = heir.id
        if company.decided_at is not None:
            uow.send(SaveItem(ref=f"lot/{lot.id}", links={"contactId": f"contact/{heir.id}"}))
    uow.session.delete(member)
    uow.session.flush()
    people.forget_memberships(uow)
    if conversations.current(uow, person) is None:
        person.current_conversation_id = None
    if people.company_of(uow, person) is None:
        person.active_role = ""
    colleague_news.left(uow, company, person)


def _member(uow: UnitOfWork, owner: Person, company_id: int, person_id: int) -> Member:
    people.must(uow, owner, company_id, "own")
    uow.session.get_one(Company, company_id, with_for_update=HELD)
    member = uow.session.scalars(
        select(Member).where(Member.company_id == company_id, Member.person_id == person_id)
    ).first()
    if member is None:
        raise NotFound(code="colleague")
    return member


def _must_leave_an_owner(uow: UnitOfWork, member: Member) -> None:
    owners = [one for one, _ in of_company(uow, member.company_id) if one.role == "owner" and one.id != member.id]
    if member.role == "owner" and not owners:
        raise InvalidState("A company needs an owner. Make somebody else owner first.", code="last_owner")


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
