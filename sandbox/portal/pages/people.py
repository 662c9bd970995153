"""Employees with their rights and languages, and the notifications of the signed-in person."""

from __future__ import annotations

from aiohttp import web

from sandbox.portal.im import notifications
from sandbox.portal.pages import field_view
from sandbox.portal.pages.rendering import page, show
from sandbox.portal.pages.visit import Visit

LANGUAGES = ("ru", "en", "de", "kz", "tr", "uz")
RIGHTS = {"all": "everything", "own": "own items", "none": "nothing"}


async def employees(visitor: Visit) -> web.StreamResponse:
    """All employees; an administrator changes their rights and languages here."""
    rows = list(visitor.portal.users.values())
    return show(visitor, "employees.html", employees=rows, choices=LANGUAGES, rights=RIGHTS)


async def bell(visitor: Visit) -> web.StreamResponse:
    """The person's notifications, the newest first."""
    rows = notifications.of_user(visitor.portal, visitor.user_id)
    shown = [{**row, "author_name": field_view.person(visitor, row["author"])} for row in rows[:200]]
    oldest = min((int(row["ID"]) for row in rows if not row["read"]), default=0)
    return show(visitor, "notifications.html", notices=shown, oldest=oldest)


def attach(app: web.Application) -> None:
    """Adds the addresses."""
    app.router.add_get("/company/", page(employees))
    app.router.add_get("/notifications/", page(bell))
