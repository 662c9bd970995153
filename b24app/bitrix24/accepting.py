"""From a verified call of the portal to rows of the inbox: what is one fact, what orders it, what makes it a repeat.

Called by `routes` and by whoever finds what was missed. Events carry no id of their own, so a fact is named by what it says; tokens are
left out of what is kept.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from storage import inbox

EVENT_SOURCE = "bitrix24.event"
ROBOT_SOURCE = "bitrix24.robot"
ENTITY_ID = re.compile(r"(\d+)$")
NUMBER = re.compile(r"[0-9]{1,17}")
OBJECTS = {"1": "lead", "2": "deal", "3": "contact", "4": "company"}


@dataclass(frozen=True)
class Fact:
    """One row for the inbox; `position` orders it within its lane where the portal numbers what it tells."""

    source: str
    key: str
    lane: str
    payload: dict[str, Any]
    position: int = 0


def facts_of_event(body: Mapping[str, Any]) -> Iterator[Fact]:
    """Give the facts of one event; a call with several messages of an open line holds one for each. ValueError: no event."""
    event = str(body.get("event") or body.get("eventId") or "").upper()
    if not event:
        raise ValueError("an event without a name")
    auth = body.get("auth")
    user_id = str(auth.get("user_id") or "") if isinstance(auth, Mapping) else ""
    data = body.get("data")
    for part in _parts(data):
        payload = {"event": event, "data": part, "ts": str(body.get("ts") or ""), "user_id": user_id}
        im = (_message(part) or {}).get("im")
        number = str(im.get("message_id") or "") if isinstance(im, Mapping) else ""
        lane, position = _lane(event, part), position_of(event, number)
        yield Fact(EVENT_SOURCE, _key(event, part, payload["ts"]), lane, payload, position)


def position_of(event: str, message_id: str) -> int:
    """Give the place of a message in its dialogue, and of a change of it right behind: events may overtake each other."""
    return 2 * int(message_id) + (event != "ONIMCONNECTORMESSAGEADD") if NUMBER.fullmatch(message_id) else 0


def store(connection: Connection, fact: Fact) -> bool:
    """Put a fact into the inbox; answers whether it was new. The caller commits."""
    return inbox.accept(
        connection, source=fact.source, key=fact.key, lane=fact.lane, payload=fact.payload, position=fact.position
    )


def fact_of_robot(body: Mapping[str, Any]) -> Fact:
    """Give the fact of one robot's or activity's call, once per event token. ValueError: not such a call."""
    token, document = body.get("event_token"), body.get("document_id")
    if not isinstance(token, str) or not token or not isinstance(document, list) or len(document) != 3:
        raise ValueError("not a call of an automation rule")
    kept = ("workflow_id", "code", "document_id", "document_type", "event_token", "timeout_duration", "ts")
    payload = {name: body[name] for name in kept if name in body}
    properties = body.get("properties")
    auth = body.get("auth")
    payload["properties"] = properties if isinstance(properties, Mapping) else {}
    payload["user_id"] = str(auth.get("user_id") or "") if isinstance(auth, Mapping) else ""
    return Fact(ROBOT_SOURCE, token, _document_lane(str(document[2])), payload)


def _parts(data: Any) -> Iterator[Any]:
    messages = data.get("MESSAGES") if isinstance(data, Mapping) else None
    if isinstance(data, Mapping) and isinstance(messages, list) and messages:
        for message in messages:
            yield {**data, "MESSAGES": [message]}
    else:
        yield data


def _key(event: str, data: Any, ts: str) -> str:
    message = _message(data)
    im = message.get("im") if message else None
    if event == "ONIMCONNECTORMESSAGEADD" and isinstance(im, Mapping) and im.get("message_id"):
        return f"{event}:{im.get('chat_id')}:{im.get('message_id')}"
    said = json.dumps([data, ts], sort_keys=True, ensure_ascii=False)
    return f"{event}:{hashlib.sha256(said.encode()).hexdigest()[:32]}"


def _lane(event: str, data: Any) -> str:
    message = _message(data)
    if message is not None:
        im = message.get("im")
        return f"line:{im.get('chat_id') if isinstance(im, Mapping) else ''}"
    if isinstance(data, Mapping):
        found = lowered(data)
        entity = OBJECTS.get(str(found.get("entitytypeid", "")), "")
        if entity and found.get("entityid"):
            return f"bitrix24:{entity}:{found['entityid']}"
    return "bitrix24:portal"


def lowered(data: Mapping[str, Any]) -> dict[str, Any]:
    """Give the keys of an event's data, and of the maps right inside it, in lower case on one level.

    The page of onCrmTimelineItemAction shows no nesting, so each is accepted.
    """
    found: dict[str, Any] = {}
    for key, value in data.items():
        if isinstance(value, Mapping):
            for inner, item in value.items():
                found.setdefault(str(inner).lower(), item)
        else:
            found[str(key).lower()] = value
    return found


def _message(data: Any) -> Mapping[str, Any] | None:
    messages = data.get("MESSAGES") if isinstance(data, Mapping) else None
    return messages[0] if isinstance(messages, list) and messages and isinstance(messages[0], Mapping) else None


def _document_lane(document: str) -> str:
    number = ENTITY_ID.search(document)
    kind = document.split("_", maxsplit=1)[0].lower()
    return f"bitrix24:{kind}:{number.group(1) if number else document}"
