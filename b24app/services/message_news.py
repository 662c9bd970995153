"""What the sender of a message is told about its fate: hidden parts, doubts, failures. Called by `messages` and `deliveries`."""

from __future__ import annotations

from b24app.domain.deliveries import EditChatMessage
from b24app.domain.markup import to_plain
from b24app.domain.shortening import shortened
from b24app.i18n import Texts
from b24app.services import bot_texts, conversations, message_cards, notices, people, portals, promises, staff
from b24app.services.notices import Said, escaped
from storage.models import Conversation, Message, Person
from storage.unit_of_work import UnitOfWork


def hidden(uow: UnitOfWork, person: Person, message: Message, *, held: bool) -> None:
    """Say that contacts were hidden, or that the file waits for the manager."""

    def say(t: Texts) -> Said:
        if held and message.kind != "contact":
            return t("Until the contract files are checked by the manager before the other side gets them."), []
        return t("Contacts are hidden until the contract: the other side does not see them."), []

    edited = f":{message.edited_at.isoformat()}" if message.edited_at else ""
    notices.tell(uow, person, say, key=f"message/{message.id}:hidden{edited}", at_once=True)


def held_words(reason: str, t: Texts) -> str:
    """Say to an employee why a file waits for him."""
    return {
        "kind": t("files of this kind cannot be cleaned"),
        "empty": t("the file is empty"),
        "unreadable": t("the file cannot be read"),
        "too_long": t("the document is too long to be searched"),
        "embedded": t("the document holds other documents or macros"),
        "links": t("the document links to addresses outside"),
        "contacts": t("contacts were found inside the document"),
        "locked": t("the document is locked with a password"),
        "too_big": t("the file is over 20 MB"),
    }.get(reason, t("the file could not be fetched"))


def held(uow: UnitOfWork, message: Message) -> None:
    """Tell the responsible employee that a file waits for a decision, and why, and show its card."""
    conversation = conversations.get(uow, message.conversation_id)
    t = portals.speech(uow)
    title = conversations.title(uow, conversation, t.language, for_employee=True)
    reason = held_words(message.held_reason, t)
    text = t("A file waits for your decision on the deal: {title}. Why: {reason}.", title=title, reason=reason)
    staff.notify(
        uow,
        promises.responsible(uow, conversation),
        text,
        tag=f"held/{message.id}",
        ref=conversations.crm_ref(uow, conversation),
        key=f"held/{message.id}",
    )
    message_cards.ask(uow, message, reason)


def nobody_reads(uow: UnitOfWork, person: Person, conversation: Conversation) -> None:
    """Say once a day that no manager is there to read a call for help."""

    def say(t: Texts) -> Said:
        return t(
            "Nobody is at the desk at the moment. Your message is kept; a manager answers as soon as somebody is back."
        ), []

    notices.tell(uow, person, say, key=f"conversation/{conversation.id}:nobody:{uow.now.date()}")


def out_of_reach(uow: UnitOfWork, person: Person, conversation: Conversation) -> None:
    """Say once a day that nobody of the other side can be reached in Telegram at the moment."""

    def say(t: Texts) -> Said:
        return t(
            "The other side cannot be reached in Telegram at the moment. Your messages are kept and brought when they come back; "
            "our manager sees them."
        ), []

    notices.tell(uow, person, say, key=f"conversation/{conversation.id}:away:{uow.now.date()}", at_once=True)


def _excerpt(message: Message) -> str:
    return escaped(shortened(to_plain(message.original), 80))


def in_doubt(uow: UnitOfWork, person: Person, message: Message, row_id: int) -> None:
    """Ask the sender whether a message whose answer was lost has arrived."""

    def say(t: Texts) -> Said:
        text = t("It is not known whether this message has arrived:")
        buttons = [
            [
                {"text": t("It arrived"), "data": f"sure:{row_id}:arrived"},
                {"text": t("Send again"), "data": f"sure:{row_id}:again"},
            ]
        ]
        return f"{text}\n<i>{_excerpt(message)}</i>", buttons

    notices.tell(uow, person, say, key=f"sure/{row_id}", at_once=True)


def decided(uow: UnitOfWork, person: Person, message: Message, row_id: int, *, again: bool) -> None:
    """Take the two buttons away once somebody decided."""
    t = bot_texts.speaker(uow, people.language_of(person), person.zone)
    words = t("Sent again:") if again else t("Noted as arrived:")
    original = f"sure/{row_id}:person/{person.id}"
    uow.send(
        EditChatMessage(chat_id=person.chat_id, original=original, text=f"{words}\n<i>{_excerpt(message)}</i>"),
        key=f"{original}:decided:{int(uow.now.timestamp())}",
    )


def failed(uow: UnitOfWork, person: Person, message: Message, row_id: int) -> None:
    """Say that a message could not be delivered."""

    def say(t: Texts) -> Said:
        return f"{t('This message could not be delivered:')}\n<i>{_excerpt(message)}</i>", []

    notices.tell(uow, person, say, key=f"failed/{row_id}", at_once=True)
