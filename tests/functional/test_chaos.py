"""A short round of chaos; long ones are run by hand, see docs/delivery.md."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from sandbox.chaos.log import Log
from sandbox.chaos.run import ENVIRONMENT, run
from tests.functional.stacks import running


@pytest.mark.timeout(400)
def test_a_round_of_chaos_loses_nothing_and_repeats_nothing(database_url: str, tmp_path: Path) -> None:
    """While processes are killed, connections cut and both worlds break, everything said arrives once, in order, or is shown."""
    log = Log(tmp_path / "chaos.jsonl")
    with running(database_url, environment=ENVIRONMENT) as stack, closing(log):
        (verdict,) = run(stack, seed=11, rounds=1, people=6, log=log)
    assert verdict.holds, verdict.table()
    assert verdict.effects > 20
