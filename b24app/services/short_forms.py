"""Forms of a few questions that the chat asks: what was given back, an audit's documents, one answer to change, a share of a lot.

Called by the forms of the chat. Sends what the service behind each form sends. Errors: those of that service.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from b24app.domain import audits as rules
from b24app.domain.industries import Kind, Question, Questionnaire, Section
from b24app.errors import InvalidInput
from b24app.i18n import LANGUAGES, Texts, texts
from b24app.services import audits, corrections, lot_changes, lots, offers, people, profile_changes
from b24app.services.industries import pack
from storage.models import Lot, Person
from storage.unit_of_work import UnitOfWork

RETURNED, AUDIT, CHANGE, SHARE = corrections.FORM, "audit", "change", "share"
NAMES = frozenset({RETURNED, AUDIT, CHANGE, SHARE})


@dataclass(frozen=True, kw_only=True)
class ShortForm:
    """What is asked (`reasons` by code of question, with why), how it was answered so far, under which name a draft of it waits.

    `hand_in` takes what was answered now.
    """

    form: Questionnaire
    reasons: Mapping[str, str]
    draft: str
    hand_in: Callable[[Mapping[str, Any]], object]
    answers: Mapping[str, Any] = field(default_factory=dict)

    @property
    def questions(self) -> list[Question]:
        """Give what is asked, in the order of the form."""
        return [question for question in self.form.questions if question.code in self.reasons]


def find(uow: UnitOfWork, person: Person, name: str, number: int, place: int = 0) -> ShortForm | None:
    """Give a person's short form: what it is about by `number`, which question of it by `place`. None when there is none now.

    NotFound for what is somebody else's, NotAllowed for a colleague whose role does not include it.
    """
    if name == CHANGE:
        return _change(uow, person, number, place)
    finders = {RETURNED: _returned, AUDIT: _documents, SHARE: _share}
    return finders[name](uow, person, number)


def _returned(uow: UnitOfWork, person: Person, lot_id: int) -> ShortForm | None:
    found = corrections.find(uow, person, lot_id)
    if found is None:
        return None
    return ShortForm(
        form=found.form,
        reasons=found.reasons,
        draft=found.draft,
        answers=found.answers,
        hand_in=lambda given: corrections.hand_in(uow, person, found, given),
    )


def _documents(uow: UnitOfWork, person: Person, audit_id: int) -> ShortForm | None:
    company = people.company_of(uow, person, "factory")
    running = audits.running(uow, company.id) if company else None
    if running is None or running.id != audit_id or not rules.allowed(running.state, "send"):
        return None
    asked = [pair for pair in audits.documents(uow, running.id) if pair[1].state in {"waiting", "returned"}]
    questions = [
        Question(code=one.code, kind=Kind.FILES, labels=one.labels, max_items=audits.MOST_FILES) for one, _ in asked
    ]

    def hand_in(given: Mapping[str, Any]) -> None:
        sent = {one.code: given[one.code] for one in questions if given.get(one.code)}
        if not sent:
            t = texts(people.language_of(person))
            raise InvalidInput(fields={questions[0].code: [t("The file was not found; please attach it again.")]})
        for code, files in sent.items():
            audits.send_document(uow, person, audit_id, code, files)

    name = f"{AUDIT}:{audit_id}"
    reasons = {one.code: row.reason for one, row in asked}
    return ShortForm(form=_form(AUDIT, questions), reasons=reasons, draft=name, hand_in=hand_in) if asked else None


def changeable(uow: UnitOfWork, person: Person, lot_id: int) -> list[Question]:
    """Give every question of one's own published lot, or for 0 of the accepted profile, in the order of their places; else none."""
    found = _open_to_change(uow, person, lot_id)
    return list(found[0].questions) if found else []


def _change(uow: UnitOfWork, person: Person, lot_id: int, place: int) -> ShortForm | None:
    found = _open_to_change(uow, person, lot_id)
    questions = list(found[0].questions) if found else []
    if found is None or place >= len(questions):
        return None
    code = questions[place].code

    def hand_in(given: Mapping[str, Any]) -> object:
        touched = [code] if code in given else []
        if lot_id:
            return lot_changes.revise(uow, person, lot_id, given, touched)
        return profile_changes.edit(uow, person, given, touched)

    name = f"{CHANGE}:{lot_id}:{place}"
    return ShortForm(form=found[0], reasons={code: ""}, draft=name, answers=found[1], hand_in=hand_in)


def _open_to_change(uow: UnitOfWork, person: Person, lot_id: int) -> tuple[Questionnaire, dict[str, Any]] | None:
    if lot_id:
        lot = lots.own(uow, person, lot_id)
        people.must(uow, person, lot.company_id, "trade")
        return (pack().forms["lot"], dict(lot.fields)) if lot.state == "published" else None
    company = people.company_of(uow, person)
    if company is None or company.state != "accepted":
        return None
    people.must(uow, person, company.id, "own")
    waiting = profile_changes.waiting(uow, company.id)
    return pack().questionnaires[company.kind], {**company.answers, **(waiting.answers if waiting else {})}


def _share(uow: UnitOfWork, person: Person, offer_id: int) -> ShortForm | None:
    """Ask how much of the lot a factory gets."""
    offer = offers.chosen_from(uow, person, offer_id)
    lot: Lot = lots.get(uow, offer.lot_id)
    left = offers.left_of(uow, lot)
    if offer.state != "allowed" or not left:
        return None
    unit = {code: pack().named("units", lot.unit, code) for code in LANGUAGES}
    labels = {code: _share_label(texts(code), left, unit[code]) for code in LANGUAGES}
    question = Question(code="quantity", kind=Kind.INTEGER, labels=labels, required=True, min=1, max=left)
    name = f"{SHARE}:{offer_id}"

    def hand_in(given: Mapping[str, Any]) -> None:
        offers.award(uow, person, offer_id, int("".join(str(given.get("quantity") or 0).split())))

    return ShortForm(form=_form(SHARE, [question]), reasons={"quantity": ""}, draft=name, hand_in=hand_in)


def _form(code: str, questions: list[Question]) -> Questionnaire:
    labels = {language: _heading(code, texts(language)) for language in LANGUAGES}
    return Questionnaire(
        code=code, labels=labels, sections=(Section(code=code, labels=labels, help={}, questions=tuple(questions)),)
    )


def _heading(code: str, t: Texts) -> str:
    return t("Documents of the audit") if code == AUDIT else t("Award a part of the lot")


def _share_label(t: Texts, left: int, unit: str) -> str:
    return t("How much does this factory make? Left: {count} {unit}", count=t.number(left), unit=unit)
