"""The addresses that the portal's servers call: events, automation rules and activities.

A call is believed when it knows the unguessable path segment and the application token of the installation it names; then it is
stored and answered at once, because the portal neither waits nor repeats. Nothing of an unbelieved call is kept or logged.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import select

from b24app.access import authenticated_by
from b24app.bitrix24.accepting import Fact, fact_of_robot, facts_of_event, store
from b24app.bitrix24.addresses import server_segment
from b24app.bitrix24.bodies import read_body
from b24app.config import Settings
from storage import correlation
from storage.models.portals import Portal
from storage.unit_of_work import Transactions

MAX_BODY_BYTES = 1_000_000

log = logging.getLogger(__name__)


class Door:
    """Verifies and stores."""

    def __init__(self, settings: Settings, transactions: Transactions) -> None:
        self._settings = settings
        self._transactions = transactions

    def accept(self, path_secret: str, *, robots: bool) -> Response:
        """Answer one call: 200 stored, 400 unreadable, 403 not believed, 413 too long. A rule's address names the rule as `code`."""
        # Of a body whose size is not told beforehand no more is read either.
        request.max_content_length = MAX_BODY_BYTES + 1
        said = request.get_data(cache=False)
        if len(said) > MAX_BODY_BYTES:
            return Response(status=413)
        try:
            body = read_body(request.content_type or "", said)
        except ValueError:
            return Response(status=400)
        if not self._believed(path_secret, body):
            log.warning("A call of the portal was not believed.")
            return Response(status=403)
        try:
            facts = (
                [fact_of_robot({"code": request.args.get("code", ""), **body})]
                if robots
                else list(facts_of_event(body))
            )
        except ValueError as error:
            log.warning("A call of the portal cannot be read: %s", error)
            return Response(status=400)
        self._store(facts)
        return Response("ok", mimetype="text/plain")

    def _believed(self, path_secret: str, body: Mapping[str, Any]) -> bool:
        auth = body.get("auth")
        auth = auth if isinstance(auth, Mapping) else {}
        member_id = str(auth.get("member_id", "")).replace("\0", "")
        with self._transactions() as uow:
            portal = uow.session.scalars(
                select(Portal).where(Portal.member_id == member_id, Portal.state != "removed")
            ).first()
        known_secret = server_segment(self._settings, portal.path_secret) if portal else "unknown"
        known_token = (portal.application_token if portal else None) or "unknown"
        right_path = hmac.compare_digest(path_secret.encode(), known_secret.encode())
        right_token = hmac.compare_digest(str(auth.get("application_token", "")).encode(), known_token.encode())
        return portal is not None and bool(portal.application_token) and right_path and right_token

    def _store(self, facts: Iterable[Fact]) -> None:
        with correlation.following(), self._transactions.engine.begin() as connection:
            for fact in facts:
                store(connection, fact)


def create_blueprint(*, settings: Settings, transactions: Transactions) -> Blueprint:
    """Make the door of the portal's servers."""
    door = Door(settings, transactions)
    blueprint = Blueprint("bitrix24", __name__, url_prefix="/b24")

    @blueprint.post("/<path_secret>/event")
    @authenticated_by("path secret and application token")
    def event(path_secret: str) -> Response:
        return door.accept(path_secret, robots=False)

    @blueprint.post("/<path_secret>/robot")
    @authenticated_by("path secret and application token")
    def robot(path_secret: str) -> Response:
        return door.accept(path_secret, robots=True)

    return blueprint
