"""The desk's page in the docs says what the code does."""

from __future__ import annotations

import re

from b24app.domain import roles
from placements import rights
from placements.registry import PAGES
from tests.architecture.source import PROJECT

TEXT = (PROJECT / "docs" / "desk.md").read_text(encoding="utf-8")


def test_the_matrix_of_rights_is_the_one_in_force() -> None:
    """Each row of the table names actions that exist with the rights they have, and no action is left out."""
    said = {}
    for names, *answers in re.findall(
        r"^\| ((?:`\w+`(?:, )?)+) \| (yes|no) \| (yes|no) \| (yes|no) \| (yes|no) \|$", TEXT, re.M
    ):
        for name in re.findall(r"\w+", names):
            said[name] = frozenset(role for role, answer in zip(roles.ROLES, answers, strict=True) if answer == "yes")
    assert said == rights.ALLOWED


def test_every_page_is_described() -> None:
    """A newcomer finds each page in the table."""
    assert [code for code in PAGES if f"| `{code}` |" not in TEXT] == []
