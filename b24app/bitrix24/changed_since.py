"""Looking for CRM items of ours by the date of their change: for portals that keep no missed events. Called by `offline`.

A change found so enters the inbox as the event that tells of it would. Deletions leave no date; the nightly comparison finds them.
Documentation: crm.item.list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from b24app.bitrix24 import missed_facts
from b24app.bitrix24.client import Command
from b24app.bitrix24.connection import Connection
from b24app.bitrix24.crm import ORIGINATOR
from b24app.bitrix24.field_catalogue import ENTITY_TYPES
from b24app.bitrix24.processes import places_of
from storage.unit_of_work import Transactions

PAGE = 50


def hear(transactions: Transactions, connection: Connection, portal_id: int, since: datetime) -> int:
    """Put every item changed since a moment into the inbox; answers how many changes were new. Raises GatewayError."""
    with transactions() as uow:
        numbers = ENTITY_TYPES | {name: place.entity_type_id for name, place in places_of(uow, portal_id).items()}
    asked = [Command("crm.item.list", _wanted(name, number, since, 0)) for name, number in numbers.items()]
    heard = 0
    for (name, number), answer in zip(numbers.items(), connection.batch(asked), strict=True):
        if answer.error is not None:
            continue
        for page in _pages(connection, name, number, since, list(answer.result["items"])):
            with transactions.engine.begin() as database:
                for item in page:
                    at = int(datetime.fromisoformat(str(item["updatedTime"])).timestamp())
                    heard += missed_facts.accept(database, *_fact(name, number, str(item["id"])), at)
    return heard


def _pages(
    connection: Connection, name: str, number: int, since: datetime, page: list[Mapping[str, Any]]
) -> Iterator[list[Mapping[str, Any]]]:
    while page:
        yield page
        if len(page) < PAGE:
            return
        wanted = _wanted(name, number, since, int(page[-1]["id"]))
        page = list(connection.call("crm.item.list", wanted).result["items"])


def _wanted(name: str, number: int, since: datetime, after: int) -> dict[str, Any]:
    mark = {"originatorId": ORIGINATOR} if name in ENTITY_TYPES else {}
    return {
        "entityTypeId": number,
        "select": ["id", "updatedTime"],
        "filter": {**mark, ">updatedTime": since.isoformat(timespec="seconds"), ">id": after},
        "order": {"id": "ASC"},
        "start": -1,
    }


def _fact(name: str, number: int, item_id: str) -> tuple[str, dict[str, Any]]:
    if name in ENTITY_TYPES:
        return f"ONCRM{name.upper()}UPDATE", {"FIELDS": {"ID": item_id}}
    return "ONCRMDYNAMICITEMUPDATE", {"FIELDS": {"ID": item_id, "ENTITY_TYPE_ID": str(number)}}
