"""How an audit of a factory goes on and what its points are worth. Pure.

requested → documents → visit → scoring → passed | conditional | failed; a conditional one ends passed or failed. A document that is
returned takes the audit back to its documents; a running audit may be cancelled.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from math import floor

from b24app.domain.industries import AuditRules
from b24app.errors import InvalidState

RUNNING = ("requested", "documents", "visit", "scoring", "conditional")
DECIDED = ("passed", "failed", "cancelled")
VERDICTS = ("pass", "conditional", "fail")
MOST_POINTS = 5
MISSING_POINTS = 1
"""A critical line with no more points than this is as good as missing."""

_VERDICT_STATES = {"pass": "passed", "conditional": "conditional", "fail": "failed"}
_NEXT = {
    ("requested", "send"): "documents",
    ("documents", "send"): "documents",
    ("visit", "send"): "visit",
    ("documents", "accept"): "documents",
    ("visit", "accept"): "visit",
    ("scoring", "accept"): "scoring",
    ("documents", "return"): "documents",
    ("visit", "return"): "documents",
    ("scoring", "return"): "documents",
    ("documents", "complete"): "visit",
    ("visit", "visit"): "scoring",
    ("scoring", "visit"): "scoring",
    ("scoring", "score"): "scoring",
    ("scoring", "pass"): "passed",
    ("scoring", "conditional"): "conditional",
    ("scoring", "fail"): "failed",
    ("conditional", "pass"): "passed",
    ("conditional", "fail"): "failed",
}


def next_state(state: str, action: str) -> str:
    """Give the state after send, accept, return, complete, visit, score, cancel or a verdict. InvalidState when not allowed now."""
    if action == "cancel" and state in RUNNING:
        return "cancelled"
    found = _NEXT.get((state, action))
    if found is None:
        raise InvalidState(code="audit_state", state=state, action=action)
    return found


def allowed(state: str, action: str) -> bool:
    """Tell whether an action is possible now."""
    return (state, action) in _NEXT or (action == "cancel" and state in RUNNING)


def documents_complete(rules: AuditRules, states: Mapping[str, str]) -> bool:
    """Tell whether every required document is accepted and none waits for a decision."""
    needed = all(states.get(document.code) == "accepted" for document in rules.documents if document.required)
    return needed and "sent" not in states.values() and "returned" not in states.values()


def total(rules: AuditRules, points: Mapping[str, int]) -> int | None:
    """Give the weighted total, 0–100, halves up; None while a line of the checklist has no points."""
    if any(line.code not in points for line in rules.checklist):
        return None
    earned = sum(line.weight * points[line.code] for line in rules.checklist)
    return floor(earned / MOST_POINTS + 0.5)


def suggested(rules: AuditRules, points: Mapping[str, int]) -> str:
    """Give the verdict that the points speak for, empty while they are incomplete."""
    reached = total(rules, points)
    if reached is None:
        return ""
    if any(line.critical and points[line.code] <= MISSING_POINTS for line in rules.checklist):
        return "fail"
    if reached >= rules.pass_from:
        return "pass"
    return "conditional" if reached >= rules.conditional_from else "fail"


def better_than(verdict: str, other: str) -> bool:
    """Tell whether a verdict is kinder to the factory than another one."""
    return VERDICTS.index(verdict) < VERDICTS.index(other)


def reminder_due(rules: AuditRules, valid_until: datetime, now: datetime) -> int:
    """Give the tightest reminder, in days before the end, that has come due; 0 when none has, or the end is past."""
    left = valid_until - now
    if left <= timedelta(0):
        return 0
    return min((days for days in rules.remind_days if left <= timedelta(days=days)), default=0)
