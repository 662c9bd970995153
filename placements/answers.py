"""A filled form as rows to read: question, answer in words, what is missing, what was returned.

Called by the lead, contact, company and deal tabs. Pure but for the industry pack.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from b24app.domain.industries import Kind, Questionnaire
from b24app.services import forms


@dataclass(frozen=True)
class Answer:
    """One row. `returned` is the reason why this answer waits for a correction; `value` is empty when nothing was said."""

    code: str
    label: str
    value: str
    required: bool
    private: bool
    is_link: bool
    returned: str


@dataclass(frozen=True)
class Block:
    """The answers under one heading."""

    title: str
    answers: tuple[Answer, ...]


def blocks_of(
    form: Questionnaire,
    given: Mapping[str, Any],
    corrections: Iterable[Mapping[str, str]],
    language: str,
    *,
    public_only: bool = False,
) -> list[Block]:
    """Give a form with its answers, heading by heading; `public_only` leaves out what the other side never sees."""
    returned = {str(entry.get("field", "")): str(entry.get("reason", "")) for entry in corrections}
    shown_with_others = {question.unit for question in form.questions}
    blocks = []
    for section in form.sections:
        rows = tuple(
            Answer(
                code=question.code,
                label=question.label(language),
                value=forms.shown(form, given, question.code, language),
                required=question.required,
                private=question.private,
                is_link=question.kind is Kind.URL,
                returned=returned.get(question.code, ""),
            )
            for question in form.questions
            if question.section == section.code
            and question.code not in shown_with_others
            and not (public_only and question.private)
        )
        if rows:
            blocks.append(Block(section.label(language), rows))
    return blocks
