"""Which automation processes of the CRM stand still because of us, or on one of our cards, and why. Called by the look at them.

Reads the calls we got and the answers we owe; changes nothing, sends nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select

from b24app.domain.deliveries import FinishRobot
from storage.models import CrmLink, InboxRow, OutboxRow
from storage.unit_of_work import UnitOfWork

SOURCE = "bitrix24.robot"
SILENT_FOR = timedelta(hours=1)
TYPES = {"LEAD": 1, "DEAL": 2, "CONTACT": 3, "COMPANY": 4}
DOCUMENT = re.compile(r"^(?:DYNAMIC_)?([A-Z]+|\d+)_(\d+)$")


@dataclass(frozen=True)
class Instance:
    """A process that runs on the portal. `owned_until` is set while the portal itself holds it locked."""

    id: str
    document: str
    started_at: datetime
    changed_at: datetime
    owned_until: datetime | None = None


@dataclass(frozen=True)
class Stuck:
    """A process that needs a person. `why`: set_aside, refused, unworked, unsent, locked, silent."""

    id: str
    entity_type_id: int
    entity_id: str
    since: datetime
    why: str

    def kept(self) -> dict[str, Any]:
        """Give it as a report keeps it."""
        return {**vars(self), "since": self.since.isoformat()}


def judge(uow: UnitOfWork, instances: Sequence[Instance], locked_for: timedelta) -> list[Stuck]:
    """Judge processes that have not moved for a while; those that only wait for their own time are left out."""
    calls = _calls(uow, instances)
    owed = _owed(uow, [row.key for rows in calls.values() for row in rows])
    cards = _cards(uow, instances)
    found = []
    for instance in instances:
        place, called = _place(instance.document), calls.get(instance.id, [])
        why = _ours(called, owed)
        if not why and instance.owned_until is not None and uow.now - instance.owned_until > locked_for:
            why = "locked"
        # Its first call to us may have come while nobody listened; a process that only waits for a day looks just the same.
        if not why and not called and place in cards and uow.now - instance.changed_at > SILENT_FOR:
            why = "silent"
        if why:
            found.append(Stuck(instance.id, *place, instance.changed_at, why))
    return found


def _ours(calls: Sequence[InboxRow], owed: dict[str, str]) -> str:
    """Say why a process waits for us, or nothing when all it asked was answered or is held back on purpose."""
    for row in calls:
        if row.state != "done":
            return "set_aside" if row.state == "poison" else "unworked"
        if row.key in owed:
            return "refused" if owed[row.key] == "dead" else "unsent"
    return ""


def _calls(uow: UnitOfWork, instances: Sequence[Instance]) -> dict[str, list[InboxRow]]:
    """Give the calls of each process; a call that names no process, which no page promises, is one of its document's."""
    workflow, document = InboxRow.payload["workflow_id"].astext, InboxRow.payload[("document_id", "2")].astext
    of_document: dict[str, list[str]] = {}
    for instance in instances:
        of_document.setdefault(instance.document, []).append(instance.id)
    named = workflow.in_([instance.id for instance in instances])
    unnamed = and_(workflow.is_(None), document.in_(of_document))
    rows = uow.session.scalars(
        select(InboxRow).where(InboxRow.source == SOURCE, or_(named, unnamed)).order_by(InboxRow.id)
    )
    found: dict[str, list[InboxRow]] = {}
    for row in rows:
        told = row.payload.get("workflow_id")
        for workflow_id in [str(told)] if told else of_document[str(row.payload["document_id"][2])]:
            found.setdefault(workflow_id, []).append(row)
    return found


def _owed(uow: UnitOfWork, tokens: Sequence[str]) -> dict[str, str]:
    """Give the answers that have not arrived yet: event token → state of its row."""
    token = OutboxRow.payload["event_token"].astext
    query = select(token, OutboxRow.state).where(
        OutboxRow.kind == FinishRobot.__name__, OutboxRow.state.not_in(("done", "dropped")), token.in_(tokens)
    )
    return {row[0]: row[1] for row in uow.session.execute(query)}


def _cards(uow: UnitOfWork, instances: Sequence[Instance]) -> set[tuple[int, str]]:
    places = {_place(instance.document) for instance in instances}
    rows = uow.session.execute(
        select(CrmLink.entity_type_id, CrmLink.entity_id).where(CrmLink.entity_id.in_({item for _, item in places}))
    )
    return {(int(type_id), item) for type_id, item in rows} & places


def _place(document: str) -> tuple[int, str]:
    read = DOCUMENT.match(document)
    if read is None:
        return 0, document
    return int(read[1]) if read[1].isdigit() else TYPES.get(read[1], 0), read[2]
