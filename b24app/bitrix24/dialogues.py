"""Finding the dialogue of a conversation that we were never told of, because the answer to its first message got lost.

Called by the gateway when it proves such a message. A dialogue is asked for by its code, connector|line|chat|user, whose last part is
0 where the chat is shared. The documentation does not promise that form, and a refusal may mean a dialogue that we may not see: so
absence is believed only when the dialogue of another conversation, which we know, is found by the same form in the same batch.
Documentation: imopenlines.dialog.get.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from b24app.bitrix24.client import Answer, Command
from b24app.bitrix24.connection import Connection
from b24app.bitrix24.surroundings import Surroundings
from b24app.domain.outcomes import Outcome, TryLater, Unclear
from b24app.errors import Rejected

Known = tuple[str, str]
"""A conversation and the chat of its dialogue."""


def found(
    connection: Connection, around: Surroundings, conversation_id: str, control: Known | None
) -> Surroundings | Outcome:
    """Give the surroundings with the dialogue in them; TryLater when there certainly is none, Unclear when nobody knows.

    `control` is another conversation of the same line whose dialogue is known. Raises the GatewayError of a call that failed as a whole.
    """
    asked = [conversation_id, *([control[0]] if control else [])]
    line = around.line(conversation_id)
    answers = connection.batch([_asking(around, line, number) for number in asked])
    if chat_id := _chat_in(answers[0]):
        return replace(around, line_chats={**around.line_chats, conversation_id: ("", chat_id)})
    refused = isinstance(answers[0].error, Rejected) and answers[0].error.code == "ACCESS_ERROR"
    if refused and control is not None and _chat_in(answers[1]) == control[1]:
        return TryLater("The conversation has no dialogue yet.", after_seconds=0.0)
    return Unclear("The dialogue of this conversation is not known yet.")


def _asking(around: Surroundings, line: str, conversation_id: str) -> Command:
    code = f"{around.manifest.connector.id}|{line}|{conversation_id}|0"
    return Command("imopenlines.dialog.get", {"USER_CODE": code})


def _chat_in(answer: Answer) -> str:
    return str(answer.result.get("id") or "") if isinstance(answer.result, Mapping) else ""
