"""The short-lived pass that a Mini App carries after its launch was proved.

It is signed with the deployment's keys (the newest signs, all verify) and travels in a header, never in a cookie or an
address. Knows neither database nor routes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from itsdangerous import BadSignature, URLSafeTimedSerializer

HEADER = "X-Session"
JUST_OPENED = timedelta(hours=1)
"""How lately a person must have come in for what cannot be undone or opens a company to others."""


class NoSession(Exception):
    """The pass is missing, altered or has run out."""


@dataclass(frozen=True)
class Pass:
    """Whom a session is bound to: our person, the Telegram account it was opened from, and when that was (seconds of the epoch)."""

    person_id: int
    telegram_id: str
    opened_at: int


class Passes:
    """Issues and reads passes."""

    def __init__(self, keys: Sequence[str], *, max_age_seconds: int) -> None:
        self._sessions = URLSafeTimedSerializer(list(reversed(keys)), salt="mini app session")
        self.max_age_seconds = max_age_seconds

    def issue(self, bound: Pass) -> str:
        """Make a pass that holds for `max_age_seconds`."""
        return str(self._sessions.dumps([bound.person_id, bound.telegram_id, bound.opened_at]))

    def read(self, token: str) -> Pass:
        """Give whom a pass is bound to. Raises NoSession."""
        try:
            person_id, telegram_id, opened_at = self._sessions.loads(token, max_age=self.max_age_seconds)
        except (BadSignature, ValueError, TypeError) as error:
            raise NoSession from error
        return Pass(int(person_id), str(telegram_id), int(opened_at))
