"""What a link to an invoice must tell before it may be sent. Pure.

It is a link and what stands on the invoice, nothing more: whether anybody paid is not known here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from b24app.domain.industries import Kind, Question, Questionnaire, Section

LONGEST_NUMBER = 50
LONGEST_PURPOSE = 300

FORM = Questionnaire(
    code="invoice",
    labels={},
    sections=(
        Section(
            code="invoice",
            labels={},
            help={},
            questions=(
                Question(code="number", kind=Kind.TEXT, labels={}, required=True, max_length=LONGEST_NUMBER),
                Question(code="sum", kind=Kind.MONEY, labels={}, required=True),
                Question(code="due_on", kind=Kind.DATE, labels={}, required=True, future=True),
                Question(code="purpose", kind=Kind.TEXT, labels={}, required=True, max_length=LONGEST_PURPOSE),
            ),
        ),
    ),
)
"""What is written down of an invoice; its address is judged by `links`."""


def answers_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """Give the answers to FORM from the fields of a page: number, amount, currency, due_on, purpose."""
    money = {"amount": given.get("amount"), "currency": given.get("currency")}
    return {**{name: given.get(name) for name in ("number", "due_on", "purpose")}, "sum": money}
