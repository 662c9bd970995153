"""The section of CRM analytics: reports are the portal's own and not simulated, widgets of applications are."""

from __future__ import annotations

from aiohttp import web

from sandbox.portal.pages import widgets
from sandbox.portal.pages.rendering import page, show
from sandbox.portal.pages.visit import Visit

PATH = "/report/analytics/"


async def analytics(visitor: Visit) -> web.StreamResponse:
    """Items of applications in the section's menu, among BI reports, and buttons in its head."""
    return show(
        visitor,
        "analytics.html",
        items=widgets.at(visitor, "CRM_ANALYTICS_MENU"),
        reports=widgets.at(visitor, "BI_ANALYTICS_MENU"),
        head_widgets=widgets.at(visitor, "CRM_ANALYTICS_TOOLBAR"),
    )


def attach(app: web.Application) -> None:
    """Adds the address."""
    app.router.add_get(PATH, page(analytics, crm=True))
