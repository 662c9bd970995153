"""Banners on top of the Mini App's first screen: who sees which, clicks, what managers keep.

Called by the Mini App and the managers' page. Sends nothing. Errors: InvalidInput (by field), NotFound.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update

from b24app.domain import banners as rules
from b24app.errors import InvalidInput, NotFound
from b24app.services import audit, portals
from storage.models import Banner
from storage.unit_of_work import UnitOfWork

SHOWN_AT_MOST = 8


def shown_to(uow: UnitOfWork, role: str) -> list[Banner]:
    """Give the banners that run now for a role, in the managers' order."""
    return list(
        uow.session.scalars(
            select(Banner)
            .where(
                ~Banner.hidden,
                Banner.audience.in_(("all", role)),
                or_(Banner.starts_at.is_(None), Banner.starts_at <= uow.now),
                or_(Banner.ends_at.is_(None), Banner.ends_at > uow.now),
            )
            .order_by(Banner.position, Banner.id)
            .limit(SHOWN_AT_MOST)
        )
    )


def click(uow: UnitOfWork, banner_id: int, role: str) -> str:
    """Count a click and give where the banner leads. NotFound when it does not run for this role."""
    banner = next((one for one in shown_to(uow, role) if one.id == banner_id), None)
    if banner is None:
        raise NotFound(code="banner")
    # Counted in the database: two clicks at once are two clicks.
    uow.session.execute(update(Banner).where(Banner.id == banner_id).values(clicks=Banner.clicks + 1))
    return banner.target


def all_banners(uow: UnitOfWork) -> list[Banner]:
    """Give every banner for the managers' page, in their order."""
    return list(uow.session.scalars(select(Banner).order_by(Banner.position, Banner.id)))


def save(
    uow: UnitOfWork,
    banner_id: int | None,
    *,
    words: Mapping[str, Mapping[str, str]],
    target: str,
    audience: str,
    position: int = 0,
    file_id: int | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    hidden: bool = False,
    actor: str,
) -> Banner:
    """Make a banner, or change one. InvalidInput names what is wrong: a title is needed in every language, the target a screen or https."""
    t = portals.speech(uow)
    said = {
        "title": t("Please fill this in."),
        "target": t("This does not look like a link."),
        "audience": t("Please choose from the list."),
        "ends_at": t("The end is before the beginning."),
    }
    wrong = rules.faults(words=words, target=target, audience=audience, starts_at=starts_at, ends_at=ends_at)
    if wrong:
        raise InvalidInput(t("Please correct the marked fields."), fields={name: [said[name]] for name in wrong})
    banner = uow.session.get(Banner, banner_id) if banner_id else Banner(created_at=uow.now, clicks=0)
    if banner is None:
        raise NotFound(code="banner")
    values: dict[str, Any] = {
        "words": {language: dict(texts) for language, texts in words.items()},
        "target": target,
        "audience": audience,
        "position": position,
        "file_id": file_id,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "hidden": hidden,
    }
    for name, value in values.items():
        setattr(banner, name, value)
    uow.session.add(banner)
    uow.session.flush()
    audit.record(uow, actor, "banner_saved", f"banner/{banner.id}")
    return banner


def remove(uow: UnitOfWork, banner_id: int, actor: str) -> None:
    """Take a banner away for good. NotFound."""
    banner = uow.session.get(Banner, banner_id)
    if banner is None:
        raise NotFound(code="banner")
    uow.session.delete(banner)
    audit.record(uow, actor, "banner_removed", f"banner/{banner_id}")
