"""Keeps the portal's state in a folder: read at start, written every few seconds and at a clean stop."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from sandbox.portal.portal import Portal

PAUSE_SECONDS = 3.0
FILE_NAME = "portal.json"


class DiskState:
    """The file of one portal."""

    def __init__(self, portal: Portal, folder: Path) -> None:
        self.portal = portal
        self.path = folder / FILE_NAME
        self.saved_changes = -1
        folder.mkdir(parents=True, exist_ok=True)

    def read(self) -> bool:
        """Loads the file when there is one."""
        if not self.path.exists():
            return False
        self.portal.load(self.path.read_text(encoding="utf-8"))
        return True

    def write(self) -> None:
        """Stores the state whole, never half."""
        if self.saved_changes == self.portal.store.changes:
            return
        draft = self.path.with_suffix(".draft")
        draft.write_text(self.portal.dump(), encoding="utf-8")
        draft.replace(self.path)
        self.saved_changes = self.portal.store.changes

    async def keep_writing(self) -> None:
        """Writes for ever; pauses longer when writing takes long, so that a big state does not stall the portal."""
        pause = PAUSE_SECONDS
        while True:
            await asyncio.sleep(pause)
            started = time.monotonic()
            self.write()
            pause = max(PAUSE_SECONDS, (time.monotonic() - started) * 20)
