"""What the ready-made sets of automation do, for the robots of their names and for our own rules.

Called by robots, `stage_rules` and the watching job. May send: bot messages, a notice and a task for the responsible employee.
Errors: InvalidState. A set runs once for a deal and a source: a rule, or one call of a robot.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from b24app.domain.deliveries import AddTask
from b24app.domain.reviews import may_review
from b24app.errors import InvalidState
from b24app.services import invitations, lots, portals, ready_set_news, reviews, staff
from storage.models import Company, Lot, Offer, Order, SetRun
from storage.unit_of_work import UnitOfWork

ANNOUNCE, CLOSE = "announce_lot", "close_order"
TOGETHER = 50


def announce(uow: UnitOfWork, lot: Lot, numbers: Mapping[str, int], source: str) -> int:
    """Send a published lot to the factories that suit it, and look after `hours` whether one answered; answers to how many.

    InvalidState while the lot takes no offers.
    """
    lots.must_take_offers(uow, lot)
    due_at = uow.now + timedelta(hours=numbers["hours"])
    if not _begins(uow, ANNOUNCE, f"lot/{lot.id}", source, due_at):
        return 0
    return invitations.invite(uow, lot, limit=numbers["limit"], minimum_score=numbers["minimum_score"])


def close(uow: UnitOfWork, order: Order, source: str) -> int:
    """Thank both sides of an order and ask them for a review; answers how many people were thanked. InvalidState before shipping."""
    if not may_review(order.state):
        raise InvalidState("An order can be reviewed once it is shipped.", code="review_too_early")
    if not _begins(uow, CLOSE, f"order/{order.id}", source):
        return 0
    thanked = ready_set_news.thank(uow, order)
    reviews.ask(uow, order)
    return thanked


def _begins(uow: UnitOfWork, code: str, ref: str, source: str, due_at: datetime | None = None) -> bool:
    """Note a run; False when this source has run there before."""
    values = {"set_code": code, "ref": ref, "source": source, "due_at": due_at, "created_at": uow.now}
    row = insert(SetRun).values(state="waiting" if due_at else "done", **values)
    return uow.session.scalar(row.on_conflict_do_nothing().returning(SetRun.id)) is not None


def follow_up(uow: UnitOfWork) -> int:
    """Give the responsible employee a task for every announced lot that nobody answered in time; answers how many."""
    due = uow.session.scalars(
        select(SetRun)
        .where(SetRun.state == "waiting", SetRun.due_at <= uow.now)
        .order_by(SetRun.due_at)
        .limit(TOGETHER)
        .with_for_update(skip_locked=True, key_share=True)
    ).all()
    return sum(_unanswered(uow, run) for run in due)


def _unanswered(uow: UnitOfWork, run: SetRun) -> bool:
    run.state = "done"
    lot = uow.session.get(Lot, int(run.ref.removeprefix("lot/")))
    if lot is None or lot.state != "published":
        return False
    if uow.session.scalar(select(func.count()).where(Offer.lot_id == lot.id)):
        return False
    t = portals.speech(uow)
    words = t("No factory has answered lot No. {number}. Look for others, or ask the buyer.", number=lot.number)
    user_id = uow.session.get_one(Company, lot.company_id).responsible_id
    key = f"set_run/{run.id}"
    staff.notify(uow, user_id, words, tag=key, ref=run.ref, key=f"{key}:notice")
    deadline = (uow.now + timedelta(days=1)).isoformat()
    responsible = staff.on_duty(uow, user_id)
    task = AddTask(ref=run.ref, title=words, text=words, responsible_id=responsible, deadline=deadline, external_id=key)
    uow.send(task, key=f"{key}:task")
    return True
