"""Asking a bot something and waiting for its answer: pressed buttons, checkouts, inline queries."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from sandbox.telegram.model import Query
from sandbox.telegram.updates import enqueue
from sandbox.telegram.world import World

DEFAULT_WAIT_SECONDS = 10.0


def open_query(world: World, kind: str, bot_id: int, user_id: int, **fields: Any) -> Query:
    """A numbered query that the bot may answer once."""
    query = Query(world.number(kind), kind, bot_id, user_id, world.now(), **fields)
    world.state.queries[query.id] = query
    return query


async def ask(
    world: World, query: Query, update_kind: str, body: dict[str, Any], wait_seconds: float, *, lane: str = ""
) -> dict[str, Any] | None:
    """Puts the update before the bot and waits; None when no answer came in time."""
    event = asyncio.Event()
    world.answer_events[query.id] = event
    try:
        enqueue(world, world.state.bots[query.bot_id], update_kind, body, lane or f"{query.kind}:{query.user_id}")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(event.wait(), wait_seconds)
    finally:
        world.answer_events.pop(query.id, None)
    return query.answer
