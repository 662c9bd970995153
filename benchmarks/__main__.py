"""`make bench`: measure on this machine, print one table with targets and verdicts, write benchmarks/results.json.

Everything is compared with a peer or a limit in the same run; absolute figures say something about this machine only. A measure that
fails is marked and the next one is taken.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import accept, broadcast, desk, drain, latency, machine, memory, opening, pages, results, standin, texts
from benchmarks.results import Figure, Run
from sandbox.stack import Options, Stack
from sandbox.story import Story

TALKING = 10
"""Chapters of the story after which two people talk."""


def accepting(folder: Path) -> list[Figure]:
    """Measure the webhook; without a worker, which would compete for the machine in some rounds and not in others."""
    options = Options(folder=folder, database=f"bench_{os.getpid()}", web="benchmarks.wsgi:app")
    with Stack(options) as stack:
        stack.processes.stop("worker")
        return accept.measure(stack)


def talking(folder: Path) -> list[Figure]:
    """Measure one message on its way, with nothing else going on."""
    with Stack(Options(folder=folder, database=f"bench_{os.getpid()}")) as stack:
        _play(stack)
        return latency.measure(stack)


def broadcasting(folder: Path) -> list[Figure]:
    """Measure a conversation while thousands are told something."""
    with Stack(Options(folder=folder, database=f"bench_{os.getpid()}")) as stack:
        _play(stack)
        return broadcast.measure(stack)


def growing(folder: Path) -> list[Figure]:
    """Measure the memory of the processes while updates pass through."""
    with Stack(Options(folder=folder, database=f"bench_{os.getpid()}")) as stack:
        return memory.measure(stack)


def draining(folder: Path) -> list[Figure]:
    """Measure a full outbox against the real limits."""
    options = Options(folder=folder, database=f"bench_{os.getpid()}", limits="real")
    with Stack(options) as stack:
        _play(stack)
        return drain.measure(stack)


def writing(_: Path) -> list[Figure]:
    """Measure formatting and masking; nothing needs to run for that."""
    return texts.measure()


def _play(stack: Stack) -> None:
    for _, chapter in Story(stack).chapters()[:TALKING]:
        chapter()


Measure = Callable[[Path], list[Figure]]
MEASURES: dict[str, Measure] = {
    "accept": accepting,
    "latency": talking,
    "broadcast": broadcasting,
    "drain": draining,
    "memory": growing,
    "texts": writing,
    "pages": lambda _: pages.measure(),
    "opening": lambda _: opening.measure(),
    "desk": lambda _: desk.measure(),
    "standin": lambda _: standin.measure(),
}


def take(name: str, measure: Measure) -> Run:
    """Take one measure; whatever it raises becomes part of the answer."""
    load, ticks, started = os.getloadavg()[0], machine.wanted_and_stolen(), time.monotonic()
    figures: list[Figure] = []
    error = ""
    try:
        with tempfile.TemporaryDirectory(prefix=f"bench-{name}-") as folder:
            figures = measure(Path(folder))
    except Exception:
        error = traceback.format_exc()
    return Run(name, time.monotonic() - started, load, machine.stolen_since(ticks), figures, error)


def main(arguments: Sequence[str], measures: dict[str, Measure] = MEASURES, file: Path = results.RESULTS) -> int:
    """Take the measures named, or all; answers 0 when each could be taken, whatever it found."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("measures", nargs="*", choices=[*measures, []], help="all when none is named")
    chosen = parser.parse_args(arguments).measures or list(measures)
    runs: list[Run] = []
    for name in chosen:
        sys.stderr.write(f"measuring {name} … ")
        sys.stderr.flush()
        run = take(name, measures[name])
        sys.stderr.write(f"{run.seconds:.0f} s, {run.stolen:.0%} of the processors taken by the host\n{run.error}")
        runs.append(run)
        results.save(runs, file)
    sys.stdout.write(results.table(runs) + "\n")
    return 1 if any(run.error for run in runs) else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
