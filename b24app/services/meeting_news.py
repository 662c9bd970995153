"""What people and the manager are told of a meeting beside its card: answers to presses, reminders, the file, the calendar.

Called by `meetings`. Sends EditChatMessage, SendChatFile, AddCalendarEvent, RemoveCalendarEvent, bot messages and notifications.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import select

from b24app.domain.calendar_deliveries import AddCalendarEvent, RemoveCalendarEvent
from b24app.domain.deliveries import EditChatMessage, SendChatFile
from b24app.domain.meetings import Verdict
from b24app.i18n import Texts
from b24app.services import (
    bot_texts,
    conversations,
    meeting_cards,
    meeting_files,
    message_copies,
    notices,
    people,
    portals,
    staff,
)
from b24app.services.notices import Said, escaped
from storage.models import Conversation, Meeting, Message, MessageCopy, Person
from storage.unit_of_work import UnitOfWork


def readers(uow: UnitOfWork, talk: Conversation, meeting: Meeting) -> list[Person]:
    """Give everybody who can be reached on the sides that were asked."""
    side = meeting.sides[0] if len(meeting.sides) == 1 and talk.kind != "help" else "both"
    return conversations.people_on(uow, talk, side)


def reply(uow: UnitOfWork, meeting: Meeting, verdict: Verdict, chosen: int, t: Texts) -> str:
    """Answer a press in words short enough for a notice."""
    slots = meeting_cards.slots_of(uow, meeting.id)
    time = t.moment(slots[chosen]) if chosen in slots else ""
    agreed = t.moment(meeting.starts_at) if meeting.starts_at else ""
    return {
        Verdict.AGREED: t("Agreed: {time}.", time=agreed),
        Verdict.WAITING: t("Noted: {time}. Waiting for the other side.", time=time),
        Verdict.DIFFERENT: t(
            "Noted: {time}. The other side chose another time; you may choose that one too.", time=time
        ),
        Verdict.NONE_FITS: t("Noted: none of these. The manager is told and proposes other times."),
        Verdict.SETTLED: t("This meeting is agreed already: {time}.", time=agreed),
        Verdict.WITHDRAWN: t("The manager withdrew this proposal."),
        Verdict.LATE: t("This time has passed. Choose another one."),
    }[verdict]


def shown_anew(uow: UnitOfWork, talk: Conversation, meeting: Meeting) -> None:
    """Bring every card of a meeting in every chat up to date, its buttons too."""
    meeting.changes += 1
    for copy, message, reader in _shown(uow, meeting):
        side = conversations.side_of(uow, reader, talk)
        t = bot_texts.speaker(uow, people.language_of(reader), reader.zone)
        head = message_copies.heading(uow, talk, message, reader, message.speaker_name, side=side)
        edit = EditChatMessage(
            chat_id=copy.chat,
            original=copy.outbox_key,
            text=message_copies.under(head, meeting_cards.words(uow, meeting.id, side, t)),
            buttons=meeting_cards.buttons(uow, meeting.id, side, t),
        )
        uow.send(edit, key=f"{copy.outbox_key}:meeting:{meeting.changes}")


def _shown(uow: UnitOfWork, meeting: Meeting) -> Iterator[tuple[MessageCopy, Message, Person]]:
    """Give each chat's copies of a meeting's cards; whoever left the conversation meanwhile keeps what he has."""
    talk = conversations.get(uow, meeting.conversation_id)
    here = {person.chat_id: person for person in readers(uow, talk, meeting)}
    query = (
        select(MessageCopy, Message)
        .join(Message, Message.id == MessageCopy.message_id)
        .where(
            Message.conversation_id == meeting.conversation_id,
            Message.card == f"meeting/{meeting.id}",
            Message.deleted_at.is_(None),
            MessageCopy.place == "telegram",
        )
        .order_by(MessageCopy.id)
    )
    for copy, message in uow.session.execute(query):
        if copy.chat in here:
            yield copy, message, here[copy.chat]


def files(uow: UnitOfWork, talk: Conversation, meeting: Meeting) -> None:
    """Send everybody the agreed meeting as a file for a calendar, behind its card."""
    content = meeting_files.calendar(meeting)
    for reader in readers(uow, talk, meeting):
        t = bot_texts.speaker(uow, people.language_of(reader), reader.zone)
        delivery = SendChatFile(
            chat_id=reader.chat_id,
            kind="document",
            content=content,
            name=meeting_files.NAME,
            caption=escaped(t("Open this file to put the meeting into your calendar.")),
            conversation_id=str(talk.id),
            topic=message_copies.topic_for(uow, talk, reader),
            silent=True,
        )
        uow.send(delivery, key=f"meeting/{meeting.id}:file:{reader.chat_id}")


def calendar(uow: UnitOfWork, talk: Conversation, meeting: Meeting) -> None:
    """Put an agreed meeting into the calendar of the manager who proposed it."""
    starts_at = meeting.starts_at or uow.now
    t = portals.speech(uow)
    event = AddCalendarEvent(
        user_id=meeting.user_id,
        title=meeting.subject,
        text=conversations.title(uow, talk, t.language, for_employee=True),
        place=meeting.link,
        starts_at=starts_at.isoformat(),
        ends_at=(starts_at + timedelta(minutes=meeting.minutes)).isoformat(),
        marker=f"meeting/{meeting.id}",
        owner=conversations.crm_ref(uow, talk),
    )
    uow.send(event, key=f"meeting/{meeting.id}:event", lane=_lane(meeting))


def out_of_calendar(uow: UnitOfWork, meeting: Meeting) -> None:
    """Take a meeting that is off out of the calendar, if it ever came there."""
    if meeting.event_id:
        removal = RemoveCalendarEvent(event_id=meeting.event_id, marker=f"meeting/{meeting.id}")
        uow.send(removal, key=f"meeting/{meeting.id}:event:removed", lane=_lane(meeting))


def _lane(meeting: Meeting) -> str:
    return f"calendar:meeting/{meeting.id}"


def manager(uow: UnitOfWork, talk: Conversation, meeting: Meeting, what: str) -> None:
    """Notify the manager of what the sides said: agreed, none_fits, different or lapsed."""
    t = portals.speech(uow)
    values = {"subject": meeting.subject, "title": conversations.title(uow, talk, t.language, for_employee=True)}
    agreed = t.moment(meeting.starts_at) if meeting.starts_at else ""
    words = {
        "agreed": t("The meeting “{subject}” is agreed: {time}. {title}", time=agreed, **values),
        "none_fits": t("None of the proposed times of “{subject}” suits: propose others. {title}", **values),
        "different": t("The sides chose different times for “{subject}”. {title}", **values),
        "lapsed": t("The proposed times of “{subject}” have passed without an agreement. {title}", **values),
    }[what]
    tag = f"meeting/{meeting.id}"
    ref = conversations.crm_ref(uow, talk)
    staff.notify(uow, meeting.user_id, words, tag=tag, ref=ref, key=f"{tag}:{what}:{meeting.changes}")


def remind(uow: UnitOfWork, talk: Conversation, meeting: Meeting, when: str) -> None:
    """Remind everybody of an agreed meeting, `day` before or `soon`; quiet hours hold back the first alone."""
    starts_at = meeting.starts_at or uow.now

    def say(t: Texts) -> Said:
        soon = t("The meeting “{subject}” begins soon: {time}.", subject=meeting.subject, time=t.moment(starts_at))
        day = t("The meeting “{subject}” is coming: {time}.", subject=meeting.subject, time=t.moment(starts_at))
        return escaped(soon if when == "soon" else day), meeting_cards.join(meeting, t)

    for person in readers(uow, talk, meeting):
        key = f"meeting/{meeting.id}:{when}"
        notices.tell(uow, person, say, key=key, kind="reminders", at_once=when == "soon")
