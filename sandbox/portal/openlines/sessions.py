"""Dialogs of open lines: the chat of an outside person, its sessions, operators, events of its life.

A session: ID, chat_id, line, connector, parent, operator ("0" until somebody is assigned), answered, closed,
created, finished, user (outside person), activity. Called by connector methods, operators' methods and control.
"""

from __future__ import annotations

from typing import Any

from sandbox.portal.events import emit
from sandbox.portal.identity import Actor
from sandbox.portal.im import chats
from sandbox.portal.openlines import lines
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row

TABLE = "openline_sessions"
CLOSE_TERM_MINUTES = 10
CRM_KINDS = ("LEAD", "COMPANY", "CONTACT", "DEAL")
NOBODY = Actor("1", automation=True)


def chat_of(portal: Portal, connector: Row, line_id: str, user: Row, external_chat: str) -> Row:
    """The chat of an outside person (of an outside chat, when the connector groups), made at first contact."""
    group = connector["CHAT_GROUP"]
    key = f"{connector['ID']}|{line_id}|{external_chat if group else ''}|{'' if group else user['external']}"
    index: dict[str, str] = portal.store.values.setdefault("openline_chats", {})
    chat = chats.find(portal, index.get(key))
    if chat is None:
        code = f"{connector['ID']}|{line_id}|{external_chat}|{0 if group else user['ID']}"
        chat = chats.create(
            portal,
            "0",
            [user["ID"]],
            kind="lines",
            entity_type="LINES",
            entity_id=code,
            title=_title(portal, user, line_id),
            color=chats.COLORS["LIME"],
            external_chat=external_chat,
            connector=connector["ID"],
            line=line_id,
            session=None,
        )
        index[key] = chat["ID"]
    chat["external_chat"] = external_chat
    if user["ID"] not in chat["users"]:
        chat["users"].append(user["ID"])
    return chat


def _title(portal: Portal, user: Row, line_id: str) -> str:
    line = lines.find(portal, line_id) or {}
    return f"{chats.full_name(portal, user['ID']) or 'Guest'} - {line.get('LINE_NAME', '')}"


def current(portal: Portal, chat: Row) -> Row | None:
    """The last session of a chat."""
    return portal.store.table(TABLE).get(chat.get("session") or "")


def opened(portal: Portal, chat: Row, user_id: str) -> tuple[Row, bool]:
    """The running session, and whether it was started just now."""
    last = current(portal, chat)
    if last and not last["closed"]:
        return last, False
    session = portal.store.insert(
        TABLE,
        {
            "chat_id": chat["ID"],
            "line": chat["line"],
            "connector": chat["connector"],
            "parent": last["ID"] if last else "0",
            "operator": "0",
            "answered": False,
            "closed": False,
            "created": portal.stamp(),
            "finished": None,
            "user": user_id,
            "activity": None,
            "crm": last["crm"] if last else {},
        },
    )
    chat["session"] = session["ID"]
    _assign(portal, chat, session)
    refresh(portal, chat, session)
    _tell(portal, "Start", chat, session)
    return session, True


def _assign(portal: Portal, chat: Row, session: Row) -> None:
    line = lines.find(portal, chat["line"])
    people = lines.operators(portal, line) if line else []
    if not people or (line and line["QUEUE_TYPE"] == "all"):
        chat["users"] = list(dict.fromkeys([*chat["users"], *people]))
        return
    place = (
        int(portal.store.next_id(f"queue_of_line_{chat['line']}")) - 1 if line and line["QUEUE_TYPE"] == "evenly" else 0
    )
    take(portal, chat, session, people[place % len(people)])


def take(portal: Portal, chat: Row, session: Row, user_id: str) -> None:
    """Makes an employee the operator of a session."""
    session["operator"] = chat["owner"] = user_id
    chat["managers"] = [user_id]
    if user_id not in chat["users"]:
        chat["users"].append(user_id)
    refresh(portal, chat, session)


def hand_over(portal: Portal, chat: Row, session: Row, user_id: str) -> None:
    """The dialog waits for another employee to answer."""
    take(portal, chat, session, user_id)
    session["answered"] = False
    refresh(portal, chat, session)
    name = chats.full_name(portal, user_id)
    chats.say_system(portal, chat, f"The dialog is transferred to [USER={user_id}]{name}[/USER]")


def answer(portal: Portal, chat: Row, session: Row, user_id: str) -> None:
    """An employee takes the dialog."""
    take(portal, chat, session, user_id)
    session["answered"] = True
    refresh(portal, chat, session)
    chats.say_system(portal, chat, f"[USER={user_id}]{chats.full_name(portal, user_id)}[/USER] started the dialog")


def finish(portal: Portal, chat: Row, session: Row, actor: Actor) -> None:
    """Ends a session."""
    session["closed"], session["finished"] = True, portal.stamp()
    refresh(portal, chat, session)
    chats.say_system(portal, chat, "The dialog is finished")
    _tell(portal, "Finish", chat, session, actor)


def refresh(portal: Portal, chat: Row, session: Row) -> None:
    """Rewrites the chat's data lines: CRM link, session number, start."""
    crm = session["crm"]
    kind = next((kind for kind in CRM_KINDS if crm.get(kind)), None)
    head = f"Y|{kind}|{crm[kind]}" if kind else "N|NONE|0"
    closed = "Y" if session["closed"] else "N"
    started = int(portal.clock.timestamp())
    chat["data1"] = f"{head}|N|{closed}|{session['ID']}|{started}|0|0|0"
    chat["data2"] = "|".join(f"{kind}|{crm.get(kind, 0)}" for kind in CRM_KINDS)
    chat["data3"] = "N"
    portal.store.touch()


def owner_app(portal: Portal, connector_id: str) -> str | None:
    """The application behind a connector."""
    row = portal.store.table("connectors").get(connector_id)
    return row["app_id"] if row else None


def connector_block(chat: Row, session: Row) -> dict[str, Any]:
    """The block `connector` of session events."""
    group = chat["entity_id"].endswith("|0")
    return {
        "connector_id": chat["connector"],
        "line_id": int(chat["line"]),
        "chat_id": int(chat["ID"]),
        "user_id": 0 if group else int(session["user"]),
    }


def _tell(portal: Portal, moment: str, chat: Row, session: Row, actor: Actor = NOBODY) -> None:
    app_id = owner_app(portal, chat["connector"])
    if app_id is None:
        return
    block = connector_block(chat, session)
    data = [
        {
            "connector": block,
            "session": {
                "id": int(session["ID"]),
                "closed": "Y" if session["closed"] else "N",
                "parent_id": int(session["parent"]),
                "close_term": CLOSE_TERM_MINUTES,
            },
            "chat": {"id": int(chat["ID"])},
            "user": {"id": block["user_id"]},
        }
    ]
    emit(portal, f"OnSession{moment}", {"DATA": data}, actor, app_id=app_id)
    fields = {"CONNECTOR": chat["connector"], "LINE": chat["line"], "DATA": data}
    emit(portal, f"OnImConnectorDialog{moment}", fields, actor, app_id=app_id)
