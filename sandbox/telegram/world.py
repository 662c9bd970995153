"""The living world: state, clock, look-ups, deterministic secrets, and who is told about changes.

One per server. Methods, people's acts and pages all go through it; it knows no HTTP.
"""

from __future__ import annotations

import asyncio
import copy
import hashlib
import hmac
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.record import Recorder
from sandbox.telegram.limits import Limits
from sandbox.telegram.model import Bot, Chat, Person, State, Webhook

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"


class World:
    """State plus everything that lives only while the server runs."""

    def __init__(
        self, seed: int = 0, clock: Clock | None = None, limits: Limits | None = None, record: Path | None = None
    ) -> None:
        self.clock = clock or Clock()
        self.limits = limits or Limits()
        self.faults = Faults()
        self.recorder = Recorder("telegram", record)
        self.populate: Callable[[World], None] = lambda _world: None
        self.state = State(seed=seed)
        self.blobs: dict[str, bytes] = {}
        self.snapshots: dict[str, Any] = {}
        self.changes = 0
        self.watchers: set[asyncio.Queue[dict[str, Any]]] = set()
        self.update_listeners: list[Callable[[Bot], None]] = []
        self.answer_events: dict[str, asyncio.Event] = {}
        self.tokens: dict[str, Bot] = {}
        self.names: dict[str, Person | Bot | Chat] = {}

    def now(self) -> int:
        """Unix seconds of the world's clock."""
        return int(self.clock.timestamp())

    def secret(self, label: str, length: int = 35) -> str:
        """A fresh unguessable-looking text, the same for the same seed and order of calls."""
        self.state.serial += 1
        material = f"{self.state.seed}:{label}:{self.state.serial}".encode()
        digest = hashlib.sha512(material).digest()
        while len(digest) < length:
            digest += hashlib.sha512(digest).digest()
        return "".join(_LETTERS[byte % 64] for byte in digest[:length])

    def number(self, label: str, digits: int = 18) -> str:
        """A fresh decimal id of about ``digits`` digits, never beginning with zero."""
        self.state.serial += 1
        digest = hashlib.sha256(f"{self.state.seed}:{label}:{self.state.serial}".encode()).digest()
        low = 10 ** (digits - 1)
        return str(low + int.from_bytes(digest, "big") % (9 * low))

    def bot_secret(self, bot: Bot) -> bytes:
        """The key that signs Mini App launches of this bot."""
        return hmac.new(b"WebAppData", bot.token.encode(), hashlib.sha256).digest()

    def bot_by_token(self, token: str) -> Bot | None:
        """The bot of a token, or None."""
        return self.tokens.get(token)

    def public(self, username: str) -> Person | Bot | Chat | None:
        """Whoever holds a public name, with or without the leading @."""
        return self.names.get(username.lstrip("@").lower())

    def account(self, account_id: int) -> Person | Bot | None:
        """A person or a bot by id."""
        return self.state.people.get(account_id) or self.state.bots.get(account_id)

    def dialog(self, bot_id: int, user_id: int) -> Chat:
        """The private chat of a person with a bot; made empty at first use."""
        key = f"{bot_id}:{user_id}"
        chat = self.state.chats.get(key)
        if chat is None:
            chat = Chat(key=key, id=user_id, type="private", bot_id=bot_id, user_id=user_id)
            self.state.chats[key] = chat
        return chat

    def chat(self, chat_id: int) -> Chat | None:
        """A group, supergroup or channel by id."""
        return self.state.chats.get(str(chat_id))

    def index(self) -> None:
        """Rebuilds the look-ups by token and by public name."""
        self.tokens, self.names = {}, {}
        holders: list[Person | Bot | Chat] = [
            *self.state.people.values(),
            *self.state.bots.values(),
            *(chat for chat in self.state.chats.values() if chat.type != "private"),
        ]
        for holder in holders:
            self.index_one(holder)

    def index_one(self, holder: Person | Bot | Chat) -> None:
        """Adds one newcomer to the look-ups."""
        if isinstance(holder, Bot):
            self.tokens[holder.token] = holder
        if holder.username:
            self.names[holder.username.lower()] = holder

    def tell(self, kind: str, **facts: Any) -> None:
        """Pages that watch learn that something changed."""
        self.changes += 1
        for watcher in self.watchers:
            if watcher.full():
                watcher.get_nowait()
            watcher.put_nowait({"n": self.changes, "kind": kind, **facts})

    def dump(self) -> tuple[State, dict[str, bytes]]:
        """A deep copy of the whole state."""
        return copy.deepcopy(self.state), dict(self.blobs)

    def load(self, dumped: tuple[State, dict[str, bytes]]) -> None:
        """Puts a copy of an earlier state in place of the present one."""
        state, blobs = dumped
        self._retire()
        self.state = copy.deepcopy(state)
        self.blobs = dict(blobs)
        self.index()
        self.limits.forget()
        self.tell("reset")
        self._wake_bots()

    def _wake_bots(self) -> None:
        for bot in list(self.state.bots.values()):
            for listener in list(self.update_listeners):
                listener(bot)

    def _retire(self) -> None:
        """Whoever waits for updates of the state that goes away gets an empty answer now."""
        for bot in self.state.bots.values():
            bot.updates = []
            bot.webhook = Webhook()
        self._wake_bots()

    def reset(self) -> None:
        """Back to the fresh world, with whatever ``populate`` puts into it."""
        self._retire()
        self.state = State(seed=self.state.seed)
        self.blobs = {}
        self.index()
        self.populate(self)
        self.limits.forget()
        self.tell("reset")

    def health(self) -> dict[str, Any]:
        """Counters for a readiness probe."""
        return {"world": "telegram", "bots": len(self.state.bots), "people": len(self.state.people)}

    def describe_limits(self) -> dict[str, Any]:
        """The limits in force."""
        return self.limits.describe()

    def set_limits(self, wanted: dict[str, Any]) -> None:
        """Puts limits in force; ValueError when they cannot be understood."""
        self.limits.change(wanted)
