"""Keeping the portal's tokens valid: proof and rotation.

A refresh token is spent by its use, so one process at a time refreshes: under an advisory lock of a connection of its own,
after reading the pair again, and the new pair is stored before anybody uses it. Only an expired access token is a reason. The
lock ends with its connection, so a pair is stored however long the database is away, and a refusal may mean that somebody was faster.
A pair that nobody has any more (its holder was killed before storing it) is replaced by the one of the owner's last page.
Protocol: settings/oauth/index.md and auto-renewal.md of the documentation. Called by the gateway, the installer, the visitors' check.
"""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import requests
from sqlalchemy.exc import SQLAlchemyError

from b24app.bitrix24.client import Access
from b24app.bitrix24.faults import MOVED
from b24app.config import Settings
from b24app.errors import Rejected, Retryable
from storage.locks import alone
from storage.models.portals import Portal
from storage.unit_of_work import Transactions

REFRESH_LOCK = 0x62323401
TIMEOUT_SECONDS = 30
RELOCATE_EVERY_SECONDS = 600.0
STORE_SECONDS = 120.0
STORE_AGAIN_SECONDS = 0.5
OVERTAKEN_SECONDS = 3.0
REFUSED_FOR_SECONDS = 30.0
"""A grant that is gone comes back by a visit of an administrator, not by asking: so long the server is left alone."""
AUTHORIZATION = "authorization: "
"""How a trouble with the tokens begins; what follows is the authorization server's own word."""
LOST_GRANTS = {"invalid_grant", "invalid_client", "PAYMENT_REQUIRED", "payment_required"}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tokens:
    """A pair as the authorization server gives it; `client_endpoint` and `member_id` name the portal it is for."""

    access_token: str
    refresh_token: str
    expires_in_seconds: int
    client_endpoint: str
    member_id: str
    user_id: str = ""
    scopes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Show whose they are, never the tokens."""
        return f"Tokens(member_id={self.member_id!r}, user_id={self.user_id!r})"


class AuthorizationServer:
    """The server that issues tokens for all portals.

    Only it can say which portal a launch belongs to: it turns a refresh token into a pair for this application alone.
    """

    def __init__(self, settings: Settings) -> None:
        self._url = settings.bitrix_oauth_url
        self._client_id = settings.bitrix_client_id
        self._client_secret = settings.bitrix_client_secret

    def refresh(self, refresh_token: str) -> Tokens:
        """Spend a refresh token for a new pair. Raises Rejected when the grant is gone, Retryable otherwise."""
        return self._grant({"grant_type": "refresh_token", "refresh_token": refresh_token})

    def _grant(self, grant: dict[str, str]) -> Tokens:
        keys = {"client_id": self._client_id, "client_secret": self._client_secret}
        answer = _fetch(f"{self._url}/oauth/token/", {**grant, **keys})
        return Tokens(
            access_token=str(answer["access_token"]),
            refresh_token=str(answer["refresh_token"]),
            expires_in_seconds=int(answer.get("expires_in") or 3600),
            client_endpoint=str(answer.get("client_endpoint", "")),
            member_id=str(answer.get("member_id", "")),
            user_id=str(answer.get("user_id", "")),
            scopes=_scopes(answer.get("scope")),
        )


def _fetch(url: str, params: dict[str, str]) -> dict[str, Any]:
    try:
        response = requests.get(url, params=params, timeout=TIMEOUT_SECONDS, allow_redirects=False)
        answer = response.json()
    except (requests.RequestException, ValueError) as error:
        # The exception's own text would hold the address, and with it the secret.
        raise Retryable(
            "The authorization server gave no answer.", code=type(error).__name__, after_seconds=10
        ) from None
    if not isinstance(answer, dict) or "error" in answer or response.status_code != 200:
        code = str(answer.get("error", "")) if isinstance(answer, dict) else ""
        raise Rejected(f"The authorization server refused: {code or response.status_code}.", code=code)
    return answer


def _scopes(value: Any) -> tuple[str, ...]:
    return tuple(part.strip() for part in str(value or "").split(",") if part.strip())


def store_tokens(portal: Portal, tokens: Tokens, now: datetime) -> None:
    """Keep a pair with its portal."""
    portal.access_token = tokens.access_token
    portal.refresh_token = tokens.refresh_token
    portal.token_expires_at = now + timedelta(seconds=tokens.expires_in_seconds)
    portal.client_endpoint = tokens.client_endpoint or portal.client_endpoint
    portal.domain = urlsplit(portal.client_endpoint).netloc
    portal.changed_at = now
    if portal.trouble.startswith(AUTHORIZATION):
        portal.trouble = ""


class TokenKeeper:
    """Gives access to the installed portal as its owner, and renews it when the portal says that it expired."""

    def __init__(self, transactions: Transactions, server: AuthorizationServer) -> None:
        self._transactions = transactions
        self._server = server
        self._relocated_at = -RELOCATE_EVERY_SECONDS
        self._refusal: _Refusal | None = None

    def current(self, portal_id: int) -> Access:
        """Give the stored access. Raises Retryable when the portal has none."""
        with self._transactions() as uow:
            portal = uow.session.get(Portal, portal_id)
            return _access(portal)

    def renew(self, portal_id: int, expired: Access) -> Access:
        """Give an access newer than `expired`, refreshed by us or by whoever was first.

        Raises Rejected, after noting it on the portal for the health page, when an administrator has to reopen the application.
        """
        with alone(self._transactions.engine, REFRESH_LOCK):
            with self._transactions() as uow:
                portal = uow.session.get(Portal, portal_id)
                stored = _access(portal)
                refresh_token = portal.refresh_token if portal else None
            if stored.token != expired.token:
                return stored
            return self._spend(portal_id, expired, refresh_token or "")

    def may_have_moved(self, portal_id: int) -> bool:
        """Tell whether a portal that cannot be reached is worth asking for at the authorization server.

        That is so when the token has run out, which a portal that is gone from its address cannot say, and nobody asked a moment ago.
        """
        if time.monotonic() - self._relocated_at < RELOCATE_EVERY_SECONDS:
            return False
        with self._transactions() as uow:
            portal = uow.session.get_one(Portal, portal_id)
            return portal.token_expires_at is not None and portal.token_expires_at <= datetime.now(UTC)

    def relocate(self, portal_id: int, access: Access) -> Access:
        """Give access to a portal that is not where it was: its new address comes along with a new pair.

        Raises Retryable when the authorization server was asked for it a moment ago: a refresh is no way to wait.
        """
        now = time.monotonic()
        if now - self._relocated_at < RELOCATE_EVERY_SECONDS:
            raise Retryable("The portal moved to another address.", code=MOVED, after_seconds=RELOCATE_EVERY_SECONDS)
        self._relocated_at = now
        return self.renew(portal_id, access)

    def _spend(self, portal_id: int, expired: Access, refresh_token: str) -> Access:
        if self._refusal is not None and self._refusal.holds(refresh_token):
            raise self._refusal.error
        try:
            tokens = self._server.refresh(refresh_token)
        except Rejected as error:
            if error.code not in LOST_GRANTS:
                raise
            newer = self._stored_by_another(portal_id, expired) or self._by_spare(portal_id)
            if newer is not None:
                return newer
            self._refusal = _Refusal(refresh_token, error, time.monotonic())
            self.note_trouble(portal_id, f"{AUTHORIZATION}{error.code}")
            raise
        access = self._store(portal_id, tokens)
        log.info("The portal's tokens were renewed.")
        return access

    def _stored_by_another(self, portal_id: int, expired: Access) -> Access | None:
        until = time.monotonic() + OVERTAKEN_SECONDS
        while (stored := self.current(portal_id)).token == expired.token:
            if time.monotonic() > until:
                return None
            time.sleep(STORE_AGAIN_SECONDS)
        return stored

    def _by_spare(self, portal_id: int) -> Access | None:
        """Spend the token of the owner's last page; None when there is none, or it is gone as well."""
        with self._transactions() as uow:
            portal = uow.session.get_one(Portal, portal_id)
            spare, owner = portal.spare_token, (portal.member_id, portal.owner_user_id)
        if not spare:
            return None
        access: Access | None = None
        with suppress(Rejected):
            tokens = self._server.refresh(spare)
            if (tokens.member_id, tokens.user_id) == owner:
                access = self._store(portal_id, tokens)
                log.warning("The portal's tokens were lost; those of its owner's last page are in use.")
        self._forget_spare(portal_id)
        return access

    def _forget_spare(self, portal_id: int) -> None:
        """Make room for the token of the next page that the owner opens."""
        with self._transactions() as uow:
            portal = uow.session.get_one(Portal, portal_id)
            portal.spare_token = portal.spare_kept_at = None

    def _store(self, portal_id: int, tokens: Tokens) -> Access:
        until = time.monotonic() + STORE_SECONDS
        while True:
            try:
                with self._transactions() as uow:
                    portal = uow.session.get_one(Portal, portal_id)
                    store_tokens(portal, tokens, datetime.now(UTC))
                    return _access(portal)
            except SQLAlchemyError as error:
                # Nobody else has this pair: whoever gives it up locks the application out.
                if time.monotonic() > until:
                    raise
                log.warning("The renewed tokens are not stored yet: %s", type(error).__name__)
                time.sleep(STORE_AGAIN_SECONDS)

    def note_trouble(self, portal_id: int, trouble: str) -> None:
        """Keep a sentence about what is wrong with the connection, for the health page."""
        with self._transactions() as uow:
            portal = uow.session.get(Portal, portal_id)
            if portal is not None:
                portal.trouble = trouble


@dataclass(frozen=True)
class _Refusal:
    refresh_token: str
    error: Rejected
    at: float

    def holds(self, refresh_token: str) -> bool:
        return refresh_token == self.refresh_token and time.monotonic() < self.at + REFUSED_FOR_SECONDS

    def __repr__(self) -> str:
        return f"_Refusal({self.error})"


def _access(portal: Portal | None) -> Access:
    if portal is None or not portal.access_token:
        raise Retryable("The application is not installed on a portal.", code="NO_PORTAL", after_seconds=30)
    return Access(portal.client_endpoint, portal.access_token)
