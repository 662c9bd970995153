"""What the automation rules of the portal hear from the marketplace: facts as triggers, and replies that a waiting rule asked for.

Called by conversations, offers and people when something happened, and by the watch over deadlines. May send: FireTrigger, FinishRobot.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select

from b24app.domain.deliveries import FinishRobot, FireTrigger
from b24app.domain.shortening import shortened
from b24app.i18n import Texts
from b24app.services import people, portals
from storage.models import Conversation, Lot, Order, Person, RobotWait
from storage.unit_of_work import UnitOfWork

ANY = "any"
WITH_STAGES = ("lead", "lot", "order")
LONGEST_REPLY = 2000


def wait(uow: UnitOfWork, event_token: str, ref: str, side: str, until: datetime) -> None:
    """Let a rule wait for a reply of the `buyer`, the `factory` or `any` of them on an item, until a moment."""
    known = uow.session.scalar(select(RobotWait.id).where(RobotWait.event_token == event_token))
    if known is None:
        uow.session.add(RobotWait(event_token=event_token, ref=ref, side=side, until=until, created_at=uow.now))


def said(uow: UnitOfWork, conversation: Conversation, side: str, speaker: Person, *, text: str, fact: str) -> None:
    """Pass on that a side of a conversation wrote: the trigger once for a `fact`, and the words to every rule that waits for them."""
    refs = _refs(uow, conversation)
    for ref in refs[:1]:
        if ref.startswith(WITH_STAGES):
            uow.send(FireTrigger(code=f"{side}_message", ref=ref), key=f"{fact}:trigger")
    replied(uow, refs, side, people.name_of(speaker), text)


def _refs(uow: UnitOfWork, conversation: Conversation) -> list[str]:
    """Name the items on which a conversation counts, the nearest first."""
    order = f"order/{conversation.order_id}" if conversation.order_id else ""
    lot = f"lot/{conversation.lot_id}" if conversation.lot_id else ""
    person = uow.session.get(Person, conversation.person_id) if conversation.person_id else None
    card = people.crm_ref(uow, person) if person else ""
    return [ref for ref in (order, lot, card) if ref]


def replied(uow: UnitOfWork, refs: list[str], side: str, who: str, text: str) -> None:
    """Let every rule go on that waits on one of the items for this side."""
    waiting = uow.session.scalars(
        select(RobotWait)
        .where(RobotWait.ref.in_(refs), RobotWait.state == "open", RobotWait.side.in_((side, ANY)))
        .with_for_update(key_share=True)
    )
    for one in waiting.all():
        t = portals.speech(uow)
        words = shortened(text, LONGEST_REPLY)
        values = {"text": words, "who": who, "timed_out": "N"}
        _finish(uow, one, "heard", values, t("{name} answered.", name=who))


def time_out(uow: UnitOfWork, limit: int = 100) -> int:
    """Let rules go on that waited in vain; answers how many."""
    due = uow.session.scalars(
        select(RobotWait)
        .where(RobotWait.state == "open", RobotWait.until <= uow.now)
        .order_by(RobotWait.id)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    ).all()
    for one in due:
        values = {"text": "", "who": "", "timed_out": "Y"}
        _finish(uow, one, "timed_out", values, _in_vain(portals.speech(uow), one))
    return len(due)


def _in_vain(t: Texts, one: RobotWait) -> str:
    return t("Nobody answered until {moment}.", moment=t.moment(one.until))


def _finish(uow: UnitOfWork, one: RobotWait, state: str, values: dict[str, str], sentence: str) -> None:
    one.state = state
    answer = FinishRobot(event_token=one.event_token, return_values=dict(values), log_message=sentence)
    uow.send(answer, key=f"robot:{one.event_token}", lane=f"robot:{one.event_token}")


def blocked(uow: UnitOfWork, person: Person) -> None:
    """Fire the trigger of a person who blocked the bot on the lead, and on the lots and orders that run with the company."""
    mark = int(uow.now.timestamp())
    for ref in _open_items(uow, person):
        uow.send(FireTrigger(code="bot_blocked", ref=ref), key=f"person/{person.id}:blocked:{mark}:{ref}")


def consent_withdrawn(uow: UnitOfWork, person: Person) -> None:
    """Fire the trigger of a withdrawn consent on the person's lead, and on the lots and orders that run with the company."""
    mark = int(uow.now.timestamp())
    for ref in _open_items(uow, person):
        uow.send(FireTrigger(code="consent_withdrawn", ref=ref), key=f"person/{person.id}:withdrawn:{mark}:{ref}")


def _open_items(uow: UnitOfWork, person: Person) -> list[str]:
    card = people.crm_ref(uow, person)
    found = [card] if card.startswith("lead/") else []
    company = people.company_of(uow, person) if person.active_role else None
    if company is None:
        return found
    lots = select(Lot.id).where(Lot.company_id == company.id, Lot.state.in_(("submitted", "published")))
    ours = or_(Order.company_id == company.id, Lot.company_id == company.id)
    mine = select(Order.id).join(Lot, Lot.id == Order.lot_id).where(ours, Order.state != "done")
    found += [f"lot/{number}" for number in uow.session.scalars(lots.order_by(Lot.id))]
    return found + [f"order/{number}" for number in uow.session.scalars(mine.order_by(Order.id))]
