"""The installation page that an administrator meets first.

Mounted by the composition root. A launch is proven by the authorization server and the portal before anything is stored; the page
then watches the worker apply the manifest and, at the end, tells the portal from the browser that the installation is finished,
which no server can do.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template, request
from itsdangerous import BadData, URLSafeTimedSerializer

from b24app.access import authenticated_by
from b24app.assets import Assets
from b24app.bitrix24.enrolment import Enrolment, read_launch
from b24app.bitrix24.install import progress
from b24app.config import Settings
from b24app.errors import DomainError, GatewayError, NotAllowed
from b24app.i18n import Texts, known_language, texts
from placements.rendering import guarded, origin_of
from storage.away import AWAY
from storage.unit_of_work import Transactions

HEADER = "X-Page-Token"
VALID_SECONDS = 3600

log = logging.getLogger(__name__)


class InstallPage:
    """The views, with what they need. `start_apply` asks the worker to apply the manifest."""

    def __init__(
        self,
        settings: Settings,
        transactions: Transactions,
        enrolment: Enrolment,
        start_apply: Callable[[], None],
        assets: Assets,
    ) -> None:
        self._transactions = transactions
        self._enrolment = enrolment
        self._start_apply = start_apply
        self._assets = assets
        self._signer = URLSafeTimedSerializer(list(reversed(settings.secret_keys)), salt="installation page")

    def open(self) -> Response:
        """Answer the launch: prove, store, start, and show the page that follows the work."""
        enrolled = self._enrolment.admit(read_launch(request.args, request.form))
        self._begin()
        language = known_language(request.args.get("LANG"), enrolled.language)
        origin = origin_of(enrolled.client_endpoint)
        token = self._signer.dumps([enrolled.portal_id, language, origin])
        page = render_template(
            "install/page.html",
            t=texts(language),
            token=token,
            part=self._part(texts(language)),
            css=self._assets.url("install.css"),
            js=self._assets.url("install.js"),
        )
        return guarded(make_response(page), origin)

    def watch(self) -> Response:
        """Answer how far it is: the state, and the part of the page that shows it."""
        _, language, origin = self._admitted()
        with self._transactions() as uow:
            state = progress.read(uow).state
        return guarded(jsonify(state=state, html=self._part(texts(language))), origin)

    def again(self) -> Response:
        """Start once more after a failure."""
        _, language, origin = self._admitted()
        self._begin()
        return guarded(jsonify(state="waiting", html=self._part(texts(language))), origin)

    def refused(self, error: DomainError) -> Response:
        """Answer a launch that is not believed, in words that help."""
        t = texts(known_language(request.args.get("LANG")))
        log.warning("An installation was refused: %s", error.code)
        return sentence(self._assets, t, t("The application was not installed"), _why(error.code, t), 403)

    def unreachable(self, error: GatewayError) -> Response:
        """Answer when the portal or the authorization server cannot be asked."""
        t = texts(known_language(request.args.get("LANG")))
        log.warning("An installation could not be checked: %s", error.code or type(error).__name__)
        text = t("We could not check this launch. Reload the page in a minute.")
        return sentence(self._assets, t, t("Bitrix24 does not answer"), text, 503)

    def away(self, error: Exception) -> Response:
        """Answer while the database is away."""
        t = texts(known_language(request.args.get("LANG")))
        log.warning("the database is away: %s", type(error).__name__)
        text = t("Nothing was lost. Try again in a few seconds.")
        return sentence(self._assets, t, t("Our records do not answer for a moment"), text, 503)

    def _begin(self) -> None:
        with self._transactions() as uow:
            progress.write(uow, progress.Progress("waiting"), uow.now)
        self._start_apply()

    def _admitted(self) -> tuple[int, str, str]:
        try:
            portal_id, language, origin = self._signer.loads(request.headers.get(HEADER, ""), max_age=VALID_SECONDS)
        except (BadData, ValueError, TypeError) as error:
            raise NotAllowed(code="page_token") from error
        return int(portal_id), str(language), str(origin)

    def _part(self, t: Texts) -> str:
        with self._transactions() as uow:
            seen = progress.read(uow)
        checks = [{**check, "text": check_text(check, t)} for check in seen.checks]
        part: str = render_template("install/progress.html", t=t, seen=seen, checks=checks, groups=grouped(seen, t))
        return part


def sentence(assets: Assets, t: Texts, title: str, text: str, status: int) -> Response:
    """Answer with a page that holds one sentence and nothing else, so that anybody may frame it."""
    page = render_template("install/message.html", t=t, title=title, text=text, css=assets.url("install.css"))
    answer = guarded(make_response(page, status), "")
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'self'"
    return answer


def _why(code: str, t: Texts) -> str:
    reasons = {
        "not_admin": t("Only an administrator of Bitrix24 can install it. Ask one to open this page."),
        "other_portal": t("This server already works for another Bitrix24. One server serves one portal."),
        "foreign_portal": t("This server is set up for another Bitrix24."),
        "bad_launch": t("Open this page from Bitrix24: Developer resources, Other, Local application."),
        "page_token": t("The page was open for too long. Reload it."),
    }
    fallback = t("Bitrix24 did not confirm this launch. Check the application's code and secret, then reload the page.")
    return reasons.get(code, fallback)


def check_text(check: dict[str, Any], t: Texts) -> str:
    """Say a check's outcome, and what to do when it is not good."""
    good = check["level"] == "ok"
    sayings: dict[str, tuple[str, str]] = {
        "plan": (t("The plan allows applications"), t("The plan has run out: renew it, or applications stop working.")),
        "scopes": (
            t("All permissions are granted"),
            t("Permissions are missing: {scopes}. Add them to the application and reload.", scopes=check["detail"]),
        ),
        "leads": (t("CRM works with leads"), t("Switch CRM to the classic mode with leads: CRM, Settings, Mode.")),
        "offline_events": (
            t("Missed changes can be fetched later"),
            t("This plan keeps no missed changes; we compare by date instead."),
        ),
        "automation": (
            t("Automation rules can be registered"),
            t("Automation is closed to applications on this plan: robots will not be available."),
        ),
        "https": (t("Our address is secure"), t("Our address has no HTTPS: fine for a trial, not for real work.")),
    }
    code = str(check["code"])
    right, wrong = sayings.get(code, (code, code))
    return right if good else wrong


def grouped(seen: progress.Progress, t: Texts) -> list[dict[str, Any]]:
    """Fold the steps by kind: a name, how many are done, and those that were refused."""
    names = {
        "pipeline": t("Pipelines"),
        "stage": t("Stages"),
        "field": t("Fields"),
        "robot": t("Automation rules"),
        "activity": t("Activities"),
        "trigger": t("Triggers"),
        "placement": t("Pages"),
        "event": t("Events"),
        "offline": t("Events"),
        "connector": t("Open line connector"),
        "line": t("Open line"),
    }
    groups: dict[str, dict[str, Any]] = {}
    for line in seen.lines:
        name = names.get(line.key.partition(":")[0], line.key)
        group = groups.setdefault(name, {"name": name, "total": 0, "done": 0, "failed": []})
        group["total"] += 1
        group["done"] += line.state == "done"
        if line.state == "failed":
            group["failed"].append(line)
    return list(groups.values())


def create_blueprint(
    *,
    settings: Settings,
    transactions: Transactions,
    enrolment: Enrolment,
    start_apply: Callable[[], None],
    assets: Assets | None = None,
) -> Blueprint:
    """Make the door of installation."""
    page = InstallPage(settings, transactions, enrolment, start_apply, assets or Assets())
    blueprint = Blueprint("install", __name__, url_prefix="/install", template_folder="templates")

    @blueprint.post("")
    @authenticated_by("refresh token proven by the authorization server")
    def launch() -> Response:
        return page.open()

    @blueprint.get("/progress")
    @authenticated_by("page token")
    def watch() -> Response:
        return page.watch()

    @blueprint.post("/again")
    @authenticated_by("page token")
    def again() -> Response:
        return page.again()

    blueprint.register_error_handler(DomainError, page.refused)
    blueprint.register_error_handler(GatewayError, page.unreachable)
    for kind in AWAY:
        blueprint.register_error_handler(kind, page.away)
    return blueprint
