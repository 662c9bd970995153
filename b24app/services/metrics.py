"""What a monitoring system wants to know, in the text format of Prometheus. Called by the web process. Reads only; names nobody."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence

from sqlalchemy import func, select

from storage.models import Gate, InboxRow, OutboxRow
from storage.unit_of_work import UnitOfWork

PREFIX = "marketplace_"
OPEN = ("todo", "doing", "proving", "uncertain", "dead")


def token(secret_keys: Sequence[str]) -> str:
    """Give the token with which a monitoring system reads; it changes with the deployment's newest key."""
    return hmac.new(secret_keys[0].encode(), b"metrics", hashlib.sha256).hexdigest()[:40]


def exposition(uow: UnitOfWork) -> str:
    """Give every metric with its help and type."""
    now = uow.now.timestamp()
    out = uow.session.execute(
        select(OutboxRow.network, OutboxRow.state, func.count(), func.min(OutboxRow.created_at))
        .where(OutboxRow.state.in_(OPEN))
        .group_by(OutboxRow.network, OutboxRow.state)
    ).all()
    came = uow.session.execute(
        select(InboxRow.source, InboxRow.state, func.count(), func.min(InboxRow.received_at))
        .where(InboxRow.state.in_(("todo", "poison")))
        .group_by(InboxRow.source, InboxRow.state)
    ).all()
    gates = uow.session.scalars(select(Gate)).all()
    buckets = [gate for gate in gates if not gate.name.startswith("operating:")]
    resting = [gate for gate in gates if gate.name.startswith("operating:") and gate.at > now]
    families = (
        (
            "outbox_rows",
            "Messages on their way or in trouble.",
            [(f'network="{n}",state="{s}"', c) for n, s, c, _ in out],
        ),
        (
            "outbox_oldest_seconds",
            "Age of the oldest of them.",
            [(f'network="{n}",state="{s}"', now - oldest.timestamp()) for n, s, _, oldest in out],
        ),
        ("inbox_rows", "Facts to be worked or set aside.", [(f'source="{n}",state="{s}"', c) for n, s, c, _ in came]),
        (
            "inbox_oldest_seconds",
            "Age of the oldest of them.",
            [(f'source="{n}",state="{s}"', now - oldest.timestamp()) for n, s, _, oldest in came],
        ),
        (
            "limit_used_calls",
            "How full a request limit was when last asked.",
            [(f'limit="{g.name}"', g.calls) for g in buckets],
        ),
        (
            "method_rests_seconds",
            "How long a REST method still rests because its operating time is used up.",
            [(f'method="{g.name.partition(":")[2]}"', g.at - now) for g in resting],
        ),
    )
    return "".join(_family(name, text, samples) for name, text, samples in families)


def _family(name: str, text: str, samples: Iterable[tuple[str, float]]) -> str:
    head = f"# HELP {PREFIX}{name} {text}\n# TYPE {PREFIX}{name} gauge\n"
    return head + "".join(f"{PREFIX}{name}{{{labels}}} {float(value):g}\n" for labels, value in samples)
