"""Talks that a buyer begins with a factory of the catalogue, and asking for access to it.

Called by the Mini App. May send: bot messages to both sides, a notice to the employee responsible, a note on the buyer's timeline.
Errors: NotAllowed (no access), NotFound.
"""

from __future__ import annotations

from sqlalchemy import select

from b24app.i18n import Texts
from b24app.services import (
    access_cards,
    audit,
    catalogue,
    company_cards,
    conversations,
    notices,
    portals,
    relations,
    staff,
)
from b24app.services.notices import Said
from b24app.services.screens import conversation_path, opening
from storage.holding import HELD
from storage.models import Company, Conversation, Person
from storage.unit_of_work import UnitOfWork


def begin(uow: UnitOfWork, person: Person, buyer: Company, factory_id: int) -> Conversation:
    """Open the conversation of a buyer with a factory of the catalogue, or give the one that is open; contacts stay hidden."""
    uow.session.get_one(Company, buyer.id, with_for_update=HELD)
    factory, _ = catalogue.profile(uow, buyer, factory_id)
    known = running(uow, buyer.id, factory.id)
    if known is not None:
        return known
    conversation = Conversation(
        kind="catalogue",
        state="open",
        masked=True,
        buyer_company_id=buyer.id,
        factory_company_id=factory.id,
        person_id=person.id,
        opened_at=uow.now,
    )
    uow.session.add(conversation)
    uow.session.flush()
    relations.advance(uow, buyer, factory, "talking", person)
    _tell(uow, conversation, buyer, factory)
    audit.record(uow, f"person/{person.id}", "conversation_opened", f"conversation/{conversation.id}")
    return conversation


def running(uow: UnitOfWork, buyer_id: int, factory_id: int) -> Conversation | None:
    """Give the open conversation from the catalogue between two companies, or None."""
    return uow.session.scalars(
        select(Conversation).where(
            Conversation.kind == "catalogue",
            Conversation.state == "open",
            Conversation.buyer_company_id == buyer_id,
            Conversation.factory_company_id == factory_id,
        )
    ).first()


def ask_for_access(uow: UnitOfWork, person: Person, buyer: Company) -> Conversation:
    """Open the conversation with the platform, tell the employee responsible that a buyer wants the catalogue, and show the card."""
    conversation = conversations.open_help(uow, person)
    t = portals.speech(uow)
    text = t("{company} asks for access to the catalogue.", company=buyer.name)
    _notify(uow, buyer, text, tag=f"catalogue-access/{buyer.id}")
    access_cards.ask(uow, person, buyer)
    return conversation


def _tell(uow: UnitOfWork, conversation: Conversation, buyer: Company, factory: Company) -> None:
    def to_factory(t: Texts) -> Said:
        text = t("A buyer found you in the catalogue and wants to talk.")
        return text, [
            [{"text": t("Open the conversation"), "data": f"conv:{conversation.id}"}],
            [opening(t("History"), conversation_path(conversation.id))],
        ]

    notices.tell_company(uow, factory.id, to_factory, key=f"conversation/{conversation.id}:opened")
    t = portals.speech(uow)
    text = t("{buyer} began a conversation with {factory} from the catalogue.", buyer=buyer.name, factory=factory.name)
    _notify(uow, buyer, text, tag=f"conversation/{conversation.id}")


def _notify(uow: UnitOfWork, buyer: Company, text: str, *, tag: str) -> None:
    user_id = buyer.responsible_id or staff.responsible_for(uow, buyer.id)
    staff.notify(uow, user_id, text, tag=tag, ref=company_cards.item_ref(buyer))
