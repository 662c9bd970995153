"""The moderation queue: everything that waits, filtered, sorted, turned over, decided many at a time, taken back where possible.

Built for `registry` as a view of the overview. Each thing is decided by the service that decides it one by one; one that somebody
decided meanwhile is named and does not hold back the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from b24app.errors import DomainError, InvalidInput, NotAllowed
from b24app.i18n import Texts, texts
from b24app.services import companies, lot_changes, lots, moderation, offers, profile_changes, staff
from b24app.services.industries import pack
from b24app.services.moderation import PAGE, Waiting, Wanted
from placements import rights, subjects
from placements.calls import Call, Entity
from placements.forms import QueueForm
from placements.subjects import Subject
from placements.wording import message_of
from storage.models import AuditEntry, Company, Offer
from storage.unit_of_work import UnitOfWork

APPROVES = {
    "lot": "approve_lot",
    "buyer": "approve_company",
    "factory": "approve_company",
    "change": "decide_change",
    "offer": "allow_offer",
}
"""What approving a thing needs the right to, by its kind."""


@dataclass(frozen=True)
class Row:
    """One line of the queue in words; `key` names it in the form."""

    key: str
    kind: str
    title: str
    segment: str
    since: datetime
    responsible: str
    entity: Entity | None


@dataclass(frozen=True)
class Undo:
    """A decision that can be taken back."""

    id: int
    words: str
    at: datetime


def queue(uow: UnitOfWork, call: Call, _subject: Subject) -> dict[str, Any]:
    """Show one page of the queue as it was asked for."""
    t = texts(call.language)
    wanted = _wanted(call)
    found, total = moderation.queue(uow, wanted)
    if total and not found:
        # What stood on this page was decided meanwhile: the last page that there is now is shown.
        wanted = replace(wanted, page=(total - 1) // PAGE)
        found, total = moderation.queue(uow, wanted)
    in_crm = subjects.refs_in_crm(uow, sorted({one.ref for one in found}))
    names = staff.names_of(uow, sorted({one.responsible_id for one in found if one.responsible_id}))
    kinds = kind_words(t)
    return {
        "view": "queue",
        "now": uow.now,
        "wanted": wanted,
        "total": total,
        "rows": [
            Row(
                key=f"{one.kind}.{one.id}",
                kind=kinds[one.kind],
                title=_title(one, t),
                segment=pack().named("segments", one.segment, call.language),
                since=one.since,
                responsible=names.get(one.responsible_id, "")
                or (f"#{one.responsible_id}" if one.responsible_id else ""),
                entity=in_crm.get(one.ref),
            )
            for one in found
        ],
        "kinds": list(kinds.items()),
        "segments": [(choice.code, choice.label(call.language)) for choice in pack().segments],
        "reasons": pack().decline_reasons,
        "sorts": {sort: _query(wanted, sort=sort, page=0) for sort in moderation.SORTS},
        "filter": _query(wanted),
        "earlier": _query(wanted, page=wanted.page - 1) if wanted.page else "",
        "later": _query(wanted, page=wanted.page + 1) if (wanted.page + 1) * PAGE < total else "",
        "undos": [_undo(uow, entry, t) for entry in moderation.undoable(uow, call.actor)],
    }


def kind_words(t: Texts) -> dict[str, str]:
    """Name the kinds of things that wait."""
    return {
        "lot": t("Lot"),
        "buyer": t("Buyer"),
        "factory": t("Factory"),
        "change": t("Change of the profile"),
        "offer": t("Offer"),
    }


def _wanted(call: Call) -> Wanted:
    return Wanted(user_id=call.user_id, **QueueForm().load(call.asked))


def _query(wanted: Wanted, **changes: Any) -> str:
    names = ("kind", "segment", "words", "whose", "sort", "page")
    fields = {name: getattr(wanted, name) for name in names} | changes
    return urlencode({name: value for name, value in fields.items() if value not in ("", 0)})


def _title(one: Waiting, t: Texts) -> str:
    if one.kind == "lot":
        return t("Lot No. {number}: {company}", number=one.number, company=one.name)
    if one.kind == "offer":
        return t("{factory} for lot No. {number}", factory=one.name, number=one.number)
    return one.name


def approve_many(uow: UnitOfWork, call: Call, _subject: Subject, form: dict[str, Any]) -> str:
    """Publish lots, accept questionnaires and changes, allow contacts: whatever was picked and the visitor may decide."""
    deeds: Mapping[str, Callable[[int], object]] = {
        "lot": lambda number: lot_changes.publish(uow, number, call.actor),
        "buyer": lambda number: companies.accept(uow, number, call.actor),
        "factory": lambda number: companies.accept(uow, number, call.actor),
        "change": lambda number: profile_changes.decide(uow, number, call.actor, approve=True),
        "offer": lambda number: offers.allow(uow, number, call.actor),
    }

    def approve(kind: str, number: int) -> None:
        if not rights.may(call.role, APPROVES[kind]):
            raise NotAllowed
        deeds[kind](number)

    return _each(uow, call, form["picked"], approve)


def decline_many(uow: UnitOfWork, call: Call, _subject: Subject, form: dict[str, Any]) -> str:
    """Decline the offers among what was picked, with one reason."""
    picked = [(kind, number) for kind, number in form["picked"] if kind == "offer"]
    if not picked:
        raise InvalidInput(fields={"picked": [texts(call.language)("Only offers are declined here; mark some.")]})
    return _each(uow, call, picked, lambda _, number: offers.decline(uow, number, form["reason"], call.actor))


def take_many(uow: UnitOfWork, call: Call, _subject: Subject, form: dict[str, Any]) -> str:
    """Make the visitor responsible for what was picked and for whatever the same companies send later."""

    def take(kind: str, number: int) -> None:
        moderation.assign(uow, _company_id(uow, kind, number), call.user_id, call.actor)

    return _each(uow, call, form["picked"], take)


def _company_id(uow: UnitOfWork, kind: str, number: int) -> int:
    if kind in {"buyer", "factory", "change"}:
        return number
    return lots.get(uow, offers.get(uow, number).lot_id if kind == "offer" else number).company_id


def _each(uow: UnitOfWork, call: Call, picked: list[tuple[str, int]], decide: Callable[[str, int], object]) -> str:
    t, refused = texts(call.language), ""
    done = 0
    for kind, number in picked:
        try:
            with uow.session.begin_nested():
                decide(kind, number)
            done += 1
        except DomainError as error:
            refused = message_of(error, t)
    said = t.tn("{count} thing is decided.", "{count} things are decided.", done)
    if done == len(picked):
        return said
    left = t.tn(
        "{count} was left as it is: {reason}",
        "{count} were left as they are: {reason}",
        len(picked) - done,
        reason=refused,
    )
    return f"{said} {left}"


def undo(uow: UnitOfWork, call: Call, _subject: Subject, form: dict[str, Any]) -> str:
    """Take back an own decision of the last hour: a declined offer waits again, a responsible employee is the one before."""
    t = texts(call.language)
    entry = moderation.own_decision(uow, form["row_id"], call.actor)
    number = int(entry.subject.partition("/")[2])
    if entry.action == "offer_declined":
        offers.reconsider(uow, number, call.actor)
    else:
        moderation.assign(uow, number, str(entry.details.get("before") or ""), call.actor)
    return t("Taken back.")


def _undo(uow: UnitOfWork, entry: AuditEntry, t: Texts) -> Undo:
    number = int(entry.subject.partition("/")[2])
    company_id = uow.session.get_one(Offer, number).company_id if entry.action == "offer_declined" else number
    name = uow.session.get_one(Company, company_id).name
    words = {
        "offer_declined": t("You declined the offer of {company}", company=name),
        "responsible_changed": t("You took over {company}", company=name),
    }[entry.action]
    return Undo(entry.id, words, entry.at)
