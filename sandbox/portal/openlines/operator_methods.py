"""imopenlines.operator.*, session.*, dialog.get: what operators and applications do with dialogs."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Call, is_yes
from sandbox.portal.errors import RestError
from sandbox.portal.im import chats, views
from sandbox.portal.openlines import history, lines, outgoing, sessions
from sandbox.portal.registry import method
from sandbox.portal.store import Row

DENIED = "You cannot open this conversation as you do not have sufficient rights"


def may_enter(call: Call, chat: Row) -> bool:
    """Whether the caller takes part, stands in the line's queue, or administers the portal."""
    line = lines.find(call.portal, chat.get("line"))
    queue = lines.operators(call.portal, line) if line else []
    return call.admin or call.user_id in chat["users"] or call.user_id in queue


def dialog(call: Call) -> tuple[Row, Row]:
    """The open-line chat that CHAT_ID names and its session, for a caller who may enter it."""
    if call.integer("CHAT_ID") <= 0:
        raise RestError("CHAT_ID", "The specified chat identifier is incorrect")
    chat = chats.find(call.portal, call.integer("CHAT_ID"))
    if chat is None:
        raise RestError("CHAT_ID", "The specified chat identifier is incorrect")
    session = sessions.current(call.portal, chat) if chat["type"] == "lines" else None
    if session is None:
        raise RestError("CHAT_TYPE", "The specified chat is not an open line")
    if not may_enter(call, chat):
        raise RestError("ACCESS_DENIED", DENIED)
    return chat, session


def _movable(call: Call) -> tuple[Row, Row]:
    if call.integer("CHAT_ID") <= 0:
        raise RestError("CHAT_ID_EMPTY", "Chat ID can't be empty")
    try:
        return dialog(call)
    except RestError as error:
        raise RestError("OPERATOR_WRONG", "You cannot redirect to this operator") from error


@method("imopenlines.operator.answer", validate=False)
def answer(call: Call) -> bool:
    """The caller takes the dialog."""
    chat, session = dialog(call)
    sessions.answer(call.portal, chat, session, call.user_id)
    return True


@method("imopenlines.operator.finish", "imopenlines.operator.another.finish", validate=False)
def finish(call: Call) -> bool:
    """The caller ends the dialog; ending an ended one changes nothing."""
    chat, session = dialog(call)
    if not session["closed"]:
        outgoing.finish(call.portal, chat, call.user_id)
    return True


@method("imopenlines.operator.spam", validate=False)
def spam(call: Call) -> bool:
    """The caller ends the dialog as spam."""
    chat, session = dialog(call)
    session["spam"] = True
    if not session["closed"]:
        sessions.finish(call.portal, chat, session, call.actor)
    return True


@method("imopenlines.operator.skip", validate=False)
def skip(call: Call) -> bool:
    """The caller hands the dialog to the next operator of the queue."""
    chat, session = dialog(call)
    line = lines.find(call.portal, chat["line"])
    others = [one for one in (lines.operators(call.portal, line) if line else []) if one != call.user_id]
    if others:
        sessions.take(call.portal, chat, session, others[0])
    session["answered"] = False
    return True


@method("imopenlines.operator.transfer", validate=False)
def transfer(call: Call) -> bool:
    """Hands the dialog to an employee or to the queue of another line."""
    chat, session = _movable(call)
    for name, words in (("USER_ID", "User ID"), ("QUEUE_ID", "QUEUE ID")):
        if call.get(name) is not None and call.integer(name) <= 0:
            raise RestError(f"{name}_EMPTY", f"{words} can't be empty")
    target = (
        call.text("TRANSFER_ID") or call.text("USER_ID") or (call.get("QUEUE_ID") and f"queue{call.text('QUEUE_ID')}")
    )
    if not target:
        raise RestError("TRANSFER_ID_EMPTY", "Queue ID or User ID can't be empty")
    if target.startswith("queue"):
        line = lines.find(call.portal, target.removeprefix("queue"))
        people = lines.operators(call.portal, line) if line else []
        if not people:
            raise RestError("OPERATOR_WRONG", "You cannot redirect to this operator")
        target = people[0]
    if target not in call.portal.users or target == session["operator"]:
        raise RestError("OPERATOR_WRONG", "You cannot redirect to this operator")
    sessions.hand_over(call.portal, chat, session, target)
    return True


@method("imopenlines.session.join", "imopenlines.session.intercept", "imopenlines.session.start", validate=False)
def join(call: Call) -> bool:
    """The caller enters the dialog; intercepting and starting also take it."""
    chat, session = _movable(call) if call.method == "imopenlines.session.intercept" else dialog(call)
    if call.method == "imopenlines.session.join":
        chat["users"] = list(dict.fromkeys([*chat["users"], call.user_id]))
    else:
        if session["closed"]:
            session, _ = sessions.opened(call.portal, chat, session["user"])
        sessions.answer(call.portal, chat, session, call.user_id)
    call.portal.store.touch()
    return True


@method("imopenlines.session.mode.pin", "imopenlines.session.mode.silent", validate=False)
def mode(call: Call) -> bool:
    """Pins the dialog to its operator, or hides what is written from the outside person."""
    if call.method == "imopenlines.session.mode.pin" and call.get("CHAT_ID") is None:
        raise RestError("CHAT_ID_EMPTY", "Chat ID can't be empty")
    _, session = dialog(call)
    session[call.method.rpartition(".")[2]] = is_yes(call.get("ACTIVATE", "Y"))
    call.portal.store.touch()
    return True


@method("imopenlines.session.mode.pinAll", "imopenlines.session.mode.unpinAll")
def mode_all(call: Call) -> list[int]:
    """Pins all running dialogs of the caller, or lets them go; the sessions that this changed."""
    on = call.method.endswith("pinAll") and not call.method.endswith("unpinAll")
    changed = []
    for session in call.portal.store.rows(sessions.TABLE):
        if session["closed"] or session["operator"] != call.user_id or bool(session.get("pin")) == on:
            continue
        session["pin"] = on
        changed.append(int(session["ID"]))
    call.portal.store.touch()
    return changed


@method("imopenlines.session.head.vote", validate=False)
def head_vote(call: Call) -> bool:
    """The manager's opinion of a dialog: a number of stars, words or both."""
    if call.integer("SESSION_ID") <= 0:
        raise RestError("EMPTY_SESSION_ID", "Session ID can't be empty")
    if call.get("RATING") is None and not call.text("COMMENT"):
        raise RestError("EMPTY_VOTE_PARAMS", "At least one of the parameters RATING or COMMENT must be specified")
    session = call.portal.store.table(sessions.TABLE).get(str(call.integer("SESSION_ID")))
    chat = chats.find(call.portal, session["chat_id"]) if session else None
    if session is None or chat is None or not may_enter(call, chat):
        raise RestError("ACCESS_DENIED", DENIED)
    session |= {"vote_head": call.integer("RATING"), "comment_head": call.text("COMMENT")}
    call.portal.store.touch()
    return True


@method("imopenlines.session.open", validate=False)
def session_open(call: Call) -> dict[str, str]:
    """The chat behind a user code."""
    chat = chats.by_entity(call.portal, "LINES", call.text("USER_CODE").removeprefix("imol|"))
    if chat is None or not may_enter(call, chat):
        raise RestError("ACCESS_DENIED", DENIED)
    return {"chatId": chat["ID"]}


@method("imopenlines.dialog.get", validate=False)
def dialog_get(call: Call) -> dict[str, Any]:
    """A dialog by its chat, session or user code."""
    chat = _wanted(call)
    if chat is None or chat["type"] != "lines" or not may_enter(call, chat):
        raise RestError("ACCESS_ERROR", "You do not have access to the specified dialog")
    return views.dialog(call.portal, chat, call.user_id)


def _wanted(call: Call) -> Row | None:
    if call.get("CHAT_ID"):
        return chats.find(call.portal, call.integer("CHAT_ID"))
    if call.get("DIALOG_ID"):
        return chats.by_dialog(call.portal, call.text("DIALOG_ID"), call.user_id)
    if call.get("SESSION_ID"):
        session = call.portal.store.table(sessions.TABLE).get(call.text("SESSION_ID"))
        return chats.find(call.portal, session["chat_id"]) if session else None
    return chats.by_entity(call.portal, "LINES", call.text("USER_CODE").removeprefix("imol|"))


@method("imopenlines.session.history.get", validate=False)
def history_get(call: Call) -> dict[str, Any]:
    """The messages of one session."""
    session_id, chat_id = call.get("SESSION_ID"), call.get("CHAT_ID")
    if not session_id and not chat_id:
        raise RestError("MISSING_REQUIRED_PARAM", "Session ID or Chat ID must be provided")
    if session_id:
        session = call.portal.store.table(sessions.TABLE).get(str(session_id))
        if session is None:
            raise RestError("ACCESS_DENIED", DENIED)
    else:
        found = chats.find(call.portal, chat_id)
        session = sessions.current(call.portal, found) if found and found["type"] == "lines" else None
        if session is None:
            raise RestError("INVALID_SESSION_ID", "Unable to determine session ID from provided parameters")
    chat = chats.find(call.portal, session["chat_id"])
    if chat is None or not may_enter(call, chat):
        raise RestError("ACCESS_DENIED", DENIED)
    return history.shown(call.portal, chat, session)
