"""Looking at the connected open lines: is each there, active, staffed, and silent by itself. What waited for one goes once it is in order.

Run every minute by one worker; a line is looked at every ten minutes, one that somebody asked to be put right at once.
Documentation: imopenlines.config.get, imconnector.status.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from b24app.bitrix24.client import Command
from b24app.bitrix24.connection import Connection
from b24app.bitrix24.install.applying import connect_line
from b24app.bitrix24.rounds import Asking, Question
from b24app.domain.lines import troubles_of
from b24app.manifest import Manifest
from b24app.services import line_waits, lines, portals, settings
from storage.holding import HELD
from storage.models import OpenLine
from storage.unit_of_work import Transactions

EVERY = timedelta(minutes=10)

log = logging.getLogger(__name__)


class LineWatch(Question):
    """Compares the lines with what they should be."""

    def __init__(self, transactions: Transactions, manifest: Manifest) -> None:
        self._transactions = transactions
        self._manifest = manifest

    def ask(self, connection: Connection, portal_id: int, now: datetime) -> Asking[int]:
        """Look at the lines that are due; finds how many were judged."""
        with self._transactions() as uow:
            default = settings.get(uow, lines.DEFAULT)
            if default and all(line.line_id != default for line in lines.known(uow)):
                lines.connected(uow, default, "automation")
            due = [
                line
                for line in lines.known(uow)
                if line.mend_asked_at or line.checked_at is None or line.checked_at <= uow.now - EVERY
            ]
            language = portals.language(uow)
            line_waits.give_up(uow)
        judged = 0
        for line in due:
            judged += yield from self._look(connection, line, language)
        return judged

    def _look(self, connection: Connection, line: OpenLine, language: str) -> Asking[bool]:
        connector = self._manifest.connector
        if line.mend_asked_at is not None:
            connect_line(connection, connector.id, line.line_id, connector.line_title.of(language))
        config, status = yield [
            Command("imopenlines.config.get", {"CONFIG_ID": line.line_id, "WITH_QUEUE": "Y"}),
            Command("imconnector.status", {"CONNECTOR": connector.id, "LINE": line.line_id}),
        ]
        if config.error is not None:
            # The others are looked at all the same; this one is asked for again in the next round.
            log.info("The portal did not tell the line %s: %s", line.line_id, config.error)
            return False
        found = troubles_of(config.result, status.result if status.error is None else None)
        title = str(config.result.get("LINE_NAME") or "") if isinstance(config.result, Mapping) else ""
        with self._transactions() as uow:
            kept = uow.session.get(OpenLine, line.id, with_for_update=HELD)
            if kept is not None:
                kept.mend_asked_at = None
                lines.judged(uow, kept, title, found)
        return True
