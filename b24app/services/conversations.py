"""Conversations: opening, who may read which, the current one of a person.

Called by the bot, the Mini App, the desk, offers. May send: a notice to employees when help is asked for. Errors: NotFound,
InvalidState.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, or_, select

from b24app.errors import InvalidState, NotFound
from b24app.i18n import Texts, texts
from b24app.services import audit, lot_views, people, portals, staff
from storage.holding import HELD
from storage.models import Company, Conversation, Lot, Member, Offer, Person
from storage.unit_of_work import UnitOfWork


def open_for_offer(uow: UnitOfWork, offer_id: int, actor: str) -> Conversation:
    """Open the conversation between a lot's buyer and the factory of an offer; the same one when it is open already."""
    known = of_offer(uow, offer_id)
    if known is not None:
        return known
    offer = uow.session.get(Offer, offer_id)
    if offer is None:
        raise NotFound(code="offer")
    if offer.state not in {"allowed", "awarded"}:
        raise InvalidState("Contact was not allowed for this offer.", code="not_allowed_yet")
    lot = uow.session.get_one(Lot, offer.lot_id)
    conversation = Conversation(
        kind="lot",
        state="open",
        masked=True,
        lot_id=lot.id,
        offer_id=offer.id,
        buyer_company_id=lot.company_id,
        factory_company_id=offer.company_id,
        opened_at=uow.now,
    )
    uow.session.add(conversation)
    uow.session.flush()
    audit.record(uow, actor, "conversation_opened", f"conversation/{conversation.id}", offer=offer_id)
    return conversation


def of_offer(uow: UnitOfWork, offer_id: int) -> Conversation | None:
    """Give the conversation of an offer, or None before contact was allowed."""
    return uow.session.scalars(select(Conversation).where(Conversation.offer_id == offer_id)).first()


def ids_of_offers(uow: UnitOfWork, offer_ids: Collection[int]) -> dict[int, int]:
    """Give the conversations of several offers: offer → conversation, for those whose contact was allowed."""
    rows = uow.session.execute(
        select(Conversation.offer_id, Conversation.id).where(Conversation.offer_id.in_(offer_ids))
    )
    return {offer_id: number for offer_id, number in rows if offer_id is not None}


def bind_order(uow: UnitOfWork, offer_id: int, order_id: int) -> None:
    """Let the conversation of an awarded offer go on as that of its order."""
    conversation = of_offer(uow, offer_id)
    if conversation is not None:
        conversation.kind = "order"
        conversation.order_id = order_id


def open_help(uow: UnitOfWork, person: Person, *, asked_by: str = "") -> Conversation:
    """Open the person's conversation with the platform, or give the one that is open.

    `asked_by` is the employee (`user/1`) who begins it; without one the person did, and employees are told.
    """
    uow.session.get_one(Person, person.id, with_for_update=HELD)
    known = uow.session.scalars(
        select(Conversation).where(
            Conversation.kind == "help", Conversation.person_id == person.id, Conversation.state == "open"
        )
    ).first()
    if known is not None:
        return known
    conversation = Conversation(kind="help", state="open", masked=False, person_id=person.id, opened_at=uow.now)
    uow.session.add(conversation)
    uow.session.flush()
    if asked_by:
        audit.record(uow, asked_by, "conversation_opened", f"conversation/{conversation.id}", person=person.id)
    else:
        _notify(uow, conversation, person)
    return conversation


def _notify(uow: UnitOfWork, conversation: Conversation, person: Person) -> None:
    company = people.company_of(uow, person) if person.active_role else None
    user_id = company.responsible_id if company else staff.responsible_for(uow, person.id)
    text = portals.speech(uow)("{name} asks for help in Telegram.", name=people.name_of(person))
    ref = crm_ref(uow, conversation)
    staff.notify(uow, user_id, text, tag=f"conversation/{conversation.id}", ref=ref)


def _theirs(person: Person) -> ColumnElement[bool]:
    companies = select(Member.company_id).where(Member.person_id == person.id).scalar_subquery()
    return or_(
        Conversation.person_id == person.id,
        Conversation.buyer_company_id.in_(companies),
        Conversation.factory_company_id.in_(companies),
    )


def of_person(uow: UnitOfWork, person: Person) -> list[Conversation]:
    """Give a person's conversations, the liveliest first."""
    return list(
        uow.session.scalars(
            select(Conversation)
            .where(_theirs(person))
            .order_by(
                (Conversation.state == "open").desc(),
                Conversation.last_message_at.desc().nulls_last(),
                Conversation.id.desc(),
            )
        )
    )


def get_for(uow: UnitOfWork, person: Person, conversation_id: int) -> Conversation:
    """Find a conversation the person takes part in. NotFound for any other."""
    found = uow.session.scalars(select(Conversation).where(Conversation.id == conversation_id, _theirs(person))).first()
    if found is None:
        raise NotFound(code="conversation")
    return found


def get(uow: UnitOfWork, conversation_id: int) -> Conversation:
    """Find a conversation for an employee. NotFound."""
    found = uow.session.get(Conversation, conversation_id)
    if found is None:
        raise NotFound(code="conversation")
    return found


def locked(uow: UnitOfWork, conversation_id: int) -> Conversation:
    """Find a conversation and hold it until the end of the transaction: messages are numbered in the order they are kept."""
    uow.session.flush()
    return uow.session.get_one(Conversation, conversation_id, with_for_update=HELD, populate_existing=True)


def by_line_chat(uow: UnitOfWork, line_chat_id: str) -> Conversation | None:
    """Find the conversation that an open-line chat mirrors, or None."""
    return uow.session.scalars(select(Conversation).where(Conversation.line_chat_id == line_chat_id)).first()


def with_dialogue(uow: UnitOfWork, line_id: str) -> tuple[str, str] | None:
    """Give the number and the open-line chat of the latest conversation that has one on this line, or None."""
    on_line = (Conversation.line_chat_id != "", Conversation.line_id.in_(("", line_id)))
    query = select(Conversation.id, Conversation.line_chat_id).where(*on_line)
    row = uow.session.execute(query.order_by(Conversation.last_message_at.desc().nulls_last()).limit(1)).first()
    return (str(row[0]), str(row[1])) if row else None


def of_lot(uow: UnitOfWork, lot_id: int) -> list[Conversation]:
    """Give the conversations about a lot, the first opened first."""
    return list(
        uow.session.scalars(select(Conversation).where(Conversation.lot_id == lot_id).order_by(Conversation.id))
    )


def current(uow: UnitOfWork, person: Person) -> Conversation | None:
    """Give the open conversation the person's plain messages go to: the chosen one, else the only one, else None."""
    if person.current_conversation_id is not None:
        chosen = uow.session.scalars(
            select(Conversation).where(
                Conversation.id == person.current_conversation_id, Conversation.state == "open", _theirs(person)
            )
        ).first()
        if chosen is not None:
            return chosen
    open_ones = [conversation for conversation in of_person(uow, person) if conversation.state == "open"]
    return open_ones[0] if len(open_ones) == 1 else None


def switch(uow: UnitOfWork, person: Person, conversation_id: int) -> Conversation:
    """Make a conversation the current one. NotFound for somebody else's; InvalidState when it is closed."""
    conversation = get_for(uow, person, conversation_id)
    if conversation.state != "open":
        raise InvalidState("This conversation is closed.", code="conversation_closed")
    person.current_conversation_id = conversation.id
    return conversation


def set_state(uow: UnitOfWork, conversation_id: int, state: str, actor: str) -> Conversation:
    """Close or reopen a conversation."""
    conversation = get(uow, conversation_id)
    if state in {"open", "closed"} and conversation.state != state:
        conversation.state = state
        conversation.closed_at = uow.now if state == "closed" else None
        # A closed conversation owes nobody an answer; a reopened one starts anew.
        conversation.owes, conversation.owed_since = "", None
        conversation.reminded_at = conversation.overdue_at = None
        audit.record(uow, actor, f"conversation_{state}", f"conversation/{conversation.id}")
    return conversation


def release(uow: UnitOfWork, conversation_id: int, actor: str) -> Conversation:
    """Stop hiding contacts in a conversation from now on."""
    conversation = get(uow, conversation_id)
    if conversation.masked:
        conversation.masked = False
        audit.record(uow, actor, "contacts_released", f"conversation/{conversation.id}")
    return conversation


def side_of(uow: UnitOfWork, person: Person, conversation: Conversation) -> str:
    """Give on which side a person speaks: buyer or factory; in a help conversation by his role."""
    if conversation.kind == "help":
        return person.active_role or "buyer"
    member = uow.session.scalars(
        select(Member.company_id).where(
            Member.person_id == person.id,
            Member.company_id.in_((conversation.buyer_company_id, conversation.factory_company_id)),
        )
    ).first()
    if member is None:
        raise NotFound(code="conversation")
    return "buyer" if member == conversation.buyer_company_id else "factory"


def people_on(uow: UnitOfWork, conversation: Conversation, side: str) -> list[Person]:
    """Give who can be reached on a side: buyer, factory or both."""
    if conversation.kind == "help":
        person = uow.session.get(Person, conversation.person_id)
        return people.active([person] if person else [])
    ids = {"buyer": [conversation.buyer_company_id], "factory": [conversation.factory_company_id]}.get(
        side, [conversation.buyer_company_id, conversation.factory_company_id]
    )
    companies = [number for number in ids if number]
    members = people.members_of_all(uow, companies)
    return list({person.id: person for number in companies for person in members.get(number, ())}.values())


def people_away(uow: UnitOfWork, conversation: Conversation) -> list[int]:
    """Give the ids of those of both sides who blocked the bot and may come back."""
    companies = (conversation.buyer_company_id, conversation.factory_company_id)
    query = select(Person.id).join(Member, Member.person_id == Person.id)
    away = query.where(Member.company_id.in_(companies), Person.state == "blocked").distinct()
    return list(uow.session.scalars(away.order_by(Person.id)))


def crm_ref(uow: UnitOfWork, conversation: Conversation) -> str:
    """Give the CRM item on whose timeline a conversation is recorded: the order's or lot's deal, else the person's card."""
    if conversation.order_id is not None:
        return f"order/{conversation.order_id}"
    if conversation.lot_id is not None:
        return f"lot/{conversation.lot_id}"
    person = uow.session.get(Person, conversation.person_id) if conversation.person_id else None
    return people.crm_ref(uow, person) if person else ""


def hidden_names(uow: UnitOfWork, conversation: Conversation) -> frozenset[str]:
    """Give the names by which the buyer could be known before the contract."""
    lot = uow.known(Lot, conversation.lot_id) if conversation.lot_id else None
    if lot is not None:
        return lot_views.hidden_names(uow, lot)
    company = uow.known(Company, conversation.buyer_company_id) if conversation.buyer_company_id else None
    person = uow.known(Person, conversation.person_id) if conversation.person_id else None
    return lot_views.telling_names(company, person) if company and person else frozenset()


def title(uow: UnitOfWork, conversation: Conversation, language: str, *, for_employee: bool = False) -> str:
    """Name a conversation for a reader: the lot's number, with the companies' names for employees only."""
    return title_in(uow, conversation, texts(language), for_employee=for_employee)


def title_in(uow: UnitOfWork, conversation: Conversation, t: Texts, *, for_employee: bool = False) -> str:
    """Name a conversation as `title` does, in a voice that may have wordings of its own: the bot's."""
    if conversation.kind == "help":
        return _help_title(uow, conversation, t, for_employee=for_employee)
    if conversation.kind == "catalogue":
        return _catalogue_title(uow, conversation, t, for_employee=for_employee)
    lot = uow.known(Lot, conversation.lot_id) if conversation.lot_id else None
    head = t("Lot No. {number}", number=lot.number) if lot else t("Conversation")
    if not for_employee:
        return head
    sides = (lot.company_id if lot else None, conversation.factory_company_id)
    return " · ".join([head, *(uow.known(Company, number).name for number in sides if number)])


def title_for(uow: UnitOfWork, conversation: Conversation, role: str, t: Texts) -> str:
    """Name a conversation for one of its people, told apart from their others: by the other side's role, never by its name."""
    if conversation.kind == "help":
        return t("Help: our manager")
    other = t("factory") if role == "buyer" else t("buyer")
    # Several factories talk about one lot; before the contract they are told apart by their offer's number only.
    mark = f" #{conversation.offer_id}" if conversation.offer_id and role == "buyer" else ""
    return f"{title_in(uow, conversation, t)}: {other}{mark}"


def _help_title(uow: UnitOfWork, conversation: Conversation, t: Texts, *, for_employee: bool) -> str:
    person = uow.session.get(Person, conversation.person_id)
    head = t("Help")
    return f"{head} · {people.name_of(person)}" if for_employee and person else head


def _catalogue_title(uow: UnitOfWork, conversation: Conversation, t: Texts, *, for_employee: bool) -> str:
    """Name a conversation from the catalogue by its number: one title serves both sides, and the factory may not know the buyer."""
    head = t("Catalogue enquiry No. {number}", number=conversation.id)
    if not for_employee:
        return head
    sides = (conversation.buyer_company_id, conversation.factory_company_id)
    return " · ".join([head, *(uow.known(Company, number).name for number in sides if number)])
