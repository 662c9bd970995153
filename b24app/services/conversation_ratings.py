"""Asking what people think of how a conversation was led, once it is closed, and keeping their stars.

`ask` is called when a manager closes a conversation, `rate` by the bot. May send: a question with five buttons; a notice to the responsible
employee about few stars. Errors: NotFound, InvalidInput.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from b24app.errors import InvalidInput
from b24app.i18n import Texts
from b24app.services import conversations, notices, people, portals, promises, staff
from b24app.services.notices import Said
from storage.models import Conversation, ConversationRating, Message, Person
from storage.unit_of_work import UnitOfWork

MOST = 5
FEW = 2
"""So many stars, or fewer, are told to the responsible employee."""


def of(uow: UnitOfWork, conversation_id: int) -> Sequence[ConversationRating]:
    """Give the stars of a conversation, the earliest first."""
    query = select(ConversationRating).where(ConversationRating.conversation_id == conversation_id)
    return uow.session.scalars(query.order_by(ConversationRating.id)).all()


def ask(uow: UnitOfWork, conversation: Conversation) -> None:
    """Ask everybody who wrote in a closed conversation in which a manager took part."""
    if _spoke(uow, conversation, side="manager"):
        for person in conversations.people_on(uow, conversation, "both"):
            if _spoke(uow, conversation, person_id=person.id):
                _ask(uow, conversation, person)


def _spoke(uow: UnitOfWork, conversation: Conversation, **who: object) -> bool:
    query = select(Message.id).filter_by(conversation_id=conversation.id, **who).where(Message.kind != "note").limit(1)
    return uow.session.scalar(query) is not None


def _ask(uow: UnitOfWork, conversation: Conversation, person: Person) -> None:
    def say(t: Texts) -> Said:
        title = notices.escaped(conversations.title_in(uow, conversation, t))
        text = t("The conversation is closed: {title}. How did our manager help you?", title=title)
        stars = [{"text": f"{number} ⭐", "data": f"rate:{conversation.id}:{number}"} for number in range(1, MOST + 1)]
        return text, [stars]

    closed = int(conversation.closed_at.timestamp()) if conversation.closed_at else 0
    notices.tell(uow, person, say, key=f"conversation/{conversation.id}:rate:{closed}")


def rate(uow: UnitOfWork, person: Person, conversation_id: int, stars: int) -> None:
    """Keep a person's stars; the last press counts. NotFound for a conversation of others, InvalidInput for no number of stars."""
    conversation = conversations.get_for(uow, person, conversation_id)
    if not 1 <= stars <= MOST:
        raise InvalidInput(code="stars")
    values = {"conversation_id": conversation.id, "person_id": person.id, "stars": stars, "given_at": uow.now}
    uow.session.execute(
        insert(ConversationRating)
        .values(**values)
        .on_conflict_do_update(
            index_elements=["conversation_id", "person_id"], set_={"stars": stars, "given_at": uow.now}
        )
    )
    if stars <= FEW:
        t = portals.speech(uow)
        title = conversations.title(uow, conversation, t.language, for_employee=True)
        name = people.name_of(person)
        text = t("{name} gave {stars} of 5 for the conversation {title}.", name=name, stars=stars, title=title)
        ref = conversations.crm_ref(uow, conversation)
        staff.notify(uow, promises.responsible(uow, conversation), text, tag=f"rating/{conversation.id}", ref=ref)
