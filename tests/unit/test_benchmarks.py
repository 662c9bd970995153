"""What was measured is told with its target, and one measure that fails does not take the others with it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import machine, tails
from benchmarks.__main__ import main
from benchmarks.results import Figure


def broken(_: Path) -> list[Figure]:
    """Fail."""
    raise RuntimeError("nobody listens")


def fast(_: Path) -> list[Figure]:
    """Find one figure of each verdict."""
    return [
        Figure("share", 0.97, "ratio", "counted", at_least=0.95),
        Figure("wait", 200.0, "ms", "timed", at_most=150.0),
        Figure("size", 3.0, "MB", "weighed"),
    ]


def test_a_measure_that_fails_is_marked_and_the_next_is_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The table shows the failure with its reason and every figure of the others with its verdict."""
    status = main([], {"broken": broken, "fast": fast}, tmp_path / "results.json")
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert status == 1
    assert "FAILED" in lines["broken"]
    assert "nobody listens" in lines["broken"]
    assert ("met" in lines["share"], "MISSED" in lines["wait"]) == (True, True)


def test_what_did_not_run_keeps_what_it_found_before(tmp_path: Path) -> None:
    """Taking one measure leaves the others in the file as they were."""
    file = tmp_path / "results.json"
    measures: dict[str, Callable[[Path], list[Figure]]] = {"slow": fast, "fast": fast}
    assert main([], measures, file) == 0
    before = json.loads(file.read_text())["measures"]["slow"]
    assert main(["fast"], measures, file) == 0
    assert json.loads(file.read_text())["measures"]["slow"] == before


def test_a_stall_of_the_host_does_not_decide_and_slowness_does() -> None:
    """The p95 that is held against a target forgives one stretch of samples that came to a standstill, never two."""
    usual, stalled = [10.0] * 20, [10.0] * 15 + [900.0] * 5
    assert tails.p95(usual + stalled + usual) == pytest.approx(10.0)
    assert tails.p95(stalled + usual + stalled) > 800
    assert "of all together 900 ms" in tails.told(usual + stalled + usual)


def test_what_the_host_took_is_a_share_of_what_was_wanted() -> None:
    """Between nothing and all of the processor time, also where nobody counts it."""
    assert 0.0 <= machine.stolen_since((0, 0)) < 1.0
    assert machine.stolen_since(machine.wanted_and_stolen()) <= 1.0
