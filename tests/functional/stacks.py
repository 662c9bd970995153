"""Starting everything for a test, on a database of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sandbox.stack import Options, Stack

BRISK = {"STALLED_AFTER_SECONDS": "2", "SETTLE_SECONDS": "1", "LONGEST_CALL_SECONDS": "4", "WEB_WORKERS": "1"}


@contextmanager
def running(database_url: str, **options: Any) -> Iterator[Stack]:
    """Run both worlds and the application; their logs go into a folder that disappears with them.

    What is in doubt is cleared up in seconds: an undisturbed call takes these worlds a moment.
    """
    environment = {**BRISK, **options.pop("environment", {})}
    with tempfile.TemporaryDirectory(prefix="functional-") as folder:
        settings = Options(folder=Path(folder), database_url=database_url, environment=environment, **options)
        with Stack(settings) as stack:
            yield stack
