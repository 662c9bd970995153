"""What may be done with a lot, and which of its answers others may see. Pure.

submitted ⇄ changes_requested, submitted → published → closed; a published lot may be revised (a new version)
and extended; a lot may be cancelled until it is closed. Outcomes of a closed lot: awarded, expired, cancelled.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from b24app.domain.shortening import shortened
from b24app.errors import InvalidState

RESPOND_DAYS = 14
TITLE_LENGTH = 60

PUBLIC_FIELDS = (
    "product",
    "segment",
    "quantity",
    "unit",
    "produce_by",
    "deliver_by",
    "incoterms",
    "place",
    "payment_terms",
    "payment_note",
    "target_price",
    "budget",
    "required_certificates",
    "packaging",
    "logistics",
    "requirements_note",
)
"""The only answers a factory ever sees before contact is allowed. Of files it gets copies that tell nothing of who asks."""

_NEXT = {
    ("submitted", "approve"): "published",
    ("submitted", "request_corrections"): "changes_requested",
    ("submitted", "edit"): "submitted",
    ("changes_requested", "resubmit"): "submitted",
    ("submitted", "cancel"): "closed",
    ("changes_requested", "cancel"): "closed",
    ("published", "revise"): "published",
    ("published", "extend"): "published",
    ("published", "cancel"): "closed",
    ("published", "award"): "closed",
    ("published", "expire"): "closed",
}


def next_state(state: str, action: str) -> str:
    """Give the state after an action such as approve, revise or award. InvalidState when it is not allowed now."""
    found = _NEXT.get((state, action))
    if found is None:
        raise InvalidState(code="lot_state", state=state, action=action)
    return found


def takes_offers(state: str, respond_by: datetime | None, now: datetime) -> bool:
    """Tell whether factories may answer a lot at `now`."""
    return state == "published" and (respond_by is None or now <= respond_by)


def title_of(answers: Mapping[str, Any]) -> str:
    """Give the first words of the product description, at most TITLE_LENGTH characters."""
    first = str(answers.get("product", "")).strip().split("\n")[0]
    for stop in (". ", "; ", ", "):
        head = first.split(stop)[0]
        if 8 <= len(head) <= TITLE_LENGTH:
            return head.rstrip(".")
    return first.rstrip(".") if len(first) <= TITLE_LENGTH else shortened(first, TITLE_LENGTH)


def last_moment(day: str, zone: str) -> datetime:
    """Give the last second, in UTC, of a day written `YYYY-MM-DD` by the clock of a zone."""
    return datetime.combine(date.fromisoformat(day), time(23, 59, 59), ZoneInfo(zone)).astimezone(UTC)


def response_deadline(answers: Mapping[str, Any], published_at: datetime, zone: str) -> datetime:
    """Give when a lot stops taking offers: as the buyer wished, else RESPOND_DAYS after publication; days end in `zone`."""
    wished = last_moment(answers["respond_by"], zone) if answers.get("respond_by") else None
    return wished if wished and wished > published_at else published_at + timedelta(days=RESPOND_DAYS)
