"""The tab of a company: a factory as buyers see it, its questionnaire, the rights a manager grants by hand.

Built for `registry`; its decisions are one service call each. A buyer's company shows its questionnaire and catalogue access.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from b24app.errors import InvalidInput
from b24app.i18n import texts
from b24app.services import companies, staff
from b24app.services.industries import pack
from placements import subjects
from placements.answers import attachments, blocks_of
from placements.calls import Call
from placements.subjects import Subject
from storage.models import Company, Grant, Lot, Offer
from storage.unit_of_work import UnitOfWork

_GRANTS_SHOWN = 20
_TERMS = {"subscription_6m": 182, "verification": 365, "catalogue_access": 30}


def profile(uow: UnitOfWork, call: Call, subject: Subject) -> dict[str, Any]:
    """Show a factory as buyers see it, with what stands between it and the catalogue."""
    company = subjects.company_of(uow, subject)
    standing = companies.standing(company, uow.now)
    form = pack().questionnaires[company.kind]
    return {
        "company": company,
        "standing": standing,
        "publication": publication_words(company.publication, call.language),
        "missing": _missing(company, standing, call.language),
        "blocks": blocks_of(
            form,
            company.answers,
            (),
            call.language,
            files=attachments(uow, form, company.answers),
            public_only=True,
        ),
        "figures": _figures(uow, company, call.language),
    }


def publication_words(publication: str, language: str) -> str:
    """Name a factory's publication."""
    t = texts(language)
    return {
        "hidden": t("Hidden from buyers"),
        "unverified_visible": t("Visible without the badge"),
        "published": t("Shown to buyers"),
        "suspended": t("Suspended"),
    }.get(publication, publication)


def _missing(company: Company, standing: Any, language: str) -> list[str]:
    t = texts(language)
    wanted = [
        (company.state == "accepted", t("The questionnaire is not accepted yet.")),
        (standing.verified, t("The factory is not verified, or its verification ran out.")),
        (standing.subscribed, t("There is no running subscription.")),
    ]
    return [sentence for fulfilled, sentence in wanted if not fulfilled]


def _figures(uow: UnitOfWork, company: Company, language: str) -> list[tuple[str, int]]:
    t = texts(language)
    if company.kind == "buyer":
        placed = uow.session.scalar(select(func.count()).select_from(Lot).where(Lot.company_id == company.id))
        return [(t("Lots placed"), placed or 0)]
    by_state = select(Offer.state, func.count().label("made")).where(Offer.company_id == company.id)
    counted = {row.state: int(row.made) for row in uow.session.execute(by_state.group_by(Offer.state))}
    return [(t("Offers made"), sum(counted.values())), (t("Orders won"), counted.get("awarded", 0))]


def rights(uow: UnitOfWork, call: Call, subject: Subject) -> dict[str, Any]:
    """Show the rights of a company, until when, and everything granted by hand."""
    company = subjects.company_of(uow, subject)
    granted = uow.session.scalars(
        select(Grant).where(Grant.company_id == company.id).order_by(Grant.id.desc()).limit(_GRANTS_SHOWN)
    )
    return {
        "company": company,
        "now": uow.now,
        "services": services_of(company, call.language),
        "suggested": {name: staff.today(uow) + timedelta(days=days) for name, days in _TERMS.items()},
        "granted": list(granted),
        "service_names": {code: name for code, name, _ in services_of(company, call.language)},
        "tomorrow": staff.today(uow) + timedelta(days=1),
    }


def services_of(company: Company, language: str) -> list[tuple[str, str, Any]]:
    """Give what can be granted to a company: code, name, until when it has it."""
    t = texts(language)
    if company.kind == "buyer":
        return [("catalogue_access", t("Catalogue access"), company.catalogue_until)]
    return [
        ("verification", t("Verification"), company.verified_until),
        ("subscription_6m", t("Subscription"), company.subscribed_until),
    ]


def grant(uow: UnitOfWork, call: Call, subject: Subject, form: dict[str, Any]) -> str:
    """Give a right by hand until the end of a day."""
    company = subjects.company_of(uow, subject)
    t = texts(call.language)
    known = {code: name for code, name, _ in services_of(company, call.language)}
    if form["service"] not in known:
        raise InvalidInput(fields={"service": [t("Choose what to grant.")]})
    companies.grant(uow, company.id, form["service"], form["until"], reason=form["reason"], actor=call.actor)
    return t("{service}: granted until {until}.", service=known[form["service"]], until=t.date(form["until"]))


def publish(uow: UnitOfWork, call: Call, subject: Subject, _form: dict[str, Any]) -> str:
    """Let buyers find the factory."""
    companies.publish(uow, subjects.company_of(uow, subject).id, call.actor)
    return texts(call.language)("Buyers find the factory from now on.")


def suspend(uow: UnitOfWork, call: Call, subject: Subject, form: dict[str, Any]) -> str:
    """Take the factory out of the catalogue, with a reason."""
    companies.suspend(uow, subjects.company_of(uow, subject).id, form["reason"], call.actor)
    return texts(call.language)("Suspended. The factory was told why.")
