"""Reply-time promises: who owes an answer since when, the reminder to that side, the call for the manager.

`said` is called by `messages`, `check` every minute by the worker, `overdue` by the overview. May send: a reminder in the bot,
a task, the trigger no_reply_overdue, a notice to the responsible employee.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select, func, select

from b24app.domain import working_time
from b24app.domain.deliveries import AddTask, FireTrigger
from b24app.domain.working_time import WorkingTime
from b24app.i18n import Texts
from b24app.services import conversations, notices, people, portals, settings, staff
from b24app.services.notices import Said
from b24app.services.screens import conversation_path
from storage.models import Company, Conversation, Lot
from storage.unit_of_work import UnitOfWork

REMIND_HOURS = 4.0
OVERDUE_HOURS = 8.0
AT_ONCE = 200
_OTHER = {"buyer": "factory", "factory": "buyer"}


def said(uow: UnitOfWork, conversation: Conversation, side: str) -> None:
    """Note who owes the next answer: the other side, or in a help conversation the manager.

    A side that writes again keeps the other's promise running from the first unanswered message. What a manager says to both sides
    settles nothing between them.
    """
    if conversation.kind == "help":
        owes = "" if side == "manager" else "manager"
    elif side in _OTHER:
        owes = _OTHER[side]
    else:
        return
    if conversation.owes != owes:
        conversation.owes = owes
        conversation.owed_since = uow.now if owes else None
        conversation.reminded_at = conversation.overdue_at = None


def working_hours(uow: UnitOfWork) -> WorkingTime:
    """Give the working hours that promises are counted in, as an administrator set them."""
    names = ("work_zone", "work_hours", "work_weekdays", "work_holidays")
    return working_time.read(*(settings.get(uow, name) for name in names))


def _hours(uow: UnitOfWork, name: str, default: float) -> timedelta:
    try:
        hours = float(settings.get(uow, name) or default)
    except ValueError:
        hours = default
    return timedelta(hours=hours if 0 < hours < 24 * 30 else default)


def check(uow: UnitOfWork) -> int:
    """Remind who is late, call the manager where the reminder did not help; answers how many conversations changed."""
    work = working_hours(uow)
    remind, overdue = _hours(uow, "remind_hours", REMIND_HOURS), _hours(uow, "overdue_hours", OVERDUE_HOURS)
    # Working time is never longer than time: most conversations need no closer look.
    found = uow.session.scalars(
        select(Conversation)
        .where(
            Conversation.state == "open",
            Conversation.owes != "",
            Conversation.overdue_at.is_(None),
            Conversation.owed_since <= uow.now - min(remind, overdue),
        )
        .order_by(Conversation.owed_since)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True, key_share=True)
    ).all()
    return sum(_judge(uow, one, work, remind, overdue) for one in found)


def _judge(
    uow: UnitOfWork, conversation: Conversation, work: WorkingTime, remind: timedelta, overdue: timedelta
) -> bool:
    since, work = conversation.owed_since, _by_their_clock(uow, conversation, work)
    waited = work.worked(since, uow.now) if since else timedelta()
    changed = False
    if waited >= remind and conversation.reminded_at is None:
        conversation.reminded_at = uow.now
        _remind(uow, conversation)
        changed = True
    if waited >= overdue:
        conversation.overdue_at = uow.now
        _call_manager(uow, conversation)
        changed = True
    return changed


def _by_their_clock(uow: UnitOfWork, conversation: Conversation, work: WorkingTime) -> WorkingTime:
    """Give the working hours of who owes: an employee keeps the setting's zone, a side that of its first person."""
    side = () if conversation.owes == "manager" else conversations.people_on(uow, conversation, conversation.owes)
    return work.in_zone(side[0].zone) if side else work


def _remind(uow: UnitOfWork, conversation: Conversation) -> None:
    if conversation.owes == "manager":
        return

    def say(t: Texts) -> Said:
        title = notices.escaped(conversations.title_in(uow, conversation, t))
        text = t("⏰ The other side waits for your answer: {title}.", title=title)
        open_it = {"text": t("Answer"), "data": f"conv:{conversation.id}"}
        return text, [[open_it, {"text": t("History"), "web_app": conversation_path(conversation.id)}]]

    for person in conversations.people_on(uow, conversation, conversation.owes):
        notices.tell(uow, person, say, key=f"promise/{conversation.id}:{_mark(conversation)}", kind="reminders")


def _mark(conversation: Conversation) -> str:
    return str(int(conversation.owed_since.timestamp())) if conversation.owed_since else ""


def _call_manager(uow: UnitOfWork, conversation: Conversation) -> None:
    t = portals.speech(uow)
    side = {"buyer": t("Buyer"), "factory": t("Factory"), "manager": t("Manager")}[conversation.owes]
    title = conversations.title(uow, conversation, t.language, for_employee=True)
    words = t("No answer in time: {title}. The answer is owed by: {side}.", title=title, side=side)
    ref, user_id, mark = conversations.crm_ref(uow, conversation), responsible(uow, conversation), _mark(conversation)
    key = f"overdue/{conversation.id}:{mark}"
    staff.notify(uow, user_id, words, tag=f"overdue/{conversation.id}", ref=ref, key=f"{key}:notice")
    if ref:
        deadline = (uow.now + timedelta(days=1)).isoformat()
        task = AddTask(
            ref=ref,
            title=words,
            text=words,
            responsible_id=staff.on_duty(uow, user_id),
            deadline=deadline,
            external_id=key,
        )
        uow.send(task, key=f"{key}:task")
    if ref.startswith(("lot/", "order/")):
        uow.send(FireTrigger(code="no_reply_overdue", ref=ref), key=f"{key}:trigger")


def responsible(uow: UnitOfWork, conversation: Conversation) -> str:
    """Give the portal user id of the employee who answers for a conversation, or an empty text before installation."""
    lot = uow.session.get(Lot, conversation.lot_id) if conversation.lot_id else None
    company_id = lot.company_id if lot else None
    if conversation.person_id is not None and company_id is None:
        person = conversations.people_on(uow, conversation, "both")
        company = people.company_of(uow, person[0]) if person else None
    else:
        company = uow.session.get(Company, company_id) if company_id else None
    return (company.responsible_id if company else "") or staff.responsible_for(uow, conversation.id)


def overdue() -> Select[int, datetime | None]:
    """Give the statement for how many open conversations are past their promise, and since when the oldest answer is owed."""
    counted = select(func.count(), func.min(Conversation.owed_since))
    return counted.where(Conversation.state == "open", Conversation.overdue_at.is_not(None), Conversation.owes != "")
