"""What the people of a company are told about each other in the bot. Called by `colleagues`."""

from __future__ import annotations

from b24app.i18n import Texts
from b24app.services import notices, people
from b24app.services.notices import Said, escaped
from storage.models import ColleagueLink, Company, Person
from storage.unit_of_work import UnitOfWork


def role_name(role: str, t: Texts) -> str:
    """Name a member's role."""
    return {"owner": t("Owner"), "sales": t("Sales"), "production": t("Production")}.get(role, role)


def invitation(uow: UnitOfWork, owner: Person, company: Company, link: ColleagueLink, payload: str) -> None:
    """Send the owner a message that can be forwarded to the colleague: its button opens our bot."""

    def say(t: Texts) -> Said:
        invites = t("{company} invites you to its team.", company=company.name)
        role = t("Role: {role}", role=role_name(link.role, t))
        once = t("The link works once, until {date}. Forward this message to your colleague.", date=_day(link, t))
        text = f"<b>{escaped(invites)}</b>\n{escaped(role)}\n\n{escaped(once)}"
        return text, [[{"text": t("Join"), "start": payload}]]

    notices.tell(uow, owner, say, key=f"link/{link.id}", at_once=True)


def _day(link: ColleagueLink, t: Texts) -> str:
    return t.date(link.expires_at)


def joined(uow: UnitOfWork, company: Company, newcomer: Person, role: str) -> None:
    """Tell everybody else of the company who came."""
    name = people.name_of(newcomer)

    def say(t: Texts) -> Said:
        return escaped(t("{name} joined your team: {role}.", name=name, role=role_name(role, t))), []

    for person in people.active(people.members_of(uow, company.id)):
        if person.id != newcomer.id:
            notices.tell(uow, person, say, key=f"company/{company.id}:joined/{newcomer.id}:{_stamp(uow)}", kind="team")


def left(uow: UnitOfWork, company: Company, person: Person) -> None:
    """Tell a person that they no longer speak for the company."""

    def say(t: Texts) -> Said:
        return escaped(t("You no longer speak for {company}.", company=company.name)), []

    notices.tell(uow, person, say, key=f"company/{company.id}:left/{person.id}:{_stamp(uow)}")


def _stamp(uow: UnitOfWork) -> str:
    return str(int(uow.now.timestamp()))
