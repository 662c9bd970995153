"""`make bench`: measure on this machine, print a table, write benchmarks/results.json.

Everything is compared with a peer or a limit in the same run; absolute figures say something about this machine only.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import accept, drain, latency, pages, results, texts
from benchmarks.results import Figure
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


MEASURES: dict[str, Callable[[Path], list[Figure]]] = {
    "accept": accepting,
    "latency": talking,
    "drain": draining,
    "texts": writing,
    "pages": lambda _: pages.measure(),
}


def main(arguments: list[str]) -> int:
    """Run the measures named, or all; answers the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("measures", nargs="*", choices=[*MEASURES, []], help="all when none is named")
    chosen = parser.parse_args(arguments).measures or list(MEASURES)
    figures: list[Figure] = []
    for name in chosen:
        with tempfile.TemporaryDirectory(prefix=f"bench-{name}-") as folder:
            found = MEASURES[name](Path(folder))
        sys.stdout.write(results.table(found) + "\n")
        sys.stdout.flush()
        figures += found
        results.save(figures)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
