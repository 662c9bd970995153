"""The first screen of each role and stage, the choice of language and role, settings and help."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import fields, validate

from b24app.domain.catalogue import completeness
from b24app.errors import NotFound
from b24app.form_parts import Form
from b24app.i18n import LANGUAGE_NAMES, LANGUAGES, texts
from b24app.services import automation, banners, companies, conversations, people
from b24app.services.industries import pack
from telegram_bridge.miniapp import wizard
from telegram_bridge.miniapp.door import REGISTERED, Door, GoTo, Visit, answer
from telegram_bridge.miniapp.entry import spoken

TOPICS = ("processing", "marketing")


class LanguageForm(Form):
    """A choice of language."""

    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))


class RoleForm(Form):
    """A choice of role."""

    role = fields.String(required=True, validate=validate.OneOf(["buyer", "factory"]))


class ConsentForm(Form):
    """An answer to one consent; an unticked box sends nothing but its topic."""

    topic = fields.String(required=True, validate=validate.OneOf(TOPICS))
    given = fields.Boolean(load_default=False)


class NothingForm(Form):
    """An action that needs no words."""


def add_to(door: Door) -> None:
    """Offer these screens and actions."""
    _add_home(door)
    _add_choices(door)
    _add_settings(door)
    _add_help(door)
    _add_nowhere(door)


def _add_home(door: Door) -> None:
    @door.screen("/", who="anyone")
    def home(visit: Visit) -> str:
        if visit.stage == "language":
            return visit.render("language", names=LANGUAGE_NAMES, back="")
        if visit.stage == "role":
            return visit.render("role", back="")
        if visit.stage == "questionnaire":
            return _welcome(visit)
        return _home_of(visit)

    def _welcome(visit: Visit) -> str:
        filled = wizard.filling(visit, visit.person.active_role)
        lacking = wizard.faults_in(visit, filled.form, filled.answers)
        open_steps = {
            section.code
            for section in filled.form.sections
            if any(code.partition(".")[0] in {q.code for q in section.questions} for code in lacking)
        }
        # A step with nothing required counts once the person has come past it.
        codes = [section.code for section in filled.form.sections]
        passed = codes.index(filled.step) if filled.step in codes else (len(codes) if filled.step == "review" else 0)
        done = set(codes[:passed]) - open_steps
        return visit.render("welcome", filled=filled, count=len(codes), done=done)

    def _home_of(visit: Visit) -> str:
        company = visit.own_company
        return visit.render(
            "home",
            company=company,
            standing=companies.standing(company, visit.uow.now),
            form=wizard.form_of(company.kind),
            banners=banners.shown_to(visit.uow, company.kind),
            chats=len(conversations.of_person(visit.uow, visit.person)),
            share=round(100 * completeness(wizard.form_of(company.kind), company.answers)),
        )


def _add_nowhere(door: Door) -> None:
    @door.screen("/<path:rest>", who="anyone")
    def nowhere(visit: Visit, rest: str) -> str:
        raise NotFound


def _add_choices(door: Door) -> None:
    @door.screen("/language", who="anyone")
    def language(visit: Visit) -> str:
        return visit.render("language", names=LANGUAGE_NAMES, back="/app/settings")

    @door.screen("/role", who="anyone")
    def role(visit: Visit) -> str:
        return visit.render("role", back="/app/settings" if visit.stage in REGISTERED else "/app/")

    @door.action("choose_language", LanguageForm(), who="anyone")
    def choose_language(visit: Visit, language: str) -> Response:
        people.choose_language(visit.uow, visit.person, language)
        return answer(language=language, texts=spoken(texts(language)), go="/app/", replace=True)

    @door.action("choose_role", RoleForm(), who="anyone")
    def choose_role(visit: Visit, role: str) -> Response:
        people.choose_role(visit.uow, visit.person, role)
        return answer(go="/app/", replace=True)


def _add_settings(door: Door) -> None:
    @door.screen("/settings", who="anyone")
    def settings(visit: Visit) -> str:
        if visit.stage in {"language", "role"}:
            raise GoTo("/app/")
        return visit.render("settings", names=LANGUAGE_NAMES, consents=_consents(visit))

    @door.action("consent", ConsentForm(), who="anyone")
    def consent(visit: Visit, topic: str, given: bool) -> Response:
        people.consent(visit.uow, visit.person, topic, given)
        if topic == "processing" and not given:
            automation.consent_withdrawn(visit.uow, visit.person)
        return answer(toast=visit.t("Saved"))

    def _consents(visit: Visit) -> list[dict[str, Any]]:
        newest = {topic: versions[max(versions)][visit.language] for topic, versions in pack().consents.items()}
        return [
            {"topic": topic, "words": words, "given": people.running_consent(visit.uow, visit.person, topic)}
            for topic, words in newest.items()
        ]


def _add_help(door: Door) -> None:
    @door.screen("/help", who="anyone")
    def help_screen(visit: Visit) -> str:
        return visit.render("help", reachable=visit.stage in REGISTERED)

    @door.action("ask_manager", NothingForm())
    def ask_manager(visit: Visit) -> Response:
        conversation = conversations.open_help(visit.uow, visit.person)
        visit.uow.session.flush()
        return answer(go=f"/app/chats/{conversation.id}")
