"""A filled form as rows to read: question, answer in words, what is missing, what was returned.

Called by the lead, contact, company and deal tabs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from b24app.domain.industries import Kind, Question, Questionnaire
from b24app.services import forms
from storage.models import File
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Attachment:
    """A file that belongs to an answer; `subject` is what an expiring link to it names."""

    subject: str
    name: str
    size: int


@dataclass(frozen=True)
class Answer:
    """One row. `returned` is the reason why this answer waits for a correction; `value` is empty when nothing was said."""

    code: str
    label: str
    value: str
    required: bool
    private: bool
    is_link: bool
    is_file: bool
    returned: str
    files: tuple[Attachment, ...] = ()


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
    files: Mapping[int, Attachment] | None = None,
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
                is_file=question.kind in {Kind.FILE, Kind.FILES},
                returned=returned.get(question.code, ""),
                files=tuple((files or {})[number] for number in file_ids(question, given) if number in (files or {})),
            )
            for question in form.questions
            if question.section == section.code
            and question.code not in shown_with_others
            and not (public_only and question.private)
        )
        if rows:
            blocks.append(Block(section.label(language), rows))
    return blocks


def file_ids(question: Question, given: Mapping[str, Any]) -> list[int]:
    """Give the ids of the files an answer holds, also those inside the entries of a group."""
    value = given.get(question.code)
    if question.kind is Kind.FILE:
        return [value] if isinstance(value, int) else []
    if question.kind is Kind.FILES:
        return list(value or ())
    if question.kind is Kind.GROUP:
        return [number for entry in value or () for part in question.questions for number in file_ids(part, entry)]
    return []


def attachments(uow: UnitOfWork, form: Questionnaire, given: Mapping[str, Any]) -> dict[int, Attachment]:
    """Give every file of a form by its id."""
    wanted = [number for question in form.questions for number in file_ids(question, given)]
    if not wanted:
        return {}
    rows = uow.session.scalars(select(File).where(File.id.in_(wanted)))
    return {row.id: Attachment(f"file/{row.id}", row.name, row.size) for row in rows}
