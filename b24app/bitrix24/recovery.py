"""What operators did in the open line while nobody listened: the portal does not repeat an event that it could not deliver.

Run every minute by one worker, and over every open dialogue at its start. The last sessions of conversations that were active lately are
read back in batches, the liveliest each time and the others in turn. What an employee wrote or sent goes into the inbox under the very key
that its event has: what arrived before is a repeat and changes nothing. Edits and deletions are compared with our records.
Documentation: imopenlines.session.history.get.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select

from b24app.bitrix24.accepting import EVENT_SOURCE, facts_of_event, position_of, store
from b24app.bitrix24.client import BATCH_LIMIT, Answer, Command
from b24app.bitrix24.connection import Connection
from b24app.bitrix24.events import SIGNATURE
from b24app.bitrix24.rounds import Asking, Question
from b24app.services import line_echoes, line_history
from b24app.services.line_history import Change
from storage import correlation, inbox
from storage.models import Conversation
from storage.unit_of_work import Transactions, UnitOfWork

ACTIVE_FOR = timedelta(days=2)
OPEN_FOR = timedelta(days=60)
AT_START = 1000
IN_TURN = 150
OUTSIDER = "imconnector"
Dialogue = tuple[int, str, str]
"""A conversation's number, its chat on the portal, and the session known to us."""

log = logging.getLogger(__name__)


class LineRecovery(Question):
    """Compares the dialogues of the open line with what was heard of them."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions
        self._all_read = False
        self._last = 0

    def ask(self, connection: Connection, portal_id: int, now: datetime) -> Asking[int]:
        """Hear what was missed; finds how many facts that were."""
        dialogues, heard = self._dialogues(), 0
        for begin in range(0, len(dialogues), BATCH_LIMIT):
            heard += yield from self._read_back(dialogues[begin : begin + BATCH_LIMIT])
        self._all_read = self._all_read or bool(dialogues)
        return heard

    def _read_back(self, dialogues: Sequence[Dialogue]) -> Asking[int]:
        """Hear the last session of each dialogue, and the one known to us where that is another: it may have ended meanwhile."""
        found = _told(dialogues, (yield [_history(CHAT_ID=chat) for _, chat, _ in dialogues]))
        others = [one for one, history in found if one[2] and str(history.get("sessionId")) != one[2]]
        if others:
            found += _told(others, (yield [_history(SESSION_ID=session) for _, _, session in others]))
        heard = sum(self._hear(dialogue, history) for dialogue, history in found)
        if heard:
            log.warning("%s facts of the open line were missed and read back", heard)
        return heard

    def _dialogues(self) -> list[Dialogue]:
        """Give every open dialogue at first; later the liveliest and some of the others in turn, so that none is left out for long."""
        with self._transactions() as uow:
            lasting = uow.now - (ACTIVE_FOR if self._all_read else OPEN_FOR)
            active = select(Conversation.id, Conversation.line_chat_id, Conversation.line_session_id).where(
                Conversation.line_chat_id != "", Conversation.last_message_at > lasting
            )
            liveliest = active.order_by(Conversation.last_message_at.desc())
            if not self._all_read:
                return _dialogues_of(uow, liveliest.limit(AT_START))
            in_turn = _dialogues_of(
                uow, active.where(Conversation.id > self._last).order_by(Conversation.id).limit(IN_TURN)
            )
            self._last = in_turn[-1][0] if len(in_turn) == IN_TURN else 0
            return list(dict.fromkeys(in_turn + _dialogues_of(uow, liveliest.limit(BATCH_LIMIT))))

    def _hear(self, dialogue: Dialogue, history: Mapping[str, Any]) -> int:
        number, chat, _ = dialogue
        rows = list(_of_employees(history))
        if not rows:
            return 0
        with self._transactions() as uow:
            echoes = line_echoes.of(uow, number)
        edited: dict[str, str] = {}
        deleted: list[str] = []
        heard = 0
        for row in rows:
            params, key = _map(row.get("params")), f"{chat}:{row['id']}"
            if any(echoes.has(one, str(row["senderid"]), str(row.get("text") or "")) for one in _our_numbers(params)):
                continue
            files = _files(history, params)
            if params.get("isDeleted") == "Y":
                deleted.append(key)
            elif row.get("text") or files:
                heard += self._said(number, chat, row, files)
                if params.get("isEdited") == "Y":
                    edited[key] = SIGNATURE.sub("", str(row.get("text") or ""))
        with self._transactions() as uow:
            changes = line_history.missed(uow, edited, deleted)
        return heard + sum(self._changed(change) for change in changes)

    def _said(self, number: int, chat: str, row: Mapping[str, Any], files: Sequence[Mapping[str, str]]) -> bool:
        message: dict[str, Any] = {"user_id": str(row["senderid"]), "text": str(row.get("text") or "")}
        if files:
            message["files"] = list(files)
        item = {
            "im": {"chat_id": chat, "message_id": str(row["id"])},
            "message": message,
            "chat": {"id": str(number)},
        }
        event = {"event": "ONIMCONNECTORMESSAGEADD", "data": {"MESSAGES": [item]}}
        new = False
        with correlation.following(), self._transactions.engine.begin() as connection:
            for fact in facts_of_event(event):
                new |= store(connection, fact)
        return new

    def _changed(self, change: Change) -> bool:
        chat, _, message_id = change.source_key.partition(":")
        event = f"ONIMCONNECTORMESSAGE{'DELETE' if change.deleted else 'UPDATE'}"
        item = {"im": {"chat_id": chat, "message_id": message_id}, "message": {"text": change.text}}
        # Edits have no number of their own; what they follow and what they say tells one from the next.
        mark = hashlib.sha256(f"{change.before}|{change.text}".encode()).hexdigest()[:16]
        with correlation.following(), self._transactions.engine.begin() as connection:
            return inbox.accept(
                connection,
                source=EVENT_SOURCE,
                key=f"{event}:{change.source_key}:{mark}",
                lane=f"line:{chat}",
                payload={"event": event, "data": {"MESSAGES": [item]}, "ts": "", "user_id": ""},
                position=position_of(event, message_id),
            )


def _dialogues_of(uow: UnitOfWork, query: Select[int, str, str]) -> list[Dialogue]:
    return [(int(number), str(chat), str(session)) for number, chat, session in uow.session.execute(query)]


def _told(dialogues: Sequence[Dialogue], answers: Sequence[Answer]) -> list[tuple[Dialogue, Mapping[str, Any]]]:
    """Give the sessions that the portal told, each with its dialogue."""
    pairs = zip(dialogues, answers, strict=True)
    return [(dialogue, _map(answer.result)) for dialogue, answer in pairs if answer.error is None]


def _history(**which: str) -> Command:
    return Command("imopenlines.session.history.get", which)


def _of_employees(history: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Give the messages of employees in a session, oldest first: not what we brought there, nor what the portal says by itself."""
    rows, people = (_map(history.get(name)) for name in ("message", "users"))
    for row in sorted(rows.values(), key=lambda row: int(row["id"])):
        sender = str(row.get("senderid") or "0")
        outsider = _map(people.get(sender)).get("externalAuthId") in {OUTSIDER, "bot"}
        if sender != "0" and not outsider:
            yield row


def _our_numbers(params: Mapping[str, Any]) -> list[str]:
    """Give the outside numbers of a message, or an empty one when it has none."""
    found = params.get("connectorMid")
    numbers = found.values() if isinstance(found, Mapping) else found or ()
    return [str(number) for number in numbers] or [""]


def _files(history: Mapping[str, Any], params: Mapping[str, Any]) -> list[dict[str, str]]:
    known, wanted = _map(history.get("files")), params.get("fileId")
    numbers = wanted if isinstance(wanted, list) else [wanted] if wanted else []
    files = [_map(known.get(str(number))) for number in numbers]
    return [
        {"name": str(file.get("name") or "file"), "link": str(file["urldownload"])}
        for file in files
        if file.get("urldownload")
    ]


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
