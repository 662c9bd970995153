"""Everything that can be said to the outside: one frozen message class per effect.

Services build these and hand them to the outbox; the dispatchers of the two networks turn them into calls.
Values are JSON-able. A `ref` such as `lot/256` names one of our objects that has a counterpart in the CRM;
the dispatcher finds the counterpart's id when it sends, so a service never waits for one. Knows neither protocol.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

from b24app.domain.calendar_deliveries import AddCalendarEvent, RemoveCalendarEvent
from b24app.domain.delivery import Delivery, Network, Priority, Repeat

# --- Bitrix24 ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class SaveItem(Delivery):
    """Create or update the CRM counterpart of `ref`.

    `fields` are keyed by the codes declared in app.yaml or by standard camelCase CRM fields; `links` maps a CRM
    field (`companyId`, `contactId`, `parentId2`) to the ref whose counterpart it points to; `stage` is a stage code of the
    declared pipeline. Coalesced: two unsent saves of one ref become one, the later value of a field winning.
    """

    network = Network.BITRIX24
    repeat = Repeat.PROVABLE
    ref: str
    fields: dict[str, Any] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    stage: str = ""
    pipeline: str = ""


@dataclass(frozen=True, kw_only=True)
class ReadItem(Delivery):
    """Look at the CRM counterpart of `ref`, which an employee may have changed; the answer tells what differs."""

    network = Network.BITRIX24
    repeat = Repeat.HARMLESS
    ref: str


@dataclass(frozen=True, kw_only=True)
class ForgetReach(Delivery):
    """Find every phone, e-mail and messenger that stands on the CRM counterpart of `ref`; whoever keeps the answer has them emptied."""

    network = Network.BITRIX24
    repeat = Repeat.HARMLESS
    ref: str


@dataclass(frozen=True, kw_only=True)
class AddTimelineComment(Delivery):
    """Write a comment with BB codes onto the timeline of a ref; `marker` proves it after a lost answer."""

    network = Network.BITRIX24
    repeat = Repeat.PROVABLE
    ref: str
    text: str
    marker: str


@dataclass(frozen=True, kw_only=True)
class AddLogMessage(Delivery):
    """Write a fact onto the timeline of a ref."""

    network = Network.BITRIX24
    repeat = Repeat.PROVABLE
    ref: str
    title: str
    text: str
    icon: str = "info"


@dataclass(frozen=True, kw_only=True)
class ShowCard(Delivery):
    """Put a card that waits for a decision on the timeline of `ref`, or change the one shown under the same `card`.

    `card` names the waiting thing (`offer/17`); `rows` are (label, value) pairs; `buttons` are at most two dicts
    `{"action", "title", "kind": "primary"|"secondary"}` that come back as an action on the card; `closed` completes it.
    """

    network = Network.BITRIX24
    repeat = Repeat.PROVABLE
    card: str
    ref: str
    title: str
    rows: list[list[str]] = field(default_factory=list)
    buttons: list[dict[str, str]] = field(default_factory=list)
    icon: str = "info"
    closed: bool = False
    responsible_id: str = ""


@dataclass(frozen=True, kw_only=True)
class SendToOpenLine(Delivery):
    """Show a message of a buyer or a factory to the operator of a conversation.

    With `manager_id` it is an employee's, written elsewhere; the speaker is then whoever of the conversation it is shown beside.
    """

    network = Network.BITRIX24
    repeat = Repeat.PROVABLE
    priority = Priority.CONVERSATION
    conversation_id: str
    conversation_title: str
    message_id: str
    speaker_id: str
    speaker_name: str
    manager_id: str = ""
    text: str
    sent_at_epoch: int
    files: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class EditInOpenLine(Delivery):
    """Show the operator that a mirrored message was edited."""

    network = Network.BITRIX24
    repeat = Repeat.HARMLESS
    priority = Priority.CONVERSATION
    conversation_id: str
    message_id: str
    speaker_id: str
    speaker_name: str
    text: str


@dataclass(frozen=True, kw_only=True)
class DeleteInOpenLine(Delivery):
    """Take a mirrored message out of the operator's conversation."""

    network = Network.BITRIX24
    repeat = Repeat.HARMLESS
    conversation_id: str
    message_id: str
    speaker_id: str


@dataclass(frozen=True, kw_only=True)
class ConfirmOpenLineDelivery(Delivery):
    """Tell the open line that an operator's message reached the messenger."""

    network = Network.BITRIX24
    repeat = Repeat.HARMLESS
    priority = Priority.CONVERSATION
    conversation_id: str
    im_chat_id: str
    im_message_id: str
    message_ids: list[str]
    delivered_at_epoch: int


@dataclass(frozen=True, kw_only=True)
class BringColleague(Delivery):
    """Let an employee into the dialogue of a conversation, beside whoever leads it or `instead` of him."""

    network = Network.BITRIX24
    repeat = Repeat.HARMLESS
    priority = Priority.CONVERSATION
    conversation_id: str
    user_id: str
    instead: bool = False


@dataclass(frozen=True, kw_only=True)
class FireTrigger(Delivery):
    """Tell the automation of a ref that something happened; it may move the stage."""

    network = Network.BITRIX24
    repeat = Repeat.HARMLESS
    code: str
    ref: str


@dataclass(frozen=True, kw_only=True)
class FinishRobot(Delivery):
    """Let a waiting automation go on with values and a sentence for its log."""

    network = Network.BITRIX24
    repeat = Repeat.HARMLESS
    event_token: str
    return_values: dict[str, Any]
    log_message: str


@dataclass(frozen=True, kw_only=True)
class NotifyUser(Delivery):
    """Notify an employee inside Bitrix24, with a link to the card of `ref`; the same `tag` replaces the earlier notification."""

    network = Network.BITRIX24
    repeat = Repeat.HARMLESS
    user_id: str
    text: str
    tag: str
    ref: str = ""


@dataclass(frozen=True, kw_only=True)
class AddTask(Delivery):
    """Give an employee a task bound to a ref; `deadline` is ISO 8601 with zone, `external_id` proves it after a lost answer."""

    network = Network.BITRIX24
    repeat = Repeat.PROVABLE
    ref: str
    title: str
    text: str
    responsible_id: str
    deadline: str
    external_id: str


# --- Telegram ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class IntoChat(Delivery):
    """What is new in a chat. Of a conversation it goes into the topic named `topic`, where the bot has topics."""

    network = Network.TELEGRAM
    repeat = Repeat.UNPROVABLE
    conversation_id: str = ""
    topic: str = ""


@dataclass(frozen=True, kw_only=True)
class SendChatMessage(IntoChat):
    """Say something in a Telegram chat. `text` is Telegram HTML; `buttons` are rows of dicts.

    A button is `{"text", "data"}`, `{"text", "url"}` or `{"text", "web_app"}` (a path of our Mini App).
    `reply_to` is a Telegram message id in that chat, or empty, `quote` the HTML of its words that are quoted; `thread_id` the topic
    that an answer of the bot belongs to.
    """

    chat_id: str
    text: str
    buttons: list[list[dict[str, str]]] = field(default_factory=list)
    reply_to: str = ""
    quote: str = ""
    silent: bool = False
    thread_id: str = ""


@dataclass(frozen=True, kw_only=True)
class SendConversationMessage(SendChatMessage):
    """Carry one message of a conversation to one of its people."""

    priority = Priority.CONVERSATION


@dataclass(frozen=True, kw_only=True)
class BroadcastMessage(SendChatMessage):
    """Say the same to many: goes when nobody in a conversation is waiting."""

    priority = Priority.BROADCAST


@dataclass(frozen=True, kw_only=True)
class SendChatFile(IntoChat):
    """Send a file to a chat: `kind` is photo, video, voice, audio, document, animation, sticker or video_note.

    Either `telegram_file_id` (the bot saw it before), `file_id` (a row of ours whose bytes are uploaded), `data_of` (a person whose data
    is packed when it is sent), or `content`: the text of a small file called `name`, which is kept nowhere else.
    """

    priority = Priority.CONVERSATION
    chat_id: str
    kind: str
    telegram_file_id: str = ""
    file_id: int = 0
    data_of: int = 0
    content: str = ""
    name: str = ""
    caption: str = ""
    reply_to: str = ""
    quote: str = ""
    silent: bool = False


@dataclass(frozen=True, kw_only=True)
class SendChatAlbum(IntoChat):
    """Send two to ten files as one album; each of `items` is {"kind", "telegram_file_id", "file_id", "caption"} as in SendChatFile."""

    priority = Priority.CONVERSATION
    chat_id: str
    items: list[dict[str, Any]]
    reply_to: str = ""
    silent: bool = False


@dataclass(frozen=True, kw_only=True)
class ShowActivity(Delivery):
    """Show for a few seconds that somebody is typing or sending a file: `action` as in the Bot API. Worth nothing when late."""

    network = Network.TELEGRAM
    repeat = Repeat.HARMLESS
    priority = Priority.CONVERSATION
    chat_id: str
    action: str = "typing"
    until_epoch: int


@dataclass(frozen=True, kw_only=True)
class SetReaction(Delivery):
    """Show a reaction under a message of a chat; an empty `emoji` takes it away."""

    network = Network.TELEGRAM
    repeat = Repeat.HARMLESS
    priority = Priority.CONVERSATION
    chat_id: str
    message_id: str
    emoji: str = ""


@dataclass(frozen=True, kw_only=True)
class EditChatMessage(Delivery):
    """Change a message sent before.

    It is named by `original`, the idempotency key it was sent under, or by `message_id`, its Telegram id, when a press on one of its
    buttons told us that. `piece` is its place in an album, from 0.
    """

    network = Network.TELEGRAM
    repeat = Repeat.HARMLESS
    priority = Priority.CONVERSATION
    chat_id: str
    text: str
    original: str = ""
    message_id: str = ""
    piece: int = -1
    buttons: list[list[dict[str, str]]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class DeleteChatMessage(Delivery):
    """Take back a message sent before; `original` is the key it was sent under, `piece` its place in an album, from 0."""

    network = Network.TELEGRAM
    repeat = Repeat.HARMLESS
    priority = Priority.CONVERSATION
    chat_id: str
    original: str
    piece: int = -1


@dataclass(frozen=True, kw_only=True)
class AnswerCallback(Delivery):
    """Stop the waiting mark on a pressed button, with a short text (200 characters) or none."""

    network = Network.TELEGRAM
    repeat = Repeat.HARMLESS
    priority = Priority.CONVERSATION
    callback_query_id: str
    text: str = ""
    alert: bool = False


DELIVERIES: dict[str, type[Delivery]] = {
    kind.__name__: kind
    for kind in (
        SaveItem,
        ReadItem,
        ForgetReach,
        AddTimelineComment,
        AddLogMessage,
        ShowCard,
        SendToOpenLine,
        EditInOpenLine,
        DeleteInOpenLine,
        ConfirmOpenLineDelivery,
        BringColleague,
        FireTrigger,
        FinishRobot,
        NotifyUser,
        AddTask,
        AddCalendarEvent,
        RemoveCalendarEvent,
        SendChatMessage,
        SendConversationMessage,
        BroadcastMessage,
        SendChatFile,
        SendChatAlbum,
        ShowActivity,
        SetReaction,
        EditChatMessage,
        DeleteChatMessage,
        AnswerCallback,
    )
}


def delivery_from(kind: str, payload: dict[str, Any]) -> Delivery:
    """Rebuild a stored message; fields it does not know (of a later version) are left out. KeyError on an unknown kind."""
    cls = DELIVERIES[kind]
    known = {f.name for f in fields(cls)}
    return cls(**{name: value for name, value in payload.items() if name in known})
