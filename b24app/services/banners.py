"""Banners on top of the Mini App's first screen: who sees which, clicks, what managers keep, their pictures.

Called by the Mini App and the managers' page. Sends nothing. Errors: InvalidInput (by field), NotFound.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, or_, select, update

from b24app.domain import banners as rules
from b24app.errors import InvalidInput, NotFound
from b24app.i18n import Texts
from b24app.services import audit, portals
from b24app.services.given_files import Given, remember
from storage.models import Banner, File
from storage.unit_of_work import UnitOfWork

SHOWN_AT_MOST = 8
PICTURES = "banner/"
"""What the owner of a banner's picture begins with; who gave it follows."""


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


def one(uow: UnitOfWork, banner_id: int) -> Banner:
    """Find a banner. NotFound."""
    banner = uow.session.get(Banner, banner_id)
    if banner is None:
        raise NotFound(code="banner")
    return banner


def state_of(banner: Banner, now: datetime) -> str:
    """Tell how a banner stands: hidden, planned, over or running."""
    return rules.state(hidden=banner.hidden, starts_at=banner.starts_at, ends_at=banner.ends_at, now=now)


def save(uow: UnitOfWork, banner_id: int | None, wish: rules.Wish, *, actor: str, t: Texts | None = None) -> Banner:
    """Make a banner, shown last, or change one where it stands.

    InvalidInput names what is wrong, in the words of `t`: a title is needed in every language, the target a screen or https, the
    picture one given for banners. NotFound.
    """
    wrong = rules.faults(wish)
    if wish.file_id is not None and not is_picture(uow, wish.file_id):
        wrong.append("picture")
    if wrong:
        t = t or portals.speech(uow)
        said = _faults(t)
        raise InvalidInput(t("Please correct the marked fields."), fields={name: [said[name]] for name in wrong})
    banner = (
        one(uow, banner_id) if banner_id else Banner(created_at=uow.now, clicks=0, position=_last_position(uow) + 1)
    )
    banner.words = {language: dict(texts) for language, texts in wish.words.items()}
    banner.target = wish.target
    banner.audience = wish.audience
    banner.file_id = wish.file_id
    banner.starts_at = wish.starts_at
    banner.ends_at = wish.ends_at
    banner.hidden = wish.hidden
    uow.session.add(banner)
    uow.session.flush()
    audit.record(uow, actor, "banner_saved", f"banner/{banner.id}")
    return banner


def _faults(t: Texts) -> dict[str, str]:
    return {
        "title": t("A banner needs a title in every language."),
        "too_long": t("This text is too long."),
        "target": t("This does not look like a link."),
        "audience": t("Please choose from the list."),
        "ends_at": t("The end is before the beginning."),
        "picture": t("Please choose the picture again."),
    }


def _last_position(uow: UnitOfWork) -> int:
    return uow.session.scalar(select(func.max(Banner.position))) or 0


def move(uow: UnitOfWork, banner_id: int, step: int, actor: str) -> None:
    """Show a banner one place earlier (-1) or later (1); at the end of the row nothing changes. NotFound."""
    row = list(uow.session.scalars(select(Banner).order_by(Banner.position, Banner.id).with_for_update(key_share=True)))
    at = next((place for place, banner in enumerate(row) if banner.id == banner_id), None)
    if at is None:
        raise NotFound(code="banner")
    other = at + step
    if not 0 <= other < len(row):
        return
    row[at], row[other] = row[other], row[at]
    for position, banner in enumerate(row, start=1):
        banner.position = position
    uow.session.flush()
    audit.record(uow, actor, "banner_moved", f"banner/{banner_id}", step=step)


def add_picture(uow: UnitOfWork, kept: Given, actor: str) -> int:
    """Remember a picture whose bytes are kept already, for a banner that is being edited; answers its id."""
    return remember(uow, kept, f"{PICTURES}{actor}").id


def newest_picture(uow: UnitOfWork, actor: str) -> int | None:
    """Give the picture that an employee gave last, None when there is none."""
    return uow.session.scalar(select(func.max(File.id)).where(File.owner == f"{PICTURES}{actor}"))


def is_picture(uow: UnitOfWork, file_id: int | None) -> bool:
    """Tell whether a file was given for banners: an id from a form could be anybody's file."""
    file = uow.session.get(File, file_id) if file_id else None
    return bool(file and file.owner.startswith(PICTURES))


def remove(uow: UnitOfWork, banner_id: int, actor: str) -> None:
    """Take a banner away for good. NotFound."""
    uow.session.delete(one(uow, banner_id))
    audit.record(uow, actor, "banner_removed", f"banner/{banner_id}")
