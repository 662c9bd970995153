"""One batch on its way to the portal: what became of each message it carries, also when the batch was refused as a whole.

Made by the gateway for each send. What the portal says about one command is its messages' outcome; what it says about the connection
holds all of them back, uncounted. A refusal of the whole while the door is open is about what one message holds: the batch is divided
until it is found. Reads and writes no rows.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from sqlalchemy.exc import SQLAlchemyError

from b24app.bitrix24 import openlines
from b24app.bitrix24.client import Answer, Command
from b24app.bitrix24.connection import Connection
from b24app.bitrix24.field_catalogue import KeptCatalogue
from b24app.bitrix24.planning import BEHIND, Unit, halves
from b24app.bitrix24.spending import Spending
from b24app.bitrix24.surroundings import Surroundings
from b24app.bitrix24.writing import WRITINGS
from b24app.domain.deliveries import SendToOpenLine
from b24app.domain.delivery import Delivery
from b24app.domain.outcomes import Done, Envelope, Outcome, Refused, TryLater, Unclear
from b24app.errors import GatewayError, Rejected, Retryable, TokenExpired, Uncertain

CLOSED_PAUSE_SECONDS = 60.0
TOO_LARGE = {"413", "414"}
WITHOUT_DATABASE = TryLater("The database was away before this was sent.", counted=False)
HARMLESS = Command("server.time", {})
"""What may be asked at any time, by anybody, and changes nothing: it tells whether the door is open."""

log = logging.getLogger(__name__)


class Carriage:
    """The messages of one send. `outcomes` by their place in `envelopes`; `stopped` when a batch ended before its last command."""

    def __init__(
        self,
        connection: Connection,
        around: Surroundings,
        envelopes: Sequence[Envelope],
        spending: Spending,
        catalogue: KeptCatalogue,
    ) -> None:
        self.outcomes: dict[int, Outcome] = {}
        self.stopped = False
        self._connection = connection
        self._around = around
        self._envelopes = envelopes
        self._spending = spending
        self._catalogue = catalogue

    def carry(self, units: Sequence[Unit], *, chained: bool, suspected: bool = False) -> None:
        """Call the portal with these commands. `suspected` is one message that was refused by itself before."""
        try:
            answers = self._connection.batch([unit.command for unit in units], halt=chained)
        except SQLAlchemyError as error:
            # It is asked before a call (is it our turn, which token is valid), and after one that was refused.
            log.warning("A batch did not leave: %s", type(error).__name__)
            self._settle(units, WITHOUT_DATABASE)
            return
        except GatewayError as error:
            if isinstance(error, Uncertain):
                self._spending.note_failure()
            self._whole_refused(units, error, chained=chained, suspected=suspected)
            return
        self._spending.note_success()
        for unit, answer in zip(units, answers, strict=True):
            self._spending.learn(unit.command.method, answer)
            carried = [self._envelopes[position].delivery for position in unit.positions]
            self.outcomes.update(zip(unit.positions, self._judged(carried, answer), strict=True))
        self.stopped |= chained and any(answer.error is not None for answer in answers)

    def _whole_refused(self, units: Sequence[Unit], error: GatewayError, *, chained: bool, suspected: bool) -> None:
        single = len(units) == 1 and len(units[0].positions) == 1
        if error.code in TOO_LARGE:
            if single:
                self._settle(units, Refused("The portal takes no message of this size.", error.code, error.body))
            else:
                self._carry_parts(units, chained=chained)
        elif not isinstance(error, Rejected) or not self._is_open():
            self._settle(units, whole_failed(error))
        elif not single:
            self._carry_parts(units, chained=chained)
        elif suspected:
            log.warning("One message is refused where others pass: %s", error.code)
            said = f"Something in front of the portal does not let this message through: {error}"
            self._settle(units, Refused(said, error.code, error.body))
        else:
            # Perhaps the door was only closed for a moment: nobody is blamed for that.
            self.carry(units, chained=chained, suspected=True)

    def _is_open(self) -> bool:
        """Tell whether the portal answers us at all."""
        try:
            self._connection.batch([HARMLESS])
        except (GatewayError, SQLAlchemyError):
            return False
        return True

    def _carry_parts(self, units: Sequence[Unit], *, chained: bool) -> None:
        """Find whose fault it is that a batch was refused as a whole: certainly nothing of it happened."""
        middle, held = len(units) // 2, set[str]()
        parts = (units[:middle], units[middle:]) if middle else [[half] for half in self._halves(units[0])]
        for part in parts:
            self._settle([unit for unit in part if unit.lane in held], BEHIND)
            going = [unit for unit in part if unit.lane not in held]
            if going:
                self.carry(going, chained=chained)
            held |= {unit.lane for unit in going if not all(self._is_over(one) for one in unit.positions)}

    def _halves(self, unit: Unit) -> Sequence[Unit]:
        return halves(unit, self._envelopes, self._around)

    def _is_over(self, position: int) -> bool:
        return isinstance(self.outcomes.get(position), Done | Refused)

    def _settle(self, units: Sequence[Unit], outcome: Outcome) -> None:
        self.outcomes.update({position: outcome for unit in units for position in unit.positions})

    def _judged(self, carried: Sequence[Delivery], answer: Answer) -> list[Outcome]:
        error = answer.error
        if error is not None:
            return [self._failed(delivery, error) for delivery in carried]
        try:
            if len(carried) > 1:
                texts = [delivery for delivery in carried if isinstance(delivery, SendToOpenLine)]
                return openlines.sent_together(texts, answer.result)
            return [WRITINGS[type(carried[0])].read(carried[0], answer.result, self._around)]
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


def whole_failed(error: GatewayError) -> TryLater | Unclear:
    """Give the outcome of every message of a call that failed as such."""
    if isinstance(error, (Retryable, TokenExpired)):
        return TryLater(str(error), after_seconds=_pause(error), counted=False)
    if isinstance(error, Rejected):
        # The portal refuses us as such, not one message: no message is to blame.
        log.warning("The portal refuses the application: %s", error.code)
        return TryLater(f"{error.code}: {error}", after_seconds=CLOSED_PAUSE_SECONDS, counted=False)
    return Unclear(str(error), running=isinstance(error, Uncertain) and error.running, raw=error.body)


def _pause(error: GatewayError) -> float:
    wanted = error.after_seconds if isinstance(error, Retryable) else None
    return wanted if wanted is not None else 1.0
