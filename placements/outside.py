"""What an action may ask of the outside before its transaction, or set going after it. Given by the composition root."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from placements.setup_choices import Bots


@dataclass(frozen=True)
class Outside:
    """`bots` asks Telegram; `take_over` spends a visitor's refresh token, given with his id; `start` asks the worker for a job."""

    bots: Bots
    take_over: Callable[[str, str], None]
    start: Callable[[str], None]
