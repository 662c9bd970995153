"""The page of banners: what buyers and factories see on top of the Mini App, edited in three languages with a preview.

Built for `registry` as a view of the overview; its decisions are one service call each. Who may take them is in `rights`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from b24app.domain.banners import Wish
from b24app.errors import InvalidInput, NotFound
from b24app.i18n import LANGUAGE_NAMES, Texts, texts
from b24app.services import banners as kept
from b24app.services import staff
from placements.calls import Call
from placements.outside import Outside
from placements.subjects import Subject
from storage.models import Banner
from storage.unit_of_work import UnitOfWork

LINK = "link"


@dataclass(frozen=True)
class Line:
    """One banner of the list: its words for the reader, how it stands (running, planned, over, hidden), its days, its target."""

    banner: Banner
    title: str
    state: str
    since: date | None
    until: date | None
    leads_to: str


def banners(uow: UnitOfWork, call: Call, _subject: Subject) -> dict[str, Any]:
    """Show every banner in its order, or one to be changed, or an empty one."""
    t, asked = texts(call.language), call.asked.get("banner", "")
    shown: dict[str, Any] = {"view": "banners", "zone": t.place(staff.zone(uow)), "languages": LANGUAGE_NAMES}
    if asked:
        return {**shown, **_editor(uow, t, asked)}
    audiences = audience_words(t)
    lines = [_line(uow, t, banner) for banner in kept.all_banners(uow)]
    return {**shown, "lines": lines, "audiences": audiences, "states": _state_words(t), "editing": False}


def _line(uow: UnitOfWork, t: Texts, banner: Banner) -> Line:
    words = banner.words.get(t.language) or {}
    screens = screen_words(t)
    return Line(
        banner,
        str(words.get("title", "")),
        kept.state_of(banner, uow.now),
        *_days(uow, banner),
        screens.get(banner.target, banner.target),
    )


def _editor(uow: UnitOfWork, t: Texts, asked: str) -> dict[str, Any]:
    banner = kept.one(uow, int(asked)) if asked.isdecimal() and len(asked) < 19 else None
    target = banner.target if banner else ""
    since, until = _days(uow, banner) if banner else (None, None)
    return {
        "editing": True,
        "banner": banner,
        "words": banner.words if banner else {},
        "screens": screen_words(t),
        "screen": target if target in screen_words(t) else LINK,
        "link": "" if target in screen_words(t) else target,
        "audiences": audience_words(t),
        "since": since,
        "until": until,
        "file_id": banner.file_id if banner else None,
        "previews": _previews(banner.words) if banner else [],
    }


def screen_words(t: Texts) -> dict[str, str]:
    """Name the screens of the Mini App that a banner may lead to; the empty one stays where it is."""
    return {
        "": t("Nowhere"),
        "/app/form/lot": t("Place an order"),
        "/app/catalogue": t("Choose a factory"),
        "/app/favourites": t("Favourites"),
        "/app/lots": t("A buyer's lots"),
        "/app/tenders": t("A factory's lots"),
        "/app/audit": t("A factory's verification"),
        "/app/profile": t("A factory's profile"),
        "/app/help": t("Help"),
    }


def audience_words(t: Texts) -> dict[str, str]:
    """Name who may be shown a banner."""
    return {"all": t("Everybody"), "buyer": t("Buyers"), "factory": t("Factories")}


def _state_words(t: Texts) -> dict[str, tuple[str, str]]:
    return {
        "running": (t("shown now"), "good"),
        "planned": (t("planned"), "accent"),
        "over": (t("over"), ""),
        "hidden": (t("not shown"), ""),
    }


def picture(uow: UnitOfWork, call: Call, _subject: Subject) -> dict[str, Any]:
    """Show the picture that this employee has just given."""
    return {"file_id": kept.newest_picture(uow, call.actor)}


def preview(_uow: UnitOfWork, call: Call, _subject: Subject) -> dict[str, Any]:
    """Show the banner as typed, in every language."""
    words = {
        code: {part: call.asked.get(f"{part}.{code}", "").strip() for part in ("title", "text")}
        for code in LANGUAGE_NAMES
    }
    asked = call.asked.get("file_id", "")
    file_id = int(asked) if asked.isdecimal() and len(asked) < 19 else None
    known = kept.is_picture(_uow, file_id)
    return {"previews": _previews(words), "file_id": file_id if known else None}


def _previews(words: Mapping[str, Any]) -> list[tuple[str, str, Mapping[str, str]]]:
    return [(code, name, words.get(code) or {}) for code, name in LANGUAGE_NAMES.items()]


def look(_uow: UnitOfWork, _call: Call, _subject: Subject, _form: dict[str, Any]) -> str:
    """Decide nothing: what is typed is posted to be previewed because addresses are too short for it."""
    return ""


def take_picture(outside: Outside, call: Call, form: dict[str, Any]) -> None:
    """Keep the bytes of a picture before any transaction. InvalidInput unless its content is a picture of a size to be shown."""
    given = form.get("picture")
    form["kept"] = outside.keep_picture(given.stream, given.filename or "") if given else None
    if form["kept"] is None:
        t = texts(call.language)
        said = t("This is no picture: a JPEG, PNG, WebP or GIF of at most 5 MB is needed.")
        raise InvalidInput(fields={"picture": [said]})


def add_picture(uow: UnitOfWork, call: Call, _subject: Subject, form: dict[str, Any]) -> str:
    """Keep a picture for the banner that is being edited."""
    kept.add_picture(uow, form["kept"], call.actor)
    return ""


def save(uow: UnitOfWork, call: Call, _subject: Subject, form: dict[str, Any]) -> str:
    """Keep a new banner or a changed one."""
    t = texts(call.language)
    target = form["link"] if form["screen"] == LINK else form["screen"]
    if form["screen"] == LINK and not target:
        raise InvalidInput(fields={"target": [t("This does not look like a link.")]})
    zone = ZoneInfo(staff.zone(uow))
    wish = Wish(
        words=form["words"],
        target=target,
        audience=form["audience"],
        file_id=form["file_id"],
        starts_at=_midnight(form["since"], zone),
        ends_at=_midnight(form["until"] + timedelta(days=1) if form["until"] else None, zone),
        hidden=form["hidden"],
    )
    kept.save(uow, form["banner_id"], wish, actor=call.actor, t=t)
    return t("Saved.")


def move(uow: UnitOfWork, call: Call, _subject: Subject, form: dict[str, Any]) -> str:
    """Show a banner one place earlier or later."""
    kept.move(uow, form["banner_id"], form["step"], call.actor)
    return texts(call.language)("Saved.")


def remove(uow: UnitOfWork, call: Call, _subject: Subject, form: dict[str, Any]) -> str:
    """Take a banner away for good."""
    if form["banner_id"] is None:
        raise NotFound
    kept.remove(uow, form["banner_id"], call.actor)
    return texts(call.language)("Removed.")


def _midnight(day: date | None, zone: ZoneInfo) -> datetime | None:
    return datetime.combine(day, time(), zone) if day else None


def _days(uow: UnitOfWork, banner: Banner) -> tuple[date | None, date | None]:
    """Give the first and the last whole day of a banner on the desk's clock."""
    zone = ZoneInfo(staff.zone(uow))
    since = banner.starts_at.astimezone(zone).date() if banner.starts_at else None
    until = (banner.ends_at - timedelta(microseconds=1)).astimezone(zone).date() if banner.ends_at else None
    return since, until
