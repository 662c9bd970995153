"""How answers are written into CRM fields.

Codes, lists and plain values stay what they are; what a CRM field cannot hold (groups, files, points) becomes readable
text in the language of the employees. Called by services that save CRM items.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from b24app.domain.industries import Kind, Question, Questionnaire
from b24app.i18n import Texts
from b24app.services.forms import in_words
from b24app.services.industries import pack

_AS_IT_IS = frozenset({Kind.CHOICE, Kind.CHOICES, Kind.BOOL, Kind.INTEGER, Kind.NUMBER, Kind.DATE, Kind.LIST})


def answered(form: Questionnaire, answers: Mapping[str, Any], t: Texts) -> dict[str, Any]:
    """Give the CRM value of every question of a form; questions without an answer are emptied."""
    return {question.code: _value(question, answers.get(question.code), t) for question in form.questions}


def _value(question: Question, answer: Any, t: Texts) -> Any:
    if answer is None:
        return ""
    if question.kind in _AS_IT_IS:
        return answer
    if question.kind is Kind.MONEY:
        return money(answer["amount_minor"], answer["currency"])
    return in_words(question, answer, t)


def money(amount_minor: int, currency: str) -> str:
    """Write an amount the way CRM money fields hold it: `12.50|USD`."""
    return f"{amount(amount_minor, currency)}|{currency}"


def amount(amount_minor: int, currency: str) -> str:
    """Write an amount in major units as a plain decimal: `12.50`."""
    return format(Decimal(amount_minor).scaleb(-pack().digits(currency)), "f")


def reachable(answers: Mapping[str, Any]) -> list[dict[str, str]]:
    """Give phone and e-mail as a CRM card's communication fields."""
    kinds = (("PHONE", "phone"), ("EMAIL", "email"))
    return [{"typeId": kind, "valueType": "WORK", "value": answers[code]} for kind, code in kinds if answers.get(code)]
