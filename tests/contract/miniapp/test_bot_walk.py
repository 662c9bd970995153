"""Every message that the bot can be made to say to a factory, looked through for what would tell how to reach a buyer."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from storage.models import OutboxRow, Person
from storage.unit_of_work import Transactions, UnitOfWork
from telegram_bridge.handlers.commands import ANSWERS
from telegram_bridge.updates import handle
from tests.contract.miniapp.market import PLANTED, Market

LONGEST_WALK = 400
FORGED = (
    *(f"lot:{{lot_id}}:{action}" for action in ("open", "offers", "read", "files", "cancel", "cancel_yes")),
    *(f"offer:{{offer_id}}:{action}" for action in ("show", "shortlist", "award", "award_yes")),
    *("order:{order_id}:show", "conv:{conversation_id}", "rate:{conversation_id}:1", "review:{order_id}:5"),
    *("fill:lot:0", "fill:offer:{lot_id}", "fill:mend:{lot_id}", "sure:1:again"),
    *("shelf:-:", "factory:{factory_id}:show", "factory:{factory_id}:talk", "factory:0:access", "fill:audit:1"),
    *("lot:{lot_id}:later", "lot:{lot_id}:plus7"),
)
"""What nobody's buttons carry, typed by hand with numbers that are really there."""
OWN_FORM = "fill:buyer:0"
"""A questionnaire of one's own, whose printed example is a name that is planted too."""
FAREWELL = "mine:delete_yes"
"""Ends the account, and with it everything that could be looked at."""


class Walk:
    """One person's chat with the bot, walked by pressing whatever is offered."""

    def __init__(self, uow: UnitOfWork, person: Person) -> None:
        self.uow = uow
        self.person = person
        self.said: list[str] = []
        self.pressed: list[str] = []
        self._last = max(uow.session.scalars(select(OutboxRow.id)).all(), default=0)

    def press(self, data: str) -> list[str]:
        """Press a button, keep what is said to the person, and give what the buttons of the answer carry."""
        self.pressed.append(data)
        number = 900_000 + 1000 * self.person.id + len(self.pressed)
        sender = {"id": int(self.person.telegram_id), "is_bot": False, "first_name": "A"}
        query = {"id": f"walk{number}", "from": sender, "chat_instance": "1", "data": data}
        handle(self.uow, {"update_id": number, "callback_query": query})
        self.uow.session.flush()
        offered = []
        for row in self._new():
            self.said.append(json.dumps(row.payload, ensure_ascii=False).lower())
            offered += [
                button["data"] for line in row.payload.get("buttons") or () for button in line if "data" in button
            ]
        return offered

    def _new(self) -> Iterator[OutboxRow]:
        telegram = select(OutboxRow).where(OutboxRow.network == "telegram", OutboxRow.id > self._last)
        for row in self.uow.session.scalars(telegram.order_by(OutboxRow.id)).all():
            self._last = row.id
            if row.kind == "AnswerCallback" or row.payload.get("chat_id") == self.person.chat_id:
                yield row

    def everything(self) -> None:
        """Press whatever is offered from the menus on, each once; what changes something comes last."""
        waiting = [f"menu:{name}" for name in ANSWERS]
        while waiting and len(self.pressed) < LONGEST_WALK:
            data = waiting.pop(0)
            for one in self.press(data):
                if one in self.pressed or one in waiting or one in {OWN_FORM, FAREWELL}:
                    continue
                waiting.insert(len(waiting) if one.endswith("_yes") else 0, one)


@pytest.mark.parametrize("who", ["factory", "sales", "production", "other factory"])
def test_the_bot_tells_no_factory_how_to_reach_a_buyer(who: str, market: Market, transactions: Transactions) -> None:
    """Whatever a factory's people press, or forge, in the chat, no answer holds a word of what was planted."""
    with transactions() as uow:
        walk = Walk(uow, uow.session.get_one(Person, market.people[who].id))
        walk.everything()
        for data in FORGED:
            walk.press(data.format(**market.ids))
        assert len(walk.said) >= len(walk.pressed)
        assert {f"lot:{market.ids['lot_id']}:read", "menu:offers", "menu:orders"} <= set(walk.pressed)
        assert [text for text in walk.said if any(word in text for word in PLANTED)] == []
