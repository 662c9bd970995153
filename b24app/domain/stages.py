"""Which stages of the pipelines agree with which states of ours, and what an employee does by moving a card. Pure.

One table: it guards the stages and is printed into the documentation. A state of ours comes first with its own stage.
"""

from __future__ import annotations

AGREED: dict[str, dict[str, tuple[str, ...]]] = {
    "lot": {
        "submitted": ("moderation", "new"),
        "changes_requested": ("new", "moderation"),
        "published": ("published", "offers", "negotiation"),
        "awarded": ("contract", "production", "shipped", "done"),
        "expired": ("lost",),
        "cancelled": ("lost",),
    },
    "order": {
        "contract": ("contract", "production"),
        "production": ("production",),
        "shipped": ("shipped",),
        "done": ("done",),
    },
    "audit": {
        state: (state,)
        for state in ("requested", "documents", "visit", "scoring", "conditional", "passed", "failed", "cancelled")
    },
}
"""Noun of a ref → state → stages on which its card may stand. A closed lot's state is its outcome."""

DEEDS = {("lot", "submitted", "published"): "approve"}
"""(noun, state, stage moved to) → what the move decides. Every other move away from the agreed stages is taken back."""


def agrees(noun: str, state: str, stage: str) -> bool:
    """Tell whether a card may stand on a stage while its thing is in a state."""
    return stage in AGREED.get(noun, {}).get(state, ())


def home(noun: str, state: str) -> str:
    """Give the stage to which a card of a state is taken back; empty for what has no stages."""
    return next(iter(AGREED.get(noun, {}).get(state, ())), "")


def table() -> list[tuple[str, str, str, str]]:
    """Give the rows of the documentation: noun, state, stages that agree, stages that decide something."""
    rows = []
    for noun, states in AGREED.items():
        for state, stages in states.items():
            deeds = [f"{stage}: {deed}" for (of, at, stage), deed in DEEDS.items() if (of, at) == (noun, state)]
            rows.append((noun, state, ", ".join(stages), ", ".join(deeds) or "—"))
    return rows
