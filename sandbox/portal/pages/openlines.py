"""The messenger of open lines: dialogs with unread marks, a chat with its operator's tools, widgets of applications."""

from __future__ import annotations

import re
from typing import Any

from aiohttp import web

from sandbox.portal.im import chats
from sandbox.portal.openlines import connectors, control, lines, sessions
from sandbox.portal.pages import addresses, field_view, widgets
from sandbox.portal.pages.rendering import page, problem, show
from sandbox.portal.pages.texts import translate
from sandbox.portal.pages.visit import Visit
from sandbox.portal.store import Row

_NAMED = re.compile(r"\[USER=\d+[^\]]*\].*?\[/USER\]")


def may_see(visitor: Visit, chat: Row) -> bool:
    """Whether the person administers the portal, stands in the line's queue or takes part in the chat."""
    line = lines.find(visitor.portal, chat.get("line"))
    queue = lines.operators(visitor.portal, line) if line else []
    return visitor.admin or visitor.user_id in chat["users"] or visitor.user_id in queue


def own_dialogs(visitor: Visit) -> list[Row]:
    """Chats that the person may see, the last written first."""
    rows = [chat for chat in visitor.portal.store.rows(chats.CHATS) if chat["type"] == "lines"]
    rows.sort(key=lambda chat: int(chat["messages"][-1]) if chat["messages"] else 0, reverse=True)
    return [chat for chat in rows if may_see(visitor, chat)]


def _head(visitor: Visit, chat: Row) -> dict[str, Any]:
    session = sessions.current(visitor.portal, chat)
    last = chats.message(visitor.portal, chat["messages"][-1]) if chat["messages"] else None
    return {
        "id": chat["ID"],
        "title": chat["title"],
        "unread": chats.unread(chat, visitor.user_id),
        "text": (last or {}).get("text", ""),
        "date": (last or {}).get("date", ""),
        "closed": bool(session and session["closed"]),
        "waits": bool(session and not session["answered"] and not session["closed"]),
    }


async def messenger(visitor: Visit) -> web.StreamResponse:
    """All dialogs, and the chosen one: /online/5/ or ?IM_DIALOG=chat5."""
    asked = visitor.request.query.get("IM_DIALOG", "").removeprefix("chat")
    chosen = visitor.request.match_info.get("id") or asked
    rows = own_dialogs(visitor)
    chat = next((row for row in rows if row["ID"] == chosen), None)
    if chosen and chat is None:
        return problem(visitor, "Not found", "No such dialog, or no right to see it.", 404)
    opened = _opened(visitor, chat) if chat else None
    dialogs = [_head(visitor, row) for row in rows]
    navigation = widgets.at(visitor, "IM_NAVIGATION")
    return show(visitor, "openlines.html", dialogs=dialogs, chat=chat, opened=opened, navigation=navigation)


def _in_own_language(visitor: Visit, message: Row) -> Row:
    """A message; what the line itself says of somebody is said in the visitor's language."""
    if message["author"] != "0":
        return message
    named = _NAMED.search(message["text"])
    person = named[0] if named else ""
    said = message["text"].replace(person, "{person}") if person else message["text"]
    return {**message, "text": translate(visitor.language, said).replace("{person}", person)}


def _opened(visitor: Visit, chat: Row) -> dict[str, Any]:
    portal = visitor.portal
    session, dialog = sessions.current(portal, chat) or {}, f"chat{chat['ID']}"
    if chat["messages"] and chats.unread(chat, visitor.user_id):
        chat["read"][visitor.user_id] = chat["messages"][-1]
        portal.store.touch()
    described = next(row for row in control.dialogs(portal) if row["chat_id"] == chat["ID"])
    crm = session.get("crm") or {}
    links = [
        {**link, "kind": name.capitalize()}
        for name, item_id in crm.items()
        if item_id and (number := addresses.NUMBERS.get(name.lower()))
        if (link := field_view.linked(visitor, number, item_id))
    ]
    return {
        **described,
        "connector": (connectors.find(portal, chat["connector"]) or {"NAME": chat["connector"]})["NAME"],
        "session": session,
        "others": [
            {"id": row["ID"], "name": field_view.person(visitor, row["ID"])}
            for row in portal.users.values()
            if row["ACTIVE"] and row["ID"] != session.get("operator")
        ],
        "operator": field_view.person(visitor, session.get("operator")),
        "links": links,
        "sidebar": widgets.in_chat(visitor, "IM_SIDEBAR", dialogId=dialog),
        "textarea": widgets.in_chat(visitor, "IM_TEXTAREA", dialogId=dialog),
        "mobile": widgets.in_chat(visitor, "IMMOBILE_CONTEXT_MENU", dialogId=dialog),
        "messages": [
            {
                **_in_own_language(visitor, row),
                "widgets": widgets.in_chat(visitor, "IM_CONTEXT_MENU", messageId=row["id"], dialogId=dialog),
            }
            for row in described["messages"]
        ],
    }


def attach(app: web.Application) -> None:
    """Adds the addresses."""
    app.router.add_get("/online/", page(messenger))
    app.router.add_get(r"/online/{id:\d+}/", page(messenger))
