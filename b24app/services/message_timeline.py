"""What of a conversation is written on the CRM's timeline: each message, one entry for a stretch of time, or nothing.

Called by `message_copies` and `message_edits`. The setting `timeline_mode` is each, digest or line; `timeline_minutes` is how long a digest
collects. A digest waits in a lane of its own, so nothing else about the deal waits for it. Sends AddTimelineComment.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from b24app.domain.deliveries import AddTimelineComment
from b24app.services import settings
from storage.models import MessageCopy, OutboxRow
from storage.unit_of_work import UnitOfWork

MODES = ("each", "digest", "line")
LONGEST_ENTRY = 20_000
_DEFAULT_MINUTES = 30.0


def mode(uow: UnitOfWork) -> str:
    """Give how conversations are recorded; each message unless somebody chose otherwise."""
    chosen = settings.get(uow, "timeline_mode")
    return chosen if chosen in MODES else MODES[0]


def write(uow: UnitOfWork, ref: str, text: str, marker: str, *, key: str, copy: MessageCopy | None = None) -> None:
    """Record something said; `copy` then knows the entry it went into."""
    chosen = mode(uow)
    if chosen == "digest":
        _collect(uow, ref, text, marker, copy)
    elif chosen == "each":
        about = f"copy/{copy.id}" if copy else ""
        uow.send(AddTimelineComment(about=about, ref=ref, text=text, marker=marker), key=key)


def _collect(uow: UnitOfWork, ref: str, text: str, marker: str, copy: MessageCopy | None) -> None:
    base = f"digest/{ref}:"
    open_one = uow.session.scalars(
        select(OutboxRow)
        .where(OutboxRow.key.startswith(base, autoescape=True), OutboxRow.state == "todo", OutboxRow.attempts == 0)
        .order_by(OutboxRow.id.desc())
        .limit(1)
        .with_for_update(key_share=True)
    ).first()
    if open_one is not None and len(open_one.payload["text"]) + len(text) <= LONGEST_ENTRY:
        open_one.payload = {**open_one.payload, "text": f"{open_one.payload['text']}\n\n{text}"}
        key = open_one.key
    else:
        key = f"{base}{marker}"
        about = f"group/{copy.id}" if copy else ""
        uow.send(
            AddTimelineComment(about=about, ref=ref, text=text, marker=marker),
            key=key,
            lane=f"digest:{ref}",
            not_before=uow.now + timedelta(minutes=_minutes(uow)),
        )
    if copy is not None:
        copy.outbox_key = key


def _minutes(uow: UnitOfWork) -> float:
    try:
        minutes = float(settings.get(uow, "timeline_minutes") or _DEFAULT_MINUTES)
    except ValueError:
        return _DEFAULT_MINUTES
    return minutes if 0 < minutes <= 24 * 60 else _DEFAULT_MINUTES
