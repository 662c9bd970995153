"""Finding automation processes that stand still. Run every few minutes by one worker; the health page shows what was found.

Documentation: bizproc.workflow.instances, which calls a process stuck whose lock is older than five minutes.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from b24app.bitrix24.client import Command
from b24app.bitrix24.rounds import Asking
from b24app.bitrix24.watch import PortalWatch
from b24app.services import reports, stuck_workflows
from b24app.services.stuck_workflows import Instance
from storage.unit_of_work import UnitOfWork

STILL_FOR = timedelta(minutes=10)
LOCKED_FOR = timedelta(minutes=5)
PAGES = 4
PAGE = 50
COLUMNS = ["ID", "MODIFIED", "OWNED_UNTIL", "DOCUMENT_ID", "STARTED"]

log = logging.getLogger(__name__)


class StuckWorkflows(PortalWatch[list[Instance]]):
    """Looks at the processes of one portal. A portal without automation has nothing to show."""

    name = "workflows"

    def look(self, now: datetime) -> Asking[list[Instance]]:
        """List the processes that have not moved for a while, the longest still first."""
        return (yield from _still(now - STILL_FOR))

    def keep(self, uow: UnitOfWork, seen: list[Instance]) -> None:
        """Keep those that are really stuck."""
        stuck = stuck_workflows.judge(uow, seen, LOCKED_FOR)
        reports.write(uow, self.name, {"looked_at": len(seen), "stuck": [one.kept() for one in stuck]})
        if stuck:
            log.warning("%s automation processes stand still", len(stuck))


def _still(since: datetime) -> Asking[list[Instance]]:
    found: list[Instance] = []
    for page in range(PAGES):
        params = {
            "SELECT": COLUMNS,
            "FILTER": {"MODULE_ID": "crm", "<MODIFIED": since.isoformat(timespec="seconds")},
            "ORDER": {"MODIFIED": "asc"},
            "start": page * PAGE,
        }
        (answer,) = yield [Command("bizproc.workflow.instances", params)]
        rows = answer.value() or []
        found.extend(one for row in rows if (one := _read(row)) is not None)
        if len(rows) < PAGE:
            break
    return found


def _read(row: Mapping[str, Any]) -> Instance | None:
    changed = _moment(row.get("MODIFIED"))
    if not row.get("ID") or changed is None:
        return None
    started = _moment(row.get("STARTED")) or changed
    return Instance(
        str(row["ID"]), str(row.get("DOCUMENT_ID") or ""), started, changed, _moment(row.get("OWNED_UNTIL"))
    )


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
