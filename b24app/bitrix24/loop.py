"""One event loop in a thread of its own per process, for the asynchronous REST client in threaded programs.

Started at the first use, so never before a fork; a forked child starts its own. Called by the client only.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


class LoopThread:
    """Runs coroutines for threads that wait for their results."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._pid = 0

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Run a coroutine to its end on the loop and give its result, or raise what it raised."""
        return asyncio.run_coroutine_threadsafe(work, self._running()).result()

    @property
    def pid(self) -> int:
        """The process that the loop belongs to; 0 before the first use."""
        return self._pid

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None or self._pid != os.getpid():
                self._loop = asyncio.new_event_loop()
                self._pid = os.getpid()
                self._thread = threading.Thread(target=self._loop.run_forever, name="bitrix24-loop", daemon=True)
                self._thread.start()
            return self._loop

    def stop(self) -> None:
        """End the loop and its thread; a later use starts another."""
        with self._lock:
            if self._loop is None or self._thread is None or self._pid != os.getpid():
                return
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()
            self._loop = self._thread = None
