"""What a card in a conversation is to one reader: its words in his language and by his clock, and the buttons under it.

Called by `message_copies` and the Mini App. A card of a company or a lot was worded when it was sent and keeps its text; of what may
change or must read differently to everybody the record keeps the employees' version. Sends nothing.
"""

from __future__ import annotations

from b24app.i18n import Texts
from b24app.services import invoice_cards, meeting_cards, profile_cards
from storage.models import Conversation, Message
from storage.unit_of_work import UnitOfWork

Buttons = list[list[dict[str, str]]]


def words(uow: UnitOfWork, message: Message, side: str, t: Texts) -> str:
    """Give a message's BB codes as a reader of a side gets them. What an employee changed by hand is said as he wrote it."""
    noun, _, number = message.card.partition("/")
    if message.edited_at is not None:
        return message.text
    if noun == "invoice":
        return invoice_cards.words(uow, int(number), t)
    return meeting_cards.words(uow, int(number), side, t) if noun == "meeting" else message.text


def buttons(uow: UnitOfWork, conversation: Conversation, message: Message, side: str, t: Texts) -> Buttons:
    """Give the rows of buttons under a message for a reader of a side; messages that are no cards have none."""
    noun, _, number = message.card.partition("/")
    if noun == "invoice":
        return invoice_cards.buttons(uow, int(number), t)
    if noun == "meeting":
        return meeting_cards.buttons(uow, int(number), side, t)
    opening = profile_cards.opening(uow, conversation, message, side, t) if message.card else None
    return [[opening]] if opening else []
