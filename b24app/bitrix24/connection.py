"""The installed portal as background work sees it: its owner's access, renewed when it expires.

Called by the gateway and the installer. A call is repeated only when the portal said that it did not happen.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from b24app.bitrix24.client import Access, Answer, Command, RestClient
from b24app.bitrix24.faults import MOVED, UNREACHABLE
from b24app.bitrix24.oauth import TokenKeeper
from b24app.errors import Rejected, Retryable, TokenExpired

Result = TypeVar("Result")
MAX_PAUSE_SECONDS = 10.0
UNKNOWN_TOKEN = {"NO_AUTH_FOUND", "INVALID_TOKEN"}
"""What a portal says of an access token that it has forgotten; the refresh token may be good all the same."""


class Connection:
    """Calls one portal. `patience` is how often a call that certainly did not happen is tried again, after a pause.

    `urgent` calls may use the part of the request limit that is reserved for people who wait. Whoever has just read the portal gives its
    `access` along, which is then not read again.
    """

    def __init__(
        self,
        client: RestClient,
        keeper: TokenKeeper,
        portal_id: int,
        *,
        patience: int = 0,
        urgent: bool = True,
        access: Access | None = None,
    ) -> None:
        self._client = client
        self._keeper = keeper
        self._portal_id = portal_id
        self._patience = patience
        self._urgent = urgent
        self._access = access

    def call(self, method: str, params: Mapping[str, Any] | None = None) -> Answer:
        """Call one method; raises the GatewayError of its failure."""
        return self._with_access(lambda access: self._client.call(access, method, params, urgent=self._urgent))

    def batch(self, commands: Sequence[Command], *, halt: bool = False) -> list[Answer]:
        """Call up to fifty methods, with `halt` until the first error; raises only when the batch as a whole failed."""
        return self._with_access(lambda access: self._client.batch(access, commands, halt=halt, urgent=self._urgent))

    def read_all(self, method: str, params: Mapping[str, Any], key: str = "") -> list[Any]:
        """Read every page of a list."""
        return self._with_access(lambda access: self._client.read_all(access, method, params, key, urgent=self._urgent))

    def _with_access(self, work: Callable[[Access], Result]) -> Result:
        access = self._access or self._keeper.current(self._portal_id)
        tries, renewed = self._patience, False
        while True:
            try:
                return work(access)
            except (TokenExpired, Rejected) as error:
                if renewed or not (isinstance(error, TokenExpired) or error.code.upper() in UNKNOWN_TOKEN):
                    raise
                self._access = access = self._keeper.renew(self._portal_id, access)
                renewed = True
            except Retryable as error:
                if not renewed and self._is_elsewhere(error):
                    self._access = access = self._keeper.relocate(self._portal_id, access)
                    renewed = True
                    continue
                if not tries:
                    raise
                tries -= 1
                time.sleep(min(error.after_seconds or 1.0, MAX_PAUSE_SECONDS))

    def _is_elsewhere(self, error: Retryable) -> bool:
        return error.code == MOVED or (error.code == UNREACHABLE and self._keeper.may_have_moved(self._portal_id))
