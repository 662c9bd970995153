"""Keeping under Telegram's rates: overall, per chat, per group, and standing still when it says so.

Used by the gateway, the only sender in the cluster, so the counts need no database; after a restart a refusal (429) teaches them again.
Rates are those of https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from b24app.domain.buckets import Bucket, Level, drained, take

BURST = 5
KEPT = 2
"""How many messages of the burst are kept for people who talk: a broadcast never stands in front of them."""
CHAT = Bucket(rate=1.0, burst=3.0)
GROUP = Bucket(rate=20 / 60, burst=20.0)
MOST_CHATS = 5_000


class Pace:
    """Turns for messages. Safe to share between threads; waits only for the overall rate, the rest is told to the caller."""

    def __init__(
        self,
        per_second: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._overall, self._level = Bucket(per_second, BURST, KEPT), Level()
        self._clock, self._sleep = clock, sleep
        self._lock = threading.Lock()
        self._held_until = 0.0
        self._refused: dict[str, float] = {}
        self._levels: dict[str, Level] = {}

    def wait(self, *, urgent: bool = True) -> None:
        """Return when it is this caller's turn in the overall rate; the `urgent` go before those who are not."""
        while True:
            with self._lock:
                self._level, pause = take(self._level, self._overall, self._clock(), urgent=urgent)
            if not pause:
                return
            self._sleep(pause)

    def pause(self) -> float:
        """Give the seconds for which nothing at all may be sent, 0 when something may."""
        with self._lock:
            return max(0.0, self._held_until - self._clock())

    def enter(self, chat_id: str) -> float:
        """Count a message to a chat and answer 0, or the seconds after which to ask again."""
        with self._lock:
            now = self._clock()
            refused = max(self._refused.get(chat_id, 0.0), self._held_until) - now
            if refused > 0:
                return refused
            buckets = [(chat_id, CHAT)]
            if chat_id.startswith(("-", "@")):
                buckets.append((f"group {chat_id}", GROUP))
            taken = [(name, *take(self._levels.get(name, Level()), bucket, now)) for name, bucket in buckets]
            longest = max(wait for _, _, wait in taken)
            if not longest:
                self._levels.update({name: level for name, level, _ in taken})
                self._forget_idle(now)
            return longest

    def refused(self, chat_id: str, seconds: float) -> None:
        """Note that Telegram refused a message with `retry_after`.

        It does not say whether the chat or the bot was too fast. One chat is taken to be that chat's own; a second one meanwhile means
        that everything has to stand still.
        """
        with self._lock:
            now = self._clock()
            self._refused = {chat: until for chat, until in self._refused.items() if until > now}
            if any(chat != chat_id for chat in self._refused):
                self._held_until = max(self._held_until, now + seconds)
            self._refused[chat_id] = now + seconds

    def _forget_idle(self, now: float) -> None:
        if len(self._levels) > MOST_CHATS:
            busy = {name: level for name, level in self._levels.items() if drained(level, CHAT, now).calls > 0}
            self._levels = busy
