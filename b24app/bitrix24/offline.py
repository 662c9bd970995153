"""Fetching the events that the portal kept while nobody listened, and confirming them once they are stored.

Run every minute and at the start of a worker, by one process of the cluster. Records are reserved under a process id, stored, and only
then cleared: whoever dies in between leaves a reservation, which the next round finds in the list and finishes. Where the portal's plan has
no such queue, and where a record does not say what changed, items are looked up by the date of their change.
Documentation: event.offline.get, event.offline.clear, event.offline.error, event.offline.list.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from b24app.bitrix24 import changed_since, missed_facts
from b24app.bitrix24.client import Command
from b24app.bitrix24.connection import Connection
from b24app.bitrix24.rounds import Asking, Question
from b24app.services import reports
from storage import correlation, jobs
from storage.locks import alone_if_free
from storage.models import AppliedElement
from storage.unit_of_work import Transactions

NAME = "offline"
LOCK = 0x62323404
LIMIT = 50
LISTED: Mapping[str, Any] = {"order": {"ID": "ASC"}}
ROUNDS = 40
FRESH = timedelta(seconds=20)
"""What happened a moment ago is left to the event that is on its way."""
OVERLAP = timedelta(minutes=2)

log = logging.getLogger(__name__)


class MissedEvents(Question):
    """The portal's queue of one installation."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions
        self._stored: list[Command] = []

    def ask(self, connection: Connection, portal_id: int, now: datetime) -> Asking[int]:
        """Hear what was missed; finds how many facts were new. Does nothing when somebody is at it."""
        with alone_if_free(self._transactions.engine, LOCK) as free:
            heard = (yield from self._hear(portal_id, now)) if free else 0
        if heard:
            log.warning("%s events were missed and fetched", heard)
        return heard

    def _hear(self, portal_id: int, now: datetime) -> Asking[int]:
        with self._transactions() as uow:
            bound = AppliedElement.element.startswith("offline:")
            queued = uow.session.scalar(select(AppliedElement.id).where(AppliedElement.portal_id == portal_id, bound))
            before = reports.read(uow, NAME)
        since = datetime.fromisoformat(before.content["looked_at"]) if before is not None else now - OVERLAP
        heard, unclear, parked = (yield from self._drained(now)) if queued else (0, True, 0)
        if unclear:
            heard += yield from changed_since.hear(self._transactions, portal_id, since - OVERLAP)
        with self._transactions() as uow:
            total = heard + (before.content["heard"] if before is not None else 0)
            mode = "queue" if queued else "dates"
            content = {"mode": mode, "heard": total, "parked": parked, "looked_at": now.isoformat()}
            reports.write(uow, NAME, content)
        return heard

    def _drained(self, now: datetime) -> Asking[tuple[int, bool, int]]:
        """Drain the queue; gives how many facts were new, whether records did not say what changed, and how many are parked.

        What was stored is confirmed in the call that asks again, at the latest in the next round: until then it stays reserved, and
        whoever finds it in the list knows it already. Nothing more is asked for after a short answer.
        """
        until = (now - FRESH).isoformat(timespec="seconds")
        take = Command("event.offline.get", {"clear": 0, "limit": LIMIT, "filter": {"<TIMESTAMP_X": until}})
        *_, page, taken = yield [*self._stored, Command("event.offline.list", LISTED), take]
        self._stored = []
        listed = list(page.value() or ())
        while page.next is not None:
            (page,) = yield [Command("event.offline.list", {**LISTED, "start": page.next})]
            listed += page.value() or ()
        left: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for row in listed:
            if row.get("PROCESS_ID") and str(row.get("ERROR")) == "0":
                left[str(row["PROCESS_ID"])].append(row)
        parked = sum(str(row.get("ERROR")) != "0" for row in listed)
        heard, unclear = 0, False
        for _ in range(ROUNDS):
            fresh = list(taken.value().get("events") or ())
            if fresh:
                left[str(taken.value()["process_id"])] += fresh
            for process_id, records in left.items():
                new, vague, bad = self._kept(records)
                heard, unclear, parked = heard + new, unclear or vague, parked + len(bad)
                self._stored += _confirming(process_id, records, bad)
            left.clear()
            if len(fresh) < LIMIT:
                break
            *_, taken = yield [*self._stored, take]
            self._stored = []
        return heard, unclear, parked

    def _kept(self, records: Sequence[Mapping[str, Any]]) -> tuple[int, bool, list[str]]:
        """Store records; answers how many were new, whether some did not say what changed, and which cannot be read at all."""
        new, vague, gone, bad = 0, False, False, []
        with correlation.following(), self._transactions.engine.begin() as connection:
            for record in records:
                event, at = str(record.get("EVENT_NAME") or "").upper(), _moment(record.get("TIMESTAMP_X"))
                if not event or at is None:
                    bad.append(str(record.get("MESSAGE_ID")))
                elif isinstance(data := record.get("EVENT_DATA"), Mapping) and data:
                    new += missed_facts.accept(connection, event, data, at)
                else:
                    vague = True
                    gone = gone or event.endswith("DELETE")
            if gone:
                # One look finds all that is gone.
                jobs.defer(connection, "reconcile")
        return new, vague, bad


def _confirming(process_id: str, records: Sequence[Mapping[str, Any]], bad: Sequence[str]) -> Iterator[Command]:
    """Give the commands by which the portal hears what became of the records of a process."""
    if bad:
        log.error("%s records of the portal's queue cannot be read and are parked there", len(bad))
        yield Command("event.offline.error", {"process_id": process_id, "message_id": list(bad)})
    good = [str(record["MESSAGE_ID"]) for record in records if str(record.get("MESSAGE_ID")) not in bad]
    if good:
        yield Command("event.offline.clear", {"process_id": process_id, "message_id": good})


def _moment(value: Any) -> int | None:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
