"""messageservice.*: SMS providers of applications. Control sends a message: `POST /sandbox/senders/{code}/send`."""

from __future__ import annotations

import re
from typing import Any

from aiohttp import web

from sandbox.control import bad_request, body
from sandbox.portal.call import Call
from sandbox.portal.errors import RestError
from sandbox.portal.events import event_auth
from sandbox.portal.hooks import listen
from sandbox.portal.identity import Actor
from sandbox.portal.portal import PORTAL, Portal
from sandbox.portal.registry import method
from sandbox.portal.store import Row

SENDERS, MESSAGES = "message_senders", "sms_messages"
CODE = re.compile(r"[A-Za-z0-9._-]+")
STATUSES = frozenset({"queued", "sent", "delivered", "undelivered", "failed", "read"})


def _code(call: Call, error: str = "ERROR_SENDER_VALIDATION_FAILURE") -> str:
    code = call.text("CODE")
    if not code:
        wanted = "CODE is required!" if error == "ERROR_SENDER_CODE_REQUIRED" else "Empty sender code!"
        raise RestError(error, wanted)
    if not CODE.fullmatch(code):
        raise RestError("ERROR_SENDER_VALIDATION_FAILURE", "Wrong sender code!")
    return code


@method("messageservice.sender.add", validate=False)
def sender_add(call: Call) -> bool:
    """Registers a provider."""
    if not call.params:
        raise RestError("ERROR_SENDER_VALIDATION_FAILURE", "Empty data!")
    code = _code(call)
    for name, text in (
        ("HANDLER", "Empty sender HANDLER!"),
        ("NAME", "Empty sender NAME!"),
        ("TYPE", "Empty sender message TYPE!"),
    ):
        if not call.get(name):
            raise RestError("ERROR_SENDER_VALIDATION_FAILURE", text)
    if call.text("TYPE").upper() != "SMS":
        raise RestError("ERROR_SENDER_VALIDATION_FAILURE", "Unknown sender message TYPE!")
    key = f"{call.app['ID']}:{code}"
    if key in call.portal.store.table(SENDERS):
        raise RestError("ERROR_SENDER_ALREADY_INSTALLED", "Sender already installed!")
    values = {name: call.get(name) for name in ("HANDLER", "NAME", "DESCRIPTION")}
    call.portal.store.table(SENDERS)[key] = {"app_id": call.app["ID"], "CODE": code, "TYPE": "SMS", **values}
    call.portal.store.touch()
    return True


def _own(call: Call, code: str) -> Row:
    row = call.portal.store.table(SENDERS).get(f"{call.app['ID']}:{code}")
    if row is None:
        raise RestError("ERROR_SENDER_NOT_FOUND", "Sender not found!")
    return row


@method("messageservice.sender.update", validate=False)
def sender_update(call: Call) -> bool:
    """Changes a provider."""
    row = _own(call, _code(call, "ERROR_SENDER_CODE_REQUIRED"))
    values = {name: call.get(name) for name in ("HANDLER", "NAME", "DESCRIPTION") if call.get(name)}
    if not values:
        raise RestError("ERROR_SENDER_OTHER_PARAMS_REQUIRED", "At least one other parameter is required!")
    row.update(values)
    call.portal.store.touch()
    return True


@method("messageservice.sender.list")
def sender_list(call: Call) -> list[str]:
    """Codes of the application's providers."""
    return [row["CODE"] for row in call.portal.store.rows(SENDERS) if row["app_id"] == call.app["ID"]]


@method("messageservice.sender.delete", validate=False)
def sender_delete(call: Call) -> bool:
    """Removes a provider."""
    row = _own(call, _code(call))
    del call.portal.store.table(SENDERS)[f"{row['app_id']}:{row['CODE']}"]
    call.portal.store.touch()
    return True


@method("messageservice.message.status.update", admin_only=False, validate=False)
def status_update(call: Call) -> bool:
    """The provider tells what became of a message."""
    row = _own(call, _code(call))
    if call.text("STATUS") not in STATUSES:
        raise RestError("ERROR_MESSAGE_STATUS_INCORRECT", "Message status incorrect!")
    message = call.portal.store.table(MESSAGES).get(call.text("MESSAGE_ID"))
    if message is None or message["sender"] != row["CODE"]:
        raise RestError("ERROR_MESSAGE_NOT_FOUND", "Message not found!")
    message["status"] = call.text("STATUS")
    call.portal.store.touch()
    return True


def send(portal: Portal, row: Row, user_id: str, wanted: dict[str, Any]) -> Row:
    """A person sends an SMS from CRM through a provider: {phone, text, bindings?}."""
    message_id = portal.store.hex_secret()
    message = {
        "ID": message_id,
        "sender": row["CODE"],
        "phone": str(wanted.get("phone") or ""),
        "text": str(wanted.get("text") or ""),
        "status": "queued",
    }
    portal.store.table(MESSAGES)[message_id] = message
    fields = {
        "module_id": "crm",
        "bindings": wanted.get("bindings") or [],
        "properties": {"phone_number": message["phone"], "message_text": message["text"]},
        "type": "SMS",
        "code": row["CODE"],
        "message_id": message_id,
        "message_to": message["phone"],
        "message_body": message["text"],
        "ts": str(int(portal.clock.timestamp())),
        "auth": event_auth(portal, portal.apps[row["app_id"]], "", user_id, Actor(user_id)),
    }
    portal.queue.push(str(row["HANDLER"]), fields, f"sender:{row['CODE']}")
    return message


@listen("app_removed")
def forget_of_app(portal: Portal, app: Row, _clean: bool) -> None:
    """A provider cannot send without its application."""
    table = portal.store.table(SENDERS)
    for key in [key for key, row in table.items() if row["app_id"] == app["ID"]]:
        del table[key]


async def send_route(request: web.Request) -> web.StreamResponse:
    """Control: {phone, text, user_id?, bindings?}."""
    portal, wanted = request.app[PORTAL], await body(request)
    found = (row for row in portal.store.rows(SENDERS) if row["CODE"] == request.match_info["code"])
    row = next(found, None)
    user_id = str(wanted.get("user_id", "1"))
    if row is None or user_id not in portal.users:
        raise bad_request("no such sender or user", 404)
    return web.json_response(send(portal, row, user_id, wanted))


async def read_route(request: web.Request) -> web.StreamResponse:
    """Control: all messages with their states."""
    return web.json_response({"messages": list(request.app[PORTAL].store.rows(MESSAGES))})


def attach(app: web.Application) -> None:
    """Adds the routes."""
    app.router.add_post("/sandbox/senders/{code}/send", send_route)
    app.router.add_get("/sandbox/senders/messages", read_route)
