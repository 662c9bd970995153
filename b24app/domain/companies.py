"""What may be done with a company's questionnaire and profile, and what others may see of it. Pure.

Questionnaire: submitted ⇄ changes_requested, → accepted. Publication of a factory: `published` needs an accepted questionnaire and a
running subscription; `unverified_visible` is an accepted factory that a manager shows without either; `suspended` is a
manager's decision that only a manager lifts; everything else is `hidden`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from b24app.errors import InvalidState

KINDS = ("buyer", "factory")
SERVICES = ("subscription_6m", "verification", "catalogue_access")

_NEXT = {
    ("submitted", "accept"): "accepted",
    ("submitted", "request_corrections"): "changes_requested",
    ("accepted", "request_corrections"): "changes_requested",
    ("changes_requested", "request_corrections"): "changes_requested",
    ("changes_requested", "resubmit"): "submitted",
}


def next_state(state: str, action: str) -> str:
    """Give the questionnaire's state after accept, request_corrections or resubmit. InvalidState when it cannot be done now."""
    found = _NEXT.get((state, action))
    if found is None:
        raise InvalidState(code="company_state", state=state, action=action)
    return found


def publication_after(publication: str, state: str, *, subscribed: bool, shown_anyway: bool = False) -> str:
    """Give a factory's publication after its questionnaire, subscription or a manager's wish changed.

    `shown_anyway`: a manager wants it visible, which also lifts a suspension.
    """
    if publication == "suspended" and not shown_anyway:
        return "suspended"
    if state != "accepted":
        return "hidden"
    if subscribed:
        return "published"
    return "unverified_visible" if shown_anyway or publication == "unverified_visible" else "hidden"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What a company is entitled to at one moment. `published`: found by buyers and sent lots."""

    state: str
    publication: str
    verified: bool
    subscribed: bool
    catalogue: bool
    published: bool
    verified_until: datetime | None
    subscribed_until: datetime | None
    catalogue_until: datetime | None

    @property
    def verification_status(self) -> str:
        """The verification in one word: verified, expired or unverified."""
        if self.verified:
            return "verified"
        return "expired" if self.verified_until else "unverified"


def standing(
    *,
    state: str,
    publication: str,
    verified_until: datetime | None,
    subscribed_until: datetime | None,
    catalogue_until: datetime | None,
    now: datetime,
) -> Standing:
    """Work out what a company is entitled to at `now`."""
    subscribed = _running(subscribed_until, now)
    return Standing(
        state=state,
        publication=publication,
        verified=_running(verified_until, now),
        subscribed=subscribed,
        catalogue=_running(catalogue_until, now),
        published=state == "accepted" and subscribed and publication == "published",
        verified_until=verified_until,
        subscribed_until=subscribed_until,
        catalogue_until=catalogue_until,
    )


def _running(until: datetime | None, now: datetime) -> bool:
    return until is not None and until > now


def end_of(day: date, zone: str) -> datetime:
    """Give the last second, in UTC, of a day by the clock of a zone: up to then something is granted."""
    return datetime.combine(day, time(23, 59, 59), ZoneInfo(zone)).astimezone(UTC)
