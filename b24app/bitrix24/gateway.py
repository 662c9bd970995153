"""Carrying outgoing messages to the portal: one batch, an outcome for each message, nothing sent twice by accident.

Called by the dispatcher and by nobody else. Reads what it needs in a short transaction, closes it, then calls out. What the portal
says about one message is that message's outcome; what it says about the connection holds all of them back, uncounted.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from b24app.bitrix24 import dialogues, openlines
from b24app.bitrix24.client import Access, Answer, Command, RestClient
from b24app.bitrix24.connection import Connection
from b24app.bitrix24.crm import names_wanted
from b24app.bitrix24.field_catalogue import KeptCatalogue
from b24app.bitrix24.fields import FieldSpec, declared_fields
from b24app.bitrix24.oauth import TokenKeeper
from b24app.bitrix24.pacing import Pacing
from b24app.bitrix24.planning import BEHIND, Plan, Unit, lay_out
from b24app.bitrix24.processes import Places, filled_specs
from b24app.bitrix24.removal import RemovalCheck
from b24app.bitrix24.spending import REQUEST_SECONDS, Spending
from b24app.bitrix24.surroundings import Surroundings, entries_of, read_surroundings
from b24app.bitrix24.writing import WRITINGS
from b24app.config import Settings
from b24app.domain.deliveries import AddLogMessage, SendToOpenLine
from b24app.domain.delivery import Delivery
from b24app.domain.outcomes import Done, Envelope, Outcome, Refused, TryLater, Unclear
from b24app.errors import GatewayError, NotYet, Rejected, Retryable, TokenExpired, Uncertain
from b24app.manifest import Manifest
from b24app.services import conversations, file_links, industries, portals
from storage.models import Portal
from storage.unit_of_work import Transactions, UnitOfWork

NOT_INSTALLED_PAUSE_SECONDS = 2.0
CLOSED_PAUSE_SECONDS = 60.0
TOO_LARGE = {"413", "414"}

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
        ready = self._ready([envelope.delivery for envelope in envelopes])
        if isinstance(ready, TryLater):
            return [ready for _ in envelopes]
        # After a batch that stopped half-way the next holds only commands that do not depend on each other.
        plan = lay_out(envelopes, ready.around, one_of_a_lane=self._stopped.is_set())
        self._stopped.clear()
        outcomes = dict(plan.outcomes)
        units = self._affordable(plan, outcomes)
        if units:
            self._call(ready, envelopes, units, plan.chained, outcomes)
        return [outcomes.get(position, Unclear("No outcome.")) for position in range(len(envelopes))]

    def prove(self, envelope: Envelope) -> Outcome:
        """Look an effect up by our own id: Done when found, TryLater when certainly absent, Unclear when it cannot be known."""
        delivery = envelope.delivery
        ready = self._ready([delivery])
        if isinstance(ready, TryLater):
            return Unclear(ready.reason, counted=False)
        try:
            around = self._known_of(delivery, ready)
            return _looked_up(delivery, ready.connection, around) if isinstance(around, Surroundings) else around
        except NotYet as error:
            # What it belongs to is not there, so it could not even be put into words: nobody has sent it.
            return TryLater(str(error), after_seconds=0.0, counted=False)
        except Rejected as error:
            return Unclear(f"The look-up was refused: {error}")
        except GatewayError as error:
            return Unclear(f"The look-up gave no answer: {error}", counted=False)

    def _known_of(self, delivery: Delivery, ready: _Ready) -> Surroundings | Outcome:
        """Add to the surroundings what only a look-up needs, or tell what becomes of the message without one."""
        around = ready.around
        if isinstance(delivery, AddLogMessage):
            with self._transactions() as uow:
                return replace(around, entries=entries_of(uow, delivery.ref))
        if not isinstance(delivery, SendToOpenLine) or delivery.conversation_id in around.line_chats:
            return around
        with self._transactions() as uow:
            control = conversations.with_dialogue(uow, around.line(delivery.conversation_id))
        return dialogues.found(ready.connection, around, delivery.conversation_id, control)

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

    def _call(
        self,
        ready: _Ready,
        envelopes: Sequence[Envelope],
        units: Sequence[Unit],
        chained: bool,
        outcomes: dict[int, Outcome],
    ) -> None:
        try:
            answers = ready.connection.batch([unit.command for unit in units], halt=chained)
        except GatewayError as error:
            if isinstance(error, Uncertain):
                self._spending.note_failure()
            if error.code in TOO_LARGE:
                self._call_in_parts(ready, envelopes, units, chained, outcomes, error=error)
                return
            whole = self._whole_failed(error)
            outcomes.update({position: whole for unit in units for position in unit.positions})
            return
        self._spending.note_success()
        for unit, answer in zip(units, answers, strict=True):
            self._spending.learn(unit.command.method, answer)
            carried = [envelopes[position].delivery for position in unit.positions]
            outcomes.update(zip(unit.positions, self._judged(carried, answer, ready.around), strict=True))
        if chained and any(answer.error is not None for answer in answers):
            self._stopped.set()

    def _call_in_parts(
        self,
        ready: _Ready,
        envelopes: Sequence[Envelope],
        units: Sequence[Unit],
        chained: bool,
        outcomes: dict[int, Outcome],
        *,
        error: GatewayError,
    ) -> None:
        """Find whose fault it is that a batch was too large to be read: certainly nothing of it happened."""
        if len(units) == 1:
            too_large = Refused("The portal takes no message of this size.", error.code, error.body)
            outcomes.update(dict.fromkeys(units[0].positions, too_large))
            return
        middle, held = len(units) // 2, set[str]()
        for part in (units[:middle], units[middle:]):
            outcomes.update({position: BEHIND for unit in part if unit.lane in held for position in unit.positions})
            going = [unit for unit in part if unit.lane not in held]
            if going:
                self._call(ready, envelopes, going, chained, outcomes)
            held |= {unit.lane for unit in going if not all(_is_over(outcomes.get(one)) for one in unit.positions)}

    def _judged(self, carried: Sequence[Delivery], answer: Answer, around: Surroundings) -> list[Outcome]:
        error = answer.error
        if error is not None:
            return [self._failed(delivery, error) for delivery in carried]
        try:
            if len(carried) > 1:
                texts = [delivery for delivery in carried if isinstance(delivery, SendToOpenLine)]
                return openlines.sent_together(texts, answer.result)
            return [WRITINGS[type(carried[0])].read(carried[0], answer.result, around)]
        except (KeyError, IndexError, TypeError, AttributeError, ValueError):
            log.exception("The portal's answer to %s has another shape than documented.", type(carried[0]).__name__)
            return [Unclear("The answer has an unknown shape.", raw=repr(answer.result)) for _ in carried]

    def _failed(self, delivery: Delivery, error: GatewayError) -> Outcome:
        if isinstance(error, Rejected):
            if error.code in {"CRM_FIELD_ERROR_VALUE_NOT_VALID", "UNKNOWN_FIELD"}:
                self._catalogue.forget()
            return WRITINGS[type(delivery)].excuse(error)
        if isinstance(error, (Retryable, TokenExpired)):
            return TryLater(str(error), after_seconds=_pause(error), counted=False)
        return Unclear(str(error), raw=error.body)

    def _whole_failed(self, error: GatewayError) -> Outcome:
        if isinstance(error, (Retryable, TokenExpired)):
            return TryLater(str(error), after_seconds=_pause(error), counted=False)
        if isinstance(error, Rejected):
            # The portal refuses us as such, not one message: no message is to blame.
            log.warning("The portal refuses the application: %s", error.code)
            return TryLater(f"{error.code}: {error}", after_seconds=CLOSED_PAUSE_SECONDS, counted=False)
        return Unclear(str(error), running=isinstance(error, Uncertain) and error.running, raw=error.body)

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
            outcome = self._whole_failed(error)
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


def _is_over(outcome: Outcome | None) -> bool:
    return isinstance(outcome, Done | Refused)


def _looked_up(delivery: Delivery, connection: Connection, around: Surroundings) -> Outcome:
    writing = WRITINGS[type(delivery)]
    if writing.look_up is None or writing.find is None:
        return TryLater("Harmless to repeat.", after_seconds=0.0)
    command = writing.look_up(delivery, around)
    if not isinstance(command, Command):
        return command
    return writing.find(delivery, connection.call(command.method, command.params).result, around)


def _pause(error: GatewayError) -> float:
    wanted = error.after_seconds if isinstance(error, Retryable) else None
    return wanted if wanted is not None else 1.0
