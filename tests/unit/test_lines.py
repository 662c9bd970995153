"""A conversation goes over the line meant for its people, and a line's faults are told by name."""

from __future__ import annotations

from typing import Any

import pytest

from b24app.domain.lines import QUIET, Line, chosen, troubles_of

LINES = [Line("2", language="uz"), Line("3", audience="deals"), Line("4", language="uz", audience="buyers"), Line("5")]


@pytest.mark.parametrize(
    ("language", "audience", "line"),
    [
        ("uz", "buyers", "4"),
        ("uz", "factories", "2"),
        ("uz", "deals", "3"),
        ("ru", "deals", "3"),
        ("ru", "buyers", "1"),
        ("en", "factories", "1"),
    ],
)
def test_the_line_that_suits_best_is_chosen(language: str, audience: str, line: str) -> None:
    """Audience counts before language; where nothing suits the default takes it."""
    assert chosen(LINES, language=language, audience=audience, default="1") == line


def _config(**changes: Any) -> dict[str, Any]:
    return {"ACTIVE": "Y", "QUEUE": ["1"], "QUEUE_ONLINE": "Y", **QUIET, **changes}


@pytest.mark.parametrize(
    ("config", "status", "found"),
    [
        (_config(), {"STATUS": True}, []),
        (False, None, ["gone"]),
        (_config(ACTIVE="N"), {"STATUS": True}, ["inactive"]),
        (_config(), {"STATUS": False}, ["unplugged"]),
        (_config(QUEUE=[]), {"STATUS": True}, ["empty"]),
        (_config(QUEUE_ONLINE="N"), {"STATUS": True}, ["offline"]),
        (_config(CRM_CREATE="lead"), {"STATUS": True}, ["loud"]),
        (_config(WORKTIME_DAYOFF_RULE="text"), {"STATUS": True}, ["loud"]),
        (_config(WELCOME_MESSAGE="Y", ACTIVE="N"), {"STATUS": True}, ["inactive", "loud"]),
    ],
)
def test_each_fault_of_a_line_has_its_name(config: Any, status: Any, found: list[str]) -> None:
    """A line that is gone, off, unplugged, without people or with a voice of its own is told apart."""
    assert troubles_of(config, status) == found
