"""A change of a published lot while it waits for an employee: what was asked, how it is shown, dropping it.

Called by `lots` and `lot_changes`, by the Mini App, the chat and the desk that show it. Factories see the lot as it was until an employee
decides in `lot_changes`. May send: a card with two buttons, a notice to the responsible employee, bot messages. Raises nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_

from b24app.domain.shortening import shortened
from b24app.i18n import Texts
from b24app.services import audit, decision_cards, lot_checks, notices, portals, staff
from b24app.services.forms import shown
from b24app.services.industries import pack
from b24app.services.notices import Said, escaped
from b24app.services.screens import lot_edit_path, lot_path, opening
from storage.models import Company, Lot, Person
from storage.unit_of_work import UnitOfWork


def waits(lot: Lot) -> bool:
    """Tell whether a change of the lot waits for an employee's word."""
    return bool(lot.revision) and lot.revision_at is not None


def wished(lot: Lot) -> dict[str, Any]:
    """Give the answers as the buyer wants them: those of the change that waits or came back, else the lot's own."""
    return dict(lot.revision or lot.fields)


def changed(lot: Lot, values: Mapping[str, Any]) -> list[str]:
    """Name the questions whose answers in `values` are others than the lot's."""
    form = pack().forms["lot"]
    codes = dict.fromkeys((*values, *lot.fields))
    return [code for code in codes if form.asks(code) and values.get(code) != lot.fields.get(code)]


def preview(lot: Lot, fields: Mapping[str, Any]) -> Lot:
    """Give the lot as it would be with other answers; nothing of it is kept."""
    return Lot(
        id=lot.id,
        number=lot.number,
        company_id=lot.company_id,
        person_id=lot.person_id,
        state=lot.state,
        version=lot.version,
        fields=dict(fields),
        segment=fields["segment"],
        respond_by=lot.respond_by,
        published_at=lot.published_at,
    )


def waiting() -> ColumnElement[bool]:
    """Give the condition for lots with something to decide: handed in, or published with a change that waits."""
    return or_(Lot.state == "submitted", and_(Lot.state == "published", Lot.revision_at.is_not(None)))


def waiting_since() -> ColumnElement[datetime]:
    """Give since when a lot waits for a decision."""
    return case((Lot.state == "published", Lot.revision_at), else_=func.coalesce(Lot.submitted_at, Lot.created_at))


def ask(uow: UnitOfWork, lot: Lot, person: Person, values: Mapping[str, Any]) -> None:
    """Keep a change until an employee decides, and ask. The same again asks nobody twice."""
    if waits(lot) and lot.revision == values:
        return
    lot.revision, lot.revision_at, lot.corrections = dict(values), uow.now, []
    uow.session.flush()
    company = uow.session.get_one(Company, lot.company_id)
    t = portals.speech(uow)
    form = pack().forms["lot"]
    rows = [[t("Buyer"), company.name]]
    for code in changed(lot, values):
        before, after = (shown(form, fields, code, t.language) or "—" for fields in (lot.fields, values))
        rows.append([form.question(code).label(t.language), shortened(f"{before} → {after}", 400)])
    rows += [[t("Attention"), finding] for finding in lot_checks.findings(uow, preview(lot, values), t)]
    title, ref = t("Change of lot No. {number} waits for moderation", number=lot.number), f"lot/{lot.id}"
    choices = (("approve", t("Publish")), ("return", t("Return")))
    user_id = company.responsible_id
    decision_cards.ask(uow, _card(lot), ref, title, rows=rows, choices=choices, responsible_id=user_id)
    staff.notify(uow, user_id, title, tag=ref, ref=ref)
    audit.record(uow, f"person/{person.id}", "lot_change_asked", ref)


def drop(uow: UnitOfWork, lot: Lot, outcome: str) -> None:
    """Forget what was asked, if anything was; the card says how it ended."""
    was_waiting = waits(lot)
    if lot.state == "published":
        lot.corrections = []
    lot.revision, lot.revision_at = {}, None
    if was_waiting:
        close_card(uow, lot, outcome)


def close_card(uow: UnitOfWork, lot: Lot, outcome: str) -> None:
    """Complete the card of the change with a sentence about how it ended."""
    title = portals.speech(uow)("Change of lot No. {number}", number=lot.number)
    decision_cards.close(uow, _card(lot), f"lot/{lot.id}", title, outcome)


def _card(lot: Lot) -> str:
    return f"revision/{lot.id}"


def tell_published(uow: UnitOfWork, lot: Lot) -> None:
    """Tell the buyer that factories see the change now."""

    def say(t: Texts) -> Said:
        text = t("The change of lot No. {number} is published.", number=lot.number)
        return escaped(text), [[opening(t("Open the lot"), lot_path(lot.id))]]

    notices.tell_company(uow, lot.company_id, say, key=f"lot/{lot.id}:changed:v{lot.version}")


def tell_returned(uow: UnitOfWork, lot: Lot) -> None:
    """Say which answers of the change need correction and why; factories see the lot as it was."""
    form = pack().forms["lot"]

    def say(t: Texts) -> Said:
        lines = [
            f"• <b>{escaped(form.question(item['field']).label(t.language))}</b>: {escaped(item['reason'])}"
            for item in lot.corrections
        ]
        head = t("Please correct the change of lot No. {number}:", number=lot.number)
        foot = t("Until then factories see the lot as it was.")
        here = {"text": t("💬 Answer here in the chat"), "data": f"change:{lot.id}"}
        text = "\n".join([escaped(head), *lines, "", escaped(foot)])
        return text, [[opening(t("Correct"), lot_edit_path(lot.id))], [here]]

    stamp = int(uow.now.timestamp() * 1000)
    notices.tell_company(uow, lot.company_id, say, key=f"lot/{lot.id}:change-returned:{stamp}")
