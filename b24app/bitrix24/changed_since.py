"""Looking for CRM items of ours by the date of their change: for portals that keep no missed events. Called by `offline`.

A change found so enters the inbox as the event that tells of it would. Deletions leave no date; the nightly comparison finds them.
Documentation: crm.item.list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from b24app.bitrix24 import missed_facts
from b24app.bitrix24.client import Command
from b24app.bitrix24.crm import ORIGINATOR
from b24app.bitrix24.field_catalogue import ENTITY_TYPES
from b24app.bitrix24.processes import places_of
from b24app.bitrix24.rounds import Asking
from storage import correlation
from storage.unit_of_work import Transactions

PAGE = 50


def hear(transactions: Transactions, portal_id: int, since: datetime) -> Asking[int]:
    """Put every item changed since a moment into the inbox; gives how many changes were new."""
    with transactions() as uow:
        numbers = ENTITY_TYPES | {name: place.entity_type_id for name, place in places_of(uow, portal_id).items()}
    asked = [Command("crm.item.list", _wanted(name, number, since, 0)) for name, number in numbers.items()]
    heard = 0
    answers = yield asked
    for (name, number), answer in zip(numbers.items(), answers, strict=True):
        page = list(answer.result["items"]) if answer.error is None else []
        while page:
            heard += _accepted(transactions, name, number, page)
            if len(page) < PAGE:
                break
            (further,) = yield [Command("crm.item.list", _wanted(name, number, since, int(page[-1]["id"])))]
            page = list(further.value()["items"])
    return heard


def _accepted(transactions: Transactions, name: str, number: int, page: Sequence[Mapping[str, Any]]) -> int:
    heard = 0
    with correlation.following(), transactions.engine.begin() as database:
        for item in page:
            at = int(datetime.fromisoformat(str(item["updatedTime"])).timestamp())
            heard += missed_facts.accept(database, *_fact(name, number, str(item["id"])), at)
    return heard


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
