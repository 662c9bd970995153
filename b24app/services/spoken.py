"""What is said in a conversation, as one of the doors heard it: all that belongs to it, before it is a message.

Made by the handlers of the bot, the Mini App, the open line's events, the desk and services that send cards; `messages` takes it.
Knows nothing of networks, and holds what was said unchecked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

TELEGRAM = "telegram"


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """What a person says, in BB codes; heard again, `source` and `source_key` tell that it is the same.

    `written_at` is when it was written, if the door knows. `quote` is what a reply quotes, plain; `album` is shared by pieces that
    belong together. `size` counts the file's bytes; `file_name` is the sender's, for employees only.
    """

    kind: str
    text: str
    source_key: str
    source: str = TELEGRAM
    written_at: datetime | None = None
    reply_to_outside_id: str = ""
    quote: str = ""
    album: str = ""
    file_id: int | None = None
    telegram_file_id: str = ""
    telegram_unique_id: str = ""
    file_name: str = ""
    size: int = 0


@dataclass(frozen=True, kw_only=True)
class SpokenByManager:
    """What an employee says, to a side or both; `source_key` tells that it is the same when it is heard again.

    `card` names what the text is a card of. `files` are `{"name", "url"}` of the portal, or `{"name", "file_id", "kind"}` of ours.
    """

    user_id: str
    user_name: str
    text: str
    source_key: str
    side: str = "both"
    files: Sequence[Mapping[str, Any]] = ()
    card: str = ""
