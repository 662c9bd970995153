"""Answering one update: everything a handler wants to say goes through here into the outbox, once per update.

Made by `updates`, given to every handler. Knows no service but the languages.
"""

from __future__ import annotations

from dataclasses import dataclass

from b24app.domain.deliveries import AnswerCallback, EditChatMessage, SendChatFile, SendConversationMessage
from b24app.domain.shortening import shortened
from b24app.errors import DomainError, InvalidInput, NotFound
from b24app.i18n import Texts
from b24app.services import bot_texts, people
from storage.models import Person
from storage.unit_of_work import UnitOfWork

# What Telegram shows over the chat at most.
ANSWER_LENGTH = 200
Buttons = list[list[dict[str, str]]]


def out_of_date() -> NotFound:
    """Give the refusal for data that no button of ours carries (any more)."""
    return NotFound("This button is out of date.", code="out_of_date")


@dataclass
class Reply:
    """The way back to the person of one update. Texts are Telegram HTML."""

    uow: UnitOfWork
    update_id: int
    person: Person
    thread_id: str = ""
    """The topic of the person's chat that the update came from, where answers belong."""
    _said: int = 0

    @property
    def t(self) -> Texts:
        """Speak the person's language as it is now."""
        return bot_texts.speaker(self.uow, people.language_of(self.person), self.person.zone)

    def say(self, text: str, buttons: Buttons | None = None, *, reply_to: int | None = None) -> None:
        """Send a message to the person."""
        # The conversation's priority: somebody is looking at the screen and waits for this.
        self.uow.send(
            SendConversationMessage(
                chat_id=self.person.chat_id,
                text=text,
                buttons=buttons or [],
                reply_to=str(reply_to or ""),
                thread_id=self.thread_id,
            ),
            key=self._key(),
        )

    def send_file(self, file_id: int, *, caption: str = "") -> None:
        """Send the person a file of ours, by its row, as a document. The caption is Telegram HTML."""
        self.uow.send(
            SendChatFile(chat_id=self.person.chat_id, kind="document", file_id=file_id, caption=caption),
            key=self._key(),
        )

    def send_data_copy(self) -> None:
        """Send the person a copy of everything kept of them, at most once an hour: it costs much."""
        copy = SendChatFile(chat_id=self.person.chat_id, kind="document", data_of=self.person.id)
        self.uow.send(copy, key=f"person/{self.person.id}:data-copy:{self.uow.now:%Y%m%d%H}")

    def change(self, message_id: int, text: str, buttons: Buttons | None = None) -> None:
        """Change the message whose button was pressed."""
        self.uow.send(
            EditChatMessage(chat_id=self.person.chat_id, message_id=str(message_id), text=text, buttons=buttons or []),
            key=self._key(),
        )

    def stop_waiting(self, callback_query_id: str, text: str = "", *, alert: bool = False) -> None:
        """Stop the waiting mark on a pressed button, in a lane of its own: it never waits for a message."""
        self.uow.send(
            AnswerCallback(callback_query_id=callback_query_id, text=shortened(text, ANSWER_LENGTH), alert=alert),
            key=f"callback:{callback_query_id}",
        )

    def polite(self, error: DomainError) -> str:
        """Say in the person's language why something cannot be done."""
        said = self.t(error.message, **error.params)
        if isinstance(error, InvalidInput):
            return "\n".join([said, *(line for lines in error.fields.values() for line in lines)])
        return said

    def _key(self) -> str:
        self._said += 1
        return f"update:{self.update_id}:{self._said}"
