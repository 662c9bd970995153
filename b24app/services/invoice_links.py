"""Links to invoices: a manager gives what stands on one and where it is, the chosen side gets it with a button.

Called by the desk; what a reader sees is in `invoice_cards`. May send: whatever a manager's message sends. Errors: InvalidInput (by
field), NotFound. Whether anybody paid is not known here, and nothing says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from b24app.domain import invoices, links
from b24app.errors import InvalidInput, NotFound
from b24app.i18n import texts
from b24app.services import conversations, forms, invoice_cards, messages, portals
from b24app.services.spoken import SpokenByManager
from storage.models import Conversation, InvoiceLink, Message
from storage.unit_of_work import UnitOfWork

SHOWN = 5


def give(
    uow: UnitOfWork,
    conversation: Conversation,
    given: Mapping[str, Any],
    *,
    side: str,
    user_id: str,
    key: str,
    language: str,
) -> Message:
    """Keep an invoice as a manager describes it and send it; the same `key` again changes nothing.

    `given` holds number, amount, currency, due_on, purpose and address as typed; `language` is the manager's, for what is wrong.
    """
    talk = conversations.locked(uow, conversation.id)
    pressed_before = select(InvoiceLink).where(InvoiceLink.conversation_id == talk.id, InvoiceLink.key == key)
    known = uow.session.scalars(pressed_before).first()
    invoice = known or _kept(uow, talk, given, user_id=user_id, key=key, language=language)
    return _send(uow, talk, invoice, side=side, user_id=user_id, key=key)


def send_again(
    uow: UnitOfWork, conversation: Conversation, invoice_id: int, *, side: str, user_id: str, key: str
) -> Message:
    """Send an invoice of the conversation's deal once more, as it was given. NotFound for any other."""
    invoice = uow.session.get(InvoiceLink, invoice_id)
    if invoice is None or not _same_deal(conversation, conversations.get(uow, invoice.conversation_id)):
        raise NotFound(code="invoice")
    return _send(uow, conversation, invoice, side=side, user_id=user_id, key=key)


def of_deal(uow: UnitOfWork, conversation: Conversation) -> Sequence[InvoiceLink]:
    """Give the newest invoices shown in the conversations of a deal, or in this one where there is no deal."""
    query = select(InvoiceLink).order_by(InvoiceLink.id.desc()).limit(SHOWN)
    if conversation.lot_id is None:
        return uow.session.scalars(query.where(InvoiceLink.conversation_id == conversation.id)).all()
    of_lot = (
        Conversation.lot_id == conversation.lot_id,
        Conversation.factory_company_id == conversation.factory_company_id,
    )
    return uow.session.scalars(
        query.join(Conversation, Conversation.id == InvoiceLink.conversation_id).where(*of_lot)
    ).all()


def _same_deal(one: Conversation, other: Conversation) -> bool:
    """Tell whether two conversations are about one lot with one factory: what one factory was billed no other may see."""
    same = one.lot_id is not None and one.lot_id == other.lot_id and one.factory_company_id == other.factory_company_id
    return one.id == other.id or same


def _kept(
    uow: UnitOfWork, talk: Conversation, given: Mapping[str, Any], *, user_id: str, key: str, language: str
) -> InvoiceLink:
    address = str(given.get("address") or "").strip()
    if not links.is_safe(address):
        raise InvalidInput(fields={"address": [address_fault(language)]})
    values = forms.checked(invoices.FORM, invoices.answers_of(given), language=language, now=uow.now)
    invoice = InvoiceLink(
        conversation_id=talk.id,
        user_id=user_id,
        number=values["number"],
        amount_minor=values["sum"]["amount_minor"],
        currency=values["sum"]["currency"],
        due_on=date.fromisoformat(values["due_on"]),
        purpose=values["purpose"],
        address=address,
        key=key,
        created_at=uow.now,
    )
    uow.session.add(invoice)
    uow.session.flush()
    return invoice


def address_fault(language: str) -> str:
    """Say what an address must be like."""
    t = texts(language)
    return t(
        "Copy the address from your browser: it begins with https://, names a site, and holds no blanks, passwords or "
        "letters other than Latin."
    )


def _send(uow: UnitOfWork, talk: Conversation, invoice: InvoiceLink, *, side: str, user_id: str, key: str) -> Message:
    return messages.say_as_manager(
        uow,
        SpokenByManager(
            user_id=user_id,
            user_name="",
            text=invoice_cards.for_employees(invoice, portals.speech(uow)),
            source_key=key,
            # In a help conversation there is one person, whatever the page said.
            side="both" if talk.kind == "help" else side,
            card=f"invoice/{invoice.id}",
        ),
        conversation_id=talk.id,
    )
