"""What a manager does in the conversations of a deal: write to a side, show what was hidden, stop hiding, close and reopen.

Built for `actions`; each is one service call on a conversation of this very deal. The reading half is in `transcript`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from b24app.domain.markup import escape_codes
from b24app.domain.messages import MOST_IN_ALBUM, kind_by_content
from b24app.errors import InvalidInput, NotFound
from b24app.i18n import texts
from b24app.services import (
    conversation_colleagues,
    conversation_ratings,
    conversations,
    given_files,
    message_changes,
    message_translations,
    messages,
    profile_cards,
    reply_templates,
)
from b24app.services.given_files import Given
from b24app.services.spoken import SpokenByManager
from placements import subjects
from placements.calls import Call
from placements.conversation_pages import ours
from placements.outside import Outside
from placements.subjects import Subject
from storage.models import Conversation, Message
from storage.unit_of_work import UnitOfWork


def take_files(outside: Outside, call: Call, form: dict[str, Any]) -> None:
    """Keep the bytes of what is to be sent before any transaction. InvalidInput names a file that cannot be sent."""
    t = texts(call.language)
    if len(form["files"]) > MOST_IN_ALBUM:
        raise InvalidInput(fields={"files": [t("Send at most {count} files at once.", count=MOST_IN_ALBUM)]})
    form["given"] = []
    for file in form["files"]:
        given = outside.keep_file(file.stream, file.filename)
        if given is None:
            said = t(
                "This file cannot be sent: {name}. It is empty, too large or of an unknown kind.", name=file.filename
            )
            raise InvalidInput(fields={"files": [said]})
        form["given"].append(given)


def _kept(uow: UnitOfWork, call: Call, given: Sequence[Given]) -> list[dict[str, Any]]:
    rows = [given_files.remember(uow, one, f"desk/{call.actor}") for one in given]
    return [{"name": row.name, "file_id": row.id, "kind": kind_by_content(row.mime)} for row in rows]


def _say(
    uow: UnitOfWork,
    call: Call,
    talk: Conversation,
    *,
    side: str,
    text: str,
    key: str,
    card: str = "",
    files: Sequence[Mapping[str, Any]] = (),
) -> None:
    # The key is made by the page when it is shown: a repeated press says nothing twice.
    messages.say_as_manager(
        uow,
        SpokenByManager(
            user_id=call.user_id, user_name="", text=text, source_key=f"desk:{key}", side=side, card=card, files=files
        ),
        conversation_id=talk.id,
    )


def say(uow: UnitOfWork, call: Call, subject: Subject, form: dict[str, Any]) -> str:
    """Write, with a button or without, or send files to both sides, one of them; or note something for colleagues.

    A repeated press says nothing twice.
    """
    talk = ours(uow, subject, form["conversation_id"])
    t = texts(call.language)
    if form["given"] and form["side"] == "note":
        raise InvalidInput(fields={"files": [t("A note for colleagues has no files: put them into the card.")]})
    if not form["text"] and not form["given"]:
        raise InvalidInput(fields={"text": [t("Write something or choose a file.")]})
    if form["given"] and form["button"]:
        raise InvalidInput(fields={"button": [t("Files have no button: send them apart from the words.")]})
    # The button of a lot's card stands under words of any kind.
    card = f"lot/{talk.lot_id}" if form["button"] and talk.lot_id and form["side"] != "note" else ""
    files = _kept(uow, call, form["given"])
    _say(uow, call, talk, side=form["side"], text=escape_codes(form["text"]), key=form["key"], card=card, files=files)
    return t("Noted for colleagues.") if form["side"] == "note" else t("Sent.")


def begin(uow: UnitOfWork, call: Call, subject: Subject, form: dict[str, Any]) -> str:
    """Open the conversation with the platform of a person of this very card."""
    known = {person.id: person for person in subjects.people_of(uow, subject)}
    if form["person_id"] not in known:
        raise NotFound(code="person")
    conversations.open_help(uow, known[form["person_id"]], asked_by=call.actor)
    return texts(call.language)("The conversation is open; write below.")


def use_template(uow: UnitOfWork, call: Call, subject: Subject, form: dict[str, Any]) -> str:
    """Say a template, each side in its own language; a repeated press says nothing twice."""
    talk = ours(uow, subject, form["conversation_id"])
    template = reply_templates.get(uow, form["template_id"])
    for rendering in reply_templates.renderings(uow, talk, template, form["side"]):
        _say(uow, call, talk, side=rendering.side, text=rendering.text, key=f"{form['key']}:{rendering.side}")
    t = texts(call.language)
    return t("Sent.")


def send_card(uow: UnitOfWork, call: Call, subject: Subject, form: dict[str, Any]) -> str:
    """Send a card of a factory, the buyer or a lot; a repeated press says nothing twice."""
    talk = ours(uow, subject, form["conversation_id"])
    for card in profile_cards.named(uow, talk, form["card"]):
        key = f"{form['key']}:{card.side}"
        _say(uow, call, talk, side=card.side, text=card.text, key=key, card=card.subject)
    return texts(call.language)("The card is sent.")


def _message(uow: UnitOfWork, subject: Subject, number: int) -> Message:
    """Give a message of a conversation of this deal. NotFound for any other."""
    message = uow.session.get(Message, number)
    if message is None:
        raise NotFound(code="message")
    ours(uow, subject, message.conversation_id)
    return message


def release_message(uow: UnitOfWork, call: Call, subject: Subject, form: dict[str, Any]) -> str:
    """Show the other side the original of one message, its file included."""
    message = _message(uow, subject, form["message_id"])
    message_changes.release(uow, message.id, call.actor)
    return texts(call.language)("The other side now sees the original.")


def bring_colleague(uow: UnitOfWork, call: Call, subject: Subject, form: dict[str, Any]) -> str:
    """Call a colleague into the open-line dialogue, or hand it over."""
    talk = ours(uow, subject, form["conversation_id"])
    conversation_colleagues.bring(uow, talk.id, form["user_id"], instead=form["instead"], actor=call.actor)
    t = texts(call.language)
    return t("The conversation is being handed over.") if form["instead"] else t("The colleague is being called.")


def translate(uow: UnitOfWork, call: Call, subject: Subject, form: dict[str, Any]) -> str:
    """Have a message translated into the visitor's language."""
    message = _message(uow, subject, form["message_id"])
    message_translations.want(uow, message.id, call.language)
    t = texts(call.language)
    return t("The translation appears in a moment.")


def release_conversation(uow: UnitOfWork, call: Call, subject: Subject, form: dict[str, Any]) -> str:
    """Stop hiding contacts in a conversation from now on."""
    conversations.release(uow, ours(uow, subject, form["conversation_id"]).id, call.actor)
    return texts(call.language)("From now on nothing is hidden in this conversation.")


def set_conversation(uow: UnitOfWork, call: Call, subject: Subject, form: dict[str, Any]) -> str:
    """Close a conversation, or open it again."""
    talk = conversations.set_state(uow, ours(uow, subject, form["conversation_id"]).id, form["state"], call.actor)
    if talk.state == "closed":
        conversation_ratings.ask(uow, talk)
    t = texts(call.language)
    return t("The conversation is closed.") if talk.state == "closed" else t("The conversation is open again.")
