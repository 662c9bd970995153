"""Carrying outgoing messages to the portal: one batch, an outcome for each message, nothing sent twice by accident.

Called by the dispatcher and by nobody else. Reads what it needs in a short transaction, closes it, then calls out. What the portal
says about one message is that message's outcome; what it says about the connection holds all of them back, uncounted.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from b24app.bitrix24.client import BATCH_LIMIT, Answer, Command, RestClient
from b24app.bitrix24.connection import Connection
from b24app.bitrix24.crm import names_wanted
from b24app.bitrix24.field_catalogue import KeptCatalogue
from b24app.bitrix24.fields import FieldSpec, declared_fields
from b24app.bitrix24.oauth import TokenKeeper
from b24app.bitrix24.removal import RemovalCheck
from b24app.bitrix24.surroundings import Surroundings, read_surroundings
from b24app.bitrix24.writing import WRITINGS
from b24app.config import Settings
from b24app.domain.buckets import Bucket
from b24app.domain.deliveries import Delivery, Priority
from b24app.domain.outcomes import Envelope, Outcome, Refused, TryLater, Unclear
from b24app.errors import GatewayError, NotYet, Rejected, Retryable, TokenExpired
from b24app.manifest import Manifest
from b24app.services import file_links, gates, industries, portals
from storage.models import Portal
from storage.unit_of_work import Transactions

GATE = "bitrix24"
NOT_INSTALLED_PAUSE_SECONDS = 2.0
NOT_YET_PAUSE_SECONDS = 0.5
CLOSED_PAUSE_SECONDS = 60.0

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
        self._bucket = Bucket(
            settings.bitrix_rate_per_second, settings.bitrix_rate_burst, settings.bitrix_interactive_reserve
        )
        self._known_specs: Mapping[str, Mapping[str, FieldSpec]] | None = None
        self._public_url, self._keys = settings.public_url, settings.secret_keys

    def send(self, envelopes: list[Envelope]) -> list[Outcome]:
        """Send; one outcome for each, in their order."""
        ready = self._ready([envelope.delivery for envelope in envelopes])
        if isinstance(ready, TryLater):
            return [ready for _ in envelopes]
        plans = [_planned(envelope.delivery, ready.around) for envelope in envelopes]
        chosen = [number for number, plan in enumerate(plans) if isinstance(plan, Command)]
        outcomes: list[Outcome | None] = [plan if not isinstance(plan, Command) else None for plan in plans]
        for start in range(0, len(chosen), BATCH_LIMIT):
            part = chosen[start : start + BATCH_LIMIT]
            for number, outcome in zip(part, self._send_part(ready, envelopes, plans, part), strict=True):
                outcomes[number] = outcome
        return [outcome or Unclear("No outcome.") for outcome in outcomes]

    def prove(self, envelope: Envelope) -> Outcome:
        """Look an effect up by our own id: Done when found, TryLater when certainly absent, Unclear when it cannot be known."""
        delivery = envelope.delivery
        writing = WRITINGS[type(delivery)]
        if writing.look_up is None or writing.find is None:
            return TryLater("Harmless to repeat.", after_seconds=0.0)
        ready = self._ready([delivery])
        if isinstance(ready, TryLater):
            return Unclear(ready.reason)
        try:
            command = writing.look_up(delivery, ready.around)
            if not isinstance(command, Command):
                return command
            if self._held_back(urgent=False):
                return Unclear("The portal's limit is used up.")
            return writing.find(delivery, ready.connection.call(command.method, command.params).result, ready.around)
        except GatewayError as error:
            return Unclear(f"The look-up gave no answer: {error}")

    def _send_part(
        self, ready: _Ready, envelopes: Sequence[Envelope], plans: Sequence[Command | Outcome], part: Sequence[int]
    ) -> list[Outcome]:
        urgent = any(envelopes[number].delivery.priority is Priority.CONVERSATION for number in part)
        wait = self._held_back(urgent=urgent)
        if wait:
            return [TryLater("The portal's limit is used up.", after_seconds=wait, counted=False) for _ in part]
        commands = [plan for number in part if isinstance(plan := plans[number], Command)]
        try:
            answers = ready.connection.batch(commands)
        except GatewayError as error:
            outcome = self._whole_failed(error)
            return [outcome for _ in part]
        return [
            self._judged(envelopes[number].delivery, answer, ready.around)
            for number, answer in zip(part, answers, strict=True)
        ]

    def _judged(self, delivery: Delivery, answer: Answer, around: Surroundings) -> Outcome:
        writing = WRITINGS[type(delivery)]
        error = answer.error
        if error is None:
            try:
                return writing.read(delivery, answer.result, around)
            except (KeyError, IndexError, TypeError, AttributeError):
                log.exception("The portal's answer to %s has another shape than documented.", type(delivery).__name__)
                return Unclear("The answer has an unknown shape.")
        if isinstance(error, Rejected):
            if error.code in {"CRM_FIELD_ERROR_VALUE_NOT_VALID", "UNKNOWN_FIELD"}:
                self._catalogue.forget()
            return writing.excuse(error)
        if isinstance(error, (Retryable, TokenExpired)):
            self._note_closed_gate(error)
            return TryLater(str(error), after_seconds=_pause(error), counted=False)
        return Unclear(str(error))

    def _whole_failed(self, error: GatewayError) -> Outcome:
        if isinstance(error, (Retryable, TokenExpired)):
            self._note_closed_gate(error)
            return TryLater(str(error), after_seconds=_pause(error), counted=False)
        if isinstance(error, Rejected):
            # The portal refuses us as such, not one message: no message is to blame.
            log.warning("The portal refuses the application: %s", error.code)
            return TryLater(f"{error.code}: {error}", after_seconds=CLOSED_PAUSE_SECONDS, counted=False)
        return Unclear(str(error))

    def _ready(self, deliveries: Sequence[Delivery]) -> _Ready | TryLater:
        with self._transactions() as uow:
            portal = portals.current(uow)
        if portal is None or portal.state == "installing":
            return TryLater("The application is not installed yet.", NOT_INSTALLED_PAUSE_SECONDS, counted=False)
        if portal.state == "suspended" and not self._removal.still_installed(portal):
            return TryLater("The application was removed from the portal.", CLOSED_PAUSE_SECONDS, counted=False)
        return self._around(portal, deliveries)

    def _around(self, portal: Portal, deliveries: Sequence[Delivery]) -> _Ready | TryLater:
        connection = Connection(self._client, self._keeper, portal.id)
        try:
            wanted = {name for delivery in deliveries for name in names_wanted(delivery, self._specs())}
            catalogue = self._catalogue.get(portal.id, connection, wanted)
        except GatewayError as error:
            outcome = self._whole_failed(error)
            return outcome if isinstance(outcome, TryLater) else TryLater(str(error), 5.0, counted=False)
        with self._transactions() as uow:
            around = read_surroundings(
                uow,
                portal,
                deliveries,
                manifest=self._manifest,
                specs=self._specs(),
                catalogue=catalogue,
                file_address=self._file_address,
            )
        return _Ready(connection, around)

    def _file_address(self, subject: str) -> str:
        return file_links.address(self._public_url, self._keys, subject, datetime.now(UTC))

    def _specs(self) -> Mapping[str, Mapping[str, FieldSpec]]:
        if self._known_specs is None:
            self._known_specs = declared_fields(self._manifest, industries.pack())
        return self._known_specs

    def _held_back(self, *, urgent: bool) -> float:
        with self._transactions() as uow:
            return gates.pass_through(uow, GATE, self._bucket, urgent=urgent)

    def _note_closed_gate(self, error: GatewayError) -> None:
        if error.code.upper() == "QUERY_LIMIT_EXCEEDED":
            with self._transactions() as uow:
                gates.fill(uow, GATE, self._bucket)


def _pause(error: GatewayError) -> float:
    wanted = error.after_seconds if isinstance(error, Retryable) else None
    return wanted if wanted is not None else 1.0


def _planned(delivery: Delivery, around: Surroundings) -> Command | Outcome:
    try:
        return WRITINGS[type(delivery)].build(delivery, around)
    except NotYet as error:
        return TryLater(str(error), after_seconds=NOT_YET_PAUSE_SECONDS, counted=False)
    except Rejected as error:
        return Refused(str(error), error.code)
