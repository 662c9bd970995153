"""Presses on the times of a meeting. The card itself is shown anew by the service; the press is answered at once."""

from __future__ import annotations

from b24app.services import meeting_news, meetings
from telegram_bridge.reply import Reply, out_of_date


def choose(reply: Reply, number: str, slot: str) -> str:
    """Take one of the times for the person's side, or none of them (0)."""
    if not (slot.isascii() and slot.isdigit() and len(slot) < 19):
        raise out_of_date()
    meeting, verdict = meetings.answer(reply.uow, reply.person, int(number), int(slot))
    return meeting_news.reply(reply.uow, meeting, verdict, int(slot), reply.t)
