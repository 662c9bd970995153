"""What was measured is told with its target, and one measure that fails does not take the others with it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

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
