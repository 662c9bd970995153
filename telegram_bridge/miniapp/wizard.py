"""Forms of the industry pack as screens: one section a step, kept as a draft while typing, checked again on the server.

Called by the screens of questionnaires, lots and offers. Knows every kind of question and no particular form.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from b24app.domain import answers as domain_answers
from b24app.domain.industries import Kind, Question, Questionnaire, Section
from b24app.errors import NotFound
from b24app.form_parts import read_id
from b24app.i18n import Texts
from b24app.services import drafts, people
from b24app.services.forms import readable, sentence, shown
from b24app.services.industries import pack
from storage.models import File
from telegram_bridge.miniapp.door import Visit

Faults = Mapping[str, list[str]]


@dataclass(frozen=True)
class Filling:
    """A form somebody is filling: `name` is the draft's name, `answers` what the draft holds, `step` where they stopped."""

    name: str
    form: Questionnaire
    answers: dict[str, Any]
    step: str
    draft_id: int

    @property
    def started(self) -> bool:
        """Tell whether anything was entered before."""
        return any(value not in (None, "", [], {}) for value in self.answers.values())

    def section(self, code: str) -> Section:
        """Find a step. Raises NotFound."""
        for section in self.form.sections:
            if section.code == code:
                return section
        raise NotFound

    def neighbour(self, code: str, by: int) -> str:
        """Give the step before (-1) or after (+1), or an empty text at the ends."""
        codes = [section.code for section in self.form.sections]
        at = codes.index(code) + by
        return codes[at] if 0 <= at < len(codes) else ""

    def resume_step(self) -> str:
        """Give the step to go on with: where the person stopped, else the first."""
        codes = [section.code for section in self.form.sections]
        return self.step if self.step in [*codes, "review"] else codes[0]


def form_of(name: str) -> Questionnaire:
    """Give the form a draft's name stands for (`lot`, `offer:12`). Raises NotFound."""
    try:
        return pack().form(name.partition(":")[0])
    except KeyError as error:
        raise NotFound from error


def filling(visit: Visit, name: str, form: Questionnaire | None = None) -> Filling:
    """Give a form, by default the one of the draft's name, with what its draft holds."""
    draft = drafts.load(visit.uow, visit.person, name)
    return Filling(
        name=name,
        form=form or form_of(name),
        answers=dict(draft.answers) if draft else {},
        step=draft.step if draft else "",
        draft_id=draft.id if draft else 0,
    )


def keep(
    visit: Visit, name: str, given: Mapping[str, Any], step: str, changed: Collection[str] | None = None
) -> Filling:
    """Put what was typed into the draft, beside what the other steps hold.

    `changed` names the questions whose answers were touched on this page, None when that is not known: another device may have
    answered the others meanwhile, and what this page shows of them is old.
    """
    known = drafts.load(visit.uow, visit.person, name)
    before = known.answers if known else {}
    if changed is not None:
        stale = {code for code, value in given.items() if code not in changed and (value is None or code in before)}
        given = {code: value for code, value in given.items() if code not in stale}
    merged = {**before, **own_files_only(visit, form_of(name).questions, given)}
    drafts.save(
        visit.uow, visit.person, name, {code: value for code, value in merged.items() if value is not None}, step
    )
    return filling(visit, name)


def touched() -> list[str] | None:
    """Name the questions that were touched on the page; None when it does not tell, as one opened before it could."""
    return request.form.getlist("changed") if "changed" in request.form else None


def own_files_only(visit: Visit, questions: Iterable[Question], given: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out files that somebody of another company uploaded: an id typed by hand must not open another's file."""
    kept = dict(given)
    for question in questions:
        value = kept.get(question.code)
        if not value:
            continue
        if question.kind in {Kind.FILE, Kind.FILES}:
            ids = [file.id for file in attached(visit, value)]
            kept[question.code] = (ids if question.kind is Kind.FILES else ids[0]) if ids else None
        elif question.kind is Kind.GROUP:
            kept[question.code] = [own_files_only(visit, question.questions, entry) for entry in value]
    return kept


def faults_in(visit: Visit, form: Questionnaire, answers: Mapping[str, Any], only: set[str] | None = None) -> Faults:
    """Tell what is wrong with answers, in the reader's words, by field."""
    result = domain_answers.check(form, answers, today=visit.uow.now.date(), currencies=pack().currencies, only=only)
    return {code: [sentence(fault, form, visit.t) for fault in faults] for code, faults in result.faults.items()}


def step_with_faults(form: Questionnaire, faults: Faults) -> str:
    """Give the first step that has something to correct, or an empty text."""
    wrong = {code.split(".")[0] for code in faults}
    return next((s.code for s in form.sections if any(q.code in wrong for q in s.questions)), "")


def said_answers(
    visit: Visit, form: Questionnaire, answers: Mapping[str, Any], *, private: bool = True
) -> list[tuple[Section, list[tuple[Question, str]]]]:
    """Give the answers in words, section by section, leaving out what is empty (and what is private, when asked)."""
    stored = readable(form, answers)
    units = {question.unit for question in form.questions}
    sections = []
    for section in form.sections:
        rows = [
            (question, shown(form, stored, question.code, visit.language))
            for question in section.questions
            if (private or not question.private) and question.code not in units
        ]
        rows = [(question, words) for question, words in rows if words]
        if rows:
            sections.append((section, rows))
    return sections


def paired_unit(section: Section, question: Question) -> Question | None:
    """Give the unit question that is shown beside its number: the next one, when it serves that number alone."""
    if not question.unit:
        return None
    served = [other for other in section.questions if other.unit == question.unit]
    unit = next((other for other in section.questions if other.code == question.unit), None)
    return unit if unit and len(served) == 1 and unit.kind is Kind.CHOICE else None


def shown_beside(section: Section) -> set[str]:
    """Name the questions that are shown beside another one."""
    units = [paired_unit(section, question) for question in section.questions]
    return {unit.code for unit in units if unit}


def amount_text(value: Any) -> str:
    """Write the amount of a money answer as it is typed, whether it is still raw or already stored in minor units."""
    if not isinstance(value, Mapping):
        return ""
    if value.get("amount"):
        return str(value["amount"])
    if "amount_minor" not in value:
        return ""
    digits = pack().digits(str(value["currency"]))
    whole, minor = divmod(int(value["amount_minor"]), 10**digits)
    return f"{whole}.{minor:0{digits}d}" if minor else str(whole)


def size_text(size: int, t: Texts) -> str:
    """Say the size of a file given in bytes."""
    if size < 1024 * 1024:
        return t("{size} KB", size=t.number(max(1, round(size / 1024))))
    return t("{size} MB", size=t.number(round(size / 1024 / 1024, 1)))


def attached(visit: Visit, value: Any) -> list[File]:
    """Give the files an answer names, as far as the person or a colleague uploaded them."""
    ids = [read_id(str(item)) for item in (value if isinstance(value, list) else [value])]
    found = [file for number in ids if number is not None and (file := visit.uow.session.get(File, number)) is not None]
    theirs = {visit.person.id}
    if any(file.person_id not in theirs for file in found) and visit.company is not None:
        theirs |= {member.id for member in people.members_of(visit.uow, visit.company.id)}
    return [file for file in found if file.person_id in theirs]
