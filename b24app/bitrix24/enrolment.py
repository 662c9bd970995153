"""Taking a portal in: from the launch of the installation page to a stored, proven installation.

A launch is a set of claims. The refresh token in it is spent at the authorization server, with this application's secret, and
the answer says which portal it is for; then that portal says who the person is. Called by the installation page.
"""

from __future__ import annotations

import hmac
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import or_, select

from b24app.bitrix24.client import Access, Command, RestClient
from b24app.bitrix24.oauth import AuthorizationServer, Tokens, store_tokens
from b24app.config import Settings
from b24app.errors import NotAllowed, Rejected, TokenExpired
from b24app.i18n import known_language
from b24app.services import audit
from storage.models import CrmLink
from storage.models.portals import Portal
from storage.unit_of_work import Transactions, UnitOfWork

MAX_FIELD = 512

log = logging.getLogger(__name__)


class NotProven(NotAllowed):
    """Bitrix24 does not confirm this launch."""


@dataclass(frozen=True)
class InstallLaunch:
    """What the portal posts into the frame of the installation page."""

    refresh_token: str
    application_token: str
    member_id: str
    language: str

    def __repr__(self) -> str:
        """Show nothing secret."""
        return f"InstallLaunch(member_id={self.member_id!r})"


@dataclass(frozen=True)
class Enrolled:
    """The installation that a launch led to."""

    portal_id: int
    client_endpoint: str
    language: str
    user_id: str


def read_launch(query: Mapping[str, str], form: Mapping[str, str]) -> InstallLaunch:
    """Read a launch. Raises NotProven when a field that every launch has is missing or absurdly long."""
    values = [form.get(name, "") for name in ("REFRESH_ID", "APPLICATION_TOKEN", "member_id")]
    if any(not value or len(value) > MAX_FIELD for value in values):
        raise NotProven(code="bad_launch")
    refresh_token, application_token, member_id = values
    return InstallLaunch(refresh_token, application_token, member_id, known_language(query.get("LANG"), "en"))


class Enrolment:
    """Proves launches and keeps what they bring."""

    def __init__(
        self, settings: Settings, transactions: Transactions, client: RestClient, server: AuthorizationServer
    ) -> None:
        self._settings = settings
        self._transactions = transactions
        self._client = client
        self._server = server

    def admit(self, launch: InstallLaunch) -> Enrolled:
        """Prove a launch and store the installation, or renew the one that is there; data of an earlier one stays.

        Raises NotProven with a code (foreign_portal, not_admin, other_portal, unknown_token), GatewayError when nobody answers.
        """
        try:
            tokens = self._server.refresh(launch.refresh_token)
        except Rejected as error:
            raise NotProven(code="unknown_token") from error
        self._check_portal(launch, tokens)
        user_id = self._administrator(tokens)
        with self._transactions() as uow:
            portal = self._kept(uow, launch, tokens, user_id)
            log.info("The application is being installed by user %s.", user_id)
            return Enrolled(portal.id, portal.client_endpoint, portal.language, user_id)

    def take_over(self, refresh_token: str, user_id: str) -> None:
        """Let another administrator's tokens do the background work from now on. NotProven when they are not his, or not an admin's.

        GatewayError when nobody answers.
        """
        try:
            tokens = self._server.refresh(refresh_token)
        except Rejected as error:
            raise NotProven(code="unknown_token") from error
        if self._administrator(tokens) != user_id:
            raise NotProven(code="other_visitor")
        with self._transactions() as uow:
            known = select(Portal).where(Portal.member_id == tokens.member_id, Portal.state != "removed")
            portal = uow.session.scalars(known.with_for_update(key_share=True)).first()
            if portal is None:
                raise NotProven(code="foreign_portal")
            before = portal.owner_user_id
            store_tokens(portal, tokens, uow.now)
            portal.owner_user_id, portal.trouble = user_id, ""
            audit.record(uow, f"user/{user_id}", "application_taken_over", "portal/1", before=before)

    def _check_portal(self, launch: InstallLaunch, tokens: Tokens) -> None:
        if not hmac.compare_digest(launch.member_id.encode(), tokens.member_id.encode()):
            raise NotProven(code="foreign_portal")
        expected = self._settings.bitrix_portal_url
        if expected and urlsplit(expected).netloc != urlsplit(tokens.client_endpoint).netloc:
            raise NotProven(code="foreign_portal")

    def _administrator(self, tokens: Tokens) -> str:
        access = Access(tokens.client_endpoint, tokens.access_token)
        try:
            profile = self._client.batch(access, [Command("profile", {})])[0].value()
        except (Rejected, TokenExpired) as error:
            raise NotProven(code="unknown_token") from error
        if not isinstance(profile, Mapping) or profile.get("ADMIN") not in (True, "Y", "1", 1):
            raise NotProven(code="not_admin")
        return str(profile["ID"])

    def _kept(self, uow: UnitOfWork, launch: InstallLaunch, tokens: Tokens, user_id: str) -> Portal:
        # Our things stand for items of the portal that they were made on: elsewhere those numbers are strangers' items.
        bound = or_(Portal.state != "removed", select(CrmLink.id).exists())
        others = select(Portal).where(Portal.member_id != tokens.member_id, bound)
        if uow.session.scalars(others).first() is not None:
            raise NotProven(code="other_portal")
        known = select(Portal).where(Portal.member_id == tokens.member_id).with_for_update(key_share=True)
        portal = uow.session.scalars(known).first()
        if portal is None:
            portal = Portal(member_id=tokens.member_id, path_secret=secrets.token_urlsafe(32), state="installing")
            portal.client_endpoint = portal.domain = portal.trouble = ""
            uow.session.add(portal)
        store_tokens(portal, tokens, uow.now)
        portal.trouble = ""
        portal.application_token = launch.application_token
        portal.owner_user_id = user_id
        portal.scopes = list(tokens.scopes)
        portal.language = portal.language or launch.language
        if portal.state in {"suspended", "removed"}:
            portal.state = "installing"
        uow.session.flush()
        return portal
