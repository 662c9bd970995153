"""Buttons of the cards on CRM timelines: one decision each, in a sentence for whoever pressed.

Called by the portal's events. A second press, of the same or another employee, is told who decided. May send what the decision sends.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from b24app.errors import InvalidState, NotFound
from b24app.i18n import Texts
from b24app.services import (
    access_requests,
    audits,
    companies,
    lot_changes,
    lots,
    message_changes,
    message_files,
    offers,
    portals,
    profile_changes,
    review_replies,
    reviews,
    staff,
    standing_cards,
)
from storage.models import AuditEntry, Card
from storage.unit_of_work import UnitOfWork


def act(uow: UnitOfWork, card: str, action: str, actor: str) -> str:
    """Do what a button asks for; `card` is a card's name (`offer/17`) or its activity id. Gives the sentence to show.

    NotFound for a card or button that does not exist, NotAllowed for an employee who was not named for such decisions; a refusal by
    the rules comes back as a sentence.
    """
    name = _name_of(uow, card)
    noun, _, number = name.partition("/")
    deed = _DEEDS.get((noun, action))
    if deed is None or not number.isdigit():
        raise NotFound(code="card")
    staff.must_decide(uow, actor, noun)
    t = portals.speech(uow)
    try:
        with uow.session.begin_nested():
            return deed(uow, int(number), actor, t)
    except InvalidState:
        return _decided_by(uow, name, t)


def _name_of(uow: UnitOfWork, card: str) -> str:
    if "/" in card:
        return card
    found = uow.session.scalars(select(Card.card).where(Card.activity_id == card)).first() if card else None
    if found is None:
        raise NotFound(code="card")
    return found


def _decided_by(uow: UnitOfWork, name: str, t: Texts) -> str:
    noun, _, number = name.partition("/")
    entry = uow.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.subject == f"{_LOGGED_AS.get(noun, noun)}/{number}", AuditEntry.actor.not_like("person/%"))
        .order_by(AuditEntry.id.desc())
        .limit(1)
    ).first()
    if entry is None:
        return t("This was decided already.")
    moment = t.moment(entry.at)
    if entry.actor.startswith("user/"):
        who = staff.name_of(uow, entry.actor.removeprefix("user/"))
        return t("This was decided already: {user}, {moment}.", user=who, moment=moment)
    return t("This was decided already: an automation rule, {moment}.", moment=moment)


def _allow_offer(uow: UnitOfWork, number: int, actor: str, t: Texts) -> str:
    offers.allow(uow, number, actor)
    return t("Contact is allowed; the conversation is open.")


def _decline_offer(uow: UnitOfWork, number: int, actor: str, t: Texts) -> str:
    offers.decline(uow, number, "other", actor)
    return t("The offer is declined; the factory was told.")


def _publish_lot(uow: UnitOfWork, number: int, actor: str, t: Texts) -> str:
    lot = lots.approve(uow, number, actor)
    return t("Lot No. {number} is published.", number=lot.number)


def _publish_change(uow: UnitOfWork, number: int, actor: str, t: Texts) -> str:
    lot = lot_changes.approve(uow, number, actor)
    return t("The change of lot No. {number} is published.", number=lot.number)


def _accept_company(uow: UnitOfWork, number: int, actor: str, t: Texts) -> str:
    company = companies.accept(uow, number, actor)
    return t("The questionnaire of {company} is approved.", company=company.name)


def _accept_documents(uow: UnitOfWork, number: int, actor: str, t: Texts) -> str:
    count = audits.accept_documents(uow, number, actor)
    return t.tn("{count} document is accepted.", "{count} documents are accepted.", count)


def _accept_change(uow: UnitOfWork, number: int, actor: str, t: Texts) -> str:
    company = profile_changes.decide(uow, number, actor, approve=True)
    return t("The profile of {company} is changed.", company=company.name)


def _decline_change(uow: UnitOfWork, number: int, actor: str, t: Texts) -> str:
    company = profile_changes.decide(uow, number, actor, approve=False)
    return t("The profile of {company} stays as it was.", company=company.name)


def _publish_review(uow: UnitOfWork, number: int, actor: str, t: Texts) -> str:
    reviews.decide(uow, number, actor, publish=True)
    return t("The review is published and counts in the rating.")


def _decline_review(uow: UnitOfWork, number: int, actor: str, t: Texts) -> str:
    reviews.decide(uow, number, actor, publish=False)
    return t("The review is declined; it does not count.")


def _publish_reply(uow: UnitOfWork, number: int, actor: str, t: Texts) -> str:
    review_replies.decide(uow, number, actor, publish=True)
    return t("The reply is published below its review.")


def _decline_reply(uow: UnitOfWork, number: int, actor: str, t: Texts) -> str:
    review_replies.decide(uow, number, actor, publish=False)
    return t("The reply is declined; its writer was told.")


def _release_file(uow: UnitOfWork, number: int, actor: str, t: Texts) -> str:
    message_changes.release(uow, number, actor)
    return t("The other side gets the file.")


def _keep_file(uow: UnitOfWork, number: int, actor: str, t: Texts) -> str:
    message_files.leave_hidden(uow, number, actor)
    return t("The file stays hidden. It can still be shown on the tab of the deal.")


def _give_access(uow: UnitOfWork, number: int, actor: str, t: Texts) -> str:
    company = access_requests.give(uow, number, actor)
    until = t.date(company.catalogue_until) if company.catalogue_until else ""
    return t("{company} has access to the catalogue until {date}.", company=company.name, date=until)


def _decline_access(uow: UnitOfWork, number: int, actor: str, t: Texts) -> str:
    company = access_requests.decline(uow, number, actor)
    return t("{company} was told that there is no access this time.", company=company.name)


def _publish_factory(uow: UnitOfWork, number: int, actor: str, t: Texts) -> str:
    standing_cards.must_wait(uow, number)
    company = companies.publish(uow, number, actor)
    return t("{company} is shown to buyers again.", company=company.name)


def _keep_suspended(uow: UnitOfWork, number: int, actor: str, t: Texts) -> str:
    standing_cards.must_wait(uow, number)
    company = companies.get(uow, number)
    standing_cards.settle(uow, company, actor, published=False)
    return t("{company} stays suspended.", company=company.name)


def _ask_for_reasons(uow: UnitOfWork, number: int, actor: str, t: Texts) -> str:
    return t("Open the application's tab on this card to name the fields and the reasons.")


_LOGGED_AS = {"revision": "lot"}
"""Under which noun the log knows what a card asks about, where it is not the card's own."""

_DEEDS: dict[tuple[str, str], Callable[[UnitOfWork, int, str, Texts], str]] = {
    ("offer", "allow"): _allow_offer,
    ("offer", "decline"): _decline_offer,
    ("lot", "approve"): _publish_lot,
    ("lot", "return"): _ask_for_reasons,
    ("revision", "approve"): _publish_change,
    ("revision", "return"): _ask_for_reasons,
    ("company", "approve"): _accept_company,
    ("company", "return"): _ask_for_reasons,
    ("profile", "approve"): _accept_change,
    ("profile", "return"): _decline_change,
    ("review", "publish"): _publish_review,
    ("review", "decline"): _decline_review,
    ("reply", "publish"): _publish_reply,
    ("reply", "decline"): _decline_reply,
    ("message", "release"): _release_file,
    ("message", "keep"): _keep_file,
    ("access", "give"): _give_access,
    ("access", "decline"): _decline_access,
    ("standing", "publish"): _publish_factory,
    ("standing", "keep"): _keep_suspended,
    ("audit", "accept"): _accept_documents,
    ("audit", "return"): _ask_for_reasons,
}
