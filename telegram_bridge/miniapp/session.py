"""The short-lived pass that a Mini App carries after its launch was proved, and expiring links to files.

Both are signed with the deployment's keys (the newest signs, all verify) and are worthless elsewhere: a pass opens no file
and a link opens one file. A pass travels in a header, never in a cookie or an address. Knows neither database nor routes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeTimedSerializer

HEADER = "X-Session"


class NoSession(Exception):
    """The pass or link is missing, altered or has run out."""


@dataclass(frozen=True)
class Pass:
    """Whom a session is bound to: our person and the Telegram account it was opened from."""

    person_id: int
    telegram_id: str


class Passes:
    """Issues and reads passes and file links."""

    def __init__(self, keys: Sequence[str], *, max_age_seconds: int, link_age_seconds: int = 600) -> None:
        oldest_first = list(reversed(keys))
        self._sessions = URLSafeTimedSerializer(oldest_first, salt="mini app session")
        self._links = URLSafeTimedSerializer(oldest_first, salt="mini app file")
        self.max_age_seconds = max_age_seconds
        self.link_age_seconds = link_age_seconds

    def issue(self, bound: Pass) -> str:
        """Make a pass that holds for `max_age_seconds`."""
        return str(self._sessions.dumps([bound.person_id, bound.telegram_id]))

    def read(self, token: str) -> Pass:
        """Give whom a pass is bound to. Raises NoSession."""
        try:
            person_id, telegram_id = self._sessions.loads(token, max_age=self.max_age_seconds)
        except (BadSignature, ValueError, TypeError) as error:
            raise NoSession from error
        return Pass(int(person_id), str(telegram_id))

    def link(self, file_id: int) -> str:
        """Make the token of an address under which one file can be fetched for `link_age_seconds`."""
        return str(self._links.dumps(file_id))

    def linked_file(self, token: str) -> int:
        """Give the file a link stands for. Raises NoSession."""
        try:
            return int(self._links.loads(token, max_age=self.link_age_seconds))
        except (BadSignature, ValueError, TypeError) as error:
            raise NoSession from error
