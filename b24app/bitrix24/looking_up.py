"""Looking an effect up by our own id after its answer was lost, page by page where the portal keeps a list.

Called by the gateway when it proves a message, never inside a transaction. Lists are read from the newest entry on, until the effect is
found, or the page reaches back to before it was sent, by the portal's own clock. After PAGES of them nobody can say.
"""

from __future__ import annotations

from datetime import datetime

from b24app.bitrix24.client import Answer, Command
from b24app.bitrix24.connection import Connection
from b24app.bitrix24.surroundings import Surroundings
from b24app.bitrix24.writing import WRITINGS, Writing
from b24app.domain.outcomes import Envelope, Outcome, TryLater, Unclear

PAGES = 20
"""How many pages of a list one look-up reads: fifty entries each, ten of facts."""
MARGIN_SECONDS = 60.0


def looked_up(envelope: Envelope, connection: Connection, around: Surroundings, now: datetime) -> Outcome:
    """Give Done when the effect is there, TryLater when it certainly is not, Unclear when it cannot be known.

    Raises the GatewayError of a call that failed.
    """
    writing = WRITINGS[type(envelope.delivery)]
    if writing.look_up is None or writing.find is None:
        return TryLater("Harmless to repeat.", after_seconds=0.0)
    command = writing.look_up(envelope.delivery, around)
    if not isinstance(command, Command):
        return command
    params = dict(command.params)
    for _ in range(PAGES):
        answer = connection.call(command.method, params)
        outcome = writing.find(envelope.delivery, answer.result, around)
        if not isinstance(outcome, TryLater) or answer.next is None or _reaches_back(writing, answer, envelope, now):
            return outcome
        params["start"] = answer.next
    return Unclear(f"It is not among what was written there last, and only {PAGES} pages of that are read.")


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
