"""What people have seen of their conversations, as far as the Mini App's screens tell. Called by the Mini App and the pages of managers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import and_, func, select
from sqlalchemy.dialects.postgresql import insert

from b24app.services import conversations
from storage.models import Conversation, ConversationRead, Member, Message, MessageCopy, Person
from storage.unit_of_work import UnitOfWork

SIDES = ("buyer", "factory")


def seen(uow: UnitOfWork, person: Person, conversation: Conversation, message_id: int) -> None:
    """Note that a message was on the person's screen; an older one changes nothing."""
    values = {"conversation_id": conversation.id, "person_id": person.id, "message_id": message_id, "read_at": uow.now}
    statement = insert(ConversationRead).values(**values)
    uow.session.execute(
        statement.on_conflict_do_update(
            index_elements=["conversation_id", "person_id"],
            set_={"message_id": message_id, "read_at": uow.now},
            where=ConversationRead.message_id < message_id,
        )
    )


def unread(uow: UnitOfWork, person: Person, conversation_ids: Sequence[int]) -> dict[int, int]:
    """Count what was carried to a person and not on their screen yet, by conversation; those without any are left out."""
    read = and_(ConversationRead.conversation_id == Message.conversation_id, ConversationRead.person_id == person.id)
    rows = uow.session.execute(
        select(Message.conversation_id, func.count())
        .join(MessageCopy, MessageCopy.message_id == Message.id)
        .outerjoin(ConversationRead, read)
        .where(
            Message.conversation_id.in_(conversation_ids),
            MessageCopy.place == "telegram",
            MessageCopy.chat == person.chat_id,
            Message.id > func.coalesce(ConversationRead.message_id, 0),
        )
        .group_by(Message.conversation_id)
    )
    return {int(number): int(count) for number, count in rows}


def seen_by_sides(uow: UnitOfWork, conversation: Conversation) -> dict[str, int]:
    """Give the newest message that anybody of a side had on the screen, by side; in a help conversation that is its person's alone."""
    newest = func.max(ConversationRead.message_id)
    query = select(newest).where(ConversationRead.conversation_id == conversation.id)
    if conversation.kind == "help":
        return dict.fromkeys(SIDES, uow.session.scalar(query) or 0)
    companies = {conversation.buyer_company_id: "buyer", conversation.factory_company_id: "factory"}
    rows = uow.session.execute(
        query.add_columns(Member.company_id)
        .join(Member, Member.person_id == ConversationRead.person_id)
        .where(Member.company_id.in_(companies))
        .group_by(Member.company_id)
    )
    return {companies[company_id]: int(number) for number, company_id in rows}


def was_seen(message: Message, newest: Mapping[str, int]) -> bool:
    """Tell whether each side that an employee's message is for had it on the screen; `newest` as `seen_by_sides` gives it."""
    sides = SIDES if message.addressed == "both" else (message.addressed,)
    return all(newest.get(side, 0) >= message.id for side in sides)


def seen_by_others(uow: UnitOfWork, person: Person, conversation: Conversation) -> int:
    """Give the newest message that somebody of the other side had on the screen, or 0."""
    side = conversations.side_of(uow, person, conversation)
    other = "factory" if side == "buyer" else "buyer"
    people = [one.id for one in conversations.people_on(uow, conversation, other) if one.id != person.id]
    newest = select(func.max(ConversationRead.message_id)).where(
        ConversationRead.conversation_id == conversation.id, ConversationRead.person_id.in_(people)
    )
    return uow.session.scalar(newest) or 0
