"""Looking at the connected open lines: is each there, active, staffed, and silent by itself.

Run every minute by one worker; a line is looked at every ten minutes, one that somebody asked to be put right at once.
Documentation: imopenlines.config.get, imconnector.status.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta

from b24app.bitrix24.client import Command, RestClient
from b24app.bitrix24.connection import Connection
from b24app.bitrix24.install.applying import connect_line
from b24app.bitrix24.oauth import TokenKeeper
from b24app.domain.lines import troubles_of
from b24app.errors import GatewayError
from b24app.manifest import Manifest
from b24app.services import lines, portals, settings
from storage.models import OpenLine
from storage.unit_of_work import Transactions

EVERY = timedelta(minutes=10)

log = logging.getLogger(__name__)


class LineWatch:
    """Compares the lines with what they should be."""

    def __init__(self, transactions: Transactions, client: RestClient, keeper: TokenKeeper, manifest: Manifest) -> None:
        self._transactions = transactions
        self._client = client
        self._keeper = keeper
        self._manifest = manifest

    def run(self) -> int:
        """Look at the lines that are due; answers how many were judged. A portal that gives no answer is asked again in a minute."""
        with self._transactions() as uow:
            portal = portals.current(uow)
            default = settings.get(uow, lines.DEFAULT)
            if default and all(line.line_id != default for line in lines.known(uow)):
                lines.connected(uow, default, "automation")
            due = [
                line
                for line in lines.known(uow)
                if line.mend_asked_at or line.checked_at is None or line.checked_at <= uow.now - EVERY
            ]
            language = portals.language(uow)
        if portal is None or portal.state != "active" or not due:
            return 0
        connection = Connection(self._client, self._keeper, portal.id, urgent=False)
        try:
            return sum(self._look(connection, line, language) for line in due)
        except GatewayError as error:
            log.info("The open lines could not be looked at: %s", error)
            return 0

    def _look(self, connection: Connection, line: OpenLine, language: str) -> bool:
        connector = self._manifest.connector
        if line.mend_asked_at is not None:
            connect_line(connection, connector.id, line.line_id, connector.line_title.of(language))
        config, status = connection.batch(
            [
                Command("imopenlines.config.get", {"CONFIG_ID": line.line_id, "WITH_QUEUE": "Y"}),
                Command("imconnector.status", {"CONNECTOR": connector.id, "LINE": line.line_id}),
            ]
        )
        if config.error is not None:
            raise config.error
        found = troubles_of(config.result, status.result if status.error is None else None)
        title = str(config.result.get("LINE_NAME") or "") if isinstance(config.result, Mapping) else ""
        with self._transactions() as uow:
            kept = uow.session.get(OpenLine, line.id, with_for_update=True)
            if kept is not None:
                kept.mend_asked_at = None
                lines.judged(uow, kept, title, found)
        return True
