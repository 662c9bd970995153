"""The table of robots: the code a rule calls and the function that answers it. A test keeps it equal to app.yaml."""

from __future__ import annotations

from collections.abc import Callable

from robots import find_matches, open_conversation, publish_lot, send_telegram
from robots.contract import Answer

Run = Callable[..., Answer]

ROBOTS: dict[str, Run] = {
    "find_matches": find_matches.run,
    "open_conversation": open_conversation.run,
    "publish_lot": publish_lot.run,
    "send_telegram": send_telegram.run,
}
