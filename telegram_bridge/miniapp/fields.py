"""Reads the answers to a pack's questions out of a posted form, as raw as they were typed.

Field names are `q.<code>`, parts of an entry `q.<group>.<number>.<code>`, of a point `q.<code>.lat`, of money `q.<code>.amount`.
Called by the wizard; the domain judges what it finds. Knows neither database nor language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from werkzeug.datastructures import MultiDict

from b24app.domain.industries import Kind, Question
from b24app.form_parts import plain

ENTRY_LIMIT = 50


def read(questions: Iterable[Question], form: MultiDict[str, str]) -> dict[str, Any]:
    """Give what was typed into each question, keyed by code; None for what was left empty."""
    return {question.code: _raw(question, f"q.{question.code}", form) for question in questions}


def _raw(question: Question, name: str, form: MultiDict[str, str]) -> Any:
    match question.kind:
        case Kind.CHOICES | Kind.FILES:
            return [plain(one) for one in form.getlist(name)] or None
        case Kind.POINT:
            return _parts(name, ("lat", "lon"), form)
        case Kind.MONEY:
            money = _parts(name, ("amount", "currency"), form)
            return money if money and money["amount"] else None
        case Kind.GROUP:
            return _entries(question, name, form)
        case _:
            return plain(form.get(name, "")) or None


def _parts(name: str, parts: tuple[str, ...], form: MultiDict[str, str]) -> dict[str, str] | None:
    found = {part: plain(form.get(f"{name}.{part}", "")) for part in parts}
    return found if any(found.values()) else None


def _entries(group: Question, name: str, form: MultiDict[str, str]) -> list[dict[str, Any]] | None:
    numbers = {int(found[1]) for key in form if (found := re.match(rf"{re.escape(name)}\.(\d{{1,4}})\.", key))}
    entries = [
        {part.code: _raw(part, f"{name}.{number}.{part.code}", form) for part in group.questions}
        for number in sorted(numbers)[:ENTRY_LIMIT]
    ]
    return [entry for entry in entries if any(entry.values())] or None
