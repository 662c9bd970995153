"""The frame around every screen and action of the Mini App: who is there, may they, what is said when not.

Screens are addresses: opened plainly they give an empty shell without any data; asked for with a session pass they give
their fragment. Actions are named and take one form each. Called by the screen modules of this package; knows none of them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, wraps
from typing import Any

from flask import Blueprint, Response, g, jsonify, make_response, render_template, request
from marshmallow import Schema, ValidationError
from werkzeug.wrappers import Response as AnyResponse

from b24app.access import authenticated_by
from b24app.assets import Assets
from b24app.config import Settings
from b24app.domain.buckets import Bucket
from b24app.errors import DomainError, InvalidInput, LimitExceeded, NotAllowed, NotFound
from b24app.form_parts import BIGGEST, plain
from b24app.i18n import Texts, known_language, texts, texts_in_zone
from b24app.services import file_links, gates, people
from storage.models import Company, Person
from storage.unit_of_work import Transactions, UnitOfWork
from telegram_bridge.miniapp import refusals
from telegram_bridge.miniapp.session import HEADER, NoSession, Passes

log = logging.getLogger(__name__)

FILE_LINK_LIFETIME = timedelta(minutes=10)
ACTIONS = Bucket(rate=2.0, burst=60)
"""What one person may do: typing saves a draft every second or so, and nobody presses sixty buttons in a row."""
REGISTERED = frozenset({"submitted", "changes_requested", "accepted"})


class GoTo(Exception):
    """This screen is not for now; `path` is. `closed`: only the registered may, no newcomer and no colleague who was removed."""

    def __init__(self, path: str, *, closed: bool = False) -> None:
        self.path = path
        self.closed = closed
        super().__init__(path)


@dataclass
class Visit:
    """One request of a person who is known: the transaction, the language, the company they speak for in their present role."""

    uow: UnitOfWork
    person: Person
    t: Texts
    keys: tuple[str, ...]

    @property
    def language(self) -> str:
        """Give the reader's language."""
        return self.t.language

    @cached_property
    def stage(self) -> str:
        """Tell how far the registration in the present role has come."""
        return people.stage_of(self.uow, self.person)

    @cached_property
    def company(self) -> Company | None:
        """Give the company of the present role, if there is one already."""
        return people.company_of(self.uow, self.person, self.person.active_role or None)

    @property
    def own_company(self) -> Company:
        """Give the company of the present role. Raises NotFound before registration."""
        if self.company is None:
            raise NotFound
        return self.company

    def act_as(self, role: str) -> None:
        """Go over to the other role, where a link of the bot leads. NotAllowed without a company in it."""
        if people.company_of(self.uow, self.person, role) is None:
            raise NotAllowed
        people.choose_role(self.uow, self.person, role)
        for known in ("stage", "company"):
            self.__dict__.pop(known, None)

    def render(self, template: str, **values: Any) -> str:
        """Fill a template in the reader's language."""
        return render_template(f"miniapp/{template}.html", t=self.t, visit=self, person=self.person, **values)

    def file_url(self, file_id: int) -> str:
        """Give an address under which a file can be fetched for some minutes."""
        return self.download(f"file/{file_id}")

    def download(self, subject: str) -> str:
        """Give the same for anything that the door of files knows (`file/12`, `meeting/5`)."""
        return f"/files/{file_links.issue(self.keys, subject, self.uow.now, FILE_LINK_LIFETIME)}"


def answer(**what: Any) -> Response:
    """Tell the browser what to do after an action: `go` somewhere, say `toast`, show the screen `again`."""
    return jsonify(what)


class Door:
    """Collects the screens and actions of the Mini App on one blueprint."""

    def __init__(self, *, settings: Settings, transactions: Transactions, assets: Assets) -> None:
        self.settings = settings
        self.transactions = transactions
        self.assets = assets
        self.passes = Passes(settings.secret_keys, max_age_seconds=settings.page_token_seconds)
        self.forms: dict[str, Schema] = {}
        """What each action takes, by its name."""
        self.blueprint = Blueprint("miniapp", __name__, url_prefix="/app", template_folder="templates")
        self.blueprint.register_error_handler(NoSession, _no_session)
        self.blueprint.register_error_handler(GoTo, _go_to)
        self.blueprint.register_error_handler(DomainError, _refusal)
        self.blueprint.register_error_handler(ValidationError, _malformed)
        self.blueprint.after_request(self._protect)

    def screen(self, rule: str, *, who: str = "registered") -> Callable[[Callable[..., str]], Callable[..., str]]:
        """Offer a screen: `function(visit, **place)` gives its fragment. `who` is anyone, registered, buyer or factory."""

        def mark(function: Callable[..., str]) -> Callable[..., str]:
            @wraps(function)
            def view(**place: Any) -> AnyResponse:
                if HEADER not in request.headers:
                    return self._shell()
                with self.visit() as visit:
                    _admit(visit, who)
                    html = function(visit, **_sound(place))
                # Nothing new is told as "no content", which leaves the shown screen alone.
                return make_response(html) if html else Response(status=204)

            marked = authenticated_by("session pass; without one only an empty shell is given")(view)
            self.blueprint.add_url_rule(rule, endpoint=f"screen-{function.__name__}", view_func=marked)
            return function

        return mark

    def action(
        self, name: str, form: Schema, *, who: str = "registered", opened_within: timedelta | None = None
    ) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
        """Offer an action: `function(visit, **fields of the form)` makes one service call and gives an answer.

        `opened_within` asks that the person came in through Telegram so lately: for what a telephone left lying about must not do.
        """

        def mark(function: Callable[..., Response]) -> Callable[..., Response]:
            def view() -> AnyResponse:
                self.pace()
                with self.visit(opened_within) as visit:
                    fields: Mapping[str, Any] = form.load(request.form.to_dict())
                    _admit(visit, who)
                    return function(visit, **fields)

            self.forms[name] = form
            marked = authenticated_by("session pass")(view)
            self.blueprint.add_url_rule(f"/act/{name}", endpoint=f"act-{name}", view_func=marked, methods=["POST"])
            return function

        return mark

    def pace(self) -> None:
        """Count one action of the bearer of the pass, in a transaction of its own. Raises NoSession, LimitExceeded."""
        bound = self.passes.read(request.headers.get(HEADER, ""))
        with self.transactions() as uow:
            wait = gates.pass_through(uow, f"person:{bound.person_id}", ACTIONS)
            person = uow.session.get(Person, bound.person_id) if wait else None
        if wait:
            g.language = known_language(person.language if person else "", self.settings.default_language)
            raise LimitExceeded(code="too_fast")

    @contextmanager
    def visit(self, opened_within: timedelta | None = None) -> Iterator[Visit]:
        """Open a transaction on behalf of the bearer of the pass. Raises NoSession; NotAllowed who was let in too long ago."""
        bound = self.passes.read(request.headers.get(HEADER, ""))
        with self.transactions() as uow:
            person = uow.session.get(Person, bound.person_id)
            if person is None or person.telegram_id != bound.telegram_id or person.state == "deleted":
                raise NoSession
            g.language = known_language(person.language, self.settings.default_language)
            if opened_within and uow.now - datetime.fromtimestamp(bound.opened_at, UTC) > opened_within:
                raise NotAllowed(code="opened_long_ago")
            yield Visit(uow, person, texts_in_zone(g.language, person.zone), self.settings.secret_keys)

    def _shell(self) -> Response:
        page = make_response(
            render_template(
                "miniapp/shell.html",
                script=self.assets.url("miniapp.js"),
                style=self.assets.url("miniapp.css"),
                languages=[texts(language) for language in ("ru", "uz", "en")],
            )
        )
        page.headers["Cache-Control"] = "no-cache"
        return page

    def _protect(self, given: Response) -> Response:
        given.headers.setdefault("Cache-Control", "no-store")
        given.headers.setdefault("Vary", HEADER)
        given.headers.setdefault("X-Content-Type-Options", "nosniff")
        given.headers.setdefault("Referrer-Policy", "no-referrer")
        frames = self.settings.telegram_webapp_frame_origin
        given.headers.setdefault(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
            f"font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {frames}",
        )
        return given


def _sound(place: Mapping[str, Any]) -> dict[str, Any]:
    """Give the parts of an address, texts cleaned. NotFound for a number that nothing can have."""
    if any(isinstance(value, int) and value > BIGGEST for value in place.values()):
        raise NotFound
    return {name: plain(value) if isinstance(value, str) else value for name, value in place.items()}


def _admit(visit: Visit, who: str) -> None:
    if who == "anyone":
        return
    if visit.stage not in REGISTERED:
        raise GoTo("/app/", closed=True)
    if who in {"buyer", "factory"} and visit.person.active_role != who:
        visit.act_as(who)


def _language() -> Texts:
    return texts(g.get("language", "en"))


def _no_session(_: NoSession) -> AnyResponse:
    log.info("refused a missing, altered or expired session pass at %s", request.path)
    refused = jsonify({})
    refused.status_code = 401
    return refused


def _go_to(moved: GoTo) -> AnyResponse:
    said = {"toast": _language()("This is not open to you now.")} if moved.closed else {}
    given = jsonify({"go": moved.path, "replace": True, **said})
    if request.method == "GET":
        given.headers["X-Go"] = moved.path
    return given


def _refusal(error: DomainError) -> AnyResponse:
    t = _language()
    message, status = refusals.sentence(error, t), refusals.status_of(error)
    if request.method == "GET":
        page = make_response(render_template("miniapp/refusal.html", t=t, message=message), status)
        page.headers["X-Fragment"] = "1"
        return page
    refused = jsonify({"message": message, "fields": error.fields if isinstance(error, InvalidInput) else {}})
    refused.status_code = status
    return refused


def _malformed(error: ValidationError) -> AnyResponse:
    log.info("refused a malformed form at %s: %s", request.path, sorted(error.messages_dict))
    t = _language()
    # What the form itself said is English and meant for programmers.
    fields = {name: [t("Please check this field.")] for name in error.messages_dict}
    refused = jsonify({"message": t("Something in the form needs correction."), "fields": fields})
    refused.status_code = 422
    return refused
