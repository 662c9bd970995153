"""The card of a held file: an employee shows it to the other side or leaves it hidden.

Called by `message_news`, `message_files` and `messages`. Sends ShowCard. Knows nothing of how a file is released.
"""

from __future__ import annotations

from b24app.domain.markup import to_plain
from b24app.domain.shortening import shortened
from b24app.i18n import Texts
from b24app.services import conversations, decision_cards, people, portals, promises
from storage.models import Message, Person
from storage.unit_of_work import UnitOfWork


def ask(uow: UnitOfWork, message: Message, reason: str) -> None:
    """Put the file on the timeline where its conversation is recorded; `reason` is why it waits, in words."""
    conversation, t = conversations.get(uow, message.conversation_id), portals.speech(uow)
    ref = conversations.crm_ref(uow, conversation)
    if not ref:
        return
    sender = uow.session.get(Person, message.person_id) if message.person_id else None
    rows = [
        [t("Conversation"), conversations.title(uow, conversation, t.language, for_employee=True)],
        [t("From"), people.name_of(sender) if sender else ""],
        [t("File"), message.file_name],
        [t("Why it waits"), reason],
    ]
    if message.original:
        rows.append([t("Words"), shortened(to_plain(message.original), 200)])
    known = [row for row in rows if row[1]]
    choices = (("release", t("Show it to the other side")), ("keep", t("Leave hidden")))
    user_id = promises.responsible(uow, conversation)
    decision_cards.ask(
        uow, f"message/{message.id}", ref, _title(t), rows=known, choices=choices, responsible_id=user_id
    )


def close(uow: UnitOfWork, message: Message, how: str) -> None:
    """Complete the card of a file that was held with how it ended (shown, kept, taken_back); other messages have none."""
    ref = conversations.crm_ref(uow, conversations.get(uow, message.conversation_id)) if message.held_reason else ""
    if ref:
        t = portals.speech(uow)
        outcome = {
            "shown": t("Shown to the other side"),
            "kept": t("Stays hidden"),
            "taken_back": t("Taken back by the sender"),
        }[how]
        decision_cards.close(uow, f"message/{message.id}", ref, _title(t), outcome)


def _title(t: Texts) -> str:
    return t("A file waits: is there a contact in it?")
