"""How a person in a run of chaos reads what the Mini App answers."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.chaos.people import handed_in


@pytest.mark.parametrize(
    ("answer", "is_in"),
    [
        ({"done": True, "go": "/app/", "replace": True}, True),
        ({"go": "/app/", "replace": True}, True),
        ({"go": "/app/form/buyer/needs?faults"}, False),
        ({"go": "/app/corrections", "replace": True}, False),
    ],
)
def test_a_form_whose_answer_got_lost_counts_as_handed_in(answer: dict[str, Any], is_in: bool) -> None:
    """Being led home by a second press means that the first one had done it; being led to a step with faults does not."""
    assert handed_in(answer) is is_in
