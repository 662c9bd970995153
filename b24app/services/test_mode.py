"""The test mode: while it is on, nothing reaches a factory's people or the tender channel.

Called by the way out to Telegram, which asks before every round of sending, and by the desk, which shows and switches it. Whatever
asks for a message need not know of it: what was queued before is kept back too.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from b24app.services import settings
from storage.models import Company, Member, Person
from storage.unit_of_work import UnitOfWork

NAME, ON, OFF = "test_mode", "on", "off"
REASON = "Kept back: the test mode is on."


def is_on(uow: UnitOfWork) -> bool:
    """Tell whether the marketplace is being tried out."""
    return settings.get(uow, NAME, OFF) == ON


def switch(uow: UnitOfWork, on: bool, actor: str) -> None:
    """Switch it; who did is kept with every change of a setting."""
    settings.put(uow, NAME, ON if on else OFF, actor)


def spared(uow: UnitOfWork, chats: Collection[str], channel: str) -> frozenset[str]:
    """Give those of the Telegram chats that must hear nothing now; `channel` is the tender channel. None while the mode is off."""
    if not chats or not is_on(uow):
        return frozenset()
    speakers = (
        select(Person.chat_id)
        .join(Member, Member.person_id == Person.id)
        .join(Company, Company.id == Member.company_id)
        .where(Person.chat_id.in_(chats), Company.kind == "factory")
    )
    return frozenset(uow.session.scalars(speakers)) | (frozenset({channel}) & frozenset(chats))
