"""Looking effects up by our own ids after their answers were lost: many in one call, and page by page where the portal keeps a list.

Called by the gateway when it proves messages, never inside a transaction. Lists are read from the newest entry on, until the effect is
found, or the page reaches back to before it was sent, by the portal's own clock. After PAGES of them nobody can say.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from b24app.bitrix24.client import Answer, Command
from b24app.bitrix24.connection import Connection
from b24app.bitrix24.surroundings import Surroundings
from b24app.bitrix24.writing import WRITINGS, Writing
from b24app.domain.outcomes import Envelope, Outcome, TryLater, Unclear
from b24app.errors import GatewayError, NotYet, Rejected

log = logging.getLogger(__name__)

PAGES = 20
"""How many pages of a list one look-up reads: fifty entries each, ten of facts."""
MARGIN_SECONDS = 60.0

Known = Surroundings | Outcome
"""What a look-up needs to know of its message, or what becomes of the message without one."""


def looked_up(
    envelopes: Sequence[Envelope], known: Sequence[Known], connection: Connection, now: datetime
) -> list[Outcome]:
    """Give for each message Done when the effect is there, TryLater when it certainly is not, Unclear when it cannot be known."""
    questions = [
        _question(envelope, around) if isinstance(around, Surroundings) else around
        for envelope, around in zip(envelopes, known, strict=True)
    ]
    answers = iter(_asked([one for one in questions if isinstance(one, Command)], connection))
    outcomes: list[Outcome] = []
    for envelope, around, question in zip(envelopes, known, questions, strict=True):
        if isinstance(question, Command) and isinstance(around, Surroundings):
            outcomes.append(_judged(envelope, around, question, next(answers), connection=connection, now=now))
        elif not isinstance(question, Command):
            outcomes.append(question)
    return outcomes


def without_answer(error: GatewayError) -> Outcome:
    """Give what becomes of a message whose look-up failed."""
    if isinstance(error, NotYet):
        # What it belongs to is not there, so it could not even be put into words: nobody has sent it.
        return TryLater(str(error), after_seconds=0.0, counted=False)
    if isinstance(error, Rejected):
        return Unclear(f"The look-up was refused: {error}")
    return Unclear(f"The look-up gave no answer: {error}", counted=False)


def _question(envelope: Envelope, around: Surroundings) -> Command | Outcome:
    writing = WRITINGS[type(envelope.delivery)]
    if writing.look_up is None or writing.find is None:
        return TryLater("Harmless to repeat.", after_seconds=0.0)
    try:
        return writing.look_up(envelope.delivery, around)
    except GatewayError as error:
        return without_answer(error)


def _asked(commands: Sequence[Command], connection: Connection) -> Sequence[Answer]:
    try:
        return connection.batch(commands)
    except Rejected as error:
        # Whose fault a refusal is shows when each asks for itself.
        return [_asked([one], connection)[0] for one in commands] if len(commands) > 1 else [Answer(error=error)]
    except GatewayError as error:
        return [Answer(error=error) for _ in commands]


def _judged(
    envelope: Envelope, around: Surroundings, command: Command, answer: Answer, *, connection: Connection, now: datetime
) -> Outcome:
    writing, params = WRITINGS[type(envelope.delivery)], dict(command.params)
    for _ in range(PAGES):
        if answer.error is not None:
            return without_answer(answer.error)
        outcome = _found(writing, envelope, answer, around)
        if not isinstance(outcome, TryLater) or answer.next is None or _reaches_back(writing, answer, envelope, now):
            return outcome
        params["start"] = answer.next
        (answer,) = _asked([Command(command.method, params)], connection)
    return Unclear(f"It is not among what was written there last, and only {PAGES} pages of that are read.")


def _found(writing: Writing, envelope: Envelope, answer: Answer, around: Surroundings) -> Outcome:
    try:
        return (
            writing.find(envelope.delivery, answer.result, around) if writing.find else Unclear("It leaves no trace.")
        )
    except (KeyError, IndexError, TypeError, AttributeError, ValueError):
        log.exception(
            "The answer to the look-up of %s has another shape than documented.", type(envelope.delivery).__name__
        )
        return Unclear("The look-up answered in an unknown shape.", raw=repr(answer.result))


def _reaches_back(writing: Writing, answer: Answer, envelope: Envelope, now: datetime) -> bool:
    """Tell whether the last entry of a page was there before the message was sent."""
    if writing.last_moment is None or envelope.sent_at is None or not answer.timing.finished_at:
        return False
    try:
        written_at = datetime.fromisoformat(writing.last_moment(answer.result))
    except (KeyError, IndexError, TypeError, ValueError):
        return False
    if written_at.tzinfo is None:
        return False
    age_seconds = answer.timing.finished_at - written_at.timestamp()
    return age_seconds > (now - envelope.sent_at).total_seconds() + MARGIN_SECONDS
