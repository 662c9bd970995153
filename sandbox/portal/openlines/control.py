"""A person at the open lines: the messenger's actions for pages and the control interface.

`GET /sandbox/openlines` lists dialogs with messages. `POST /sandbox/openlines/{chat_id}/say|edit|delete|finish|answer`
act as an operator. `POST /sandbox/connectors/{id}/connect|disconnect` are the Contact Center's buttons.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiohttp import web

from sandbox.control import bad_request, body
from sandbox.portal import apps
from sandbox.portal.call import to_map
from sandbox.portal.disk import contents
from sandbox.portal.im import chats
from sandbox.portal.openlines import connectors, outgoing, sessions
from sandbox.portal.portal import PORTAL, Portal
from sandbox.portal.store import Row

Wanted = dict[str, Any]


def dialogs(portal: Portal) -> list[dict[str, Any]]:
    """Every dialog with its session and messages, the last written first."""
    rows = [chat for chat in portal.store.rows(chats.CHATS) if chat["type"] == "lines"]
    rows.sort(key=lambda chat: int(chat["messages"][-1]) if chat["messages"] else 0, reverse=True)
    return [_dialog(portal, chat) for chat in rows]


def _dialog(portal: Portal, chat: Row) -> dict[str, Any]:
    keys = ("title", "connector", "line", "external_chat", "entity_id", "users", "data1", "data2")
    return {
        "chat_id": chat["ID"],
        **{key: chat[key] for key in keys},
        "session": sessions.current(portal, chat),
        "messages": [_message(portal, row) for row in chats.messages(portal, chat)],
    }


def _message(portal: Portal, row: Row) -> dict[str, Any]:
    kept = {key: row[key] for key in ("author", "date", "text", "edited", "deleted")}
    extra = {key: row.get(key) for key in ("incoming", "outside_ids", "delivered")}
    files = [contents.describe(portal, file_id) for file_id in row["files"]]
    return {"id": row["ID"], **kept, **extra, "author_name": chats.full_name(portal, row["author"]), "files": files}


def _user(portal: Portal, wanted: Wanted) -> str:
    user_id = str(wanted.get("user_id", "1"))
    if user_id not in portal.users:
        raise bad_request("no such user", 404)
    return user_id


def _files(portal: Portal, wanted: Wanted, user_id: str) -> list[str]:
    decoded = [contents.decode(item) for item in to_map(wanted.get("files")).values()]
    if None in decoded:
        raise ValueError("files are [name, base64] pairs")
    return [contents.keep(portal, *file, user_id)["ID"] for file in decoded if file]


def _say(portal: Portal, chat: Row, user_id: str, wanted: Wanted) -> Any:
    text, files = str(wanted.get("text") or ""), _files(portal, wanted, user_id)
    if not text and not files:
        raise ValueError("nothing to say")
    return _message(portal, outgoing.say(portal, chat, user_id, text, files))


def _edit(portal: Portal, _chat: Row, user_id: str, wanted: Wanted) -> Any:
    return _message(portal, outgoing.edit(portal, wanted.get("message_id"), user_id, str(wanted.get("text") or "")))


def _delete(portal: Portal, _chat: Row, user_id: str, wanted: Wanted) -> Any:
    return _message(portal, outgoing.delete(portal, wanted.get("message_id"), user_id))


def _finish(portal: Portal, chat: Row, user_id: str, _wanted: Wanted) -> Any:
    outgoing.finish(portal, chat, user_id)
    return _dialog(portal, chat)


def _answer(portal: Portal, chat: Row, user_id: str, _wanted: Wanted) -> Any:
    session = sessions.current(portal, chat)
    if session is None or session["closed"]:
        raise ValueError("the dialog is not running")
    sessions.answer(portal, chat, session, user_id)
    return _dialog(portal, chat)


def _transfer(portal: Portal, chat: Row, _user_id: str, wanted: Wanted) -> Any:
    session, target = sessions.current(portal, chat), str(wanted.get("to") or "")
    if session is None or session["closed"]:
        raise ValueError("the dialog is not running")
    if target not in portal.users or target == session["operator"]:
        raise ValueError("no such employee")
    sessions.hand_over(portal, chat, session, target)
    return _dialog(portal, chat)


ACTIONS: dict[str, Callable[[Portal, Row, str, Wanted], Any]] = {
    "say": _say,
    "edit": _edit,
    "delete": _delete,
    "finish": _finish,
    "answer": _answer,
    "transfer": _transfer,
}


async def act(request: web.Request) -> web.StreamResponse:
    """One action of an operator: {user_id, text?, files?, message_id?, to?}."""
    portal, action = request.app[PORTAL], ACTIONS.get(request.match_info["action"])
    chat = chats.find(portal, request.match_info["chat_id"])
    if action is None or chat is None or chat["type"] != "lines":
        raise bad_request("no such dialog or action", 404)
    wanted = await body(request)
    try:
        return web.json_response({"result": action(portal, chat, _user(portal, wanted), wanted)})
    except ValueError as error:
        raise bad_request(str(error)) from error


async def listing(request: web.Request) -> web.StreamResponse:
    """All dialogs and connectors."""
    portal = request.app[PORTAL]
    states = portal.store.table(connectors.STATES)
    return web.json_response(
        {"dialogs": dialogs(portal), "connectors": list(portal.store.rows(connectors.TABLE)), "states": states}
    )


async def connect(request: web.Request) -> web.StreamResponse:
    """The Connect button: what the page posts into the settings frame. {line, user_id}."""
    portal, wanted = request.app[PORTAL], await body(request)
    row = connectors.find(portal, request.match_info["id"])
    if row is None:
        raise bad_request("no such connector", 404)
    options = connectors.placement_options(portal, row["ID"], str(wanted.get("line", "1")))
    app = portal.apps[row["app_id"]]
    launch = apps.launch(
        portal,
        app,
        _user(portal, wanted),
        placement="SETTING_CONNECTOR",
        options=options,
        handler=row["PLACEMENT_HANDLER"],
    )
    return web.json_response(launch)


async def disconnect(request: web.Request) -> web.StreamResponse:
    """The Disconnect button. {line, user_id}."""
    portal, wanted = request.app[PORTAL], await body(request)
    line = str(wanted.get("line", "1"))
    if not line.isdigit():
        raise bad_request("line is a number")
    connectors.switch_off(portal, request.match_info["id"], line, _user(portal, wanted))
    return web.json_response({"ok": True})


def attach(app: web.Application) -> None:
    """Adds the routes."""
    app.router.add_get("/sandbox/openlines", listing)
    app.router.add_post("/sandbox/openlines/{chat_id}/{action}", act)
    app.router.add_post("/sandbox/connectors/{id}/connect", connect)
    app.router.add_post("/sandbox/connectors/{id}/disconnect", disconnect)
