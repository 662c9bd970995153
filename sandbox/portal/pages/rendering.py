"""Templates and how values are printed on pages: the frame around every page, refusals, dates, money, BB codes."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, select_autoescape

from sandbox.portal.pages import bbcode, menu, texts, visit, widgets
from sandbox.portal.pages.visit import LANGUAGES, Refused, Visit
from sandbox.portal.timeline import layout

FOLDER = Path(__file__).parent
Page = Callable[[Visit], Awaitable[web.StreamResponse]]
WORKER = "PAGE_BACKGROUND_WORKER"
SIZES = ((1_000_000, "MB"), (1000, "KB"))


@functools.cache
def templates() -> Environment:
    """The templates of all pages."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"), autoescape=select_autoescape(["html"]), trim_blocks=True
    )
    environment.filters |= {"bb": bbcode.html, "moment": moment, "size": size, "translated": layout.translated}
    return environment


def moment(value: Any) -> str:
    """A moment of the portal as people of Russia and Central Asia read it: 22.11.2026 01:50; a date stays a date."""
    text = str(value or "")
    if len(text) < 10 or text.startswith("9999"):
        return ""
    day = f"{text[8:10]}.{text[5:7]}.{text[:4]}"
    return f"{day} {text[11:16]}" if len(text) > 10 and text[11:16] not in {"", "00:00"} else day


def size(value: int) -> str:
    """A number of bytes for people."""
    for unit, name in SIZES:
        if value >= unit:
            return f"{value / unit:.1f} {name}"
    return f"{value} B"


def show(visitor: Visit, template: str, *, status: int = 200, **values: Any) -> web.Response:
    """A whole page."""
    html = (
        templates()
        .get_template(template)
        .render(
            visit=visitor,
            user=visitor.user,
            language=visitor.language,
            languages=LANGUAGES,
            users=[row for row in visitor.portal.users.values() if row.get("ACTIVE", True)],
            menu=menu.items(visitor),
            bell=menu.bell(visitor),
            profile=widgets.at(visitor, "USER_PROFILE_MENU", USER_ID=visitor.user_id),
            workers=widgets.at(visitor, WORKER, ID=WORKER),
            t=functools.partial(texts.translate, visitor.language),
            words=texts.table(visitor.language),
            changes=pulse(visitor),
            **values,
        )
    )
    return web.Response(text=html, content_type="text/html", status=status, headers={"Cache-Control": "no-store"})


def pulse(visitor: Visit) -> str:
    """A mark that differs whenever anything in the portal has changed."""
    store = visitor.portal.store
    return f"{store.generation}.{store.changes}"


def problem(visitor: Visit, title: str, text: str, status: int) -> web.Response:
    """The page of what cannot be shown; both texts are translated where they can be."""
    say = functools.partial(texts.translate, visitor.language)
    return show(visitor, "problem.html", status=status, title=say(title), text=say(text))


def missing(visitor: Visit) -> web.Response:
    """The page of an address that leads nowhere."""
    return problem(visitor, "Not found", "There is no such page.", 404)


def forbidden(visitor: Visit) -> web.Response:
    """The page of what the person may not see."""
    return problem(visitor, "No access", "Ask the administrator of the portal for this right.", 403)


def page(handler: Page, *, crm: bool = False, admin: bool = False) -> Callable[[web.Request], Awaitable[Any]]:
    """An aiohttp handler out of a page: signs the person in, turns refusals into pages a person understands."""

    @functools.wraps(handler)
    async def serve(request: web.Request) -> web.StreamResponse:
        visitor = visit.of(request)
        if (crm and not visitor.sees_crm) or (admin and not visitor.admin):
            return forbidden(visitor)
        try:
            return await handler(visitor)
        except Refused as refused:
            if refused.code == "ACCESS_DENIED":
                return forbidden(visitor)
            return problem(visitor, "Not found", refused.description, 404)

    return serve
