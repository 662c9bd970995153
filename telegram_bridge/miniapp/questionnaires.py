"""Screens and actions of the forms that are filled step by step: both questionnaires and the lot; correction rounds."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from marshmallow import fields, validate

from b24app.errors import NotAllowed, NotFound
from b24app.form_parts import Form
from b24app.services import companies, corrections, drafts, lot_news, lots, people
from b24app.services.industries import pack
from telegram_bridge.miniapp import fields as typed
from telegram_bridge.miniapp import wizard
from telegram_bridge.miniapp.door import REGISTERED, Door, GoTo, Visit, answer

ROLES = frozenset({"buyer", "factory"})


class StepForm(Form):
    """One step of a form; the answers themselves (`q.…`) are read by their questions."""

    form = fields.String(required=True, validate=validate.Length(max=40))
    step = fields.String(load_default="", validate=validate.Length(max=40))


class SubmitForm(Form):
    """The end of a form. `client_key` makes a repeat harmless; the consents are asked with a questionnaire only."""

    form = fields.String(required=True, validate=validate.Length(max=40))
    client_key = fields.String(load_default="", validate=validate.Length(max=64))
    processing = fields.Boolean(load_default=False)
    marketing = fields.Boolean(load_default=False)


def may_fill(visit: Visit, name: str) -> None:
    """Let a person into a form that is theirs to fill now. Raises NotFound, NotAllowed or GoTo."""
    wizard.form_of(name)
    if name in ROLES:
        if name != visit.person.active_role:
            raise NotFound
        if visit.stage != "questionnaire":
            raise GoTo("/app/corrections" if visit.stage == "changes_requested" else "/app/")
    elif visit.stage not in REGISTERED:
        raise GoTo("/app/")
    elif visit.person.active_role != ("buyer" if name == "lot" else "factory"):
        raise NotAllowed


def add_to(door: Door) -> None:
    """Offer the forms."""
    _add_steps(door)
    _add_saving(door)
    _add_submitting(door)
    _add_corrections(door)


def _add_steps(door: Door) -> None:
    @door.screen("/form/<name>", who="anyone")
    def resume(visit: Visit, name: str) -> str:
        may_fill(visit, name)
        raise GoTo(f"/app/form/{name}/{wizard.filling(visit, name).resume_step()}")

    @door.screen("/form/<name>/review", who="anyone")
    def review(visit: Visit, name: str) -> str:
        may_fill(visit, name)
        filled = wizard.filling(visit, name)
        return visit.render(
            "review",
            filled=filled,
            sections=wizard.said_answers(visit, filled.form, filled.answers),
            faults=wizard.faults_in(visit, filled.form, filled.answers),
            back=f"/app/form/{name}/{filled.form.sections[-1].code}",
            consents=_consents(visit) if name in ROLES else [],
        )

    @door.screen("/form/<name>/<step>", who="anyone")
    def step(visit: Visit, name: str, step: str) -> str:
        may_fill(visit, name)
        filled = wizard.filling(visit, name)
        section = filled.section(step)
        codes = {question.code for question in section.questions}
        before = filled.neighbour(step, -1)
        return visit.render(
            "step",
            filled=filled,
            section=section,
            number=[s.code for s in filled.form.sections].index(step) + 1,
            faults=wizard.faults_in(visit, filled.form, filled.answers, codes) if "faults" in request.args else {},
            back=f"/app/form/{name}/{before}" if before else ("/app/lots" if name == "lot" else "/app/"),
            wizard=wizard,
            pack=pack(),
        )


def _consents(visit: Visit) -> list[tuple[str, str]]:
    return [
        (topic, next(reversed(list(versions.values())))[visit.language]) for topic, versions in pack().consents.items()
    ]


def _add_saving(door: Door) -> None:
    @door.action("save_draft", StepForm(), who="anyone")
    def save_draft(visit: Visit, form: str, step: str) -> Response:
        may_fill(visit, form)
        given, codes = read_step(form, step)
        filled = wizard.keep(visit, form, given, step, wizard.touched())
        return answer(faults=wizard.faults_in(visit, filled.form, filled.answers, codes))

    @door.action("next_step", StepForm(), who="anyone")
    def next_step(visit: Visit, form: str, step: str) -> Response:
        may_fill(visit, form)
        given, codes = read_step(form, step)
        filled = wizard.keep(visit, form, given, step, wizard.touched())
        if faults := wizard.faults_in(visit, filled.form, filled.answers, codes):
            return _faulty(visit, faults)
        following = filled.neighbour(step, +1) or "review"
        drafts.save(visit.uow, visit.person, form, filled.answers, following)
        return answer(go=f"/app/form/{form}/{following}")


def _faulty(visit: Visit, faults: wizard.Faults) -> Response:
    refused = answer(message=visit.t("Please correct the marked fields."), fields=faults)
    refused.status_code = 422
    return refused


def read_step(form: str, step: str) -> tuple[dict[str, Any], set[str]]:
    """Give what was typed into one step of a form and which questions it asks. Raises NotFound."""
    questionnaire = wizard.form_of(form)
    sections = [section for section in questionnaire.sections if section.code == step]
    if not sections:
        raise NotFound
    return typed.read(sections[0].questions, request.form), {question.code for question in sections[0].questions}


def _add_submitting(door: Door) -> None:
    @door.action("submit_form", SubmitForm(), who="anyone")
    def submit_form(visit: Visit, form: str, client_key: str, **consents: bool) -> Response:
        may_fill(visit, form)
        filled = wizard.filling(visit, form)
        if faults := wizard.faults_in(visit, filled.form, filled.answers):
            wrong = wizard.step_with_faults(filled.form, faults)
            return answer(go=f"/app/form/{form}/{wrong}?faults", toast=visit.t("Please correct the marked fields."))
        if form in ROLES:
            if not consents["processing"]:
                refused = {"processing": [visit.t("Without this consent the platform may not check your company.")]}
                return _faulty(visit, refused)
            return _submit_questionnaire(visit, form, filled.answers, marketing=consents["marketing"])
        lot = lots.submit(visit.uow, visit.person, filled.answers, client_key)
        drafts.discard(visit.uow, visit.person, form)
        said = lot_news.handed_in(lot, visit.t)
        return answer(go=f"/app/lots/{lot.id}", replace=True, done=True, toast=said)

    def _submit_questionnaire(visit: Visit, form: str, answers: dict[str, Any], *, marketing: bool) -> Response:
        people.consent(visit.uow, visit.person, "processing", True)
        if marketing:
            people.consent(visit.uow, visit.person, "marketing", True)
        companies.submit(visit.uow, visit.person, form, answers)
        drafts.discard(visit.uow, visit.person, form)
        return answer(go="/app/", replace=True, done=True, toast=visit.t("Thank you! We are checking your answers."))


def _add_corrections(door: Door) -> None:
    @door.screen("/corrections", who="registered")
    def corrections_of_questionnaire(visit: Visit) -> str:
        return show_corrections(
            visit, corrections.of_questionnaire(visit.uow, visit.person), "correct_questionnaire", "/app/"
        )

    @door.action("correct_questionnaire", StepForm(partial=True), who="registered")
    def correct_questionnaire(visit: Visit, form: str = "", step: str = "") -> Response:
        take_corrections(visit, corrections.of_questionnaire(visit.uow, visit.person), "/app/")
        return answer(go="/app/", replace=True, done=True, toast=visit.t("Thank you! We are checking your answers."))


def show_corrections(visit: Visit, returned: corrections.Round | None, action: str, back: str, **hidden: int) -> str:
    """Show exactly what was returned, with what was mended in the chat already. GoTo when nothing is open (any more)."""
    if returned is None:
        raise GoTo(back)
    return visit.render(
        "corrections",
        form=returned.form,
        returned=[(question, returned.reasons[question.code]) for question in returned.questions],
        answers={**returned.answers, **wizard.filling(visit, returned.draft, returned.form).answers},
        action=action,
        hidden=hidden,
        back=back,
        wizard=wizard,
        pack=pack(),
    )


def take_corrections(visit: Visit, returned: corrections.Round | None, back: str) -> None:
    """Hand in what was typed into the returned fields. GoTo when nothing is open (any more): a repeat changes nothing."""
    if returned is None:
        raise GoTo(back)
    given = typed.read(returned.questions, request.form)
    own = wizard.own_files_only(visit, returned.questions, given)
    corrections.hand_in(visit.uow, visit.person, returned, own)
