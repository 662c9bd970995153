"""The one portal this deployment serves, its language as its employees read it, and in whose name we work there.

May send: NotifyUser.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from b24app.domain.deliveries import NotifyUser
from b24app.i18n import ZONE, Texts, known_language, texts_in_zone
from b24app.services import settings
from storage.models import Portal
from storage.unit_of_work import UnitOfWork

_READ = "portal"
SPARE_EVERY = timedelta(hours=1)
OWNER = "owner: "
"""How a trouble with the employee begins in whose name we work."""


def current(uow: UnitOfWork) -> Portal | None:
    """Give the installation in use, or None before the first; an active one is read once for a unit of work."""
    known: Portal | None = uow.session.info.get(_READ)
    if known is not None and known.state == "active":
        return known
    found = uow.session.scalars(
        select(Portal).where(Portal.state != "removed").order_by(Portal.state != "active", Portal.id.desc()).limit(1)
    ).first()
    uow.session.info[_READ] = found
    return found


def language(uow: UnitOfWork) -> str:
    """Give the language that employees read: the chosen one, else the portal's, else Russian."""
    return language_of(uow, current(uow))


def language_of(uow: UnitOfWork, portal: Portal | None) -> str:
    """Give the language that the employees of a portal read, which the caller has at hand."""
    return known_language(settings.get(uow, "card_language") or (portal.language if portal else ""), "ru")


def speech(uow: UnitOfWork) -> Texts:
    """Give the texts that employees read, in the managers' own zone."""
    return texts_in_zone(language(uow), settings.get(uow, "work_zone", ZONE))


def spare_wanted_of(portal: Portal, now: datetime) -> str | None:
    """Give the employee whose next page should leave a spare refresh token: the owner, at most once an hour.

    Tokens of others are not kept: they would work with other rights.
    """
    is_fresh = portal.spare_kept_at is not None and now - portal.spare_kept_at < SPARE_EVERY
    return None if is_fresh else portal.owner_user_id


def keep_spare(uow: UnitOfWork, refresh_token: str) -> None:
    """Keep the refresh token of a page for which the portal vouched: it is spent when a renewed pair was lost."""
    portal = current(uow)
    if portal is not None:
        portal.spare_token, portal.spare_kept_at = refresh_token, uow.now


def owner_is(uow: UnitOfWork, trouble: str) -> None:
    """Note whether the employee in whose name we work still may: `no_admin`, `refused …`, or an empty text when all is well.

    Those who are responsible hear once of a lost right; where even the notice would be refused, pages and monitoring show it.
    """
    portal = current(uow)
    if portal is None:
        return
    known, now = portal.trouble, f"{OWNER}{trouble}" if trouble else ""
    if known == now or (known and not known.startswith(OWNER)):
        return
    portal.trouble = now
    if trouble != "no_admin":
        return
    t = speech(uow)
    text = t(
        "The marketplace works in the name of an employee who is no administrator any more. An administrator has to open it once."
    )
    named = [part.strip() for part in settings.get(uow, "responsible_ids").split(",") if part.strip()]
    for user_id in dict.fromkeys((portal.owner_user_id, *named)):
        if user_id:
            uow.send(NotifyUser(user_id=user_id, text=text, tag="owner"))
