"""What an industry asks of its people: questionnaires, forms and lists, as values.

Built by the services from a data file, read by services and by every page that shows a form. Adding an industry adds a
file, never code. Knows neither files nor languages beyond their codes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Words = Mapping[str, str]
"""One text in every language: `{"ru": …, "uz": …, "en": …}`."""


class Kind(StrEnum):
    """What sort of answer a question takes."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    INTEGER = "integer"
    CHOICE = "choice"
    CHOICES = "choices"
    BOOL = "bool"
    DATE = "date"
    FILE = "file"
    FILES = "files"
    POINT = "point"
    LIST = "list"
    EMAIL = "email"
    PHONE = "phone"
    URL = "url"
    MONEY = "money"
    GROUP = "group"


def said(words: Words, language: str) -> str:
    """Give a text in a language, in English when it lacks that one, or an empty text."""
    return words.get(language) or words.get("en", "")


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One answer to choose. `code` is stored, `labels` are shown."""

    code: str
    labels: Words

    def label(self, language: str) -> str:
        """Give the choice in words."""
        return said(self.labels, language)


@dataclass(frozen=True, kw_only=True)
class Currency:
    """An ISO 4217 currency and how many digits its minor unit has."""

    code: str
    digits: int


@dataclass(frozen=True, kw_only=True)
class Price:
    """What something costs, in minor units of a currency."""

    amount_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class Question:
    """One field of a form.

    `min` and `max` bound a number; `min_length` and `max_length` a text, or each item of a list; `max_items` a list, group, choices or
    files. `future` asks for a day not yet past. `private` answers are never shown to the other side. `questions` are the
    parts of each entry of a group. `unit` names the unit shown beside a number, or the question that holds it.
    """

    code: str
    kind: Kind
    labels: Words
    help: Words = field(default_factory=dict)
    example: Words = field(default_factory=dict)
    placeholder: Words = field(default_factory=dict)
    options: tuple[Choice, ...] = ()
    required: bool = False
    private: bool = False
    future: bool = False
    unit: str = ""
    min: int | None = None
    max: int | None = None
    min_length: int | None = None
    max_length: int | None = None
    max_items: int | None = None
    section: str = ""
    questions: tuple[Question, ...] = ()

    def label(self, language: str) -> str:
        """Give the question in words."""
        return said(self.labels, language)

    def option_label(self, code: str, language: str) -> str:
        """Give a chosen answer in words; an unknown code is shown as it is."""
        return next((choice.label(language) for choice in self.options if choice.code == code), code)


@dataclass(frozen=True, kw_only=True)
class Section:
    """Questions that are asked on one screen."""

    code: str
    labels: Words
    help: Words
    questions: tuple[Question, ...]

    def label(self, language: str) -> str:
        """Give the section's heading."""
        return said(self.labels, language)


@dataclass(frozen=True, kw_only=True)
class Questionnaire:
    """A form. `ordered` holds pairs of questions of which the first may not exceed the second."""

    code: str
    labels: Words
    sections: tuple[Section, ...]
    ordered: tuple[tuple[str, str], ...] = ()

    @property
    def questions(self) -> Iterator[Question]:
        """All questions in the order they are asked."""
        return (question for section in self.sections for question in section.questions)

    def question(self, code: str) -> Question:
        """Find a question. KeyError when the form does not ask it."""
        for question in self.questions:
            if question.code == code:
                return question
        raise KeyError(code)

    def asks(self, code: str) -> bool:
        """Tell whether the form has this question."""
        return any(question.code == code for question in self.questions)

    def label(self, language: str) -> str:
        """Give the form's heading."""
        return said(self.labels, language)


@dataclass(frozen=True, kw_only=True)
class AuditDocument(Choice):
    """A document that an audit asks for."""

    required: bool


@dataclass(frozen=True, kw_only=True)
class Criterion(Choice):
    """A line of the auditor's checklist. A `critical` one that is as good as missing fails the whole audit."""

    weight: int
    critical: bool


@dataclass(frozen=True, kw_only=True)
class AuditRules:
    """What an audit costs and asks for, how it is scored (0–100) and how long it holds."""

    price: Price
    documents: tuple[AuditDocument, ...]
    checklist: tuple[Criterion, ...]
    pass_from: int
    conditional_from: int
    conditional_days: int
    valid_days: int
    remind_days: tuple[int, ...]

    def document(self, code: str) -> AuditDocument:
        """Find a document. KeyError when the audit does not ask for it."""
        return {known.code: known for known in self.documents}[code]


@dataclass(frozen=True, kw_only=True)
class Pack:
    """Everything one industry brings. `lists` holds every named list of choices, among them those named by properties."""

    code: str
    labels: Words
    questionnaires: Mapping[str, Questionnaire]
    forms: Mapping[str, Questionnaire]
    lists: Mapping[str, tuple[Choice, ...]]
    currencies: tuple[Currency, ...]
    weights: Mapping[str, int]
    prior_rating: float
    prior_count: int
    suspend_below: float
    consents: Mapping[str, Mapping[str, Words]]
    audit: AuditRules

    @property
    def segments(self) -> tuple[Choice, ...]:
        """What is made: knitwear, denim, home textile."""
        return self.lists["segments"]

    @property
    def units(self) -> tuple[Choice, ...]:
        """What quantities are counted in."""
        return self.lists["units"]

    @property
    def certificates(self) -> tuple[Choice, ...]:
        """Certificates a factory may hold and a buyer may ask for."""
        return self.lists["certificates"]

    @property
    def incoterms(self) -> tuple[Choice, ...]:
        """Terms of delivery (Incoterms 2020)."""
        return self.lists["incoterms"]

    @property
    def decline_reasons(self) -> tuple[Choice, ...]:
        """Why a manager may decline an offer."""
        return self.lists["decline_reasons"]

    @property
    def production_steps(self) -> tuple[Choice, ...]:
        """The steps of an order, in order."""
        return self.lists["production_steps"]

    def form(self, code: str) -> Questionnaire:
        """Find a questionnaire or form. KeyError when there is none of that name."""
        return self.questionnaires[code] if code in self.questionnaires else self.forms[code]

    def digits(self, currency: str) -> int:
        """Give the digits of a currency's minor unit. KeyError when it is not traded in."""
        for known in self.currencies:
            if known.code == currency:
                return known.digits
        raise KeyError(currency)

    def named(self, listed: str, code: str, language: str) -> str:
        """Give one entry of a named list in words; an unknown code is shown as it is."""
        return next((choice.label(language) for choice in self.lists[listed] if choice.code == code), code)
