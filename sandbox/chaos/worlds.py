"""Reading everything that both worlds hold, place by place, each in the order in which it came. Called by the verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sandbox.chaos.ledger import CARD, LINE, ONE_DEAL, ONE_ORDER, TIMELINE, WORD, Place
from sandbox.stack import Stack
from sandbox.visitors import Employee
from sandbox.witness import COMPANY, DEAL, LEAD, Witness

CONTACT = 3
TYPES = {LEAD: "lead", DEAL: "deal", CONTACT: "contact", COMPANY: "company"}
PAGE = 50
Item = dict[str, Any]


@dataclass
class Seen:
    """What was found: the words of each place in their order, and the external names of CRM items and cards, repeats included."""

    words: dict[Place, list[str]] = field(default_factory=dict)
    timelines: list[list[str]] = field(default_factory=list)
    """The words of each card's own timeline: one that a conversation moves on from keeps no order with the next."""
    names: list[str] = field(default_factory=list)
    answered: set[tuple[str, str]] = field(default_factory=set)
    """(chat, word) of what the bot replied to."""


def seen_everywhere(stack: Stack, people: Iterable[str]) -> Seen:
    """Look into the CRM, its timelines, the open line and the chats of these people."""
    admin = stack.employee()
    items = {kind: list(_items(admin, kind)) for kind in TYPES}
    timelines = [list(_comments(admin, kind, row["id"])) for kind, rows in items.items() for row in rows]
    messages = [message for dialogue in Witness(stack).dialogues() for message in dialogue["messages"]]
    cards = list(_cards(admin))
    seen = Seen()
    for kind, rows in items.items():
        seen.words[Place(TYPES[kind])] = _words(str(row.get("title") or "") for row in rows)
        seen.names += [f"{TYPES[kind]} {row['originId']}" for row in rows if row["originId"]]
    seen.names += [f"card {card['ORIGIN_ID']}" for card in cards]
    # What was ordered is a deal of its own, beside that of the lot.
    orders = [row for row in items[DEAL] if str(row["originId"]).startswith("order/")]
    seen.words[ONE_ORDER] = _words(str(row["title"]) for row in orders)
    seen.words[ONE_DEAL] = _words(str(row["title"]) for row in items[DEAL] if row not in orders)
    titles = {str(deal["id"]): str(deal["title"]) for deal in items[DEAL]}
    offers = (card for card in cards if str(card["ORIGIN_ID"]).startswith("offer/"))
    seen.words[CARD] = _words(titles.get(str(card["OWNER_ID"]), "") for card in offers)
    seen.timelines = [_words(str(row["COMMENT"]) for row in comments) for comments in timelines]
    seen.words[TIMELINE] = [word for words in seen.timelines for word in words]
    in_line = sorted((message for message in messages if message["incoming"]), key=lambda row: int(row["id"]))
    seen.words[LINE] = _words(str(row["text"]) for row in in_line)
    for chat in people:
        seen.words[Place("telegram", chat)] = _words(Witness(stack).bot_texts(int(chat)))
        seen.answered |= {(chat, word) for word in _words(Witness(stack).answered(int(chat)))}
    return seen


def _words(texts: Iterable[str]) -> list[str]:
    return [found for text in texts for found in WORD.findall(text)]


def _items(admin: Employee, kind: int) -> Iterator[Item]:
    """Give every item of a type by pages behind the last id, which is the fast way of the documentation."""
    last = 0
    while True:
        asked = {"entityTypeId": kind, "filter": {">id": last}, "order": {"id": "ASC"}, "start": -1}
        found: list[Item] = admin.rest("crm.item.list", **asked, select=["id", "title", "originId"])["items"]
        yield from found
        if len(found) < PAGE:
            return
        last = int(found[-1]["id"])


def _comments(admin: Employee, kind: int, item_id: object) -> Iterator[Item]:
    wanted = {"ENTITY_TYPE": TYPES[kind], "ENTITY_ID": item_id}
    start = 0
    while True:
        found = admin.rest("crm.timeline.comment.list", filter=wanted, order={"ID": "ASC"}, start=start)
        yield from found
        start += len(found)
        if len(found) < PAGE:
            return


def _cards(admin: Employee) -> Iterator[Item]:
    last = 0
    while True:
        wanted = {"PROVIDER_ID": "CONFIGURABLE_REST_APP", ">ID": last}
        names = ["ID", "ORIGIN_ID", "OWNER_ID"]
        found = admin.rest("crm.activity.list", filter=wanted, order={"ID": "ASC"}, start=-1, select=names)
        yield from found
        if len(found) < PAGE:
            return
        last = int(found[-1]["ID"])
