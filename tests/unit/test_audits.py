"""How an audit goes on and what its points are worth."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from b24app.domain import audits
from b24app.errors import InvalidState
from b24app.services.industries import pack

RULES = pack().audit
CODES = [line.code for line in RULES.checklist]
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
points = some.fixed_dictionaries({code: some.integers(0, audits.MOST_POINTS) for code in CODES})


@given(points)
def test_the_total_lies_between_nothing_and_everything(given_points: dict[str, int]) -> None:
    """No points make a total outside 0–100, and only full points make 100."""
    total = audits.total(RULES, given_points)
    assert total is not None
    assert 0 <= total <= 100
    assert (total == 100) == all(value == audits.MOST_POINTS for value in given_points.values())


@given(points, some.sampled_from(CODES))
def test_more_points_never_make_it_worse(given_points: dict[str, int], code: str) -> None:
    """A line that gets better never lowers the total or the verdict."""
    better = {**given_points, code: min(audits.MOST_POINTS, given_points[code] + 1)}
    before, after = audits.total(RULES, given_points), audits.total(RULES, better)
    assert before is not None
    assert after is not None
    assert after >= before
    assert not audits.better_than(audits.suggested(RULES, given_points), audits.suggested(RULES, better))


def test_a_missing_critical_line_fails_whatever_the_rest_says() -> None:
    """A factory without fire safety gets no badge for its fine building."""
    critical = next(line.code for line in RULES.checklist if line.critical)
    assert audits.suggested(RULES, {**dict.fromkeys(CODES, 5), critical: 1}) == "fail"


def test_nothing_is_suggested_before_everything_is_scored() -> None:
    """An unfinished checklist speaks for no verdict."""
    assert audits.suggested(RULES, dict.fromkeys(CODES[1:], 5)) == ""
    assert audits.total(RULES, {}) is None


@pytest.mark.parametrize("state", audits.DECIDED)
def test_a_decided_audit_stays_decided(state: str) -> None:
    """Nothing can be done any more with an audit that is over."""
    for action in ("send", "accept", "return", "complete", "visit", "score", "pass", "fail", "conditional", "cancel"):
        with pytest.raises(InvalidState):
            audits.next_state(state, action)
        assert not audits.allowed(state, action)


def test_documents_are_complete_when_required_ones_are_accepted() -> None:
    """An optional document may stay out, but not wait or lie returned."""
    required = {document.code: "accepted" for document in RULES.documents if document.required}
    optional = next(document.code for document in RULES.documents if not document.required)
    assert audits.documents_complete(RULES, required)
    assert not audits.documents_complete(RULES, {**required, optional: "sent"})
    assert not audits.documents_complete(RULES, {**required, optional: "returned"})
    assert not audits.documents_complete(RULES, {**required, next(iter(required)): "waiting"})


@pytest.mark.parametrize(("left", "due"), [(40, 0), (30, 30), (12, 30), (7, 7), (3, 7), (1, 1), (0, 0), (-2, 0)])
def test_the_tightest_reminder_counts(left: int, due: int) -> None:
    """Of several reminders that came due, the one nearest to the end is given."""
    assert audits.reminder_due(RULES, NOW + timedelta(days=left), NOW) == due
