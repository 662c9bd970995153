"""Clearing away what the portal would leave behind when the application is deleted: afterwards there is no token to do it with.

Triggers are deleted, processes that wait for us go on, open cards are completed. CRM items, fields, pipelines and smart processes are
people's data and stay. Called by the installer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import delete, select, update

from b24app.bitrix24 import bizproc, timeline
from b24app.bitrix24.client import BATCH_LIMIT, Command
from b24app.bitrix24.connection import Connection
from b24app.domain.deliveries import ShowCard, delivery_from
from b24app.services import portals
from storage.models import AppliedElement, Card, OutboxRow, RobotWait
from storage.unit_of_work import UnitOfWork


def cleaning(uow: UnitOfWork) -> list[Command]:
    """Give the calls that let go of what is ours and open: waiting processes first, then cards."""
    t = portals.speech(uow)
    waits = uow.session.scalars(select(RobotWait).where(RobotWait.state == "open").order_by(RobotWait.id))
    sentence = t("The application is being removed.")
    done = [Command("bizproc.event.send", bizproc.finish(one.event_token, {}, sentence)) for one in waits]
    return [*done, *_cards(uow)]


def _cards(uow: UnitOfWork) -> Iterator[Command]:
    rows = uow.session.scalars(select(Card).where(Card.state == "open", Card.activity_id != "").order_by(Card.id))
    for card in rows:
        last = uow.session.scalars(
            select(OutboxRow)
            .where(OutboxRow.kind == ShowCard.__name__, OutboxRow.payload["card"].astext == card.card)
            .order_by(OutboxRow.id.desc())
            .limit(1)
        ).first()
        shown = delivery_from(last.kind, last.payload) if last is not None else None
        if isinstance(shown, ShowCard):
            closed = replace(shown, closed=True)
            params = {"id": card.activity_id, "fields": {"completed": "Y"}, "layout": timeline.layout(closed)}
            yield Command("crm.activity.configurable.update", params)


def clean(connection: Connection, commands: Iterable[Command]) -> None:
    """Delete our triggers and do the calls; what is refused one by one (an item that is gone) holds nothing back."""
    rows = connection.call("crm.automation.trigger.list").result
    listed: Iterable[Mapping[str, Any]] = rows.values() if isinstance(rows, Mapping) else rows or ()
    triggers = [Command("crm.automation.trigger.delete", {"CODE": row["CODE"]}) for row in listed]
    for group in _batched([*commands, *triggers]):
        connection.batch(group)


def _batched(commands: list[Command]) -> Iterator[list[Command]]:
    for start in range(0, len(commands), BATCH_LIMIT):
        yield commands[start : start + BATCH_LIMIT]


def forget(uow: UnitOfWork, portal_id: int) -> None:
    """Note what is gone from the portal, so that another installation makes it anew."""
    triggers = AppliedElement.element.startswith("trigger:")
    uow.session.execute(delete(AppliedElement).where(AppliedElement.portal_id == portal_id, triggers))
    uow.session.execute(update(RobotWait).where(RobotWait.state == "open").values(state="timed_out"))
    uow.session.execute(update(Card).where(Card.state == "open").values(state="closed", closed_at=uow.now))
