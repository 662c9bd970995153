"""Ready-made sets switched on as rules of ours: run by the portal's own news of a deal that came to a stage.

Called by the page of sets (`shown`, `switch`) and when a deal was read (`entered`). May send what the sets send. Errors: InvalidInput.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from sqlalchemy import select

from b24app.domain import ready_sets as rules
from b24app.errors import DomainError, InvalidInput
from b24app.i18n import Texts
from b24app.services import audit, ready_sets
from storage.models import CrmLink, Lot, Order, StageRule
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)
STOOD = "stood_on"
"""Where a snapshot keeps the stage on which its card was seen last."""


def shown(uow: UnitOfWork) -> dict[str, StageRule]:
    """Give the rules that were ever switched, by the code of their set."""
    return {rule.set_code: rule for rule in uow.session.scalars(select(StageRule))}


def switch(
    uow: UnitOfWork, code: str, *, stage: str, numbers: Mapping[str, int], on: bool, actor: str, t: Texts
) -> None:
    """Let a set run by itself on a stage from now on, or no more. InvalidInput names what is out of bounds."""
    wrong = rules.faults(code, stage, numbers)
    if wrong:
        raise InvalidInput(
            fields={name: [t("Choose a stage and whole numbers within their bounds.")] for name in wrong}
        )
    one = rules.SETS[code]
    settled = rules.settled(code, numbers)
    rule = StageRule(set_code=code, pipeline=one.pipeline, stage=stage, numbers=settled, is_on=on, switched_at=uow.now)
    uow.session.merge(rule)
    uow.session.flush()
    audit.record(uow, actor, "stage_rule_switched", f"stage_rule/{code}", on=on, stage=stage, numbers=settled)


def entered(uow: UnitOfWork, link: CrmLink, stage: str) -> None:
    """Take where a card stands: when it came there since it was last seen, the rules of that stage run.

    A card seen for the first time came there if it was made after the rule was switched on. What the rules of a set refuse is noted.
    """
    stood = link.snapshot.get(STOOD)
    if stood == stage:
        return
    link.snapshot = {**link.snapshot, STOOD: stage}
    noun, _, number = link.ref.partition("/")
    running = select(StageRule).where(StageRule.is_on, StageRule.stage == stage).order_by(StageRule.set_code)
    for rule in uow.session.scalars(running).all():
        fresh = stood is not None or link.created_at >= rule.switched_at
        if fresh and rules.SETS[rule.set_code].noun == noun:
            _run(uow, rule, link.ref, int(number))


def _run(uow: UnitOfWork, rule: StageRule, ref: str, number: int) -> None:
    try:
        with uow.session.begin_nested():
            if rule.set_code == ready_sets.ANNOUNCE:
                count = ready_sets.announce(uow, uow.session.get_one(Lot, number), rule.numbers, "rule")
            else:
                count = ready_sets.close(uow, uow.session.get_one(Order, number), "rule")
    except DomainError as error:
        log.info("the rule %s did nothing on %s: %s", rule.set_code, ref, error.code)
        return
    audit.record(uow, "automation", "stage_rule_ran", ref, set=rule.set_code, count=count)
