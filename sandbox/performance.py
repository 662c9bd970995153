"""A play performed into running worlds while somebody watches: one at a time, chapter by chapter.

Begun and asked by the demo's page. Knows what a chapter is; not what happens in it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sandbox.visitors import Failed

Chapter = tuple[str, Callable[[], list[str]]]


@dataclass
class Reached:
    """How far a chapter is: `waiting`, `playing`, `done` or `failed`; what was seen, and its seconds."""

    title: str
    state: str = "waiting"
    seen: list[str] = field(default_factory=list)
    seconds: float = 0.0


class Performance:
    """Some plays by name. Each can be performed once, since its people are then no longer new."""

    def __init__(self, plays: Mapping[str, Sequence[Chapter]]) -> None:
        self._plays = plays
        self._reached = {name: [Reached(title) for title, _ in chapters] for name, chapters in plays.items()}
        self._stage = threading.Lock()
        self._begun: set[str] = set()

    def begin(self, name: str) -> bool:
        """Begin a play in a thread of its own; False while another one runs, and when it was begun before."""
        if not self._stage.acquire(blocking=False):
            return False
        if name in self._begun:
            self._stage.release()
            return False
        self._begun.add(name)
        threading.Thread(target=self._perform, args=(name,), daemon=True).start()
        return True

    def seen(self) -> dict[str, Any]:
        """Give, as JSON takes it, how far each play is: `{name: {"begun": bool, "chapters": [Reached, …]}}`."""
        return {
            name: {"begun": name in self._begun, "chapters": [asdict(chapter) for chapter in chapters]}
            for name, chapters in self._reached.items()
        }

    def _perform(self, name: str) -> None:
        try:
            for (_, act), reached in zip(self._plays[name], self._reached[name], strict=True):
                if not _play(act, reached):
                    return
        finally:
            self._stage.release()


def _play(act: Callable[[], list[str]], reached: Reached) -> bool:
    started = time.monotonic()
    reached.state = "playing"
    try:
        reached.seen = act()
        reached.state = "done"
    except (Failed, OSError, ValueError) as error:
        reached.seen = [str(error)]
        reached.state = "failed"
    reached.seconds = round(time.monotonic() - started, 1)
    return reached.state == "done"
