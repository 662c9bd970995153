"""The timeline of CRM items: comments, facts and cards with buttons. Pure; called by the gateway.

Documentation: crm.timeline.comment.add, crm.timeline.logmessage.add, crm.activity.configurable.add and the structure of its layout.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from b24app.bitrix24.client import Command
from b24app.bitrix24.crm import ORIGINATOR
from b24app.bitrix24.surroundings import Surroundings
from b24app.domain.deliveries import AddLogMessage, AddTimelineComment, ShowCard
from b24app.domain.outcomes import Done, Outcome, TryLater

ICONS = ("info", "document", "notification")
MAX_BLOCKS = 20
MAX_BUTTONS = 2
MARK = "[size=8][color=#a8adb4]{marker}[/color][/size]"
MAX_COMMENT = 60_000


def comment(delivery: AddTimelineComment, around: Surroundings) -> Command:
    """Give crm.timeline.comment.add; the marker stands small at the end, so that the comment can be found again."""
    link = around.link(delivery.ref)
    text = f"{delivery.text[:MAX_COMMENT]}\n{MARK.format(marker=delivery.marker)}"
    fields = {"ENTITY_ID": link.entity_id, "ENTITY_TYPE": link.object, "COMMENT": text}
    return Command("crm.timeline.comment.add", {"fields": fields})


def commented(delivery: AddTimelineComment, result: Any, around: Surroundings) -> Outcome:
    """Read the id of a comment."""
    return Done({"comment_id": str(int(result))})


def comment_lookup(delivery: AddTimelineComment, around: Surroundings) -> Command:
    """Give the call that lists the newest comments of the item."""
    link = around.link(delivery.ref)
    where = {"ENTITY_ID": link.entity_id, "ENTITY_TYPE": link.object}
    return Command("crm.timeline.comment.list", {"filter": where, "order": {"ID": "DESC"}})


def comment_found(delivery: AddTimelineComment, result: Any, around: Surroundings) -> Outcome:
    """Tell whether one of them carries the marker."""
    mark = MARK.format(marker=delivery.marker)
    for row in result or ():
        if mark in str(row.get("COMMENT", "")):
            return Done({"comment_id": str(row["ID"]), "found": True})
    return TryLater("The comment is not there.", after_seconds=0.0)


def last_comment_moment(result: Any) -> str:
    """Give when the last comment of a page was written. KeyError, IndexError or TypeError when it does not say."""
    return str(result[-1]["CREATED"])


def log_message(delivery: AddLogMessage, around: Surroundings) -> Command:
    """Give crm.timeline.logmessage.add."""
    link = around.link(delivery.ref)
    fields = {
        "entityTypeId": link.entity_type_id,
        "entityId": link.entity_id,
        "title": delivery.title,
        "text": delivery.text or delivery.title,
        "iconCode": _icon(delivery.icon),
    }
    return Command("crm.timeline.logmessage.add", {"fields": fields})


def logged(delivery: AddLogMessage, result: Any, around: Surroundings) -> Outcome:
    """Read the id of a fact."""
    return Done({"log_id": str(result["logMessage"]["id"])})


def log_lookup(delivery: AddLogMessage, around: Surroundings) -> Command:
    """Give the call that lists the newest facts of the item."""
    link = around.link(delivery.ref)
    params = {"entityTypeId": link.entity_type_id, "entityId": link.entity_id, "order": {"id": "desc"}}
    return Command("crm.timeline.logmessage.list", params)


def log_found(delivery: AddLogMessage, result: Any, around: Surroundings) -> Outcome:
    """Tell whether the fact is among them, word for word, and is not another one that was written there before."""
    for row in _logs(result):
        is_said = (row.get("title"), row.get("text")) == (delivery.title, delivery.text or delivery.title)
        if is_said and str(row["id"]) not in around.entries:
            return Done({"log_id": str(row["id"]), "found": True})
    return TryLater("The fact is not there.", after_seconds=0.0)


def last_log_moment(result: Any) -> str:
    """Give when the last fact of a page was written. KeyError, IndexError or TypeError when it does not say."""
    return str(_logs(result)[-1]["created"])


def _logs(result: Any) -> Sequence[Mapping[str, Any]]:
    return (result.get("logMessages") if isinstance(result, Mapping) else result) or ()


def card(delivery: ShowCard, around: Surroundings) -> Command | Outcome:
    """Give the call that shows or changes a card; a card that was never shown needs no closing."""
    activity_id = around.cards.get(delivery.card)
    fields: dict[str, Any] = {"completed": "Y" if delivery.closed else "N"}
    if delivery.responsible_id:
        fields["responsibleId"] = delivery.responsible_id
    if activity_id:
        return Command(
            "crm.activity.configurable.update", {"id": activity_id, "fields": fields, "layout": layout(delivery)}
        )
    if delivery.closed:
        return Done({})
    link = around.link(delivery.ref)
    owner = {"ownerTypeId": link.entity_type_id, "ownerId": link.entity_id}
    fields |= {"originatorId": ORIGINATOR, "originId": delivery.card}
    return Command("crm.activity.configurable.add", {**owner, "fields": fields, "layout": layout(delivery)})


def carded(delivery: ShowCard, result: Any, around: Surroundings) -> Outcome:
    """Read the id of the activity."""
    return Done({"activity_id": str(int(result["activity"]["id"]))})


def card_lookup(delivery: ShowCard, around: Surroundings) -> Command:
    """Give the call that finds a card by its name."""
    where = {"PROVIDER_ID": "CONFIGURABLE_REST_APP", "ORIGINATOR_ID": ORIGINATOR, "ORIGIN_ID": delivery.card}
    return Command("crm.activity.list", {"filter": where, "select": ["ID"], "order": {"ID": "ASC"}})


def card_found(delivery: ShowCard, result: Any, around: Surroundings) -> Outcome:
    """Read the answer; a card that was only to be changed is changed again."""
    if delivery.card in around.cards or not result:
        return TryLater("The card does not show the change.", after_seconds=0.0)
    return Done({"activity_id": str(result[0]["ID"]), "found": True})


def layout(delivery: ShowCard) -> dict[str, Any]:
    """Give a card's layout: title, label-value rows, at most two buttons that come back as an event."""
    rows = delivery.rows[:MAX_BLOCKS] or [["", delivery.title]]
    made: dict[str, Any] = {
        "icon": {"code": _icon(delivery.icon)},
        "header": {"title": delivery.title},
        "body": {
            "logo": {"code": "document"},
            "blocks": {f"row{number}": _row(label, value) for number, (label, value) in enumerate(rows)},
        },
    }
    if delivery.buttons and not delivery.closed:
        buttons = delivery.buttons[:MAX_BUTTONS]
        made["footer"] = {"buttons": {button["action"]: _button(delivery.card, button) for button in buttons}}
    return made


def _row(label: str, value: str) -> dict[str, Any]:
    text = {"type": "text", "properties": {"value": value or "—", "multiline": True}}
    if not label:
        return text
    return {"type": "withTitle", "properties": {"title": label, "inline": True, "block": text}}


def _button(card_name: str, button: Mapping[str, str]) -> dict[str, Any]:
    action = {
        "type": "restEvent",
        "id": button["action"],
        "actionParams": {"card": card_name},
        # The button stays blocked until the card is changed, so a decision always changes it, a refused one too.
        "animationType": "disable",
    }
    return {"title": button["title"], "type": button.get("kind", "secondary"), "action": action}


def _icon(wanted: str) -> str:
    return wanted if wanted in ICONS else "info"
