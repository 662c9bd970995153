"""What both worlds hold right now, asked the way a curious administrator would. Used by the story and the functional tests."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.stack import Stack
from sandbox.visitors import Failed, control

LEAD, DEAL, COMPANY = 1, 2, 4
PAGE = 50
KINDS = {"leads": 1, "deals": 2, "contacts": 3, "companies": 4}
Item = dict[str, Any]


def short(message: Mapping[str, Any], limit: int = 110) -> str:
    """Give the beginning of a message on one line."""
    text = " ".join(str(message.get("text") or message.get("caption") or "").split())
    return f"{text[:limit]}…" if len(text) > limit else text


def expect(what: str, holds: object, seen: object) -> None:
    """Raise Failed, showing what was seen, unless something holds."""
    if not holds:
        raise Failed(f"expected {what}; seen: {str(seen)[:1500]}")


class Witness:
    """Looks at the portal as its administrator and at Telegram through its control addresses."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._admin = stack.employee(1)
        self._portal = stack.portal_url

    def newest(self, entity_type_id: int, title: str = "") -> Item | None:
        """Give the newest CRM item whose title holds a text."""
        found = self._admin.rest(
            "crm.item.list", entityTypeId=entity_type_id, select=["*", "UF_*"], order={"id": "DESC"}
        )
        return next((item for item in found["items"] if title in str(item.get("title") or "")), None)

    def item(self, entity_type_id: int, item_id: str) -> Item:
        """Give one CRM item."""
        found: Item = self._admin.rest("crm.item.get", entityTypeId=entity_type_id, id=item_id)["item"]
        return found

    @staticmethod
    def answers(item: Mapping[str, Any]) -> dict[str, Any]:
        """Give the custom fields of an item that are filled."""
        return {
            name: value
            for name, value in item.items()
            if name.lower().startswith("ufcrm") and value not in (None, "", [])
        }

    def notifications(self, user_id: int = 1) -> list[str]:
        """Give the texts of an employee's notifications."""
        found = self._stack.employee(user_id).rest("im.notify.get")
        return [str(notice.get("text") or notice.get("notify_text")) for notice in found["notifications"]]

    def channel_posts(self) -> list[Item]:
        """Give what the tender channel shows, oldest first."""
        chat = self._stack.environment["TENDER_CHANNEL_ID"]
        found: list[Item] = control("GET", f"{self._stack.telegram_url}/sandbox/chats/{chat}/messages")["messages"]
        return found

    def stage_of(self, deal_id: str) -> str:
        """Give the stage a deal stands at."""
        return str(self.item(DEAL, deal_id)["stageId"])

    def at_stage(self, deal_id: str, stage: str) -> str:
        """Give the stage of a deal when it is the named one, else an empty text."""
        found = self.stage_of(deal_id)
        return found if found.endswith(stage) else ""

    def cards(self, deal_id: str) -> list[Item]:
        """Give the open cards of ours on a deal's timeline."""
        wanted = {"OWNER_TYPE_ID": DEAL, "OWNER_ID": deal_id, "PROVIDER_ID": "CONFIGURABLE_REST_APP", "COMPLETED": "N"}
        found: list[Item] = self._admin.rest("crm.activity.list", filter=wanted)
        return found

    def press_card(self, activity_id: str, button: str, user_id: int = 1) -> Any:
        """Press a button of a card, as an employee does on the timeline."""
        address = f"{self._stack.portal_url}/sandbox/activities/{activity_id}/press"
        return control("POST", address, {"button": button, "user_id": user_id})

    def comments(self, deal_id: str) -> list[str]:
        """Give the comments on a deal's timeline, oldest first."""
        wanted = {"ENTITY_TYPE": "deal", "ENTITY_ID": deal_id}
        texts: list[str] = []
        while True:
            asked = {"filter": wanted, "order": {"ID": "ASC"}, "start": len(texts)}
            found = self._admin.rest("crm.timeline.comment.list", **asked)
            texts += [str(comment["COMMENT"]) for comment in found]
            if len(found) < PAGE:
                return texts

    def dialogues(self) -> list[Item]:
        """Give the dialogues of the open lines with their messages."""
        found: list[Item] = control("GET", f"{self._stack.portal_url}/sandbox/openlines")["dialogs"]
        return found

    def deals(self) -> list[Item]:
        """Give every deal, oldest first."""
        found: list[Item] = self._admin.rest("crm.item.list", entityTypeId=DEAL, order={"id": "ASC"})["items"]
        return found

    def bot_texts(self, user_id: int) -> list[str]:
        """Give what the bot wrote to a person, oldest first."""
        seen = self._stack.telegrammer(user_id).messages()
        return [str(message.get("text") or message.get("caption") or "") for message in seen if not message.get("out")]

    def answered(self, user_id: int) -> list[str]:
        """Give those of a person's own words to which the bot replied."""
        replies = (
            message.get("reply_to_message")
            for message in self._stack.telegrammer(user_id).messages()
            if not message.get("out")
        )
        return [str(message.get("text") or message.get("caption") or "") for message in replies if message]

    def picture(self, people: Iterable[int]) -> dict[str, Any]:
        """Give everything that both worlds hold of a story, for comparing two tellings of it."""
        counts = {
            name: len(self._admin.rest("crm.item.list", entityTypeId=kind)["items"]) for name, kind in KINDS.items()
        }
        deals = [str(deal["id"]) for deal in self.deals()]
        return {
            "crm": counts,
            "stages": [self.stage_of(deal).rpartition(":")[2] for deal in deals],
            "comments": [sorted(self.comments(deal)) for deal in deals],
            "open line": sorted(self.line_texts()),
            "channel": [str(post["text"]) for post in self.channel_posts()],
            "notifications": sorted(text.replace(self._portal, "") for text in self.notifications()),
            **{f"chat {person}": sorted(self.bot_texts(person)) for person in people},
        }

    def line_texts(self) -> list[str]:
        """Give every text of every dialogue of the open lines."""
        return [str(message.get("text") or "") for dialogue in self.dialogues() for message in dialogue["messages"]]


def all_in(words: Iterable[str], texts: Iterable[str]) -> str:
    """Give how many texts there are when each word stands in one of them, else an empty text."""
    texts = list(texts)
    return f"{len(texts)} entries" if all(any(word in text for text in texts) for word in words) else ""


def value_of(page: str, field: str) -> str:
    """Give the first value of a hidden field in a page; raises Failed when it is not there."""
    found = re.search(rf'name="{field}"[^>]*value="([^"]+)"', page) or re.search(
        rf'value="([^"]+)"[^>]*name="{field}"', page
    )
    if not found:
        raise Failed(f"the page has no field {field}")
    return found[1]
