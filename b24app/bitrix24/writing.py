"""For each kind of message: how it becomes a call, how its answer is read, and how it is found again after a lost answer.

One table, so that a new kind of message is one line. Called by the gateway.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from b24app.bitrix24 import bizproc, calendars, crm, openlines, reading, tasks, timeline
from b24app.bitrix24.client import Command
from b24app.bitrix24.surroundings import Surroundings
from b24app.domain import deliveries as says
from b24app.domain.calendar_deliveries import AddCalendarEvent, RemoveCalendarEvent
from b24app.domain.delivery import Delivery
from b24app.domain.outcomes import Done, Outcome, Refused
from b24app.errors import Rejected

Build = Callable[[Any, Surroundings], Command | Outcome]
Read = Callable[[Any, Any, Surroundings], Outcome]
Excuse = Callable[[Rejected], Outcome]


def refused(error: Rejected) -> Outcome:
    """Take a refusal for what it is."""
    return Refused(str(error), error.code, error.body)


def _used_token(error: Rejected) -> Outcome:
    # The portal refuses a token that was answered before, or whose process is over: either way nobody waits any more.
    return Done({"already": True}) if error.code == "ACCESS_DENIED" else refused(error)


def _done(delivery: Any, result: Any, around: Surroundings) -> Outcome:
    return Done({})


@dataclass(frozen=True)
class Writing:
    """How one kind of message is carried. `look_up` and `find` prove it; without them it is simply repeated.

    Where a look-up reads a list, the newest first, `last_moment` gives when the last entry of a page was written, in ISO 8601.
    """

    build: Build
    read: Read = _done
    look_up: Build | None = None
    find: Read | None = None
    excuse: Excuse = refused
    last_moment: Callable[[Any], str] | None = None


def _finish(delivery: says.FinishRobot, around: Surroundings) -> Command:
    params = bizproc.finish(delivery.event_token, delivery.return_values, delivery.log_message)
    return Command("bizproc.event.send", params)


def _trigger(delivery: says.FireTrigger, around: Surroundings) -> Command:
    link = around.link(delivery.ref)
    owner = {"OWNER_TYPE_ID": link.entity_type_id, "OWNER_ID": link.entity_id}
    return Command("crm.automation.trigger.execute", {"CODE": delivery.code, **owner})


def _notify(delivery: says.NotifyUser, around: Surroundings) -> Command:
    address = around.card_address(delivery.ref) if delivery.ref else ""
    text = f"[URL={address}]{delivery.text}[/URL]" if address else delivery.text
    params = {"USER_ID": delivery.user_id, "MESSAGE": text, "TAG": delivery.tag}
    return Command("im.notify.system.add", params)


WRITINGS: dict[type[Delivery], Writing] = {
    says.SaveItem: Writing(crm.save, crm.saved, crm.lookup, crm.found),
    says.ReadItem: Writing(reading.read, reading.judged, excuse=reading.gone),
    says.ForgetReach: Writing(reading.read, reading.reach, excuse=reading.gone),
    says.AddTimelineComment: Writing(
        timeline.comment,
        timeline.commented,
        timeline.comment_lookup,
        timeline.comment_found,
        last_moment=timeline.last_comment_moment,
    ),
    says.AddLogMessage: Writing(
        timeline.log_message,
        timeline.logged,
        timeline.log_lookup,
        timeline.log_found,
        last_moment=timeline.last_log_moment,
    ),
    says.ShowCard: Writing(timeline.card, timeline.carded, timeline.card_lookup, timeline.card_found),
    says.SendToOpenLine: Writing(
        openlines.send, openlines.sent, openlines.history, openlines.in_history, excuse=openlines.waiting
    ),
    says.EditInOpenLine: Writing(openlines.edit, openlines.edited, excuse=openlines.waiting),
    says.DeleteInOpenLine: Writing(openlines.delete, openlines.deleted, excuse=openlines.waiting),
    says.ConfirmOpenLineDelivery: Writing(openlines.confirm, openlines.confirmed, excuse=openlines.waiting),
    says.BringColleague: Writing(openlines.bring),
    says.FireTrigger: Writing(_trigger),
    says.FinishRobot: Writing(_finish, excuse=_used_token),
    says.NotifyUser: Writing(_notify),
    says.AddTask: Writing(tasks.add, tasks.added, tasks.lookup, tasks.found, last_moment=tasks.last_moment),
    AddCalendarEvent: Writing(calendars.add, calendars.added, calendars.lookup, calendars.found),
    RemoveCalendarEvent: Writing(calendars.remove, excuse=calendars.gone),
}
