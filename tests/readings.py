"""Runs what talks to the portal once more for every switch of open documentation, that one read the other way.

`make readings` calls it; arguments name some switches. One run takes minutes, so the suite itself plays only the main story,
with all of them switched at once. The tests start their portals themselves: the environment tells those what was chosen.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from sandbox.portal.readings import DECLARED
from sandbox.portal.server import portal_modules

FOLDER = Path("build/readings")
TESTS = ("tests/functional", "tests/contract/bitrix24", "tests/contract/robots")


def other_choices(wanted: list[str]) -> list[tuple[str, str]]:
    """Give every choice that is not a default, of all switches or of the wanted ones. KeyError for an unknown one."""
    portal_modules()
    return [(name, choice) for name in wanted or sorted(DECLARED) for choice in DECLARED[name].choices[1:]]


def holds(name: str, choice: str) -> bool:
    """Run the tests with one switch; what they say stays in a file beside the choice."""
    chosen = FOLDER / f"{name}={choice}.json"
    chosen.write_text(json.dumps({name: choice}), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "--timeout", "400", "-m", "not browser", *TESTS]
    with chosen.with_suffix(".txt").open("w") as told:
        environment = {**os.environ, "SANDBOX_READINGS": str(chosen.resolve())}
        return subprocess.run(command, env=environment, stdout=told, stderr=told, check=False).returncode == 0


def main(wanted: list[str]) -> int:
    """Run them one after another; 1 when one failed."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    failed = 0
    for name, choice in other_choices(wanted):
        good = holds(name, choice)
        failed += not good
        sys.stdout.write(f"{'holds' if good else 'FAILS'}  {name}={choice}\n")
        sys.stdout.flush()
    return int(failed > 0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
