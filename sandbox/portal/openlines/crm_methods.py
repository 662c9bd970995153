"""imopenlines.crm.*: dialogs bound to CRM elements."""

from __future__ import annotations

from sandbox.portal.call import Call
from sandbox.portal.errors import RestError
from sandbox.portal.im import chats
from sandbox.portal.openlines import connectors, outgoing, sessions, tracker
from sandbox.portal.openlines.operator_methods import dialog
from sandbox.portal.registry import method
from sandbox.portal.store import Row
from sandbox.portal.timeline import owners

CODES = ("lead", "deal", "company", "contact")


def _target(call: Call) -> tuple[str, int]:
    kind = str(connectors.argument(call, "CRM_ENTITY_TYPE")).lower()
    item_id = connectors.argument(call, "CRM_ENTITY")
    if not str(item_id).isdigit():
        raise RestError("ERROR_ARGUMENT", "The value of an argument 'CRM_ENTITY' has an invalid type")
    return kind, int(item_id)


def _element(call: Call, kind: str, item_id: int) -> Row | None:
    number = owners.type_id(kind) if kind in CODES else None
    row = owners.find(call.portal, number, item_id) if number else None
    if row is not None and not owners.allowed(call.portal, call.user_id, row):
        raise RestError("ACCESS_DENIED", "Access denied! You don't have access to this action", 403)
    return row


def chats_of(call: Call, kind: str, item_id: int) -> list[Row]:
    """Dialogs any of whose sessions is bound to the element, oldest first."""
    found = {
        session["chat_id"]: None
        for session in call.portal.store.rows(sessions.TABLE)
        if session["crm"].get(kind.upper()) == item_id
    }
    rows = (chats.find(call.portal, chat_id) for chat_id in found)
    return [row for row in rows if row is not None]


@method("imopenlines.crm.chat.get", validate=False)
def chat_get(call: Call) -> list[dict[str, str]]:
    """The dialogs of an element, running ones only unless asked."""
    kind, item_id = _target(call)
    if _element(call, kind, item_id) is None:
        return []
    active_only = call.text("ACTIVE_ONLY", "Y") != "N"
    rows = chats_of(call, kind, item_id)
    return [_shown(call, chat) for chat in rows if not active_only or not _closed(call, chat)]


def _closed(call: Call, chat: Row) -> bool:
    session = sessions.current(call.portal, chat)
    return session is None or session["closed"]


def _shown(call: Call, chat: Row) -> dict[str, str]:
    row = connectors.find(call.portal, chat["connector"])
    title = row["NAME"] if row else chat["connector"]
    return {"CHAT_ID": chat["ID"], "CONNECTOR_ID": chat["connector"], "CONNECTOR_TITLE": title}


@method("imopenlines.crm.chat.getLastId", validate=False)
def chat_last_id(call: Call) -> int:
    """The youngest dialog of an element."""
    if not call.get("CRM_ENTITY_TYPE") or not call.get("CRM_ENTITY"):
        raise RestError("CRM_CHAT_EMPTY_CRM_DATA", "Empty CRM data")
    rows = chats_of(call, *_target(call))
    if not rows:
        raise RestError("CRM_CHAT_EMPTY_CRM_DATA", "Could not find CRM object")
    return max(int(chat["ID"]) for chat in rows)


def _bound_chat(call: Call) -> Row:
    kind, item_id = _target(call)
    _element(call, kind, item_id)
    wanted = call.get("CHAT_ID")
    rows = chats_of(call, kind, item_id)
    chat = next((row for row in reversed(rows) if wanted is None or row["ID"] == str(wanted)), None)
    if chat is None:
        raise RestError("CHAT_NOT_IN_CRM", "Chat does not belong to the CRM entity being checked")
    return chat


@method("imopenlines.crm.message.add", validate=False)
def message_add(call: Call) -> int:
    """A message of an employee into a dialog bound to CRM; it goes outside."""
    _target(call)
    user_id = str(connectors.argument(call, "USER_ID"))
    connectors.argument(call, "CHAT_ID")
    text = str(connectors.argument(call, "MESSAGE"))
    chat = _bound_chat(call)
    if user_id not in chat["users"]:
        raise RestError("CANCELED", "You cannot send messages to the specified chat")
    try:
        return int(outgoing.say(call.portal, chat, user_id, text)["ID"])
    except ValueError as error:
        raise RestError("CANCELED", "You cannot send messages to the specified chat") from error


@method("imopenlines.crm.chat.user.add", validate=False)
def user_add(call: Call) -> int:
    """Adds an employee to a dialog bound to CRM."""
    user_id = str(connectors.argument(call, "USER_ID"))
    chat = _bound_chat(call)
    if not call.portal.users.get(user_id, {}).get("ACTIVE"):
        raise RestError("CRM_CHAT_USER_NOT_ACTIVE", "User not active")
    if user_id in chat["users"]:
        raise RestError("WRONG_REQUEST", "You don't have access or user already member in chat")
    chat["users"].append(user_id)
    call.portal.store.touch()
    return int(chat["ID"])


@method("imopenlines.crm.chat.user.delete", validate=False)
def user_delete(call: Call) -> int:
    """Takes an employee out of a dialog bound to CRM."""
    user_id = call.text("USER_ID")
    if not user_id:
        raise RestError("CRM_CHAT_EMPTY_USER", "Empty User ID")
    if not call.get("CRM_ENTITY_TYPE") or not call.get("CRM_ENTITY"):
        raise RestError("CRM_CHAT_EMPTY_CRM_DATA", "Empty CRM data")
    chat = _bound_chat(call)
    if not call.portal.users.get(user_id, {}).get("ACTIVE"):
        raise RestError("CRM_CHAT_USER_NOT_ACTIVE", "User not active")
    if user_id not in chat["users"]:
        raise RestError("WRONG_REQUEST", "You don't have access or user already not in chat")
    chat["users"].remove(user_id)
    call.portal.store.touch()
    return int(chat["ID"])


@method("imopenlines.crm.lead.create", validate=False)
def lead_create(call: Call) -> bool:
    """Makes a lead out of a dialog; False when it has one."""
    chat, session = dialog(call)
    if call.user_id not in {session["operator"], *chat["users"]} and not call.admin:
        raise RestError("ERROR_USER_NOT_OPERATOR", "Attempt to save a CRM object by a user who is not an operator")
    if session["crm"].get("LEAD"):
        return False
    tracker.make_lead(call.portal, chat, session)
    return True
