"""Who opened a page: the portal's own word on the token that a launch carries.

The domain and the ids in a launch are claims; what counts is what the portal that we are installed on answers to the token:
one batch with the visitor's profile and, for a page about a CRM item or
an open-line chat, that read with his rights. Cached by the hash of the
token until it runs out. Called by the pages' door; keeps nothing on disk.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from b24app.bitrix24.client import Access, Command, RestClient
from b24app.domain.lines import LINE_CHAT
from b24app.errors import NotAllowed, Rejected, TokenExpired
from b24app.services import portals
from storage.unit_of_work import Transactions

MAX_CACHE_SECONDS = 300.0
MAX_CACHED = 2000


class LaunchClaim(Protocol):
    """What of a launch is looked at: the token, and the CRM item that the page is about (type 0 for none)."""

    @property
    def access_token(self) -> str:
        """The visitor's access token."""

    @property
    def expires_in(self) -> int:
        """How many seconds it still lives, as claimed."""

    @property
    def entity_type_id(self) -> int:
        """The type of the CRM item, 0 for none."""

    @property
    def entity_id(self) -> str:
        """The id of the CRM item."""


@dataclass(frozen=True)
class Visitor:
    """An employee whom the portal vouched for; `can_read` tells whether it shows him the item of the launch."""

    user_id: str
    name: str
    is_admin: bool
    can_read: bool


class VisitorCheck:
    """Asks the portal, and remembers its word for a short while. Safe to share between threads."""

    def __init__(
        self, client: RestClient, transactions: Transactions, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._transactions = transactions
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[str, tuple[float, Visitor]] = {}

    def confirm(self, launch: LaunchClaim) -> Visitor:
        """Give the visitor. Raises NotAllowed when the portal does not know the token, GatewayError when it gives no answer."""
        key = _cache_key(launch)
        remembered = self._remembered(key)
        if remembered is not None:
            return remembered
        visitor = self._asked(launch)
        self._remember(key, visitor, launch.expires_in)
        return visitor

    def _asked(self, launch: LaunchClaim) -> Visitor:
        with self._transactions() as uow:
            portal = portals.current(uow)
            if portal is None:
                raise NotAllowed(code="not_installed")
            endpoint = portal.client_endpoint
        commands = [Command("profile", {})]
        if launch.entity_type_id == LINE_CHAT:
            commands.append(Command("imopenlines.dialog.get", {"CHAT_ID": launch.entity_id}))
        elif launch.entity_type_id:
            commands.append(Command("crm.item.get", {"entityTypeId": launch.entity_type_id, "id": launch.entity_id}))
        try:
            answers = self._client.batch(Access(endpoint, launch.access_token), commands)
        except (Rejected, TokenExpired) as error:
            raise NotAllowed(code="unknown_token") from error
        profile = answers[0].value()
        if not isinstance(profile, Mapping) or not profile.get("ID"):
            raise NotAllowed(code="inactive_user")
        return Visitor(
            user_id=str(profile["ID"]),
            name=_name(profile),
            is_admin=profile.get("ADMIN") in (True, "Y", "1", 1),
            can_read=all(_readable(answer) for answer in answers[1:]),
        )

    def _remembered(self, key: str) -> Visitor | None:
        with self._lock:
            until, visitor = self._known.get(key, (0.0, None))
            return visitor if until > self._clock() else None

    def _remember(self, key: str, visitor: Visitor, expires_in: int) -> None:
        seconds = min(MAX_CACHE_SECONDS, float(expires_in)) if expires_in > 0 else 0.0
        with self._lock:
            if len(self._known) >= MAX_CACHED:
                self._known.clear()
            self._known[key] = (self._clock() + seconds, visitor)


def _readable(answer: Any) -> bool:
    if answer.error is None:
        return isinstance(answer.result, Mapping) and bool(answer.result.get("item") or answer.result.get("dialog_id"))
    if isinstance(answer.error, Rejected):
        return False
    raise answer.error


def _name(profile: Mapping[str, Any]) -> str:
    full = " ".join(str(profile.get(part) or "").strip() for part in ("NAME", "LAST_NAME")).strip()
    return full or f"#{profile['ID']}"


def _cache_key(launch: LaunchClaim) -> str:
    token = hashlib.sha256(launch.access_token.encode()).hexdigest()
    return f"{token}:{launch.entity_type_id}:{launch.entity_id}"
