"""The addresses of our pages: the launch, the renewal of its token, lazily fetched parts and named actions.

Mounted by the composition root. The path's secret segment and the application token only keep strangers away; a visitor is
trusted once the portal has confirmed the access token that his launch carries.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import Blueprint, Response, jsonify, make_response, render_template, request
from marshmallow import ValidationError
from werkzeug.exceptions import RequestEntityTooLarge

from b24app.access import authenticated_by
from b24app.assets import Assets
from b24app.config import Settings
from b24app.errors import DomainError, GatewayError, InvalidInput, InvalidState, NotAllowed, NotFound
from b24app.form_parts import plain
from b24app.i18n import known_language, texts
from placements import rights
from placements.actions import ACTIONS
from placements.admission import Admission, Refused
from placements.calls import Call, ConfirmVisitor
from placements.exports import Exports
from placements.forms import RenewForm
from placements.outside import Outside
from placements.page_tokens import PageTokens, PassExpired
from placements.processes import located
from placements.registry import PAGES
from placements.rendering import Renderer, guarded
from placements.subjects import subject_of
from placements.wording import fields_of, message_of, problems_of
from storage.away import AWAY, RETRY_AFTER_SECONDS
from storage.unit_of_work import Transactions

log = logging.getLogger(__name__)
PAGE_HEADER = "X-Page-Token"
_ELEMENT_ID = re.compile(r"^[A-Za-z][\w-]{0,80}$")


@dataclass(frozen=True)
class Notice:
    """What an action did, or why the rules refused it."""

    text: str
    refused: bool = False


class Desk:
    """The views of our pages with what they need to work."""

    def __init__(
        self,
        settings: Settings,
        transactions: Transactions,
        confirm_visitor: ConfirmVisitor,
        assets: Assets,
        outside: Outside,
    ) -> None:
        self.transactions = transactions
        self.outside = outside
        self.renderer = Renderer(assets, settings)
        tokens = PageTokens(settings.secret_keys, settings.page_token_seconds)
        self.admission = Admission(transactions, confirm_visitor, tokens)
        self.exports = Exports(settings, transactions)

    def launch(self, path_secret: str, code: str) -> Response:
        """Answer a launch with the whole page."""
        page = PAGES.get(code)
        if page is None:
            raise NotFound
        with self.transactions() as uow:
            page = located(uow, page)
        admitted = self.admission.by_launch(page, path_secret, request.args, request.form)
        with self.transactions() as uow:
            call, token = self.admission.entering(uow, admitted)
            html = self.renderer.page(uow, call, page, token=token, portal=admitted.portal_origin)
        return guarded(make_response(html), admitted.portal_origin)

    def renew(self) -> Response:
        """Exchange a page token, also one that ran out, for a fresh one once the portal confirms the same visitor again."""
        form = RenewForm().load(request.form)
        token, portal = self.admission.renewed(request.headers.get(PAGE_HEADER, ""), form["access_token"])
        return guarded(jsonify(token=token), portal)

    def part(self, name: str) -> Response:
        """Answer with one section."""
        call, portal = self.admission.by_token(request.headers.get(PAGE_HEADER, ""))
        call = replace(call, asked=_asked(request.args))
        return guarded(make_response(self._sections(call, (name,), portal)), portal)

    def act(self, name: str) -> Response:
        """Do one named action and answer with the sections it changed; a refusal answers beside the pressed button."""
        call, portal = self.admission.by_token(request.headers.get(PAGE_HEADER, ""))
        action = ACTIONS.get(name)
        if action is None or call.code not in action.pages:
            raise NotFound
        if not rights.may(call.role, name):
            log.warning("action %s refused to user %s as %s", name, call.user_id, call.role)
            raise NotAllowed
        form = action.form().load({**request.form.to_dict(), **request.files.to_dict(flat=False)})
        if action.ask is not None:
            action.ask(self.outside, call, form)
        try:
            with self.transactions() as uow:
                notice = Notice(action.run(uow, call, subject_of(uow, call.entity), form))
        except InvalidState as error:
            # Somebody was faster: the page shows how it stands now beside the sentence.
            notice = Notice(message_of(error, texts(call.language)), refused=True)
        if action.then is not None and not notice.refused:
            action.then(self.outside)
        # Lists are shown again as they were filtered when the button was pressed.
        call = replace(self.admission.refreshed(call), asked=_asked(request.form))
        answer = make_response(
            self._sections(call, action.refreshes, portal, notice=notice), 409 if notice.refused else 200
        )
        answer.headers["HX-Reswap"] = "none"
        look = {"theme": call.theme, "language": call.language}
        answer.headers["HX-Trigger"] = json.dumps({"desk:look": look})
        return guarded(answer, portal)

    def export(self, kind: str) -> Response:
        """Answer with the address of a report's file, good for one visitor and two minutes."""
        call, portal = self.admission.by_token(request.headers.get(PAGE_HEADER, ""))
        return guarded(self.exports.link(call, kind, request.form), portal)

    def exported(self, token: str) -> Response:
        """Answer with the file behind such an address."""
        return guarded(self.exports.file(token), self._frame())

    def _sections(self, call: Call, names: tuple[str, ...], portal: str, *, notice: Notice | None = None) -> str:
        parts: list[str] = []
        with self.transactions() as uow:
            subject = subject_of(uow, call.entity)
            for name in names:
                section = PAGES[call.code].section(subject, name)
                if section is None:
                    continue
                shown = notice if not parts else None
                parts.append(
                    self.renderer.section(
                        uow, call, subject, section, portal=portal, notice=shown, out_of_band=notice is not None
                    )
                )
        if not parts:
            raise NotFound
        return "\n".join(parts)

    def problem(self, error: DomainError | ValidationError) -> Response:
        """Answer a refusal of the rules: beside the button inside a page, as a page of its own at a launch."""
        language = self._language()
        t = texts(language)
        if isinstance(error, Refused):
            log.warning("launch refused: %s", error.code)
        if request.endpoint == "placements.launch":
            return self.renderer.refused(
                language,
                403,
                t("This page is closed to you"),
                _launch_text(error, language),
                frame_origin=self._frame(),
            )
        status = _status(error)
        sentences = (
            problems_of(error, t) if isinstance(error, ValidationError | InvalidInput) else [message_of(error, t)]
        )
        element = request.headers.get("HX-Trigger", "")
        target = f"{element}-error" if _ELEMENT_ID.match(element) else "page-error"
        answer = make_response(render_template("desk/problem.html", target=target, sentences=sentences), status)
        answer.headers["HX-Reswap"] = "none"
        answer.headers["HX-Trigger"] = json.dumps({"desk:faults": {"fields": fields_of(error)}})
        return guarded(answer, self._frame())

    def too_large(self, _error: RequestEntityTooLarge) -> Response:
        """Answer to files that are too large together."""
        t = texts(self._language())
        return self.problem(InvalidInput(fields={"files": [t("The files are too large: 20 MB together at most.")]}))

    def unreachable(self, error: GatewayError) -> Response:
        """Answer when the portal could not be asked who the visitor is."""
        log.warning("the portal did not confirm a visitor: %s", type(error).__name__)
        t = texts(self._language())
        return self.renderer.refused(
            self._language(),
            503,
            t("Bitrix24 does not answer"),
            t("We could not ask it who you are. Reload the page in a minute; nothing was lost."),
            frame_origin=self._frame(),
        )

    def away(self, error: Exception) -> Response:
        """Answer while the database is away: a launch gets a page that asks again with one press, a part the sign to try again."""
        log.warning("the database is away: %s", type(error).__name__)
        if request.endpoint != "placements.launch":
            answer = make_response("", 503)
            answer.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
            return guarded(answer, "")
        return self.renderer.away(self._language(), request.full_path, request.form.items(multi=True))

    def _frame(self) -> str:
        try:
            with self.transactions() as uow:
                return self.admission.portal_origin(uow)
        except AWAY:
            return self.renderer.configured_origin

    def _language(self) -> str:
        return known_language(request.args.get("LANG") or request.headers.get("X-Page-Language"))


def _asked(given: Mapping[str, str]) -> dict[str, str]:
    return {name: plain(value) for name, value in given.items()}


def _status(error: DomainError | ValidationError) -> int:
    if isinstance(error, PassExpired):
        return 401
    if isinstance(error, NotAllowed):
        return 403
    return 404 if isinstance(error, NotFound) else 422


def _launch_text(error: DomainError | ValidationError, language: str) -> str:
    t = texts(language)
    reasons = {
        "not_installed": t("The application is not installed on this portal, or it was switched off."),
        "cannot_read": t("Bitrix24 does not let you see this item. Ask an administrator for the right to read it."),
        "bad_launch": t("Open this page from Bitrix24: from a card's tab or from the left menu."),
    }
    code = error.code if isinstance(error, DomainError) else "bad_launch"
    return reasons.get(code, t("Bitrix24 did not confirm who you are. Reload the page; if it stays so, sign in again."))


def create_blueprint(
    *,
    settings: Settings,
    transactions: Transactions,
    confirm_visitor: ConfirmVisitor,
    outside: Outside,
    assets: Assets | None = None,
) -> Blueprint:
    """Make the door of the portal's pages. `confirm_visitor` asks the portal whose token a launch carries."""
    desk = Desk(settings, transactions, confirm_visitor, assets or Assets(), outside)
    blueprint = Blueprint("placements", __name__, url_prefix="/placements", template_folder="templates")

    @blueprint.post("/<path_secret>/<code>")
    @authenticated_by("access token confirmed by the portal")
    def launch(path_secret: str, code: str) -> Response:
        return desk.launch(path_secret, code)

    @blueprint.post("/renew")
    @authenticated_by("access token confirmed by the portal")
    def renew() -> Response:
        return desk.renew()

    @blueprint.get("/part/<name>")
    @authenticated_by("page token")
    def part(name: str) -> Response:
        return desk.part(name)

    @blueprint.post("/act/<name>")
    @authenticated_by("page token")
    def act(name: str) -> Response:
        return desk.act(name)

    @blueprint.post("/export/<kind>")
    @authenticated_by("page token")
    def export(kind: str) -> Response:
        return desk.export(kind)

    @blueprint.get("/exports/<token>")
    @authenticated_by("signed expiring link")
    def exported(token: str) -> Response:
        return desk.exported(token)

    blueprint.register_error_handler(DomainError, desk.problem)
    blueprint.register_error_handler(ValidationError, desk.problem)
    blueprint.register_error_handler(GatewayError, desk.unreachable)
    blueprint.register_error_handler(RequestEntityTooLarge, desk.too_large)
    for kind in AWAY:
        blueprint.register_error_handler(kind, desk.away)
    return blueprint
