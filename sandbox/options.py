"""How a world is started: the parsed command line, also made directly by tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    """`limits` is `real`, `off` or a factor that multiplies the real rates; without `data` state stays in memory."""

    port: int = 0
    host: str = "127.0.0.1"
    data: Path | None = None
    limits: str = "off"
    record: Path | None = None
    seed: int = 1
    webhooks: tuple[str, ...] = field(default=())
    readings: Path | None = None
    tokens: tuple[str, ...] = field(default=())
