"""The installation page that an administrator meets first.

Mounted by the composition root. A launch is proven by the authorization server and the portal before anything is stored; the page
shows what would change, asks what only a person knows, watches the worker apply the manifest and, at the end, tells the portal from the
browser that the installation is finished, which no server can do.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template, request
from itsdangerous import BadData, URLSafeTimedSerializer
from marshmallow import ValidationError

from b24app.access import authenticated_by
from b24app.assets import Assets
from b24app.bitrix24.enrolment import Enrolment, read_launch
from b24app.bitrix24.install import progress
from b24app.config import Settings
from b24app.errors import DomainError, GatewayError, NotAllowed
from b24app.i18n import Texts, known_language, texts
from b24app.services import portals, staff
from b24app.services import settings as stored
from placements import preferences
from placements.forms import InstallForm
from placements.install_wording import check_text, difference, grouped
from placements.rendering import guarded, origin_of
from placements.setup_choices import Bots, check_bot, keep_bot, keep_roles, role_choices, roles_in
from placements.wording import problems_by_field
from storage.away import AWAY
from storage.unit_of_work import Transactions, UnitOfWork

HEADER = "X-Page-Token"
VALID_SECONDS = 3600

log = logging.getLogger(__name__)


class InstallPage:
    """The views, with what they need. `start` asks the worker for a job by its name, `bots` asks Telegram."""

    def __init__(
        self,
        settings: Settings,
        transactions: Transactions,
        *,
        enrolment: Enrolment,
        start: Callable[[str], None],
        bots: Bots,
        assets: Assets,
    ) -> None:
        self._settings = settings
        self._transactions = transactions
        self._enrolment = enrolment
        self._start = start
        self._bots = bots
        self._assets = assets
        self._signer = URLSafeTimedSerializer(list(reversed(settings.secret_keys)), salt="installation page")

    def open(self) -> Response:
        """Answer the launch: prove, store, let the worker look at the portal, and show the page that asks and follows the work."""
        enrolled = self._enrolment.admit(read_launch(request.args, request.form))
        self._look()
        with self._transactions() as uow:
            language, theme = preferences.look_of(uow, enrolled.user_id, request.args.get("LANG") or enrolled.language)
        origin = origin_of(enrolled.client_endpoint)
        token = self._signer.dumps([enrolled.user_id, language, origin])
        page = render_template(
            "install/page.html",
            t=texts(language),
            theme=theme,
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
        """Look once more after a failure, and ask again."""
        _, language, origin = self._admitted()
        self._look()
        return guarded(jsonify(state="looking", html=self._part(texts(language))), origin)

    def begin(self) -> Response:
        """Take the answers and start; what is wrong with them comes back with the form as it was filled in."""
        user_id, language, origin = self._admitted()
        t = texts(language)
        try:
            form = InstallForm().load(request.form)
            faults = check_bot(self._bots, form, t).faults
        except ValidationError as error:
            faults = problems_by_field(error, t)
        if faults:
            html = self._part(t, typed=request.form.to_dict(), faults=faults)
            return guarded(jsonify(state="asking", html=html), origin)
        actor = f"user/{user_id}"
        with self._transactions() as uow:
            keep_bot(uow, form, actor)
            keep_roles(uow, roles_in(request.form), actor)
            for name in ("card_language", "line_id", "distribution"):
                stored.put(uow, name, form[name], actor)
            progress.write(uow, progress.Progress("waiting"), uow.now)
        self._bots.put_to_work()
        self._start("apply_installation")
        return guarded(jsonify(state="waiting", html=self._part(t)), origin)

    def refused(self, error: DomainError) -> Response:
        """Answer a launch that is not believed, in words that help."""
        t = texts(known_language(request.args.get("LANG")))
        log.warning("An installation was refused: %s", error.code)
        return sentence(self._assets, t, t("The application was not installed"), _why(error.code, t), 403)

    def unreachable(self, error: GatewayError) -> Response:
        """Answer when the portal or the authorization server cannot be asked."""
        t = texts(known_language(request.args.get("LANG")))
        log.warning("An installation could not be checked: %s", error.code or type(error).__name__)
        text = t("We could not check this launch; nothing was lost. Try again in a minute.")
        return sentence(self._assets, t, t("Bitrix24 does not answer"), text, 503)

    def away(self, error: Exception) -> Response:
        """Answer while the database is away."""
        t = texts(known_language(request.args.get("LANG")))
        log.warning("the database is away: %s", type(error).__name__)
        text = t("Nothing was lost. Try again in a few seconds.")
        return sentence(self._assets, t, t("Our records do not answer for a moment"), text, 503)

    def _look(self) -> None:
        with self._transactions() as uow:
            if progress.read(uow).under_way(uow.now):
                return
            progress.write(uow, progress.Progress("looking"), uow.now)
        self._start("look_at_portal")

    def _admitted(self) -> tuple[str, str, str]:
        try:
            user_id, language, origin = self._signer.loads(request.headers.get(HEADER, ""), max_age=VALID_SECONDS)
        except (BadData, ValueError, TypeError) as error:
            raise NotAllowed(code="page_token") from error
        return str(user_id), str(language), str(origin)

    def _part(
        self, t: Texts, *, typed: Mapping[str, str] | None = None, faults: Mapping[str, list[str]] | None = None
    ) -> str:
        with self._transactions() as uow:
            seen = progress.read(uow)
            asked = self._asked(uow, seen, t) if seen.state == "asking" else {}
            stalled = seen.stalled(uow.now)
        checks = [{**check, "text": check_text(check, t)} for check in seen.checks]
        part: str = render_template(
            "install/progress.html",
            t=t,
            seen=seen,
            stalled=stalled,
            checks=checks,
            groups=grouped(seen, t),
            faults=faults or {},
            **{**asked, **({"typed": {**asked["typed"], **typed}} if typed and asked else {})},
        )
        return part

    def _asked(self, uow: UnitOfWork, seen: progress.Progress, t: Texts) -> dict[str, Any]:
        chosen = {user_id: role for role in staff.NAMED for user_id in staff.named(uow, role)}
        typed = {
            "card_language": portals.language(uow),
            "tender_channel_id": stored.get(uow, "tender_channel_id", self._settings.tender_channel_id),
            "line_id": stored.get(uow, "line_id"),
            "distribution": stored.get(uow, "distribution", staff.TURN),
            **{f"role.{user_id}": role for user_id, role in chosen.items()},
        }
        return {
            "typed": typed,
            "has_token": bool(stored.get(uow, "bot_token")),
            "token_elsewhere": bool(self._settings.telegram_bot_token),
            "differences": difference(seen, t),
            "roles": role_choices(t),
        }


def sentence(assets: Assets, t: Texts, title: str, text: str, status: int, *, theme: str = "") -> Response:
    """Answer with a page of one sentence, which anybody may frame; what failed in passing can be tried again with one press."""
    again = {"action": request.full_path, "fields": list(request.form.items(multi=True))} if status == 503 else None
    css = assets.url("install.css")
    page = render_template("install/message.html", t=t, theme=theme, title=title, text=text, again=again, css=css)
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


def create_blueprint(
    *,
    settings: Settings,
    transactions: Transactions,
    enrolment: Enrolment,
    start: Callable[[str], None],
    bots: Bots,
    assets: Assets | None = None,
) -> Blueprint:
    """Make the door of installation."""
    page = InstallPage(settings, transactions, enrolment=enrolment, start=start, bots=bots, assets=assets or Assets())
    blueprint = Blueprint("install", __name__, url_prefix="/install", template_folder="templates")

    @blueprint.post("")
    @authenticated_by("refresh token proven by the authorization server")
    def launch() -> Response:
        return page.open()

    @blueprint.get("/progress")
    @authenticated_by("page token")
    def watch() -> Response:
        return page.watch()

    @blueprint.post("/begin")
    @authenticated_by("page token")
    def begin() -> Response:
        return page.begin()

    @blueprint.post("/again")
    @authenticated_by("page token")
    def again() -> Response:
        return page.again()

    blueprint.register_error_handler(DomainError, page.refused)
    blueprint.register_error_handler(GatewayError, page.unreachable)
    for kind in AWAY:
        blueprint.register_error_handler(kind, page.away)
    return blueprint
