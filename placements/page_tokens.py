"""The short-lived proof that a page was opened by a visitor whom the portal confirmed.

Issued with each page, sent back in a header with each action (a third-party frame has no cookies). Bound to portal, user,
page and entity by its signature; nothing in it is secret. Called by `routes`; knows no HTTP.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer

from b24app.errors import NotAllowed

RENEWABLE_SECONDS = 7 * 24 * 3600
"""A page left open over a long weekend still goes on where it was: the portal is asked anew who the visitor is."""


@dataclass(frozen=True)
class Pass:
    """What a page token vouches for."""

    member_id: str
    user_id: str
    user_name: str
    is_admin: bool
    code: str
    entity_type_id: int
    entity_id: str
    language: str


class PassExpired(NotAllowed):
    """The page was open for too long and must be confirmed again."""


class PageTokens:
    """Signs and reads page tokens. `keys` come newest first: the first signs, all are read."""

    def __init__(self, keys: Sequence[str], valid_seconds: int) -> None:
        self.valid_seconds = valid_seconds
        self._serializer = URLSafeTimedSerializer(list(reversed(keys)), salt="placement page")

    def issue(self, page_pass: Pass) -> str:
        """Sign what the page may do from now on."""
        return self._serializer.dumps(list(asdict(page_pass).values()))

    def read(self, token: str, *, renewing: bool = False) -> Pass:
        """Open a token; raises PassExpired when it ran out (unless `renewing`), NotAllowed when it is not ours."""
        try:
            values = self._serializer.loads(token, max_age=RENEWABLE_SECONDS if renewing else self.valid_seconds)
            return Pass(*values)
        except SignatureExpired as error:
            raise PassExpired from error
        except (BadData, TypeError) as error:
            raise NotAllowed from error
