"""Webhook delivery: order per chat, parallel connections, retries with growing pauses, methods in the answer.

Updates may get out of order all the same, says the documentation of `update_id`: the fault `overtaken` does that to one.
Runs in the background of the server; reads bots' queues. Pauses are seconds of the world's clock: moving it forward
ends them.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp

from sandbox.telegram import webhook_answers
from sandbox.telegram.model import Bot, Pending
from sandbox.telegram.updates import as_json, drop_expired
from sandbox.telegram.world import World

ANSWER_SECONDS = 60
MAX_PAUSE_SECONDS = 60
MAX_ASKED_SECONDS = 3600
# The real server, too, looks only at the head of a long queue.
MAX_LOADED = 500
# Faults that keep an update from being sent, and what the bot's owner is told of it.
_UNSENT = {"lose": "", "drop_before": "Connection refused"}
_NOT_FROM_WEBHOOK = {"deletewebhook", "setwebhook", "close", "logout"}
Execute = Callable[[Bot, str, dict[str, Any]], Awaitable[Any]]


class Courier:
    """Delivers the updates of all bots that have a webhook."""

    def __init__(self, world: World, execute: Execute) -> None:
        self.world = world
        self.execute = execute
        self.answer_seconds: float = ANSWER_SECONDS
        self.max_pause_seconds: float = MAX_PAUSE_SECONDS
        self._busy: dict[int, set[str]] = {}
        self._pauses: dict[tuple[int, int], tuple[int, float]] = {}
        self._aside: set[tuple[int, int]] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._timers: dict[int, asyncio.TimerHandle] = {}
        self._session: aiohttp.ClientSession | None = None
        self._seen_state = world.state

    async def start(self) -> None:
        """Begins to listen for new updates."""
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        self.world.update_listeners.append(self.look)
        self.world.clock.listeners.append(self._look_everywhere)
        self._look_everywhere()

    def _look_everywhere(self) -> None:
        for bot in self.world.state.bots.values():
            self.look(bot)

    async def stop(self) -> None:
        """Drops what is under way; undelivered updates stay in the queues."""
        if self.look in self.world.update_listeners:
            self.world.update_listeners.remove(self.look)
            self.world.clock.listeners.remove(self._look_everywhere)
        for timer in self._timers.values():
            timer.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def look(self, bot: Bot) -> None:
        """Starts every delivery that may start now: the oldest of each lane, within the bot's connections."""
        if not bot.webhook.url or self._session is None:
            return
        if self._seen_state is not self.world.state:
            # Another world has the same bots and numbers; the old one's pauses are not for it.
            self._pauses.clear()
            self._seen_state = self.world.state
        drop_expired(self.world, bot)
        busy = self._busy.setdefault(bot.id, set())
        seen: set[str] = set()
        wake_at: list[float] = []
        for pending in bot.updates[:MAX_LOADED]:
            if len(busy) >= bot.webhook.max_connections:
                break
            if (bot.id, pending.update_id) in self._aside:
                continue
            if pending.lane in seen or pending.lane in busy:
                seen.add(pending.lane)
                continue
            seen.add(pending.lane)
            ready_at = self._pauses.get((bot.id, pending.update_id), (0, 0.0))[1]
            if ready_at > self.world.clock.timestamp():
                wake_at.append(ready_at)
                continue
            busy.add(pending.lane)
            task = asyncio.create_task(self._deliver(bot, pending))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        if wake_at:
            self._wake(bot, min(wake_at))

    def _wake(self, bot: Bot, at: float) -> None:
        if bot.id in self._timers:
            self._timers.pop(bot.id).cancel()
        delay = max(0.0, at - self.world.clock.timestamp())
        self._timers[bot.id] = asyncio.get_running_loop().call_later(delay, self.look, bot)

    async def _deliver(self, bot: Bot, pending: Pending) -> None:
        try:
            rule = self.world.faults.pick(pending.kind, "out")
            action = rule.action if rule else ""
            if rule and action == "overtaken":
                await self._let_others_pass(bot, pending, rule.seconds)
            if rule and action == "slow":
                await asyncio.sleep(rule.seconds)
            failure, wait = (_UNSENT[action], 0.0) if action in _UNSENT else await self._post(bot, pending)
            if action == "duplicate" and not failure:
                await self._post(bot, pending)
            if action in {"drop_after", "status"} and not failure:
                failure = "Read timeout expired"
        finally:
            if (bot.id, pending.update_id) not in self._aside:
                self._busy.get(bot.id, set()).discard(pending.lane)
        self._finish(bot, pending, failure, wait)

    async def _let_others_pass(self, bot: Bot, pending: Pending, seconds: float) -> None:
        self._aside.add((bot.id, pending.update_id))
        self._busy.get(bot.id, set()).discard(pending.lane)
        self.look(bot)
        await asyncio.sleep(seconds)

    def _finish(self, bot: Bot, pending: Pending, failure: str, wait: float) -> None:
        key = (bot.id, pending.update_id)
        self._aside.discard(key)
        if failure:
            fails, _ = self._pauses.get(key, (0, 0.0))
            # The first failure is tried again at once, then pauses double, unless the webhook names one.
            pause = wait or (0.0 if fails == 0 else min(self.max_pause_seconds, float(2**fails)))
            self._pauses[key] = (fails + 1, self.world.clock.timestamp() + pause)
            bot.webhook.last_error_at = self.world.now()
            bot.webhook.last_error_message = failure
        else:
            self._pauses.pop(key, None)
            with contextlib.suppress(ValueError):
                bot.updates.remove(pending)
        self.look(bot)

    async def _post(self, bot: Bot, pending: Pending) -> tuple[str, float]:
        """Posts one update; the failure in the real service's words, or an empty text, and the pause in seconds that
        the webhook asks for."""
        if self._session is None:
            return "Connection refused", 0.0
        headers = {"Content-Type": "application/json", "User-Agent": "TelegramBot (like TwitterBot)"}
        if bot.webhook.secret_token:
            headers["X-Telegram-Bot-Api-Secret-Token"] = bot.webhook.secret_token
        body = json.dumps(as_json(pending), ensure_ascii=False).encode()
        timeout = aiohttp.ClientTimeout(total=self.answer_seconds)
        try:
            async with self._session.post(
                bot.webhook.url, data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer:
                if not 200 <= answer.status < 300:
                    asked = answer.headers.get("Retry-After", "")
                    wait = min(int(asked), MAX_ASKED_SECONDS) if asked.isdigit() else 0
                    return f"Wrong response from the webhook: {answer.status} {answer.reason}", float(wait)
                wanted = await webhook_answers.read(answer)
        except TimeoutError:
            return "Read timeout expired", 0.0
        except aiohttp.ClientConnectorError:
            return "Connection refused", 0.0
        except (aiohttp.ClientError, OSError):
            return "Connection reset by peer", 0.0
        name = str(wanted.pop("method", ""))
        if name and name.lower() not in _NOT_FROM_WEBHOOK and not name.lower().startswith("get"):
            await self.execute(bot, name, wanted)
        return "", 0.0
