"""Bringing a person what was said, changed and taken back while they could not be reached, once they let the bot write again.

Called by the bot. Changes what stands in the chat, then sends the copies that were never made or were refused, in their order, each
marked with when it was written; what is older or more than fits is told of, with a button to the history.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, or_, select

from b24app.i18n import Texts
from b24app.services import conversations, message_copies, message_edits, notices, reactions
from b24app.services.notices import Said
from b24app.services.screens import conversation_path
from storage import outbox
from storage.models import Conversation, Member, Message, MessageCopy, OutboxRow, Person
from storage.unit_of_work import UnitOfWork

MOST = 30
"""How many messages of a conversation are brought; whoever was away longer reads the rest in the history."""
BACK = timedelta(days=14)
_WITHHELD = ("cleaning", "fetching", "held", "lost")


def bring(uow: UnitOfWork, person: Person) -> int:
    """Send what a person missed in their open conversations; answers how many messages."""
    uow.session.flush()
    talks = conversations.of_person(uow, person)
    for talk in talks:
        message_edits.bring(uow, person, talk)
        reactions.bring(uow, person, talk)
    return sum(_bring(uow, person, talk) for talk in talks if talk.state == "open")


def _bring(uow: UnitOfWork, person: Person, talk: Conversation) -> int:
    found = _missed(uow, person, talk)
    if len(found) > MOST:
        _tell_of_more(uow, person, talk)
    mark = f":back:{uow.now:%Y%m%dT%H%M%S}"
    for message in found[-MOST:]:
        _forget_refused(uow, message, person)
        message_copies.to_people(uow, talk, message, [person], speaker_name=message.speaker_name, mark=mark)
    return len(found[-MOST:])


def _missed(uow: UnitOfWork, person: Person, talk: Conversation) -> Sequence[Message]:
    """Give what was said to the person and did not arrive, the latest MOST and one more, in their order."""
    arrived = select(MessageCopy.id).where(
        MessageCopy.message_id == Message.id,
        MessageCopy.place == "telegram",
        MessageCopy.chat == person.chat_id,
        MessageCopy.state != "failed",
    )
    query = (
        select(Message)
        .where(
            Message.conversation_id == talk.id,
            Message.kind != "note",
            Message.deleted_at.is_(None),
            Message.file_state.not_in(_WITHHELD),
            Message.sent_at > uow.now - BACK,
            Message.person_id.is_distinct_from(person.id),
            _for(uow, person, talk),
            ~arrived.exists(),
        )
        .order_by(Message.id.desc())
        .limit(MOST + 1)
    )
    return uow.session.scalars(query).all()[::-1]


def _for(uow: UnitOfWork, person: Person, talk: Conversation) -> ColumnElement[bool]:
    """Leave out what was for the other side, and what was said before the person spoke for the company."""
    if talk.kind == "help":
        return Message.person_id.is_distinct_from(person.id)
    side = conversations.side_of(uow, person, talk)
    joined = select(Member.joined_at).where(
        Member.person_id == person.id, Member.company_id.in_((talk.buyer_company_id, talk.factory_company_id))
    )
    mine = or_(Message.side != "manager", Message.addressed.in_(("both", side)))
    return and_(mine, Message.sent_at >= joined.limit(1).scalar_subquery())


def _forget_refused(uow: UnitOfWork, message: Message, person: Person) -> None:
    refused = uow.session.scalars(
        select(MessageCopy).where(
            MessageCopy.message_id == message.id, MessageCopy.place == "telegram", MessageCopy.chat == person.chat_id
        )
    ).all()
    for copy in refused:
        row_id = uow.session.scalar(select(OutboxRow.id).where(OutboxRow.key == copy.outbox_key))
        if row_id is not None:
            # It is sent anew, so nobody has to decide on the refused one any more.
            outbox.drop(uow.session, row_id)
        uow.session.delete(copy)
    uow.session.flush()


def _tell_of_more(uow: UnitOfWork, person: Person, talk: Conversation) -> None:
    def say(t: Texts) -> Said:
        title = notices.escaped(conversations.title_in(uow, talk, t))
        text = t("While you were away more was written than is brought here: {title}.", title=title)
        return text, [[{"text": t("History"), "web_app": conversation_path(talk.id)}]]

    notices.tell(uow, person, say, key=f"conversation/{talk.id}:more:{uow.now:%Y%m%dT%H%M}", at_once=True)
