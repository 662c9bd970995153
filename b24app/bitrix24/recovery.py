"""What operators wrote while nobody listened: the portal does not repeat an event that it could not deliver.

Run every minute by one worker. The last sessions of conversations that were active lately are read back, the liveliest each time and
the others in turn. Each text of an employee goes into the inbox under the very key that its event has: what arrived before is a repeat
and changes nothing. Documentation: imopenlines.session.history.get.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from b24app.bitrix24.accepting import facts_of_event
from b24app.bitrix24.client import BATCH_LIMIT, Command, RestClient
from b24app.bitrix24.connection import Connection
from b24app.bitrix24.oauth import TokenKeeper
from b24app.errors import GatewayError
from b24app.services import portals
from storage import correlation, inbox
from storage.models import Conversation
from storage.unit_of_work import Transactions

ACTIVE_FOR = timedelta(days=2)
IN_TURN = 150
OUTSIDER = "imconnector"
Dialogue = tuple[int, str]
"""A conversation and the chat of its dialogue."""

log = logging.getLogger(__name__)


class LineRecovery:
    """Compares the dialogues of the open line with what was heard of them."""

    def __init__(self, transactions: Transactions, client: RestClient, keeper: TokenKeeper) -> None:
        self._transactions = transactions
        self._client = client
        self._keeper = keeper
        self._last = 0

    def run(self) -> int:
        """Hear what was missed; answers how many messages that were. Does nothing when the portal gives no answer."""
        with self._transactions() as uow:
            portal = portals.current(uow)
        dialogues = self._dialogues()
        if portal is None or portal.state != "active" or not dialogues:
            return 0
        connection = Connection(self._client, self._keeper, portal.id, urgent=False)
        heard = 0
        try:
            for begin in range(0, len(dialogues), BATCH_LIMIT):
                heard += self._read_back(connection, dialogues[begin : begin + BATCH_LIMIT])
        except GatewayError as error:
            log.info("The dialogues could not be read back: %s", error)
        if heard:
            log.warning("%s messages of operators were missed and read back", heard)
        return heard

    def _dialogues(self) -> list[Dialogue]:
        """Give the liveliest dialogues, and some of the others in turn, so that each of them is looked at again and again."""
        with self._transactions() as uow:
            active = select(Conversation.id, Conversation.line_chat_id).where(
                Conversation.line_chat_id != "", Conversation.last_message_at > uow.now - ACTIVE_FOR
            )
            liveliest = active.order_by(Conversation.last_message_at.desc()).limit(BATCH_LIMIT)
            in_turn = active.where(Conversation.id > self._last).order_by(Conversation.id).limit(IN_TURN)
            found = [(int(number), str(chat)) for number, chat in uow.session.execute(in_turn)]
            self._last = found[-1][0] if len(found) == IN_TURN else 0
            found += [(int(number), str(chat)) for number, chat in uow.session.execute(liveliest)]
        return list(dict.fromkeys(found))

    def _read_back(self, connection: Connection, dialogues: Sequence[Dialogue]) -> int:
        asked = [Command("imopenlines.session.history.get", {"CHAT_ID": chat}) for _, chat in dialogues]
        heard = 0
        for (number, chat), answer in zip(dialogues, connection.batch(asked), strict=True):
            if answer.error is None:
                heard += sum(self._hear(number, chat, message) for message in _of_employees(answer.result))
        return heard

    def _hear(self, conversation_id: int, chat: str, message: Mapping[str, Any]) -> bool:
        item = {
            "im": {"chat_id": chat, "message_id": str(message["id"])},
            "message": {"user_id": str(message["senderid"]), "text": str(message.get("text") or "")},
            "chat": {"id": str(conversation_id)},
        }
        event = {"event": "ONIMCONNECTORMESSAGEADD", "data": {"MESSAGES": [item]}}
        new = False
        with correlation.following(), self._transactions.engine.begin() as connection:
            for fact in facts_of_event(event):
                new |= inbox.accept(connection, source=fact.source, key=fact.key, lane=fact.lane, payload=fact.payload)
        return new


def _of_employees(result: Any) -> Iterator[Mapping[str, Any]]:
    """Give the texts of employees in a session, oldest first: not what we brought there, nor what the portal says by itself."""
    result = result if isinstance(result, Mapping) else {}
    rows, people = (_map(result.get(name)) for name in ("message", "users"))
    for row in sorted(rows.values(), key=lambda row: int(row["id"])):
        params, sender = _map(row.get("params")), str(row.get("senderid") or "0")
        outsider = _map(people.get(sender)).get("externalAuthId") in {OUTSIDER, "bot"}
        if sender != "0" and not outsider and row.get("text") and params.get("isDeleted") != "Y":
            yield row


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
