"""Keeping half-filled forms until they are submitted: `form` is buyer, factory, lot, `offer:<lot id>` or `mend:<lot id or 0>:<round>`."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.postgresql import insert

from b24app.domain.industries import Kind
from b24app.errors import LimitExceeded
from b24app.services.industries import pack
from storage.models import Draft, Person
from storage.unit_of_work import UnitOfWork

LIMIT_BYTES = 200_000


def load(uow: UnitOfWork, person: Person, form: str) -> Draft | None:
    """Give what the person has entered into a form so far, or None."""
    return uow.session.scalars(select(Draft).where(Draft.person_id == person.id, Draft.form == form)).first()


def save(uow: UnitOfWork, person: Person, form: str, answers: dict[str, Any], step: str = "") -> Draft:
    """Keep the answers as they are, unchecked, in place of the earlier ones. LimitExceeded when they are absurdly large."""
    if len(json.dumps(answers, default=str)) > LIMIT_BYTES:
        raise LimitExceeded(code="draft_size")
    values = {"answers": answers, "step": step[:60], "changed_at": uow.now}
    statement = insert(Draft).values(person_id=person.id, form=form[:60], **values)
    kept = statement.on_conflict_do_update(index_elements=["person_id", "form"], set_=values).returning(Draft)
    return uow.session.scalars(kept, execution_options={"populate_existing": True}).one()


def asked_in_chat(uow: UnitOfWork, person: Person) -> Draft | None:
    """Give the form whose question waits for an answer in the chat, or None; the one touched last when there are several.

    It is locked: a fetched file may become an answer of it at the same moment.
    """
    waits = or_(Draft.step.startswith("chat:"), Draft.step.startswith("more:"))
    return uow.session.scalars(
        select(Draft)
        .where(Draft.person_id == person.id, waits)
        .order_by(Draft.changed_at.desc())
        .limit(1)
        .with_for_update(key_share=True)
    ).first()


def put_point(uow: UnitOfWork, person: Person, latitude: float, longitude: float) -> bool:
    """Keep a place as the answer to the first question of the person's questionnaire that asks for one; False when none does."""
    form = pack().questionnaires.get(person.active_role)
    asked = next((question for question in form.questions if question.kind is Kind.POINT), None) if form else None
    if asked is None:
        return False
    known = load(uow, person, person.active_role)
    point = {"lat": f"{latitude:.6f}", "lon": f"{longitude:.6f}"}
    save(
        uow,
        person,
        person.active_role,
        {**(known.answers if known else {}), asked.code: point},
        known.step if known else "",
    )
    return True


def discard_everybodys(uow: UnitOfWork, form: str) -> None:
    """Forget what anybody entered into a form that was settled for all of them."""
    uow.session.execute(delete(Draft).where(Draft.form == form))


def discard(uow: UnitOfWork, person: Person, form: str) -> None:
    """Forget what was entered into a form."""
    uow.session.execute(delete(Draft).where(Draft.person_id == person.id, Draft.form == form))
