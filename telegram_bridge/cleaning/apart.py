"""Cleans a document in a process of its own, which ends when it takes too long or too much memory.

Called for PDF: a few kilobytes of one can draw for hours or unpack to gigabytes, and a worker has all others to serve meanwhile. The
process (`__main__`) is given neither settings nor secrets. Knows nothing of what a document is.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from telegram_bridge.cleaning.refusals import NotCleanable

CPU_SECONDS = 30
LONGEST_SECONDS = 120
"""What a process gets where others want the processor too."""
_PROJECT = Path(__file__).resolve().parents[2]


def clean(content: bytes, names: Collection[str], cpu_seconds: int = CPU_SECONDS) -> bytes:
    """Give the document without what tells who made it. NotCleanable with the process's reason, `too_long` when it had to be ended."""
    order = json.dumps({"names": list(names), "cpu_seconds": cpu_seconds}).encode()
    try:
        with _heeding_no_end():
            done = subprocess.run(
                [sys.executable, "-m", "telegram_bridge.cleaning"],
                input=order + b"\n" + content,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=_PROJECT,
                env={},
                timeout=LONGEST_SECONDS,
                check=False,
            )
    except subprocess.TimeoutExpired as error:
        raise NotCleanable("too_long", "the document takes too long to be searched") from error
    if done.returncode:
        raise NotCleanable("too_long", f"the search of the document ended with {done.returncode}")
    head, _, cleaned = done.stdout.partition(b"\n")
    if refusal := json.loads(head):
        raise NotCleanable(refusal["reason"], refusal["text"])
    return cleaned


@contextmanager
def _heeding_no_end() -> Iterator[None]:
    """Let what is started here outlast the signals that end a worker: it finishes what it began, and a document ended half-way would
    count as one that cannot be searched."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
