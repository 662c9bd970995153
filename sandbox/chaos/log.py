"""The log of a run of chaos: what people did, what was broken, what was found. Written by every thread of a run."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from typing import Any


class Log:
    """The events of a run, a JSON object a line; safe to share between threads."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("w", encoding="utf-8", buffering=1)
        self._writing = threading.Lock()
        self._started = time.monotonic()

    def tell(self, event: str, **what: Any) -> None:
        """Add one event."""
        line = {"at": round(time.monotonic() - self._started, 3), "event": event, **what}
        with self._writing:
            self._file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def close(self) -> None:
        """Close the file."""
        self._file.close()
