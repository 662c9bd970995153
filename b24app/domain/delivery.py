"""What every message to the outside has in common: its network, what a repeat would do, how urgent it is.

`deliveries` holds the messages themselves. Knows neither protocol.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, ClassVar


class Network(StrEnum):
    """The two outside worlds that messages are dispatched to."""

    BITRIX24 = "bitrix24"
    TELEGRAM = "telegram"


class Repeat(StrEnum):
    """What may be done after a send whose outcome is unknown."""

    PROVABLE = "provable"
    HARMLESS = "harmless"
    UNPROVABLE = "unprovable"


class Priority(StrEnum):
    """Which of two waiting messages goes first: a person in a conversation never waits behind a broadcast."""

    CONVERSATION = "conversation"
    NOTICE = "notice"
    BROADCAST = "broadcast"


CRM_OBJECTS = {
    "lead": "lead",
    "contact": "contact",
    "company": "company",
    "lot": "deal",
    "order": "deal",
    "audit": "audit",
}
"""Noun of a ref → CRM object, or smart process of the manifest.

`lead/12` and `company/12` carry our company's id, `contact/7` our person's, `lot/256`, `order/5` and `audit/3` ours.
"""


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """A message to the outside. `about` names the local row that hears of the outcome (`copy/55`), or is empty."""

    network: ClassVar[Network]
    repeat: ClassVar[Repeat]
    priority: ClassVar[Priority] = Priority.NOTICE
    about: str = ""

    def payload(self) -> dict[str, Any]:
        """Give the JSON-able fields as stored in the outbox."""
        return asdict(self)
