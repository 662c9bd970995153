"""A method that has used its budget rests, and never for longer than the portal remembers."""

from __future__ import annotations

from typing import Any

import pytest

from b24app.bitrix24.client import Answer, Timing
from b24app.bitrix24.spending import OPERATING_SECONDS, WINDOW_SECONDS, Spending
from b24app.services import gates
from storage.unit_of_work import Transactions


class NoDatabase(Transactions):
    """Transactions that lead nowhere."""

    def __init__(self) -> None:
        pass

    def __call__(self, now: Any = None) -> Any:
        """Open nothing."""
        return _Nothing()


class _Nothing:
    session = None

    def __enter__(self) -> _Nothing:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.mark.parametrize(("reset", "rests"), [(120.0, 120.0), (0.0, 60.0), (36_000.0, WINDOW_SECONDS)])
def test_a_method_rests_as_told_within_reason(monkeypatch: pytest.MonkeyPatch, reset: float, rests: float) -> None:
    """What the portal says of the reset is obeyed; a moment hours away, from a clock gone wrong, does not stop a method for hours."""
    monkeypatch.setattr(gates, "hold", lambda *_: None)
    monkeypatch.setattr(gates, "held", lambda *_: {})
    kept = Spending(NoDatabase(), clock=lambda: 1000.0)
    kept.learn("crm.item.add", Answer({}, timing=Timing(0.1, OPERATING_SECONDS, reset)))
    assert kept.rest_of("crm.item.add") == rests


def test_a_clock_set_back_wakes_a_method(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rest that would last longer than the portal remembers is over; what the portal then says is obeyed."""
    monkeypatch.setattr(gates, "hold", lambda *_: None)
    monkeypatch.setattr(gates, "held", lambda *_: {"crm.item.add": 9000.0})
    kept = Spending(NoDatabase(), clock=lambda: 1000.0)
    assert kept.rest_of("crm.item.add") == 0.0
    kept.learn("crm.item.add", Answer({}, timing=Timing(0.1, OPERATING_SECONDS, 120.0)))
    assert kept.rest_of("crm.item.add") == 120.0
