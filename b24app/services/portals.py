"""The one portal this deployment serves, its language, and which of its employees is responsible for whom."""

from __future__ import annotations

from sqlalchemy import select

from b24app.i18n import Texts, known_language, texts
from b24app.services import settings
from storage.models import Portal
from storage.unit_of_work import UnitOfWork


def current(uow: UnitOfWork) -> Portal | None:
    """Give the installation in use, or None before the first."""
    return uow.session.scalars(
        select(Portal).where(Portal.state != "removed").order_by(Portal.state != "active", Portal.id.desc()).limit(1)
    ).first()


def language(uow: UnitOfWork) -> str:
    """Give the language that employees read: the chosen one, else the portal's, else Russian."""
    return language_of(uow, current(uow))


def language_of(uow: UnitOfWork, portal: Portal | None) -> str:
    """Give the language that the employees of a portal read, which the caller has at hand."""
    return known_language(settings.get(uow, "card_language") or (portal.language if portal else ""), "ru")


def speech(uow: UnitOfWork) -> Texts:
    """Give the texts that employees read."""
    return texts(language(uow))


def responsible_for(uow: UnitOfWork, number: int) -> str:
    """Give the portal user id of the employee who answers for the `number`-th newcomer, or an empty text before installation.

    Newcomers are shared out in turn among the employees named in the setting `responsible_ids`, else all go to the owner.
    """
    named = [part.strip() for part in settings.get(uow, "responsible_ids").split(",") if part.strip()]
    if named:
        return named[number % len(named)]
    portal = current(uow)
    return portal.owner_user_id if portal else ""
