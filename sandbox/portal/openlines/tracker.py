"""The CRM tracker of open lines: finds the outside person in CRM by phone or e-mail, or makes a lead.

Called when a dialog starts and when its person becomes better known. Group connectors never come here.
"""

from __future__ import annotations

from typing import Any

from sandbox.portal.crm import items, multifields, types
from sandbox.portal.identity import Actor
from sandbox.portal.im import chats
from sandbox.portal.openlines import lines, sessions
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row
from sandbox.portal.timeline import activities

LINKED = ((types.LEAD, "LEAD"), (types.CONTACT, "CONTACT"), (types.COMPANY, "COMPANY"))
ROBOT = Actor("1", automation=True)
PROVIDER = "IMOPENLINES_SESSION"


def track(portal: Portal, chat: Row, session: Row, user: Row) -> None:
    """Binds a session to CRM and puts its activity into the timeline, once."""
    line = lines.find(portal, chat["line"])
    if line is None or line["CRM"] != "Y":
        return
    if not session["crm"]:
        session["crm"] = _known(portal, user)
        if not session["crm"] and line["CRM_CREATE"] == "lead":
            make_lead(portal, chat, session)
    if session["crm"] and session["activity"] is None:
        _show(portal, chat, session)
    sessions.refresh(portal, chat, session)


def _known(portal: Portal, user: Row) -> dict[str, int]:
    wanted = {_digits(user.get("PHONE", "")), str(user.get("EMAIL", "")).lower()} - {""}
    for number, name in LINKED:
        for row in portal.store.rows(f"crm_{number}"):
            if wanted & _means(row):
                return {name: int(row["id"])}
    return {}


def _means(row: Row) -> set[str]:
    values = [str(entry.get("value", "")) for entry in row.get("fm") or () if isinstance(entry, dict)]
    return {_digits(value) if "@" not in value else value.lower() for value in values} - {""}


def _digits(text: Any) -> str:
    return "".join(letter for letter in str(text) if letter.isdigit())


def make_lead(portal: Portal, chat: Row, session: Row) -> None:
    """A new lead with what is known of the outside person, bound to the session."""
    user = chats.person(portal, session["user"]) or {}
    means = [
        {"id": 0, "typeId": kind, "valueType": "WORK", "value": user[kind]}
        for kind in ("PHONE", "EMAIL")
        if user.get(kind)
    ]
    values: Row = {
        "title": chat["title"],
        "name": user.get("NAME", ""),
        "lastName": user.get("LAST_NAME", ""),
        "fm": multifields.merge(portal, [], means),
    }
    row = items.add(portal, types.require(portal, types.LEAD), values, ROBOT)
    session["crm"] = {**session["crm"], "LEAD": int(row["id"])}
    chats.say_system(portal, chat, "[b]A new lead has been created[/b]")
    sessions.refresh(portal, chat, session)


def _show(portal: Portal, chat: Row, session: Row) -> None:
    name, item_id = next(iter(session["crm"].items()))
    number = {label: number for number, label in LINKED}.get(name, types.DEAL)
    values = {
        "PROVIDER_ID": PROVIDER,
        "PROVIDER_TYPE_ID": chat["connector"],
        "ASSOCIATED_ENTITY_ID": session["ID"],
        "SUBJECT": chat["title"],
        "DIRECTION": "1",
        "IS_INCOMING_CHANNEL": "Y",
        "_chat": chat["ID"],
    }
    session["activity"] = activities.add(portal, ROBOT, number, item_id, values)["ID"]
