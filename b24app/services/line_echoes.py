"""What employees write beside the open line, shown in its dialogue too, so that their colleagues there read the whole conversation.

Called by `messages` and by the reading back of dialogues. Sends SendToOpenLine on behalf of the employee, only where a dialogue exists.
The portal tells of no event for what comes over a connector; should one come back all the same, it is known here and said to nobody twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, select

from b24app.domain.markup import to_plain
from b24app.i18n import Texts
from b24app.services import conversations, message_copies, portals
from b24app.services.spoken import SpokenByManager
from storage.models import Conversation, Message, MessageCopy
from storage.unit_of_work import UnitOfWork

OPEN_LINE = "open_line"
ECHO_COMES_WITHIN = timedelta(seconds=60)
LOOKED_BACK = 200


def show(uow: UnitOfWork, conversation: Conversation, message: Message) -> None:
    """Show an employee's message in the dialogue, with a line on top when only one side gets it."""
    people_here = conversations.people_on(uow, conversation, "both")
    if not conversation.line_chat_id or not message.user_id.isdigit() or not people_here:
        return
    copy = message_copies.new_copy(uow, message, OPEN_LINE, str(conversation.id))
    if copy is None:
        return
    t = portals.speech(uow)
    title = conversations.title(uow, conversation, t.language, for_employee=True)
    files = message_copies.files_of(uow, message)
    said = {"conversation_title": title, "text": _words(message, t), "manager_id": message.user_id, "files": files}
    delivery = message_copies.on_the_line(message, copy, people_here[0], **said)
    uow.send(delivery, key=copy.outbox_key)


def _words(message: Message, t: Texts) -> str:
    to_whom = {"buyer": t("To the buyer"), "factory": t("To the factory")}.get(message.addressed, "")
    return f"[i]{to_whom}:[/i]\n{message.text}" if to_whom else message.text


def _plain(text: str) -> str:
    return " ".join(to_plain(text).split())


def _shown(conversation_id: int) -> Select[Message, MessageCopy]:
    return (
        select(Message, MessageCopy)
        .join(MessageCopy, MessageCopy.message_id == Message.id)
        .where(Message.conversation_id == conversation_id, Message.side == "manager", MessageCopy.place == OPEN_LINE)
        .order_by(Message.id.desc())
    )


def returned(uow: UnitOfWork, conversation: Conversation, spoken: SpokenByManager) -> Message | None:
    """Give the message that an event of the line only brings back to us, or None for words of the line's own."""
    rows = uow.session.execute(
        _shown(conversation.id).where(Message.user_id == spoken.user_id, Message.sent_at > uow.now - ECHO_COMES_WITHIN)
    )
    for message, copy in rows:
        t = portals.speech(uow)
        if copy.outside_id in ("", spoken.source_key) and _plain(_words(message, t)) == _plain(spoken.text):
            copy.outside_id = spoken.source_key
            return message
    return None


@dataclass(frozen=True)
class Echoes:
    """What of a dialogue we brought there ourselves in the name of employees: our numbers, and (employee, words)."""

    numbers: frozenset[str]
    words: frozenset[tuple[str, str]]

    def has(self, number: str, user_id: str, text: str) -> bool:
        """Tell whether a message of the dialogue is one of these."""
        return number in self.numbers or (user_id, _plain(text)) in self.words


def of(uow: UnitOfWork, conversation_id: int) -> Echoes:
    """Give the latest echoes of a conversation."""
    t = portals.speech(uow)
    rows = [message for message, _ in uow.session.execute(_shown(conversation_id).limit(LOOKED_BACK))]
    return Echoes(
        frozenset(str(message.id) for message in rows),
        frozenset((message.user_id, _plain(_words(message, t))) for message in rows),
    )
