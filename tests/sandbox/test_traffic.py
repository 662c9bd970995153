"""The judge of recorded calls: what it holds against the documentation and what it lets pass."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.traffic import faults_of


def _faults(method: str, params: dict[str, Any]) -> list[str]:
    return list(faults_of({"world": "bitrix24", "method": method, "params": params}))


@pytest.mark.parametrize(
    ("method", "params", "fault"),
    [
        ("crm.deal.sell", {}, "crm.deal.sell: unknown method"),
        ("crm.deal.get", {}, "crm.deal.get: id is missing"),
        ("crm.deal.get", {"id": 1, "loud": "Y"}, "crm.deal.get: loud is not documented"),
    ],
)
def test_faults_are_named(method: str, params: dict[str, Any], fault: str) -> None:
    """A call that the documentation does not know is a fault with its reason."""
    assert fault in _faults(method, params)


def test_fields_of_people_may_stand_at_the_top() -> None:
    """Where a method takes the fields of its objects as parameters, they are not faults."""
    assert _faults("user.get", {"ACTIVE": "Y", "sort": "ID", "UF_PHONE_INNER": "12"}) == []
