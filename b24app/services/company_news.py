"""What a company's people are told in the bot about their questionnaire, services and publication. Called by `companies`."""

from __future__ import annotations

from datetime import datetime

from b24app.i18n import Texts
from b24app.services import notices
from b24app.services.industries import pack
from b24app.services.notices import Said, escaped
from b24app.services.screens import CORRECTIONS, HOME, NEW_LOT, opening
from storage.models import Company, Person
from storage.unit_of_work import UnitOfWork


def _moment_key(uow: UnitOfWork) -> str:
    return str(int(uow.now.timestamp() * 1000))


def submitted(uow: UnitOfWork, company: Company, person: Person) -> None:
    """Confirm that the questionnaire arrived."""

    def say(t: Texts) -> Said:
        return t("Thank you! Your questionnaire is being checked. We will write here as soon as it is done."), []

    notices.tell(uow, person, say, key=f"company/{company.id}:submitted:{_moment_key(uow)}", at_once=True)


def returned(uow: UnitOfWork, company: Company) -> None:
    """Say which answers need correction and why."""
    form = pack().questionnaires[company.kind]

    def say(t: Texts) -> Said:
        lines = [
            f"• <b>{escaped(form.question(item['field']).label(t.language))}</b>: {escaped(item['reason'])}"
            for item in company.corrections
        ]
        text = t("Please correct a few answers in your questionnaire:") + "\n" + "\n".join(lines)
        return text, [
            [opening(t("Correct"), CORRECTIONS)],
            [{"text": t("💬 Answer here in the chat"), "data": "fill:mend:0"}],
        ]

    notices.tell_company(uow, company.id, say, key=f"company/{company.id}:returned:{_moment_key(uow)}")


def accepted(uow: UnitOfWork, company: Company) -> None:
    """Say that everything is open now."""

    def say(t: Texts) -> Said:
        if company.kind == "buyer":
            text = t("Your questionnaire is approved. You can place your first order.")
            return text, [[opening(t("Place an order"), NEW_LOT)]]
        return t("Your questionnaire is approved. Lots that suit you will come here."), [[opening(t("Open"), HOME)]]

    notices.tell_company(uow, company.id, say, key=f"company/{company.id}:accepted:{_moment_key(uow)}")


def granted(uow: UnitOfWork, company: Company, service: str, until: datetime) -> None:
    """Say what was given and up to when."""

    def say(t: Texts) -> Said:
        day = t.date(until)
        return {
            "verification": t("Your factory is verified until {date}. Buyers see the badge.", date=day),
            "subscription_6m": t("Your subscription is active until {date}.", date=day),
            "catalogue_access": t("The catalogue of factories is open to you until {date}.", date=day),
        }[service], []

    key = f"company/{company.id}:granted:{service}:{until.date()}:{_moment_key(uow)}"
    notices.tell_company(uow, company.id, say, key=key)


def lapsed(uow: UnitOfWork, company: Company) -> None:
    """Say that the subscription ran out and what that means."""

    def say(t: Texts) -> Said:
        return t("Your subscription has ended: the profile is hidden and no lots come. Everything is kept."), []

    notices.tell_company(uow, company.id, say, key=f"company/{company.id}:lapsed:{_moment_key(uow)}")


def suspended(uow: UnitOfWork, company: Company, reason: str) -> None:
    """Say that the profile is not shown any more, and why."""

    def say(t: Texts) -> Said:
        text = t("Your profile is suspended and not shown to buyers.")
        return f"{text}\n{t('Reason')}: {escaped(reason)}" if reason else text, []

    notices.tell_company(uow, company.id, say, key=f"company/{company.id}:suspended:{_moment_key(uow)}")


def published(uow: UnitOfWork, company: Company) -> None:
    """Say that the profile is shown."""

    def say(t: Texts) -> Said:
        return t("Your profile is shown to buyers again."), [[opening(t("Open"), HOME)]]

    notices.tell_company(uow, company.id, say, key=f"company/{company.id}:published:{_moment_key(uow)}")
