"""What speaks for a factory in the catalogue, and how its list is turned over page by page. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from b24app.domain.industries import Kind, Question, Questionnaire
from b24app.errors import InvalidInput

SORTS = ("best", "new", "answer", "rating")
PAGE = 20
PREVIEWED = 3
VISIBLE = ("published", "unverified_visible")
VERIFIED_POINTS = 40
OWN_SEGMENT_POINTS = 50
HIT_POINTS = 100
SLOWEST_MINUTES = 60 * 24 * 14
PASS_DAYS = 30
"""For how long access is given when nobody says otherwise."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a buyer looks for; `equipment` in words. `volume` is an amount of `unit` that the minimum order may not exceed.

    `stars` is the least rating wanted; a factory without reviews has none.
    """

    text: str = ""
    equipment: str = ""
    segments: tuple[str, ...] = ()
    volume: int | None = None
    unit: str = ""
    lead_time_days: int | None = None
    certificates: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    quality_department: bool = False
    verified: bool = False
    stars: int | None = None
    sort: str = "best"


@dataclass(frozen=True)
class Cursor:
    """The last factory of a page: its value in the order of the list and its id."""

    value: int
    company_id: int

    def __str__(self) -> str:
        """Write it as it travels in an address."""
        return f"{self.value}.{self.company_id}"


def read_cursor(text: str) -> Cursor | None:
    """Read where the page before ended; None for the first page. InvalidInput when it is not one of ours."""
    if not text:
        return None
    value, _, number = text.partition(".")
    if not re.fullmatch(r"-?[0-9]{1,18}\.[0-9]{1,18}", text):
        raise InvalidInput(code="cursor")
    return Cursor(int(value), int(number))


def merit(*, complete: float, answer_minutes: int | None, completed_orders: int) -> int:
    """Give 0–60 points: how complete the profile is, how fast it answers, how many orders it completed. Unknown is the middle."""
    speed = 0.5 if answer_minutes is None else 1 / (1 + answer_minutes / (24 * 60))
    return round(20 * complete + 20 * speed + 20 * min(completed_orders, 10) / 10)


def completeness(form: Questionnaire, answers: Mapping[str, Any]) -> float:
    """Give the share of a questionnaire's questions that have an answer, from 0 to 1."""
    asked = list(form.questions)
    return sum(answers.get(question.code) not in (None, "", [], {}) for question in asked) / max(1, len(asked))


def unanswered(form: Questionnaire, answers: Mapping[str, Any]) -> list[Question]:
    """Give the questions a profile could still answer."""
    return [question for question in form.questions if answers.get(question.code) in (None, "", [], {})]


def searchable(form: Questionnaire, answers: Mapping[str, Any]) -> list[str]:
    """Give the texts by which a company is found: its public words, and its choices in every language."""
    return [
        text
        for question in form.questions
        if not question.private and answers.get(question.code) not in (None, "", [], {})
        for text in _said(question, answers[question.code])
    ]


def _said(question: Question, value: Any) -> list[str]:
    match question.kind:
        case Kind.TEXT | Kind.LONG_TEXT:
            return [str(value)]
        case Kind.LIST:
            return [str(item) for item in value]
        case Kind.CHOICE | Kind.CHOICES:
            codes = [value] if isinstance(value, str) else value
            return [words for choice in question.options if choice.code in codes for words in choice.labels.values()]
        case Kind.GROUP:
            return [
                text
                for entry in value
                for part in question.questions
                if part.kind in {Kind.CHOICE, Kind.CHOICES} and part.code in entry
                for text in _said(part, entry[part.code])
            ]
        case _:
            return []
