"""A meeting that is being arranged: which times may be proposed, what a press means, when its people are reminded. Pure.

Each side that was asked chooses one of the times or says that none suits, and may change its mind until all of them chose the same one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

MOST_SLOTS = 5
LENGTHS = (15, 30, 45, 60, 90, 120, 180)
"""Minutes that a meeting may take."""
LONGEST_SUBJECT = 120
FURTHEST = timedelta(days=180)
DAY_BEFORE, SOON_BEFORE = timedelta(hours=24), timedelta(minutes=15)
NONE_OF_THESE = 0
LIVE = frozenset({"proposed", "agreed"})
"""States in which people wait for something; the others are withdrawn, replaced and lapsed."""


class Verdict(StrEnum):
    """What a press leads to: the first four are kept as the side's choice, the others change nothing."""

    AGREED = "agreed"
    WAITING = "waiting"
    DIFFERENT = "different"
    NONE_FITS = "none_fits"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"
    LATE = "late"
    UNKNOWN = "unknown"


KEPT = frozenset({Verdict.AGREED, Verdict.WAITING, Verdict.DIFFERENT, Verdict.NONE_FITS})


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What was proposed to whom: `slots` are moments by their number, `choices` the number each side chose last."""

    state: str
    sides: Sequence[str]
    slots: Mapping[int, datetime]
    choices: Mapping[str, int]


def pressed(proposal: Proposal, side: str, slot: int, now: datetime) -> Verdict:
    """Tell what follows when a side that was asked presses one of the times, or NONE_OF_THESE."""
    over = {"agreed": Verdict.SETTLED, "lapsed": Verdict.LATE}
    if proposal.state != "proposed":
        return over.get(proposal.state, Verdict.WITHDRAWN)
    if slot == NONE_OF_THESE:
        return Verdict.NONE_FITS
    if slot not in proposal.slots:
        return Verdict.UNKNOWN
    return _chosen(proposal, side, slot) if proposal.slots[slot] > now else Verdict.LATE


def _chosen(proposal: Proposal, side: str, slot: int) -> Verdict:
    others = [proposal.choices.get(one) for one in proposal.sides if one != side]
    if all(choice == slot for choice in others):
        return Verdict.AGREED
    return Verdict.DIFFERENT if any(choice and choice != slot for choice in others) else Verdict.WAITING


def moment_of(local: datetime, zone: str) -> datetime | None:
    """Give the moment that a clock of a zone shows, in UTC; None for a time that the change of clocks leaves out."""
    place = ZoneInfo(zone)
    moment = local.replace(tzinfo=place).astimezone(UTC)
    return moment if moment.astimezone(place).replace(tzinfo=None) == local else None


def faults(moments: Sequence[datetime], minutes: int, now: datetime) -> list[str]:
    """Name what is wrong with proposed times: none, too_many, twice, past, too_far, minutes; an empty list when all is well."""
    found = {
        "none": not moments,
        "too_many": len(moments) > MOST_SLOTS,
        "twice": len(set(moments)) < len(moments),
        "past": any(moment <= now for moment in moments),
        "too_far": any(moment > now + FURTHEST for moment in moments),
        "minutes": minutes not in LENGTHS,
    }
    return [name for name, wrong in found.items() if wrong]


def reminder(starts_at: datetime, agreed_at: datetime, now: datetime, *, day_told: bool, soon_told: bool) -> str:
    """Tell which reminder of an agreed meeting is due: day, soon, or none (empty). What was agreed later than that needs none."""
    left, ahead = starts_at - now, starts_at - agreed_at
    if left <= timedelta():
        return ""
    if left <= SOON_BEFORE:
        return "soon" if not soon_told and ahead > SOON_BEFORE else ""
    return "day" if left <= DAY_BEFORE and not day_told and ahead > DAY_BEFORE else ""
