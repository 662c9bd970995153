"""The page that the Contact Center opens when somebody connects our channel to an open line.

Mounted by the composition root. The visitor is confirmed by the portal; an administrator's choice of a line is carried out at once,
because there is nothing to fill in.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable, Sequence

from flask import Blueprint, Response, request

from b24app.access import authenticated_by
from b24app.assets import Assets
from b24app.errors import DomainError, GatewayError, InvalidInput, NotAllowed
from b24app.i18n import Texts, known_language, texts
from b24app.outside_json import read_json
from b24app.services import line_waits, portals
from placements import preferences
from placements.calls import ConfirmVisitor, Launch, launch_from
from placements.install import sentence
from storage.away import AWAY
from storage.unit_of_work import Transactions

PLACEMENT = "SETTING_CONNECTOR"

log = logging.getLogger(__name__)
ConnectLine = Callable[[str, str], None]


class ConnectorPage:
    """The view. `connect_line` takes the line's id and the actor."""

    def __init__(
        self,
        transactions: Transactions,
        confirm_visitor: ConfirmVisitor,
        connect_line: ConnectLine,
        assets: Assets,
    ) -> None:
        self._transactions = transactions
        self._confirm = confirm_visitor
        self._connect_line = connect_line
        self._assets = assets

    def open(self) -> Response:
        """Connect the line of the launch. Raises NotAllowed for anybody but an administrator, GatewayError on silence."""
        launch = launch_from(request.args, request.form, 0)
        self._check_portal(launch)
        line_id = _line_of(request.form.get("PLACEMENT_OPTIONS", ""))
        visitor = self._confirm(launch)
        if not visitor.is_admin:
            raise NotAllowed(code="not_admin")
        with self._transactions() as uow:
            waits = line_waits.waiting(uow)
            language, theme = preferences.look_of(uow, visitor.user_id, request.args.get("LANG", ""))
        self._connect_line(line_id, f"user/{visitor.user_id}")
        t = texts(language)
        text = " ".join(
            [t("Conversations of buyers and factories arrive on this line from now on."), *_of(waits, line_id, t)]
        )
        return sentence(self._assets, t, t("Connected"), text, 200, theme=theme)

    def refused(self, error: DomainError) -> Response:
        """Answer whoever may not connect a line."""
        t = self._speech()
        log.warning("A line was not connected: %s", error.code)
        reasons = {"not_admin": t("Only an administrator can connect a line. Ask one to open this page.")}
        fallback = t("Bitrix24 did not confirm who you are. Open this page from the Contact Center.")
        return sentence(self._assets, t, t("Not connected"), reasons.get(error.code, fallback), 403)

    def failed(self, error: GatewayError) -> Response:
        """Answer when the portal refused or kept silent."""
        t = self._speech()
        log.warning("A line was not connected: %s", error.code or type(error).__name__)
        text = t("Bitrix24 did not take it. Try again in a minute.")
        return sentence(self._assets, t, t("Not connected"), text, 503)

    def away(self, error: Exception) -> Response:
        """Answer while the database is away."""
        t = self._speech()
        log.warning("the database is away: %s", type(error).__name__)
        text = t("Nothing was lost. Try again in a few seconds.")
        return sentence(self._assets, t, t("Our records do not answer for a moment"), text, 503)

    def _check_portal(self, launch: Launch) -> None:
        with self._transactions() as uow:
            portal = portals.current(uow)
        known = portal.member_id if portal else ""
        if launch.placement != PLACEMENT or not hmac.compare_digest(launch.member_id.encode(), known.encode()):
            raise NotAllowed(code="other_launch")

    def _speech(self) -> Texts:
        return texts(known_language(request.args.get("LANG")))


def _of(waits: Sequence[line_waits.Waiting], line_id: str, t: Texts) -> list[str]:
    """Say what waited for this line and goes now, and what still waits for others."""
    here = sum(one.messages for one in waits if one.line_id in {"", line_id})
    elsewhere = sum(one.messages for one in waits) - here
    said = []
    if here:
        said.append(t.tn("{count} message that waited goes now.", "{count} messages that waited go now.", here))
    if elsewhere:
        words = t.tn("{count} message waits for another line", "{count} messages wait for another line", elsewhere)
        said.append(f"{words}. {t('Under “Conversations” they can be sent over this one.')}")
    return said


def _line_of(options: str) -> str:
    try:
        found = read_json(options)
    except ValueError:
        found = None
    line_id = str(found.get("LINE", "")) if isinstance(found, dict) else ""
    if not (line_id.isascii() and line_id.isdigit() and 0 < len(line_id) <= 18):
        raise InvalidInput("The page was opened without a line.", code="bad_launch")
    return line_id


def create_blueprint(
    *,
    transactions: Transactions,
    confirm_visitor: ConfirmVisitor,
    connect_line: ConnectLine,
    assets: Assets | None = None,
) -> Blueprint:
    """Make the door of the connector's page."""
    page = ConnectorPage(transactions, confirm_visitor, connect_line, assets or Assets())
    blueprint = Blueprint("connector", __name__, url_prefix="/install", template_folder="templates")

    @blueprint.post("/connector")
    @authenticated_by("access token confirmed by the portal")
    def launch() -> Response:
        return page.open()

    blueprint.register_error_handler(DomainError, page.refused)
    blueprint.register_error_handler(GatewayError, page.failed)
    for kind in AWAY:
        blueprint.register_error_handler(kind, page.away)
    return blueprint
