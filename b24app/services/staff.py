"""The employees of the portal: what each may do, who takes what is new, who stands in for whom, how they are told.

Called by the pages, the cards and every service that needs a responsible employee. May send: notifications. Errors: NotAllowed.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from b24app.domain import roles
from b24app.domain.deliveries import NotifyUser
from b24app.errors import NotAllowed
from b24app.i18n import ZONE, Texts, texts_in_zone
from b24app.services import portals, settings
from storage.models import Absence, Company, Employee, Lot
from storage.unit_of_work import UnitOfWork

TURN, LOAD = "turn", "load"
NAMED = {roles.ADMIN: "admin_ids", roles.MANAGER: "responsible_ids", roles.MODERATOR: "moderator_ids"}
"""Role → the setting that names its employees by their ids on the portal, separated by commas."""


def named(uow: UnitOfWork, role: str) -> list[str]:
    """Give the employees whom an administrator named for a role, in his order."""
    listed = (part.strip() for part in settings.get(uow, NAMED[role]).split(","))
    return list(dict.fromkeys(one for one in listed if one))


def meet(uow: UnitOfWork, user_id: str, name: str, *, is_admin: bool) -> None:
    """Remember whom the portal vouched for: his name, and whether he administers the portal."""
    known = uow.session.get(Employee, user_id)
    if known is not None and (known.name, known.is_admin) == (name, is_admin):
        return
    values = {"name": name, "is_admin": is_admin, "seen_at": uow.now}
    statement = insert(Employee).values(user_id=user_id, **values)
    uow.session.execute(statement.on_conflict_do_update(index_elements=["user_id"], set_=values))


def role_of(uow: UnitOfWork, user_id: str, *, is_admin: bool | None = None) -> str:
    """Give an employee's role. Without the portal's word on `is_admin` the last one counts, and the owner of the installation is one."""
    if is_admin is None:
        known = uow.session.get(Employee, user_id)
        portal = portals.current(uow)
        is_admin = bool(known and known.is_admin) or bool(portal and user_id and portal.owner_user_id == user_id)
    return roles.role_of(
        user_id,
        is_admin=is_admin,
        admins=named(uow, roles.ADMIN),
        managers=named(uow, roles.MANAGER),
        moderators=named(uow, roles.MODERATOR),
    )


def must_decide(uow: UnitOfWork, actor: str, noun: str) -> None:
    """Raise NotAllowed unless the employee behind `user/5` may decide what waits on a card of this noun."""
    user_id = actor.removeprefix("user/")
    if role_of(uow, user_id) not in roles.CARDS.get(noun, roles.DECIDERS):
        raise NotAllowed("An administrator has not named you for this decision.", code="not_named")


def name_of(uow: UnitOfWork, user_id: str) -> str:
    """Give an employee's name, or his number while we never met him."""
    known = uow.session.get(Employee, user_id)
    return known.name if known and known.name else f"#{user_id}"


def names_of(uow: UnitOfWork, user_ids: list[str]) -> dict[str, str]:
    """Give the names of those whom we met, by id."""
    rows = uow.session.scalars(select(Employee).where(Employee.user_id.in_(user_ids))) if user_ids else ()
    return {row.user_id: row.name for row in rows if row.name}


def zone(uow: UnitOfWork) -> str:
    """Give the managers' own zone, by which everything inside Bitrix24 is dated."""
    return settings.get(uow, "work_zone", ZONE)


def voice(uow: UnitOfWork, language: str) -> Texts:
    """Give the speaker of a language who tells the time by the managers' own clock."""
    return texts_in_zone(language, zone(uow))


def today(uow: UnitOfWork) -> date:
    """Give the day in the managers' own zone."""
    return day(uow, uow.now)


def day(uow: UnitOfWork, moment: datetime) -> date:
    """Give the day that a moment belongs to in the managers' own zone."""
    return moment.astimezone(ZoneInfo(zone(uow))).date()


def absences(uow: UnitOfWork) -> list[Absence]:
    """Give the absences that are not over, the next first."""
    rows = select(Absence).where(Absence.until_day >= today(uow)).order_by(Absence.from_day, Absence.id)
    return list(uow.session.scalars(rows))


def away(uow: UnitOfWork) -> dict[str, str]:
    """Give who is away today and who stands in for each; an empty text leaves it to the other managers."""
    day = today(uow)
    rows = uow.session.scalars(select(Absence).where(Absence.from_day <= day, Absence.until_day >= day))
    return {row.user_id: row.stand_in_id for row in rows.all()}


def on_duty(uow: UnitOfWork, user_id: str) -> str:
    """Give who answers today for an employee: himself, his stand-in, else the first manager who is there."""
    missing = away(uow)
    if user_id not in missing:
        return user_id
    there = [one for one in (missing[user_id], *named(uow, roles.MANAGER)) if one and one not in missing]
    return there[0] if there else user_id


def responsible_for(uow: UnitOfWork, number: int) -> str:
    """Give the employee who takes the `number`-th newcomer, or an empty text before installation.

    Newcomers go to the managers who are there today, in turn or to whom has least open; with nobody named, to the owner.
    """
    chosen = named(uow, roles.MANAGER)
    missing = away(uow)
    there = [one for one in chosen if one not in missing] or chosen
    if not there:
        portal = portals.current(uow)
        return portal.owner_user_id if portal else ""
    if settings.get(uow, "distribution", TURN) == LOAD:
        open_work = load(uow)
        return min(there, key=lambda one: (open_work.get(one, 0), there.index(one)))
    return there[number % len(there)]


def load(uow: UnitOfWork) -> dict[str, int]:
    """Count what is open by responsible employee: questionnaires to check and lots that run."""
    waiting = select(Company.responsible_id, func.count()).where(Company.state == "submitted")
    running = select(Company.responsible_id, func.count()).join(Lot, Lot.company_id == Company.id)
    running = running.where(Lot.state.in_(("submitted", "changes_requested", "published")))
    found: dict[str, int] = {}
    for query in (waiting, running):
        for user_id, count in uow.session.execute(query.group_by(Company.responsible_id)):
            found[user_id] = found.get(user_id, 0) + count
    return found


def notify(uow: UnitOfWork, user_id: str, text: str, *, tag: str, ref: str = "", key: str = "") -> None:
    """Notify whoever answers for an employee today; `ref` becomes a link to its card. Nobody to tell: nothing is sent."""
    if user_id:
        message = NotifyUser(user_id=on_duty(uow, user_id), text=text, tag=tag, ref=ref)
        # Its own lane: a card that cannot be shown yet must not keep anybody from hearing about it.
        uow.send(message, key=key, lane=f"notice:{tag}")
