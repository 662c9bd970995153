"""What an action may ask of the outside before its transaction, or set going after it. Given by the composition root."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from b24app.services.given_files import Given
from placements.setup_choices import Bots


@dataclass(frozen=True)
class Outside:
    """`bots` asks Telegram; `take_over` spends a visitor's refresh token, given with his id; `start` asks the worker for a job.

    `keep_picture` keeps the bytes of an upload, given with its name, and answers None when their content is no picture to be shown;
    `keep_file` does so with whatever can be sent in a conversation.
    """

    bots: Bots
    take_over: Callable[[str, str], None]
    start: Callable[[str], None]
    keep_picture: Callable[[IO[bytes], str], Given | None]
    keep_file: Callable[[IO[bytes], str], Given | None]
