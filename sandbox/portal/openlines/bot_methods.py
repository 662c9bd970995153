"""Open lines for chat-bots and for the network of portals. Neither bots nor a network exist here.

So a line may say its automatic texts, but nobody can hand over what no bot holds, nor join a line of another portal.
"""

from __future__ import annotations

from sandbox.portal.call import Call
from sandbox.portal.errors import RestError
from sandbox.portal.im import chats
from sandbox.portal.openlines import lines, outgoing
from sandbox.portal.registry import method

NO_BOTS = "Chat-bots (imbot.*) are not simulated, so no application has one."
NO_NETWORK = "There is no network of portals, so no line has a code."
CODE_LENGTH = 32


def _check_chat(call: Call) -> None:
    if call.integer("CHAT_ID") <= 0:
        raise RestError("CHAT_ID_EMPTY", "Chat ID can't be empty")


@method("imopenlines.bot.session.message.send", validate=False)
def message_send(call: Call) -> bool:
    """The line greets, or says a text; whether it did is not told."""
    _check_chat(call)
    chat = chats.find(call.portal, call.integer("CHAT_ID"))
    if chat is not None and chat["type"] == "lines" and chat.get("session"):
        line = lines.find(call.portal, chat.get("line")) or {}
        greets = call.text("NAME") == "WELCOME"
        text = str(line.get("WELCOME_MESSAGE_TEXT") or "") if greets else call.text("MESSAGE")
        outgoing.say_for_line(call.portal, chat, text)
    return True


@method("imopenlines.bot.session.finish", validate=False, missing=NO_BOTS)
def finish(call: Call) -> bool:
    """Refuses: the application has no bot."""
    _check_chat(call)
    raise RestError("BOT_ID_ERROR", "Bot not found")


@method("imopenlines.bot.session.transfer", validate=False, missing=NO_BOTS)
def transfer(call: Call) -> bool:
    """Refuses: the application has no bot."""
    _check_chat(call)
    for name, code in (("USER_ID", "USER_ID_EMPTY"), ("QUEUE_ID", "QUEUE_ID_EMPTY")):
        if call.get(name) is not None and call.integer(name) <= 0:
            raise RestError(code, f"{name.replace('_ID', ' ID').capitalize()} can't be empty")
    if not any(call.get(name) for name in ("USER_ID", "QUEUE_ID", "TRANSFER_ID")):
        raise RestError("TRANSFER_ID_EMPTY", "Queue ID or User ID can't be empty")
    raise RestError("BOT_ID_ERROR", "Bot not found")


@method("imopenlines.bot.session.operator", validate=False, missing=NO_BOTS)
def operator(call: Call) -> bool:
    """Refuses: no dialog is held by a bot."""
    _check_chat(call)
    raise RestError("WRONG_CHAT", "Operator is not a bot")


@method("imopenlines.network.join", "imopenlines.network.message.add", validate=False, missing=NO_NETWORK)
def network(call: Call) -> bool:
    """Refuses: there is no line with such a code."""
    if len(call.text("CODE")) != CODE_LENGTH:
        raise RestError("CODE", "You entered an invalid code")
    raise RestError("NOT_FOUND", "Line not found")


@method("im.message.command", validate=False, missing=NO_BOTS)
def command(call: Call) -> bool:
    """Refuses: there is no bot to obey."""
    if chats.message(call.portal, call.integer("MESSAGE_ID")) is None:
        raise RestError("MESSAGE_ID_ERROR", "Message ID can't be empty")
    if call.integer("BOT_ID") <= 0:
        raise RestError("BOT_ID_ERROR", "Bot ID can't be empty")
    if not call.text("COMMAND"):
        raise RestError("COMMAND_ERROR", "Command can't be empty")
    raise RestError("PARAMS_ERROR", "Incorrect params")
