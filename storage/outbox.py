"""Keeping what must be told to the outside until it was told, in order, once.

Services add messages through the unit of work; dispatchers take, mark and finish them. Knows neither network's protocol.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Select, bindparam, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from b24app.domain.deliveries import SaveItem
from b24app.domain.delivery import Delivery, Network, Priority
from storage import correlation
from storage.holding import HELD
from storage.models.outbox import OutboxRow

CHANNEL = "outbox"
RANKS = {Priority.CONVERSATION: 0, Priority.NOTICE: 1, Priority.BROADCAST: 2}
BLOCKING = ("todo", "doing", "proving")
SET_BACK = timedelta(minutes=1)
"""A row that was tried so far in the future was tried before the clock went back: the moment it waits for says nothing any more."""

# Used several times for each message: as constants they cost a tenth of what building them each time would.
_HEADS = text(
    """
    SELECT waiting.* FROM outbox AS waiting
    WHERE network = :network AND state = 'todo' AND rank <= :lowest
      AND (not_before IS NULL OR not_before <= :now OR sent_at > :set_back)
      AND NOT EXISTS (
        SELECT FROM outbox AS earlier
        WHERE earlier.network = waiting.network AND earlier.lane = waiting.lane AND earlier.id < waiting.id
          AND earlier.state IN ('todo', 'doing', 'proving')
      )
    ORDER BY rank, id LIMIT :limit FOR UPDATE SKIP LOCKED
    """
)
_DOUBTFUL = text(
    """
    SELECT doubtful.* FROM outbox AS doubtful
    WHERE network = :network AND state = 'proving'
      AND (not_before IS NULL OR not_before <= :now OR sent_at > :set_back)
      AND NOT EXISTS (
        SELECT FROM outbox AS earlier
        WHERE earlier.network = doubtful.network AND earlier.lane = doubtful.lane AND earlier.id < doubtful.id
          AND earlier.state IN ('doing', 'proving')
      )
    ORDER BY id LIMIT :limit FOR UPDATE SKIP LOCKED
    """
)


def _merged_payload(new: Any) -> Any:
    old = OutboxRow.payload
    merged: Any = old.op("||")(new)
    for part in ("fields", "links"):
        both = func.coalesce(old[part], text("'{}'::jsonb")).op("||")(new[part])
        merged = func.jsonb_set(merged, text(f"'{{{part}}}'"), both)
    for part in ("stage", "pipeline", "about"):
        latest = func.coalesce(func.nullif(new[part], text("'\"\"'::jsonb")), old[part])
        merged = func.jsonb_set(merged, text(f"'{{{part}}}'"), latest)
    return merged


def _storing(*, merging: bool) -> Select[Any]:
    """Give the statement that stores a row and announces it in one; it takes the row's columns as its parameters."""
    columns = ["network", "kind", "payload", "lane", "rank", "key", "coalesce", "about", "not_before", "correlation_id"]
    statement = insert(OutboxRow).values({name: bindparam(name) for name in columns})
    if merging:
        statement = statement.on_conflict_do_update(
            index_elements=["coalesce"],
            index_where=text("state = 'todo' and coalesce <> ''"),
            set_={
                "payload": _merged_payload(statement.excluded.payload),
                "correlation_id": statement.excluded.correlation_id,
            },
        )
    else:
        statement = statement.on_conflict_do_nothing(index_elements=["key"])
    stored = statement.returning(OutboxRow.id).cte("stored")
    return select(func.pg_notify(CHANNEL, bindparam("network"))).add_cte(stored)


_STORE_ONCE, _STORE_MERGING = _storing(merging=False), _storing(merging=True)


def add(
    session: Session, delivery: Delivery, *, lane: str = "", key: str = "", not_before: datetime | None = None
) -> str:
    """Store a message in the caller's transaction and announce it; answers its idempotency key.

    A known `key` changes nothing: the same effect is asked for once. A SaveItem joins the unsent save of the same ref.
    `lane` orders: nothing of a lane is sent before what was stored there earlier; by default the ref, the chat, or the conversation in it.
    """
    key = key or uuid4().hex
    coalesce = delivery.ref if isinstance(delivery, SaveItem) else ""
    values = {
        "network": delivery.network.value,
        "kind": type(delivery).__name__,
        "payload": delivery.payload(),
        "lane": lane or _default_lane(delivery, key),
        "rank": RANKS[delivery.priority],
        "key": key,
        "coalesce": coalesce,
        "about": delivery.about,
        "not_before": not_before,
        "correlation_id": correlation.current(),
    }
    session.execute(_STORE_MERGING if coalesce else _STORE_ONCE, values)
    return key


def _default_lane(delivery: Delivery, key: str) -> str:
    if delivery.priority is Priority.BROADCAST:
        # Whoever is told something together with thousands must not have to wait for it in a conversation.
        return f"broadcast:{key}"
    chat, talk = getattr(delivery, "chat_id", ""), getattr(delivery, "conversation_id", "")
    if talk:
        # In each chat of a conversation its order counts: nobody waits for what others are being told.
        return f"conversation:{talk}:{chat}" if chat else f"conversation:{talk}"
    ref = getattr(delivery, "ref", "")
    return f"crm:{ref}" if ref else f"chat:{chat}" if chat else f"single:{key}"


def take(
    session: Session,
    network: Network,
    *,
    now: datetime,
    limit: int,
    per_lane: int = 1,
    conversations_only: bool = False,
) -> list[OutboxRow]:
    """Lock and give up to `limit` rows that may go now: conversations first, then by age.

    At most `per_lane` consecutive rows of one lane come, oldest first, and none whose lane holds an earlier row that is
    still under way. Rows locked by somebody else are passed over. With `per_lane` above 1 one taker at a time may ask, since
    the rows that another has not committed yet look as if they were waiting. What leads its lane comes first, then followers.
    """
    lowest = RANKS[Priority.CONVERSATION if conversations_only else Priority.BROADCAST]
    values = {"network": network.value, "lowest": lowest, "now": now, "set_back": now + SET_BACK, "limit": limit}
    heads = list(session.scalars(select(OutboxRow).from_statement(_HEADS), values))
    room = limit - len(heads)
    if per_lane == 1 or not heads or not room:
        return heads
    return heads + _followers(session, heads, now, per_lane)[:room]


def _followers(session: Session, heads: list[OutboxRow], now: datetime, per_lane: int) -> list[OutboxRow]:
    """Give what comes right behind these rows in their lanes, up to the first that may not go; the oldest first."""
    place = func.row_number().over(partition_by=OutboxRow.lane, order_by=OutboxRow.id).label("place")
    placed = (
        select(OutboxRow.id, place)
        .where(
            OutboxRow.network == heads[0].network,
            OutboxRow.lane.in_({row.lane for row in heads}),
            OutboxRow.state.in_(BLOCKING),
        )
        .subquery()
    )
    near = select(placed.c.id).where(placed.c.place <= per_lane)
    rows = session.scalars(
        select(OutboxRow).where(OutboxRow.id.in_(near)).order_by(OutboxRow.id).with_for_update(key_share=True)
    )
    taken = {row.id for row in heads}
    stopped: set[str] = set()
    found = []
    for row in rows:
        if row.id in taken or row.lane in stopped:
            continue
        if row.state != "todo" or _waits(row, now):
            stopped.add(row.lane)
        else:
            found.append(row)
    return found


def _waits(row: OutboxRow, now: datetime) -> bool:
    is_later = row.not_before is not None and row.not_before > now
    return is_later and (row.sent_at is None or row.sent_at <= now + SET_BACK)


def mark_doing(rows: Iterable[OutboxRow], now: datetime) -> None:
    """Record, before the network is touched, that these rows are on their way."""
    for row in rows:
        row.state = "doing"
        row.coalesce = ""  # From here on its content is fixed, also when it has to be tried again.
        row.attempts += 1
        row.sent_at = now


def finish(row: OutboxRow, state: str, now: datetime, *, answer: dict[str, Any] | None = None) -> None:
    """Record the outcome of a row: done, uncertain, dead or dropped."""
    row.state = state
    row.finished_at = now
    if answer is not None:
        row.answer = answer


def put_back(row: OutboxRow, *, not_before: datetime | None, error: str = "", counted: bool = True) -> None:
    """Let a row be tried again later; `counted=False` when the try says nothing about the row itself (a closed gate)."""
    row.state = "todo"
    row.not_before = not_before
    row.error = error or row.error
    if not counted:
        row.attempts = max(0, row.attempts - 1)


def hasten(session: Session, row_ids: Sequence[int]) -> None:
    """Let rows that wait for their time go now: what they waited for has come."""
    if row_ids:
        waits = update(OutboxRow).where(OutboxRow.id.in_(row_ids), OutboxRow.state == "todo")
        networks = session.scalars(waits.values(not_before=None).returning(OutboxRow.network)).all()
        for network in set(networks):
            session.execute(select(func.pg_notify(CHANNEL, network)))


def abandoned(session: Session, network: Network, *, before: datetime | None = None) -> Sequence[OutboxRow]:
    """Give the rows that a dispatcher which died had under way, or those handed over `before` a moment: nothing takes so long.

    Only the one holder of the dispatcher's lock may ask.
    """
    under_way = select(OutboxRow).where(OutboxRow.network == network.value, OutboxRow.state == "doing")
    if before is not None:
        under_way = under_way.where(OutboxRow.sent_at < before)
    return session.scalars(under_way.order_by(OutboxRow.id)).all()


def doubt_waiting(session: Session, *, now: datetime, since: datetime) -> int:
    """Take what waits and is due for possibly sent at `since`, as after a crash; answers how many rows that were.

    For a restored database: what its messages became after the backup was taken is not in it.
    """
    values = {"state": "doing", "coalesce": "", "sent_at": since, "attempts": OutboxRow.attempts + 1}
    due = (OutboxRow.state == "todo") & (OutboxRow.not_before.is_(None) | (OutboxRow.not_before <= now))
    return len(session.execute(update(OutboxRow).where(due).values(**values).returning(OutboxRow.id)).all())


def to_prove(session: Session, network: Network, *, now: datetime, limit: int) -> Sequence[OutboxRow]:
    """Give rows in doubt whose look-up is due, the oldest first, one of a lane: what came later is judged after it."""
    values = {"network": network.value, "now": now, "set_back": now + SET_BACK, "limit": limit}
    return session.scalars(select(OutboxRow).from_statement(_DOUBTFUL), values).all()


def locked(session: Session, row_ids: Iterable[int]) -> dict[int, OutboxRow]:
    """Lock rows, the oldest first, and give them by their ids."""
    wanted = select(OutboxRow).where(OutboxRow.id.in_(row_ids)).order_by(OutboxRow.id).with_for_update(key_share=True)
    return {row.id: row for row in session.scalars(wanted, execution_options={"populate_existing": True})}


def retry(session: Session, row_id: int) -> bool:
    """Send an uncertain or dead row again because a person decided so; answers whether it was one.

    Of a save only what no later save of the item has written is sent: a state of long ago must not come back.
    """
    row = session.get(OutboxRow, row_id, with_for_update=HELD)
    again = {"state": "todo", "attempts": 0, "proofs": 0, "not_before": None, "finished_at": None}
    if row is None or row.kind != SaveItem.__name__:
        return _decide(session, row_id, again)
    left = _not_written_since(session, row)
    return _decide(session, row_id, {**again, "payload": left}) if left else drop(session, row_id)


def _not_written_since(session: Session, row: OutboxRow) -> dict[str, Any]:
    """Give what of a save stands in no later one, as a payload; nothing when all of it does."""
    later = session.scalars(
        select(OutboxRow.payload).where(
            OutboxRow.network == row.network,
            OutboxRow.lane == row.lane,
            OutboxRow.kind == row.kind,
            OutboxRow.id > row.id,
            OutboxRow.state.in_((*BLOCKING, "done")),
        )
    ).all()
    left = dict(row.payload)
    for part in ("fields", "links"):
        written = {name for payload in later for name in payload.get(part) or ()}
        left[part] = {name: value for name, value in (left.get(part) or {}).items() if name not in written}
    if any(payload.get("stage") for payload in later):
        left["stage"] = ""
    return left if not later or left["fields"] or left["links"] or left.get("stage") else {}


def drop(session: Session, row_id: int, state: str = "dropped") -> bool:
    """Give an uncertain or dead row up (`dropped`), or accept it as having arrived (`done`)."""
    return _decide(session, row_id, {"state": state, "finished_at": func.now()})


def _decide(session: Session, row_id: int, values: dict[str, Any]) -> bool:
    done = session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == row_id, OutboxRow.state.in_(("uncertain", "dead")))
        .values(**values)
        .returning(OutboxRow.network)
    ).scalar()
    if done:
        session.execute(select(func.pg_notify(CHANNEL, done)))
    return done is not None
