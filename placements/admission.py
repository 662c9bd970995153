"""Who is let in: from a launch or a page token to a trusted `Call`.

Called by `routes`. Asks the portal through the port it was given, never with a transaction open.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from b24app.errors import NotAllowed
from b24app.services import portals, staff
from placements import preferences
from placements.calls import Call, ConfirmVisitor, Entity, Launch, Visitor, launch_from
from placements.page_tokens import PageTokens, Pass
from placements.pages import Page
from placements.rendering import origin_of
from storage.models import Portal
from storage.unit_of_work import Transactions, UnitOfWork

APP_PATH, APP_PLACEMENT = "app", "DEFAULT"
"""The application's own page is opened under a path known before the installation has a secret one."""


class Refused(NotAllowed):
    """The launch was not let in."""


@dataclass(frozen=True)
class Admitted:
    """A visitor whom the portal vouched for: what he may do on the page, what its window said, the only site that may frame it.

    `spare_token` came along with the launch of the application's owner, when one is wanted of him.
    """

    page_pass: Pass
    options: Mapping[str, Any]
    portal_origin: str
    spare_token: str


class Admission:
    """Lets visitors in for one deployment."""

    def __init__(self, transactions: Transactions, confirm_visitor: ConfirmVisitor, tokens: PageTokens) -> None:
        self._transactions = transactions
        self._confirm = confirm_visitor
        self._tokens = tokens

    def by_launch(self, page: Page, path_secret: str, query: Mapping[str, str], body: Mapping[str, str]) -> Admitted:
        """Admit by a launch: secrets compared, then the portal's word on the visitor.

        Raises InvalidInput for what no portal sends, Refused with a code, GatewayError when the portal does not answer.
        """
        launch = launch_from(query, body, page.entity_type_id)
        with self._transactions() as uow:
            portal = self._known(uow, launch, page, path_secret)
            origin, spare_of = origin_of(portal.client_endpoint), portals.spare_wanted_of(portal, uow.now)
        if page.placements and launch.placement not in page.placements:
            raise Refused(code="other_placement")
        visitor = self._vouched(launch)
        page_pass = Pass(
            member_id=launch.member_id,
            user_id=visitor.user_id,
            user_name=visitor.name,
            is_admin=visitor.is_admin,
            code=page.code,
            entity_type_id=launch.entity_type_id,
            entity_id=launch.entity_id,
            language=launch.language,
        )
        spare_token = launch.refresh_token if visitor.user_id == spare_of else ""
        return Admitted(page_pass, launch.options, origin, spare_token)

    def entering(self, uow: UnitOfWork, admitted: Admitted) -> tuple[Call, str]:
        """Give the call of somebody who was let in and the token for his actions; he is met in the transaction that shows the page."""
        page_pass = admitted.page_pass
        staff.meet(uow, page_pass.user_id, page_pass.user_name, is_admin=page_pass.is_admin)
        if admitted.spare_token:
            portals.keep_spare(uow, admitted.spare_token)
        return replace(self._call(uow, page_pass), options=admitted.options), self._tokens.issue(page_pass)

    def by_token(self, token: str) -> tuple[Call, str]:
        """Admit by a page token; answers the call and the portal's origin. NotAllowed when it is not ours or ran out."""
        page_pass = self._tokens.read(token)
        with self._transactions() as uow:
            portal = self._active(uow, page_pass.member_id)
            return self._call(uow, page_pass), origin_of(portal.client_endpoint)

    def renewed(self, token: str, access_token: str) -> tuple[str, str]:
        """Sign a page token anew when the portal still vouches for the same visitor; answers it and the portal's origin."""
        page_pass = self._tokens.read(token, renewing=True)
        with self._transactions() as uow:
            portal = self._active(uow, page_pass.member_id)
            application_token, origin = portal.application_token or "", origin_of(portal.client_endpoint)
        launch = Launch(
            member_id=page_pass.member_id,
            access_token=access_token,
            expires_in=0,
            domain="",
            language=page_pass.language,
            application_token=application_token,
            placement="",
            entity_type_id=page_pass.entity_type_id,
            entity_id=page_pass.entity_id,
        )
        visitor = self._vouched(launch)
        if visitor.user_id != page_pass.user_id:
            raise Refused(code="other_visitor")
        return self._tokens.issue(replace(page_pass, is_admin=visitor.is_admin, user_name=visitor.name)), origin

    def refreshed(self, call: Call) -> Call:
        """Read the visitor's look again: the action just done may have changed it."""
        with self._transactions() as uow:
            language, theme = preferences.look_of(uow, call.user_id, call.language)
        return replace(call, language=language, theme=theme)

    def portal_origin(self, uow: UnitOfWork) -> str:
        """Give the site that may frame even a refusal, or an empty text while nothing is installed."""
        portal = portals.current(uow)
        return origin_of(portal.client_endpoint) if portal else ""

    def _known(self, uow: UnitOfWork, launch: Launch, page: Page, path_secret: str) -> Portal:
        portal = self._active(uow, launch.member_id)
        open_path = path_secret == APP_PATH and APP_PLACEMENT in page.placements
        if not open_path and not _same(path_secret, portal.path_secret):
            raise Refused(code="wrong_path")
        if portal.application_token and not _same(launch.application_token, portal.application_token):
            raise Refused(code="wrong_application_token")
        return portal

    def _active(self, uow: UnitOfWork, member_id: str) -> Portal:
        portal = portals.current(uow)
        if (
            portal is None
            or portal.state not in {"installing", "active", "leaving"}
            or not _same(member_id, portal.member_id)
        ):
            raise Refused(code="not_installed")
        return portal

    def _vouched(self, launch: Launch) -> Visitor:
        visitor = self._confirm(launch)
        if not visitor.can_read:
            raise Refused(code="cannot_read")
        return visitor

    def _call(self, uow: UnitOfWork, page_pass: Pass) -> Call:
        language, theme = preferences.look_of(uow, page_pass.user_id, page_pass.language)
        return Call(
            member_id=page_pass.member_id,
            user_id=page_pass.user_id,
            user_name=page_pass.user_name,
            is_admin=page_pass.is_admin,
            role=staff.role_of(uow, page_pass.user_id, is_admin=page_pass.is_admin),
            code=page_pass.code,
            entity=Entity(page_pass.entity_type_id, page_pass.entity_id),
            language=language,
            theme=theme,
        )


def _same(given: str, known: str) -> bool:
    return hmac.compare_digest(given.encode(), known.encode())
