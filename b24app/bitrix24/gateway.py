"""Carrying outgoing messages to the portal: one batch, an outcome for each message, nothing sent twice by accident.

Called by the dispatcher and by nobody else. Reads what it needs in a short transaction, closes it, then calls out; what a call comes to
is told by `carriage`.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError

from b24app.bitrix24 import dialogues
from b24app.bitrix24.carriage import CLOSED_PAUSE_SECONDS, WITHOUT_DATABASE, Carriage, whole_failed
from b24app.bitrix24.client import Access, RestClient
from b24app.bitrix24.connection import Connection
from b24app.bitrix24.crm import names_wanted
from b24app.bitrix24.field_catalogue import KeptCatalogue
from b24app.bitrix24.fields import FieldSpec, declared_fields
from b24app.bitrix24.looking_up import Known, looked_up, without_answer
from b24app.bitrix24.oauth import TokenKeeper
from b24app.bitrix24.pacing import Pacing
from b24app.bitrix24.planning import BEHIND, Plan, Unit, lay_out
from b24app.bitrix24.processes import Places, filled_specs
from b24app.bitrix24.removal import RemovalCheck
from b24app.bitrix24.spending import REQUEST_SECONDS, Spending
from b24app.bitrix24.surroundings import Surroundings, entries_of, read_surroundings
from b24app.config import Settings
from b24app.domain.deliveries import AddLogMessage, SendToOpenLine
from b24app.domain.delivery import Delivery
from b24app.domain.outcomes import Envelope, Outcome, TryLater, Unclear
from b24app.errors import GatewayError
from b24app.manifest import Manifest
from b24app.services import conversations, file_links, industries, portals
from storage.models import Portal
from storage.unit_of_work import Transactions, UnitOfWork

NOT_INSTALLED_PAUSE_SECONDS = 2.0

Specs = Mapping[str, Mapping[str, FieldSpec]]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Ready:
    connection: Connection
    around: Surroundings


class Bitrix24Gateway:
    """The portal as the dispatcher sees it."""

    def __init__(
        self,
        settings: Settings,
        transactions: Transactions,
        client: RestClient,
        keeper: TokenKeeper,
        manifest: Manifest,
    ) -> None:
        self._transactions = transactions
        self._client = client
        self._keeper = keeper
        self._manifest = manifest
        self._catalogue = KeptCatalogue()
        self._removal = RemovalCheck(transactions, client, keeper)
        self._pacing = Pacing(transactions, settings)
        self._spending = Spending(transactions)
        self._stopped = threading.Event()
        self._declared: Specs | None = None
        self._filled: tuple[Places, Specs] | None = None
        self._public_url, self._keys = settings.public_url, settings.secret_keys

    def pause(self) -> float:
        """Give the seconds until the portal's request limit lets a call through."""
        return self._pacing.seconds_to_wait()

    def send(self, envelopes: list[Envelope]) -> list[Outcome]:
        """Send; one outcome for each, in their order."""
        try:
            return self._send(envelopes)
        except SQLAlchemyError as error:
            # What is read is read before the call.
            log.warning("Nothing left for the portal: %s", type(error).__name__)
            return [WITHOUT_DATABASE for _ in envelopes]

    def _send(self, envelopes: list[Envelope]) -> list[Outcome]:
        ready = self._ready([envelope.delivery for envelope in envelopes])
        if isinstance(ready, TryLater):
            return [ready for _ in envelopes]
        # After a batch that stopped half-way the next holds only commands that do not depend on each other.
        plan = lay_out(envelopes, ready.around, one_of_a_lane=self._stopped.is_set())
        self._stopped.clear()
        outcomes = dict(plan.outcomes)
        units = self._affordable(plan, outcomes)
        if units:
            carriage = Carriage(ready.connection, ready.around, envelopes, self._spending, self._catalogue)
            carriage.carry(units, chained=plan.chained)
            outcomes |= carriage.outcomes
            if carriage.stopped:
                self._stopped.set()
        return [outcomes.get(position, Unclear("No outcome.")) for position in range(len(envelopes))]

    def prove(self, envelopes: list[Envelope]) -> list[Outcome]:
        """Look effects up by our own ids: Done when found, TryLater when certainly absent, Unclear when it cannot be known."""
        ready = self._ready([envelope.delivery for envelope in envelopes])
        if isinstance(ready, TryLater):
            return [Unclear(ready.reason, counted=False) for _ in envelopes]
        known, cards = list[Known](), set[str]()
        for envelope in envelopes:
            delivery = envelope.delivery
            if isinstance(delivery, AddLogMessage) and delivery.ref in cards:
                # Of equal facts each has to know which entry is another's.
                known.append(Unclear("Another fact on the same card is looked up first.", counted=False))
                continue
            if isinstance(delivery, AddLogMessage):
                cards.add(delivery.ref)
            known.append(self._known_of(delivery, ready))
        return looked_up(envelopes, known, ready.connection, datetime.now(UTC))

    def _known_of(self, delivery: Delivery, ready: _Ready) -> Known:
        """Add to the surroundings what only a look-up needs, or tell what becomes of the message without one."""
        around = ready.around
        if isinstance(delivery, AddLogMessage):
            with self._transactions() as uow:
                return replace(around, entries=entries_of(uow, delivery.ref))
        if not isinstance(delivery, SendToOpenLine) or delivery.conversation_id in around.line_chats:
            return around
        try:
            with self._transactions() as uow:
                control = conversations.with_dialogue(uow, around.line(delivery.conversation_id))
            return dialogues.found(ready.connection, around, delivery.conversation_id, control)
        except GatewayError as error:
            return without_answer(error)

    def _affordable(self, plan: Plan, outcomes: dict[int, Outcome]) -> list[Unit]:
        """Leave out commands whose method rests, and what would make the request last too long or hold too much."""
        units: list[Unit] = []
        held: set[str] = set()
        seconds = 0.0
        for unit in plan.units:
            rest = self._spending.rest_of(unit.command.method)
            seconds += self._spending.seconds_of(unit.command.method)
            if unit.lane in held:
                later = BEHIND
            elif rest:
                later = TryLater(f"{unit.command.method} has used its time up.", after_seconds=rest, counted=False)
            elif units and (len(units) >= self._spending.most() or seconds > REQUEST_SECONDS):
                later = TryLater("The batch is full.", after_seconds=0.0, counted=False)
            else:
                units.append(unit)
                continue
            held.add(unit.lane)
            outcomes.update(dict.fromkeys(unit.positions, later))
        return units

    def _ready(self, deliveries: Sequence[Delivery]) -> _Ready | TryLater:
        with self._transactions() as uow:
            portal = portals.current(uow)
            around = self._around(uow, portal, deliveries) if portal is not None else None
        if portal is None or around is None or portal.state in {"installing", "leaving"}:
            return TryLater("The application is not installed yet.", NOT_INSTALLED_PAUSE_SECONDS, counted=False)
        if portal.state == "suspended" and not self._removal.still_installed(portal):
            return TryLater("The application was removed from the portal.", CLOSED_PAUSE_SECONDS, counted=False)
        access = Access(portal.client_endpoint, portal.access_token) if portal.access_token else None
        connection = Connection(self._client, self._keeper, portal.id, urgent=False, access=access)
        wanted = {name for delivery in deliveries for name in names_wanted(delivery, around.specs)}
        try:
            catalogue = self._catalogue.get(portal.id, connection, wanted, around.processes)
        except GatewayError as error:
            outcome = whole_failed(error)
            return outcome if isinstance(outcome, TryLater) else TryLater(str(error), 5.0, counted=False)
        return _Ready(connection, replace(around, catalogue=catalogue))

    def _around(self, uow: UnitOfWork, portal: Portal, deliveries: Sequence[Delivery]) -> Surroundings:
        return read_surroundings(
            uow,
            portal,
            deliveries,
            manifest=self._manifest,
            specs_of=self._specs_of,
            file_address=self._file_address,
        )

    def _file_address(self, subject: str) -> str:
        return file_links.address(self._public_url, self._keys, subject, datetime.now(UTC))

    def _specs_of(self, processes: Places) -> Specs:
        if self._declared is None:
            self._declared = declared_fields(self._manifest, industries.pack())
        known = self._filled
        if known is None or known[0] != processes:
            self._filled = known = (processes, filled_specs(self._declared, processes))
        return known[1]
