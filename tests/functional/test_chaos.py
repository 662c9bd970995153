"""A short round of chaos; long ones are run by hand, see docs/delivery.md."""

from __future__ import annotations

from pathlib import Path

from sandbox.chaos import Log, run
from tests.functional.stacks import running


def test_a_round_of_chaos_loses_nothing_and_repeats_nothing(database_url: str, tmp_path: Path) -> None:
    """While processes are killed, connections cut and both worlds break, everything said arrives once, in order, or is shown."""
    with running(database_url) as stack:
        (verdict,) = run(stack, seed=11, rounds=1, actions=20, log=Log(tmp_path / "chaos.jsonl"))
    assert verdict.holds, verdict.table()
    assert verdict.effects > 20
