"""Reading the log when it is long."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from b24app.services import audit, moderation
from storage.models import AuditEntry
from storage.unit_of_work import UnitOfWork
from tests.plans import rows_in_vain

LINES = 20_000
RARE = {
    "noun": audit.Wanted(noun="audit"),
    "actors": audit.Wanted(actors="automation"),
    "both": audit.Wanted(noun="lot", actors="automation"),
    "none": audit.Wanted(noun="review", actors="person", before=LINES),
    "card": audit.Wanted(about=["audit/1", "company/3"]),
}


@pytest.fixture
def long_log(uow: UnitOfWork) -> UnitOfWork:
    """A log of many messages, with a few lines of other kinds at its beginning."""
    uow.session.execute(
        text(
            "INSERT INTO audit_log (at, actor, action, subject) SELECT CAST(:now AS timestamptz) - n * interval '1 min',"
            " CASE WHEN n > :few THEN 'automation' ELSE 'user/' || n % 5 END, 'message_sent',"
            " CASE WHEN n > :few THEN 'audit/' || n % 3 ELSE 'message/' || n END FROM generate_series(:lines, 1, -1) n"
        ),
        {"now": uow.now, "lines": LINES, "few": LINES - 20},
    )
    uow.session.execute(text("ANALYZE audit_log"))
    return uow


@pytest.mark.parametrize("name", RARE)
def test_few_lines_are_found_without_walking_through_the_others(long_log: UnitOfWork, name: str) -> None:
    """However the log is narrowed, an index leads to its lines: what it leaves out is not read."""
    with rows_in_vain(long_log.session) as in_vain:
        found = audit.entries(long_log, RARE[name], 30)
    assert len(found) == {"noun": 20, "actors": 20, "card": 7}.get(name, 0)
    assert sum(in_vain) < 100


def test_an_employee_s_last_hour_is_found_without_the_years_before(long_log: UnitOfWork) -> None:
    """What can be undone is looked for among the lines of the last hour alone."""
    long_log.session.add(
        AuditEntry(
            at=long_log.now - timedelta(minutes=1), actor="user/1", action="responsible_changed", subject="company/9"
        )
    )
    long_log.session.flush()
    with rows_in_vain(long_log.session) as in_vain:
        found = moderation.undoable(long_log, "user/1")
    assert len(found) == 1
    # The hour holds sixty lines, which some plans pass over several times; the years before hold twenty thousand.
    assert sum(in_vain) < LINES / 20
