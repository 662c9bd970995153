"""What the stand-in remembers: people, bots, chats, messages, files. Plain data that survives JSON both ways.

Every module of this world reads and changes these records; rules live elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass
class Person:
    """A human account."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = "en"
    phone_number: str = ""
    is_premium: bool = False
    deleted: bool = False
    stars: int = 10_000
    storage: dict[str, dict[str, str]] = field(default_factory=dict)  # Mini App cloud storage by bot id
    photos: list[list[Json]] = field(default_factory=list)


@dataclass
class Webhook:
    """Where a bot's updates go; an empty ``url`` means that the bot polls."""

    url: str = ""
    secret_token: str = ""
    max_connections: int = 40
    ip_address: str = ""
    has_custom_certificate: bool = False
    last_error_at: int = 0
    last_error_message: str = ""


@dataclass
class Pending:
    """An update waiting to be taken; ``lane`` keeps the order of one chat during webhook delivery."""

    update_id: int
    lane: str
    kind: str
    body: Json
    expires_at: int


@dataclass
class Bot:
    """A bot account with its settings and its queue of updates."""

    id: int
    token: str
    username: str
    first_name: str
    can_join_groups: bool = True
    can_read_all_group_messages: bool = False
    supports_inline_queries: bool = False
    has_topics_enabled: bool = False
    allows_users_to_create_topics: bool = False
    has_main_web_app: bool = False
    logged_out_until: int = 0
    webhook: Webhook = field(default_factory=Webhook)
    allowed_updates: list[str] = field(default_factory=list)
    updates: list[Pending] = field(default_factory=list)
    next_update_id: int = 1
    next_message_id: int = 1
    commands: dict[str, list[Json]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    menu_buttons: dict[str, Json] = field(default_factory=dict)
    admin_rights: dict[str, Json] = field(default_factory=dict)
    stars: int = 0
    star_transactions: list[Json] = field(default_factory=list)
    photos: list[list[Json]] = field(default_factory=list)
    games: dict[str, Json] = field(default_factory=dict)


@dataclass
class Message:
    """One message; ``content`` holds its Bot API fields, everything derived is added when it is shown."""

    message_id: int
    date: int
    sender_id: int = 0
    content: Json = field(default_factory=dict)
    sender_chat_id: int = 0
    reply_to: int = 0
    thread_id: int = 0
    edit_date: int = 0
    author_signature: str = ""
    via_bot_id: int = 0
    deleted: bool = False
    deleted_by: int = 0
    protected: bool = False
    read: bool = False
    effects: Json = field(default_factory=dict)
    reactions: dict[str, list[Json]] = field(default_factory=dict)


@dataclass
class Topic:
    """A thread of a forum, or of a private chat with a bot that has topics."""

    message_thread_id: int
    name: str
    icon_color: int = 7322096
    icon_custom_emoji_id: str = ""
    closed: bool = False
    hidden: bool = False


@dataclass
class Chat:
    """A group, supergroup, channel, or the private chat of ``user_id`` with ``bot_id``."""

    key: str
    id: int
    type: str
    title: str = ""
    username: str = ""
    description: str = ""
    bot_id: int = 0
    user_id: int = 0
    is_forum: bool = False
    blocked: bool = False
    started: bool = False
    migrated_to: int = 0
    migrated_from: int = 0
    next_message_id: int = 1
    messages: dict[int, Message] = field(default_factory=dict)
    members: dict[int, Json] = field(default_factory=dict)
    permissions: Json = field(default_factory=dict)
    invite_links: list[Json] = field(default_factory=list)
    join_requests: list[int] = field(default_factory=list)
    pinned: list[int] = field(default_factory=list)
    topics: dict[int, Topic] = field(default_factory=dict)
    photo: Json = field(default_factory=dict)
    reply_keyboard: Json = field(default_factory=dict)
    action: Json = field(default_factory=dict)
    draft: Json = field(default_factory=dict)
    verified: str = ""
    sticker_set_name: str = ""
    banned_senders: list[int] = field(default_factory=list)


@dataclass
class StoredFile:
    """A file that once came in; ``content`` is kept apart by ``unique_id``."""

    unique_id: str
    kind: str
    name: str
    mime_type: str
    size: int
    path: str
    attributes: Json = field(default_factory=dict)


@dataclass
class StickerSet:
    """Stickers under one public name; ``stickers`` holds unique ids of files. The service's own sets have no owner."""

    name: str
    title: str
    sticker_type: str
    owner_id: int = 0
    bot_id: int = 0
    needs_repainting: bool = False
    stickers: list[str] = field(default_factory=list)
    keywords: dict[str, list[str]] = field(default_factory=dict)
    thumbnail: Json = field(default_factory=dict)


@dataclass
class Query:
    """Something that waits for a bot's answer: a pressed button, a checkout, a Mini App query, an inline query."""

    id: str
    kind: str
    bot_id: int
    user_id: int
    created_at: int
    chat_key: str = ""
    message_id: int = 0
    answer: Json | None = None
    data: Json = field(default_factory=dict)


@dataclass
class State:
    """Everything; what a snapshot holds."""

    seed: int = 0
    serial: int = 0
    next_bot_id: int = 7_000_000_001
    next_user_id: int = 5_100_000_001
    next_group_id: int = 4_100_001
    next_channel_id: int = 2_100_000_001
    people: dict[int, Person] = field(default_factory=dict)
    bots: dict[int, Bot] = field(default_factory=dict)
    chats: dict[str, Chat] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    file_ids: dict[str, str] = field(default_factory=dict)
    queries: dict[str, Query] = field(default_factory=dict)
    invoices: dict[str, Json] = field(default_factory=dict)
    inline_messages: dict[str, list[Any]] = field(default_factory=dict)
    callback_cache: dict[str, Json] = field(default_factory=dict)
    prepared: dict[str, Json] = field(default_factory=dict)
    sticker_sets: dict[str, StickerSet] = field(default_factory=dict)
    gifts: dict[str, list[Json]] = field(default_factory=dict)  # by account or chat id
    closing: list[list[Any]] = field(default_factory=list)
    lifting: list[list[Any]] = field(default_factory=list)
