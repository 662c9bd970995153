"""One message in a person's chat that tells how far something is, whatever happens to it meanwhile.

Called by the bot's forms. May send: SendConversationMessage, and EditChatMessage once that is on its way.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from b24app.domain.deliveries import EditChatMessage, SendConversationMessage
from storage.models import OutboxRow, Person
from storage.unit_of_work import UnitOfWork


def tell(
    uow: UnitOfWork, person: Person, key: str, text: str, buttons: list[list[dict[str, str]]] | None = None
) -> None:
    """Say something under a key, or let what was said under it read anew. What has not gone out yet is replaced, not followed.

    `text` is Telegram HTML.
    """
    said: dict[str, Any] = {"text": text, "buttons": buttons or []}
    last = uow.session.scalars(
        select(OutboxRow)
        .where(OutboxRow.about == key)
        .order_by(OutboxRow.id.desc())
        .limit(1)
        .with_for_update(key_share=True)
    ).first()
    if last is None:
        uow.send(SendConversationMessage(about=key, chat_id=person.chat_id, **said), key=key)
    elif all(last.payload[name] == value for name, value in said.items()):
        return
    elif last.state == "todo" and not last.attempts:
        last.payload = {**last.payload, **said}
    else:
        uow.send(EditChatMessage(about=key, chat_id=person.chat_id, original=key, **said), key=f"{key}#{last.id}")
