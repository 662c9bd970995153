"""Which factories a lot was sent to: everybody who suits it, and whom a manager adds.

Called by `lot_news`, the robot `notify_factories`, ready-made sets and the tab of a lot's deal. May send: a bot message to everybody
of the invited factories. Errors: InvalidState, InvalidInput (by field), NotFound.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import insert

from b24app.domain import lots as rules
from b24app.errors import InvalidInput, InvalidState, NotFound
from b24app.i18n import Texts
from b24app.services import audit, bot_texts, matching, notices, people
from b24app.services.lot_views import announcement, hidden_names, public_view
from b24app.services.notices import Said, escaped
from b24app.services.screens import opening, tender_path
from storage.models import CatalogueEntry, Company, Invitation, Lot
from storage.unit_of_work import UnitOfWork

NAMES_TOLD = 5


def sent_to(uow: UnitOfWork, lot_id: int) -> dict[int, datetime]:
    """Give which factories got a lot, by their ids, and when."""
    found = select(Invitation.company_id, Invitation.invited_at).where(Invitation.lot_id == lot_id)
    return dict(uow.session.execute(found).all())


def invite(uow: UnitOfWork, lot: Lot, *, limit: int = 0, minimum_score: int = 0) -> int:
    """Send the lot to everybody of the matching factories that did not get it yet, but never to the buyer himself.

    The best `limit` of them (0: all) that reach `minimum_score` of 100. Answers to how many factories.
    """
    return len(_send(uow, lot, _suitable(uow, lot, limit or matching.MOST, minimum_score)))


def invite_more(uow: UnitOfWork, lot: Lot, actor: str) -> int:
    """Send the lot to every suitable factory that did not get it, as an employee asked; answers to how many. InvalidState."""
    _must_take_offers(uow, lot)
    count = invite(uow, lot)
    if not count:
        raise InvalidState("Every suitable factory has this lot already.", code="invited_before")
    audit.record(uow, actor, "lot_sent", f"lot/{lot.id}", count=count)
    return count


def invite_one(uow: UnitOfWork, lot: Lot, company_id: int, actor: str) -> Company:
    """Send the lot to one factory that buyers can find, whether it suits the lot or not: the manager knows why. Gives the factory.

    NotFound for any other company; InvalidState while the lot takes no offers, and when the factory has it or cannot be written to.
    """
    _must_take_offers(uow, lot)
    if uow.session.scalar(_shown(uow).where(Company.id == company_id)) is None:
        raise NotFound(code="company")
    company = uow.session.get_one(Company, company_id)
    if company_id in sent_to(uow, lot.id):
        raise InvalidState("{name} has this lot already.", code="invited_before", name=company.name)
    if not _send(uow, lot, [company_id]):
        raise InvalidState("Nobody of {name} can be written to about this lot.", code="nobody", name=company.name)
    audit.record(uow, actor, "lot_sent", f"lot/{lot.id}", reason=company.name)
    return company


def named(uow: UnitOfWork, words: str, t: Texts) -> int:
    """Find the one factory that buyers can find whose name holds these words; InvalidInput when there is none or several."""
    query = _shown(uow).where(func.lower(Company.name).contains(words.strip().lower(), autoescape=True))
    found = uow.session.execute(query.add_columns(Company.name).order_by(Company.name).limit(NAMES_TOLD + 1)).all()
    exact = [company_id for company_id, name in found if name.lower() == words.strip().lower()]
    if len(exact) == 1 or len(found) == 1:
        return int(exact[0] if len(exact) == 1 else found[0][0])
    if not found:
        raise InvalidInput(fields={"factory": [t("No factory that buyers can find has this name.")]})
    names = ", ".join(name for _, name in found[:NAMES_TOLD])
    raise InvalidInput(
        fields={"factory": [t("Several factories have this name: {names}. Write it in full.", names=names)]}
    )


def _must_take_offers(uow: UnitOfWork, lot: Lot) -> None:
    # `lots` tells of lots through `lot_news`, which comes here.
    if not rules.takes_offers(lot.state, lot.respond_by, uow.now):
        raise InvalidState("This lot takes no offers any more.", code="lot_closed")


def _shown(uow: UnitOfWork) -> Select[int]:
    return (
        select(Company.id)
        .join(CatalogueEntry, CatalogueEntry.company_id == Company.id)
        .where(CatalogueEntry.publication == "published", CatalogueEntry.accepted)
        .where(CatalogueEntry.subscribed_until > uow.now)
    )


def _send(uow: UnitOfWork, lot: Lot, companies: Iterable[int]) -> list[int]:
    """Write to everybody of these factories who is somebody else than the buyer; answers which factories that reached."""
    names = hidden_names(uow, lot)

    @cache
    def invitation(language: str) -> Said:
        t = bot_texts.speaker(uow, language)
        text = f"{escaped(t('A new lot suits your factory'))}\n\n"
        text += announcement(public_view(lot, language, names), t)
        return text, [[opening(t("Respond"), tender_path(lot.id))]]

    chosen = list(companies)
    members = people.members_of_all(uow, chosen)
    invited: list[int] = []
    for company_id in chosen:
        own = members.get(company_id, [])
        if not own or any(person.id == lot.person_id for person in own):
            continue
        key = f"lot/{lot.id}:published:v{lot.version}:company/{company_id}"
        for person in own:
            notices.tell(uow, person, lambda t: invitation(t.language), key=key, kind="lots", broadcast=True)
        invited.append(company_id)
    _remember(uow, lot, invited)
    return invited


def _suitable(uow: UnitOfWork, lot: Lot, limit: int, minimum_score: int) -> list[int]:
    if minimum_score > 0:
        best = matching.factories_for(uow, lot.id, "en", limit=limit)
        companies = [match.company_id for match in best if match.score >= minimum_score]
    else:
        companies = matching.company_ids_for(uow, lot.id, limit)
    got = sent_to(uow, lot.id)
    return [company_id for company_id in companies if company_id not in got]


def _remember(uow: UnitOfWork, lot: Lot, invited: list[int]) -> None:
    """Keep who was sent the lot: factories' statistics and answer times count from it."""
    rows = [{"lot_id": lot.id, "company_id": company_id, "invited_at": uow.now} for company_id in invited]
    if rows:
        uow.session.execute(insert(Invitation).on_conflict_do_nothing(), rows)
