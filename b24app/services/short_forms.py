"""Forms of a few questions that the chat asks: what was given back, an audit's documents, one answer to change, a share of a lot,
a report of an order, the words of a review, words to look for.

Called by the forms of the chat. Sends what the service behind each form sends. Errors: those of that service.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from b24app.domain import audits as rules
from b24app.domain.industries import Kind, Question, Questionnaire, Section
from b24app.domain.reviews import LONGEST as LONGEST_REVIEW
from b24app.errors import InvalidInput
from b24app.i18n import LANGUAGES, Texts, texts
from b24app.services import (
    audits,
    corrections,
    drafts,
    lot_changes,
    lot_revisions,
    lots,
    offers,
    orders,
    people,
    profile_changes,
    reviews,
)
from b24app.services.forms import checked
from b24app.services.industries import pack
from storage.models import Lot, Person
from storage.unit_of_work import UnitOfWork

RETURNED, AUDIT, CHANGE, SHARE = corrections.FORM, "audit", "change", "share"
REPORT, WORDS, REVIEW = "report", "words", "review"
NAMES = frozenset({RETURNED, AUDIT, CHANGE, SHARE, REPORT, WORDS, REVIEW})
PLACED = (CHANGE, REPORT)
"""Forms of which one thing has several: the place says which is meant."""
SIFT = "sift"
"""The draft in which the chat keeps by what a buyer filters the catalogue."""


LONGEST_WORDS = 100


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
    """Give a person's short form: what it is about by `number`, which question or step of it by `place`. None when there is none now.

    NotFound for what is somebody else's, NotAllowed for a colleague whose role does not include it.
    """
    if name == CHANGE:
        return _change(uow, person, number, place)
    if name == REPORT:
        return _report(uow, person, number, place)
    finders = {RETURNED: _returned, AUDIT: _documents, SHARE: _share, WORDS: _words, REVIEW: _review}
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
    why = {item["field"]: item["reason"] for item in (lots.get(uow, lot_id).corrections if lot_id else ())}

    def hand_in(given: Mapping[str, Any]) -> object:
        touched = [code] if code in given else []
        if lot_id:
            return lot_changes.revise(uow, person, lot_id, given, touched)
        return profile_changes.edit(uow, person, given, touched)

    name = f"{CHANGE}:{lot_id}:{place}"
    return ShortForm(form=found[0], reasons={code: why.get(code, "")}, draft=name, answers=found[1], hand_in=hand_in)


def _open_to_change(uow: UnitOfWork, person: Person, lot_id: int) -> tuple[Questionnaire, dict[str, Any]] | None:
    if lot_id:
        lot = lots.own(uow, person, lot_id)
        people.must(uow, person, lot.company_id, "trade")
        return (pack().forms["lot"], lot_revisions.wished(lot)) if lot.state == "published" else None
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


def _report(uow: UnitOfWork, person: Person, order_id: int, place: int) -> ShortForm | None:
    """Ask how far a step of an order is, in percent, in words and with a photo."""
    order, side = orders.get_for(uow, person, order_id)
    steps = orders.steps()
    if side != "factory" or place >= len(steps) or steps[place] not in orders.steps_ahead(order):
        return None
    people.must(uow, person, order.company_id, "make")
    step = steps[place]
    speech = {code: texts(code) for code in LANGUAGES}
    percent = {code: t("How much of it is done, in percent? 100 means finished.") for code, t in speech.items()}
    words = {code: t("A few words for the buyer") for code, t in speech.items()}
    photo = {code: t("A photo of it") for code, t in speech.items()}
    form = _form(
        REPORT,
        [
            Question(code="percent", kind=Kind.INTEGER, labels=percent, required=True, min=1, max=100),
            Question(code="note", kind=Kind.LONG_TEXT, labels=words, max_length=orders.NOTE_LENGTH),
            Question(code="photo", kind=Kind.FILE, labels=photo),
        ],
        {code: pack().named("production_steps", step, code) for code in LANGUAGES},
    )

    def hand_in(given: Mapping[str, Any]) -> object:
        values = checked(form, given, language=people.language_of(person), now=uow.now)
        told = {"percent": values["percent"], "note": values.get("note", ""), "file_id": values.get("photo")}
        return orders.report(uow, person, order_id, step=step, **told)

    reasons = {question.code: "" for question in form.questions}
    return ShortForm(form=form, reasons=reasons, draft=f"{REPORT}:{order_id}:{place}", hand_in=hand_in)


def _review(uow: UnitOfWork, person: Person, order_id: int) -> ShortForm | None:
    """Ask for the words of a review whose stars were given, while nobody has decided on it."""
    _, side = orders.get_for(uow, person, order_id)
    given = next((one for one in reviews.of_order(uow, order_id) if one.side == side), None)
    if given is None or given.state != "submitted":
        return None
    labels = {code: texts(code)("What shall others know about this order?") for code in LANGUAGES}
    question = Question(code="text", kind=Kind.LONG_TEXT, labels=labels, required=True, max_length=LONGEST_REVIEW)

    def hand_in(said: Mapping[str, Any]) -> object:
        return reviews.give(uow, person, order_id, given.stars, str(said.get("text") or ""))

    form, name = _form(REVIEW, [question]), f"{REVIEW}:{order_id}"
    return ShortForm(form=form, reasons={"text": ""}, draft=name, hand_in=hand_in)


def _words(uow: UnitOfWork, person: Person, number: int) -> ShortForm | None:
    """Ask for words by which the catalogue is searched."""
    if people.company_of(uow, person, "buyer") is None:
        return None
    labels = {code: texts(code)("Which words shall the factories be looked for by?") for code in LANGUAGES}
    form = _form(WORDS, [Question(code="words", kind=Kind.TEXT, labels=labels, max_length=LONGEST_WORDS)])
    known = drafts.load(uow, person, SIFT)
    chosen = dict(known.answers) if known else {}

    def hand_in(given: Mapping[str, Any]) -> object:
        others = {name: value for name, value in chosen.items() if name != "words"}
        words = {"words": given["words"]} if given.get("words") else {}
        return drafts.save(uow, person, SIFT, {**others, **words})

    earlier = {"words": chosen["words"]} if "words" in chosen else {}
    return ShortForm(form=form, reasons={"words": ""}, draft=f"{WORDS}:{number}", hand_in=hand_in, answers=earlier)


def _form(code: str, questions: list[Question], heading: Mapping[str, str] | None = None) -> Questionnaire:
    labels = heading or {language: _heading(code, texts(language)) for language in LANGUAGES}
    return Questionnaire(
        code=code, labels=labels, sections=(Section(code=code, labels=labels, help={}, questions=tuple(questions)),)
    )


def _heading(code: str, t: Texts) -> str:
    return {
        AUDIT: t("Documents of the audit"),
        SHARE: t("Award a part of the lot"),
        WORDS: t("Search in the catalogue"),
        REVIEW: t("Review"),
    }[code]


def _share_label(t: Texts, left: int, unit: str) -> str:
    return t("How much does this factory make? Left: {count} {unit}", count=t.number(left), unit=unit)
