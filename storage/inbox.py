"""Accepting facts from the outside once each, and handing them out in order.

`accept` is called by every edge that the outside calls, in its own short transaction; the row and the wake-up of its lane
are one statement, so neither exists without the other. `next_row` and the marks are called by the job that drains a lane.
Knows nothing of what a payload means.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

from storage import correlation
from storage.holding import HELD
from storage.models.inbox import InboxRow


class Early(Exception):
    """The head of a lane overtook something; a moment later it may be worked."""


LANE_TASK = "process_inbox"
LANE_QUEUE = "inbox"
LONGEST_PAUSE = timedelta(seconds=32)
"""A next try that lies further away was set by a clock that went back since: it is due."""
EARLY_SECONDS = 0.5
AT_ONCE = 50
"""How many facts of one sender may be on their way side by side: Telegram opens forty connections unless told otherwise."""

# The wake-up is procrastinate's own row, written by hand so that one statement does both: the client library would need a
# savepoint and a second round trip. The conflicting waiting job is locked until we commit (DO UPDATE), so a worker cannot
# start it before it can see our row, and it is announced again because a skipped locked job would wait for the next poll.
_ACCEPT = text(
    """
    WITH accepted AS (
        INSERT INTO inbox (source, key, lane, position, payload, correlation_id)
        VALUES (:source, :key, :lane, :position, CAST(:payload AS jsonb), :correlation_id)
        ON CONFLICT (source, key) DO NOTHING
        RETURNING id, lane
    ), woken AS (
        INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args)
        SELECT :queue, :task, lane, lane, jsonb_build_object('lane', lane) FROM accepted
        ON CONFLICT (queueing_lock) WHERE status = 'todo'
        DO UPDATE SET priority = procrastinate_jobs.priority
        RETURNING id
    )
    SELECT accepted.id,
           pg_notify('procrastinate_any_queue_v1', json_build_object('type', 'job_inserted', 'job_id', woken.id)::text)
    FROM accepted, woken
    """
)

_ACCEPT_DRIVER = re.sub(r"(?<!:):(\w+)", r"%(\1)s", _ACCEPT.text)

_WAKE_FORGOTTEN = text(
    """
    INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args)
    SELECT :queue, :task, waiting.lane, waiting.lane, jsonb_build_object('lane', waiting.lane)
    FROM (
        SELECT DISTINCT lane FROM inbox
        WHERE state = 'todo' AND (retry_at IS NULL OR retry_at NOT BETWEEN :now AND :later) LIMIT 1000
    ) AS waiting
    ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING
    """
)

# One statement, so that the row and what is known before it are seen at the same moment. A sender who counts names a fact by its place.
_NEXT = text(
    """
    WITH head AS (
        SELECT id, source, key, position FROM inbox
        WHERE lane = :lane AND state = 'todo' ORDER BY position, id LIMIT 1 FOR UPDATE
    )
    SELECT head.id, head.position, (
        SELECT jsonb_object_agg(known.position, known.received_at > clock_timestamp() - make_interval(secs => :patience))
        FROM inbox AS known
        WHERE head.key = head.position::text AND known.source = head.source
          AND known.key = ANY (ARRAY(SELECT (head.position - back)::text FROM generate_series(0, :at_once) AS back))
    ) AS lately
    FROM head
    """
)


def accept(
    connection: Connection, *, source: str, key: str, lane: str, payload: dict[str, Any], position: int = 0
) -> bool:
    """Store one fact and wake its lane; answers False, and changes nothing, when (source, key) is known.

    The caller commits. `lane` is the ordering key; within it rows are worked by `position` (the sender's own order), then by arrival.
    """
    return connection.execute(_ACCEPT, _values(source, key, lane, payload, position)).first() is not None


def accept_alone(
    engine: Engine, *, source: str, key: str, lane: str, payload: dict[str, Any], position: int = 0
) -> bool:
    """Accept one fact in a transaction of its own: the statement by itself, which the server commits.

    For the busiest edge: no BEGIN, no COMMIT and nothing of SQLAlchemy but its pool stand between the fact and the disk.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        driver: Any = connection.connection.driver_connection
        return driver.execute(_ACCEPT_DRIVER, _values(source, key, lane, payload, position)).fetchone() is not None


def knows(connection: Connection, source: str, keys: Sequence[str]) -> bool:
    """Tell whether a fact was accepted under any of these keys."""
    query = select(InboxRow.id).where(InboxRow.source == source, InboxRow.key.in_(keys)).limit(1)
    return connection.execute(query).first() is not None


def _values(source: str, key: str, lane: str, payload: dict[str, Any], position: int) -> dict[str, Any]:
    content = json.dumps(payload, ensure_ascii=False)
    if "\\u0000" in content or not content.isprintable():
        content = json.dumps(_storable(payload))
    return {
        "source": source,
        "key": key,
        "lane": lane,
        "position": position,
        "payload": content,
        "correlation_id": correlation.current(),
        "queue": LANE_QUEUE,
        "task": LANE_TASK,
    }


def _storable(value: Any) -> Any:
    # PostgreSQL's jsonb refuses the NUL character; hostile senders use it.
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, dict):
        return {_storable(key): _storable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_storable(item) for item in value]
    return value


def next_row(session: Session, lane: str, now: datetime) -> InboxRow | None:
    """Lock and give the first waiting row of a lane, or None when it is empty or its head waits for a later try.

    Raises Early when something that was said before the row may still be on its way.
    """
    found = session.execute(_NEXT, {"lane": lane, "patience": EARLY_SECONDS, "at_once": AT_ONCE}).first()
    if found is None:
        return None
    row = session.get_one(InboxRow, found.id, populate_existing=True)
    if row.state != "todo" or (row.retry_at is not None and now < row.retry_at <= now + LONGEST_PAUSE):
        return None
    if _is_early(found.position, {int(place): bool(fresh) for place, fresh in (found.lately or {}).items()}):
        raise Early
    return row


def _is_early(position: int, is_fresh: Mapping[int, bool]) -> bool:
    """Tell whether a number is missing between a row and what is known before it, given by place and whether it is fresh.

    A gap is waited for until what came after it is no longer fresh, so that one which never closes costs that much once. Where nothing
    is known below a gap, the sender began there.
    """
    place = position
    while is_fresh.get(place):
        place -= 1
    return place not in is_fresh and any(known < place for known in is_fresh)


def mark_done(row: InboxRow, now: datetime) -> None:
    """Record that a row was worked; belongs into the same transaction as its effects."""
    row.state = "done"
    row.processed_at = now


def mark_failed(session: Session, row_id: int, error: str, now: datetime, *, poison: bool = False) -> str:
    """Count a failed try after its transaction was rolled back; answers the new state.

    When `poison`, the row is set aside and its lane goes on; otherwise it waits 2^n seconds, LONGEST_PAUSE at most.
    """
    row = session.get_one(InboxRow, row_id, with_for_update=HELD)
    row.attempts += 1
    row.error = error
    if poison:
        row.state = "poison"
        row.processed_at = now
    else:
        row.retry_at = now + min(LONGEST_PAUSE, timedelta(seconds=2 ** min(row.attempts, 10)))
    return row.state


def wake_forgotten(session: Session, now: datetime) -> None:
    """Wake every lane that holds a row due now and has no waiting job, whatever became of its wake-up."""
    session.execute(_WAKE_FORGOTTEN, {"queue": LANE_QUEUE, "task": LANE_TASK, "now": now, "later": now + LONGEST_PAUSE})


def replay(session: Session, row_id: int) -> None:
    """Give a row that was set aside another round of tries."""
    session.execute(
        update(InboxRow)
        .where(InboxRow.id == row_id, InboxRow.state == "poison")
        .values(state="todo", attempts=0, retry_at=None, processed_at=None)
    )
