"""How a buyer and a factory come nearer to each other: looked at, talking, offer received, contract; or not interested. Pure."""

from __future__ import annotations

STATES = ("viewed", "talking", "offer", "contract")
NOT_INTERESTED = "not_interested"
COMPARED_AT_MOST = 4


def advanced(state: str, event: str) -> str:
    """Give the state after something happened: it only ever goes forward; whoever lost interest comes back by talking or more.

    `event` is one of STATES or not_interested, which a contract outlives.
    """
    if event == NOT_INTERESTED:
        return state if state == "contract" else NOT_INTERESTED
    if state == NOT_INTERESTED:
        return state if event == "viewed" else event
    if not state:
        return event
    return max(state, event, key=STATES.index)
