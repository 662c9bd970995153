"""`make chaos RUNS=n PEOPLE=p SEED=s`: starts everything, plays the run, prints what was found; exits 0 only if every promise was kept."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from sandbox.chaos.faults import Disturber
from sandbox.chaos.kill_points import KillPoints
from sandbox.chaos.log import Log
from sandbox.chaos.run import ENVIRONMENT, run
from sandbox.processes import StartFailed
from sandbox.stack import Options, Stack
from sandbox.visitors import Failed


def main(arguments: list[str]) -> int:
    """Run the command; answers the exit status."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.chaos", description=__doc__)
    parser.add_argument("--runs", type=int, default=1, help="rounds of talk under faults")
    parser.add_argument("--people", type=int, default=300, help="people on Telegram in a round")
    parser.add_argument("--seed", type=int, default=1, help="what everything is drawn from")
    parser.add_argument(
        "--kill-points", action="store_true", help="only kill the worker, again and again, at statements drawn"
    )
    parser.add_argument("--folder", type=Path, help="keep the logs of all processes here")
    parsed = parser.parse_args(arguments)
    log = Log(Path("build") / f"chaos-{parsed.seed}.jsonl")
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        database = f"chaos_{os.getpid()}"
        options = Options(folder=parsed.folder or Path(folder), database=database, environment=ENVIRONMENT)
        try:
            with Stack(options) as stack:
                disturb = KillPoints if parsed.kill_points else Disturber
                options_of_run = {"seed": parsed.seed, "rounds": parsed.runs, "people": parsed.people}
                verdicts = run(stack, **options_of_run, log=log, disturb=disturb)
        except (Failed, StartFailed) as error:
            sys.stderr.write(f"Chaos broke off: {error}\n")
            return 1
        finally:
            log.close()
    sys.stdout.write(f"seed {parsed.seed}, {parsed.runs} rounds, {time.monotonic() - started:.0f} s\n")
    sys.stdout.write(f"{verdicts[-1].table()}\n")
    return 0 if all(verdict.holds for verdict in verdicts) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
