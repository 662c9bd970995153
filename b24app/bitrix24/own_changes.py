"""Leaving our own changes out of the portal's queue of missed events, where its plan offers that.

A subscription names a source; a change that names the same one is not put into the queue. Called by the installer, which subscribes, by
what saves items, and by what fetches missed events: the queue is divided by sources. Events that come by themselves know no sources.
Documentation: events/offline-events.md (how to avoid cycles), event.bind, feature.get.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from b24app.bitrix24.client import Answer, Command

PREFIX = "offline:"
"""How the elements of the installation that subscribe to the queue are called."""
SOURCE = "b24_marketplace"
KNOWS_SOURCES = Command("feature.get", {"CODE": "rest_auth_connector"})


def source_offered(answer: Answer) -> str:
    """Give the source to subscribe with by the portal's answer to KNOWS_SOURCES; empty where it knows none."""
    known = answer.error is None and isinstance(answer.result, Mapping) and answer.result.get("value") == "Y"
    return SOURCE if known else ""


def named(source: str) -> dict[str, Any]:
    """Give what a call says of its source."""
    return {"auth_connector": source} if source else {}


def source_of(subscriptions: Iterable[str]) -> str:
    """Give the source of what we subscribed to: each as the installer remembers it, the event and behind it the source, if any."""
    return next((source for one in subscriptions if (source := one.partition(" ")[2])), "")
