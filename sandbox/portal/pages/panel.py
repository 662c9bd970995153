"""The control panel, and demo data for a portal that is too empty to look at."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from sandbox.portal.pages import visit
from sandbox.portal.pages.rendering import page, show
from sandbox.portal.pages.visit import Refused, Visit, mistake

FAULTS = (
    "slow",
    "drop_before",
    "drop_after",
    "status",
    "garbage",
    "truncate",
    "silence",
    "expire_token",
    "queue_limit",
)
MORE_FAULTS = ("operating_limit", "error", "lose", "duplicate", "overtaken")
COMPANIES = (("Silk Road Trading", "CUSTOMER"), ("Хлопок и лён", "SUPPLIER"), ("Nordic Wear AB", "CUSTOMER"))
CONTACTS = (("Ольга", "Смирнова"), ("Lars", "Berg"), ("Gulnora", "Ismoilova"))
DEALS = (
    ("Футболки для сети", 48_000),
    ("Polo shirts, spring", 125_500),
    ("Постельное бельё", 9_900),
    ("Towels", 17_250),
)
LEADS = ("Заявка с сайта", "Call from Nordic Wear", "Выставка: визитка")


async def panel(visitor: Visit) -> web.StreamResponse:
    """Clock, faults, limits, readings, state, calls."""
    return show(visitor, "panel.html", faults=[*FAULTS, *MORE_FAULTS])


async def load_demo(request: web.Request) -> web.StreamResponse:
    """Adds a few companies, contacts, deals and leads through REST as the signed-in person."""
    visitor = visit.of(request)
    await visit.wanted(request)
    try:
        made = await _fill(visitor)
    except Refused as refused:
        raise mistake(refused.description) from refused
    return web.json_response({"made": made})


async def _fill(visitor: Visit) -> int:
    async def add(number: int, **fields: Any) -> int:
        made = await visitor.call("crm.item.add", entityTypeId=number, fields=fields)
        return int(made["item"]["id"])

    companies = [await add(4, title=title, typeId=kind) for title, kind in COMPANIES]
    phones = [
        {"typeId": "PHONE", "valueType": "WORK", "value": f"+99890000000{place}"} for place in range(len(CONTACTS))
    ]
    contacts = [
        await add(3, name=name, lastName=last, fm=[phones[place]], companyIds=[companies[place]])
        for place, (name, last) in enumerate(CONTACTS)
    ]
    stages = ("NEW", "PREPARATION", "EXECUTING", "FINAL_INVOICE")
    for place, (title, amount) in enumerate(DEALS):
        links = {"companyId": companies[place % 3], "contactIds": [contacts[place % 3]]}
        money = {"opportunity": amount, "currencyId": "USD", "isManualOpportunity": "Y"}
        await add(2, title=title, stageId=stages[place], categoryId=0, **links, **money)
    for title in LEADS:
        await add(1, title=title)
    return len(COMPANIES) + len(CONTACTS) + len(DEALS) + len(LEADS)


def attach(app: web.Application) -> None:
    """Adds the addresses."""
    app.router.add_get("/panel/", page(panel, admin=True))
    app.router.add_post("/pages/demo-data", load_demo)
