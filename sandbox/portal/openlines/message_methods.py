"""What operators do with single messages: keep one as a quick answer, begin a new dialog with one."""

from __future__ import annotations

from sandbox.portal.call import Call
from sandbox.portal.errors import RestError
from sandbox.portal.im import chats
from sandbox.portal.openlines import sessions
from sandbox.portal.openlines.operator_methods import dialog
from sandbox.portal.registry import method
from sandbox.portal.store import Row

QUICK = "quick_answers"


def _message(call: Call, chat: Row) -> Row | None:
    row = chats.message(call.portal, call.integer("MESSAGE_ID"))
    return row if row and row["chat_id"] == chat["ID"] and not row["deleted"] else None


@method("imopenlines.message.quick.save", validate=False, missing="Quick answers are kept; no page offers them.")
def quick_save(call: Call) -> bool:
    """Keeps a message as a quick answer."""
    chat, _session = dialog(call)
    row = _message(call, chat)
    if row is None or not row["text"]:
        raise RestError("CANT_SAVE_QUICK_ANSWER", "Error saving quick answer")
    call.portal.store.insert(QUICK, {"text": row["text"], "line": chat["line"], "user": call.user_id})
    return True


@method("imopenlines.message.session.start", validate=False)
def session_start(call: Call) -> bool:
    """Ends the dialog and begins a new one with a message of it, which becomes the caller's."""
    chat, session = dialog(call)
    row = _message(call, chat)
    if row is None:
        return False
    if not session["closed"]:
        sessions.finish(call.portal, chat, session, call.actor)
    fresh, _ = sessions.opened(call.portal, chat, session["user"])
    row["session"] = fresh["ID"]
    sessions.answer(call.portal, chat, fresh, call.user_id)
    return True
