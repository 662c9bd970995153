"""What the portal told us, worked one by one: operators' words on the open line, pressed buttons of cards, removal.

`handle` is run by inbox processing for source `bitrix24.event` in its own transaction. Events name what happened and little more;
a refusal by the rules becomes an answer to the employee, since nobody else waits. Unknown events are noted and done.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from sqlalchemy import select

from b24app.bitrix24.accepting import lowered
from b24app.domain.deliveries import NotifyUser, ShowCard, delivery_from
from b24app.errors import DomainError
from b24app.services import cards, crm_edits, lines, message_changes, messages, portals
from b24app.services.spoken import SpokenByManager
from storage.models import OutboxRow
from storage.unit_of_work import UnitOfWork

LINE = "open_line"
ITEM_TYPES = {"LEAD": 1, "DEAL": 2, "CONTACT": 3, "COMPANY": 4}
SIGNATURE = re.compile(r"^\[b\][^\[\]]{1,120}:\[/b\]\s*\[br\]\s*", re.IGNORECASE)

log = logging.getLogger(__name__)


def handle(uow: UnitOfWork, payload: dict[str, Any]) -> None:
    """Work one stored event. Raises what is our fault; never DomainError."""
    event = str(payload.get("event", ""))
    worker = HANDLERS.get(event)
    if worker is None:
        log.info("The event %s is of no concern.", event)
        return
    worker(uow, payload)


def _written(uow: UnitOfWork, payload: Mapping[str, Any]) -> None:
    for item in _items(payload):
        message = _map(item.get("message"))
        user_id = str(message.get("user_id") or payload.get("user_id") or "")
        said = SIGNATURE.sub("", str(message.get("text") or ""))
        try:
            with uow.session.begin_nested():
                messages.say_as_manager(
                    uow,
                    SpokenByManager(
                        user_id=user_id, user_name="", text=said, source_key=_source_key(item), files=_files(message)
                    ),
                    conversation_id=int(_map(item.get("chat"))["id"]),
                    line_chat_id=_im(item, "chat_id"),
                )
        except (DomainError, KeyError, ValueError) as error:
            _tell(uow, user_id, error, f"line/{_source_key(item)}")


def _edited(uow: UnitOfWork, payload: Mapping[str, Any]) -> None:
    for item in _items(payload):
        text = SIGNATURE.sub("", str(_map(item.get("message")).get("text") or ""))
        _on_known(uow, item, partial(message_changes.edit, uow, text=text))


def _deleted(uow: UnitOfWork, payload: Mapping[str, Any]) -> None:
    for item in _items(payload):
        _on_known(uow, item, partial(message_changes.delete, uow))


def _on_known(uow: UnitOfWork, item: Mapping[str, Any], change: Callable[..., object]) -> None:
    try:
        with uow.session.begin_nested():
            change(source=LINE, source_key=_source_key(item))
    except DomainError as error:
        log.info("A change on the open line was not carried on: %s", error.code)


def _pressed(uow: UnitOfWork, payload: Mapping[str, Any]) -> None:
    data = lowered(_map(payload.get("data")))
    action, card = str(data.get("id", "")), str(data.get("card", ""))
    user_id = str(data.get("userid") or payload.get("user_id") or "")
    try:
        with uow.session.begin_nested():
            sentence = cards.act(uow, card, action, f"user/{user_id}")
    except DomainError as error:
        _tell(uow, user_id, error, f"card/{card}")
        _unblock(uow, card)
        return
    if user_id and sentence:
        uow.send(NotifyUser(user_id=user_id, text=sentence, tag=f"card/{card}"))
    _unblock(uow, card)


def _unblock(uow: UnitOfWork, card: str) -> None:
    """Show a card once more as it was last shown: its pressed button stays blocked until the portal hears of the card again."""
    last = uow.session.scalars(
        select(OutboxRow)
        .where(OutboxRow.kind == ShowCard.__name__, OutboxRow.payload["card"].astext == card)
        .order_by(OutboxRow.id.desc())
        .limit(1)
    ).first()
    if last is not None and last.state != "todo":
        uow.send(delivery_from(last.kind, last.payload))


def _item_changed(uow: UnitOfWork, payload: Mapping[str, Any]) -> None:
    event = str(payload.get("event", ""))
    data = lowered(_map(payload.get("data")))
    kind = event.removeprefix("ONCRM").removesuffix("UPDATE").removesuffix("DELETE")
    type_id = ITEM_TYPES.get(kind) or str(data.get("entity_type_id") or "")
    if str(type_id).isdigit():
        crm_edits.told(uow, int(type_id), str(data.get("id") or ""), deleted=event.endswith("DELETE"))


def _removed(uow: UnitOfWork, payload: Mapping[str, Any]) -> None:
    portal = portals.current(uow)
    if portal is not None and portal.state == "active":
        # The notice carries no token that proves it: the gateway asks the portal before anything is given up.
        portal.state = "suspended"
        portal.changed_at = uow.now
        log.warning("The portal says that the application was removed.")


def _line_lost(uow: UnitOfWork, payload: Mapping[str, Any]) -> None:
    data = payload.get("data")
    lost = str(lowered(data).get("line", "")) if isinstance(data, Mapping) else str(data)
    if lost:
        log.warning("The open line %s is gone for us.", lost)
        lines.lost(uow, lost)


def _tell(uow: UnitOfWork, user_id: str, error: Exception, tag: str) -> None:
    t = portals.speech(uow)
    reason = (
        t(error.message, **error.params) if isinstance(error, DomainError) else t("Nobody knows this conversation.")
    )
    log.info("An employee was told no: %s", getattr(error, "code", type(error).__name__))
    if user_id:
        uow.send(NotifyUser(user_id=user_id, text=t("Not done: {reason}", reason=reason), tag=tag))


def _items(payload: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    found = _map(payload.get("data")).get("MESSAGES")
    rows = found.values() if isinstance(found, Mapping) else found or ()
    yield from (row for row in rows if isinstance(row, Mapping))


def _files(message: Mapping[str, Any]) -> list[dict[str, str]]:
    found = message.get("files")
    rows = found.values() if isinstance(found, Mapping) else found if isinstance(found, list) else ()
    return [
        {"name": str(row.get("name") or "file"), "url": str(row.get("link") or row.get("url"))}
        for row in rows
        if isinstance(row, Mapping) and (row.get("link") or row.get("url"))
    ]


def _source_key(item: Mapping[str, Any]) -> str:
    return f"{_im(item, 'chat_id')}:{_im(item, 'message_id')}"


def _im(item: Mapping[str, Any], name: str) -> str:
    return str(_map(item.get("im")).get(name) or "")


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


HANDLERS: dict[str, Callable[[UnitOfWork, Mapping[str, Any]], None]] = {
    "ONIMCONNECTORMESSAGEADD": _written,
    "ONIMCONNECTORMESSAGEUPDATE": _edited,
    "ONIMCONNECTORMESSAGEDELETE": _deleted,
    "ONIMCONNECTORSTATUSDELETE": _line_lost,
    "ONIMCONNECTORLINEDELETE": _line_lost,
    "ONCRMTIMELINEITEMACTION": _pressed,
    "ONAPPUNINSTALL": _removed,
    **{f"ONCRM{kind}{verb}": _item_changed for kind in (*ITEM_TYPES, "DYNAMICITEM") for verb in ("UPDATE", "DELETE")},
}
