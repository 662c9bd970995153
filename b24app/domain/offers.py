"""What may be done with an offer. Pure.

submitted → allowed | declined | withdrawn | lost; allowed → awarded | lost | withdrawn. An offer may be edited until it is allowed;
a refusal may be taken back: declined → submitted.
"""

from __future__ import annotations

from b24app.errors import InvalidState

SEEN_BY_BUYER = ("allowed", "awarded", "lost")
LIVE = ("submitted", "allowed", "awarded", "lost")
SHOWN_AT_MOST = 10

_NEXT = {
    ("submitted", "edit"): "submitted",
    ("submitted", "allow"): "allowed",
    ("submitted", "decline"): "declined",
    ("submitted", "withdraw"): "withdrawn",
    ("submitted", "lose"): "lost",
    ("declined", "reconsider"): "submitted",
    ("allowed", "award"): "awarded",
    ("allowed", "withdraw"): "withdrawn",
    ("allowed", "lose"): "lost",
}


def next_state(state: str, action: str) -> str:
    """Give the state after edit, allow, decline, withdraw, award or lose. InvalidState when it cannot be done now."""
    found = _NEXT.get((state, action))
    if found is None:
        raise InvalidState(code="offer_state", state=state, action=action)
    return found


def quantity_left(wanted: int, awarded: list[int]) -> int:
    """Give how much of a lot is not awarded yet."""
    return max(0, wanted - sum(awarded))


def total_minor(price_minor: int, quantity: int) -> int:
    """Give the sum of an order in minor units."""
    return price_minor * quantity
