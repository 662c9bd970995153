"""The one portal this deployment serves, and the language that its employees read."""

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
