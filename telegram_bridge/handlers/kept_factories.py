"""The factories that a buyer keeps, as plain messages of the chat: favourites, and up to four side by side.

Called by the handlers of commands and of pressed buttons. What is in neither list is `factories`' own affair.
"""

from __future__ import annotations

from b24app.errors import NotFound
from b24app.services import catalogue, relations, showcase
from b24app.services.notices import escaped
from b24app.services.people import company_of
from storage.models import Company
from telegram_bridge.menus import back
from telegram_bridge.reply import Buttons, Reply

Answer = tuple[str, Buttons]


def favourites(reply: Reply) -> Answer:
    """List the favourites that are in the catalogue now; without access none."""
    t, buyer = reply.t, _buyer(reply)
    kept = relations.favourites(reply.uow, buyer.id) if catalogue.has_access(buyer, reply.uow) else []
    found = catalogue.several(reply.uow, kept)
    cards = [showcase.card(reply.uow, company, entry, t.language) for company, entry in found]
    title = t("⭐ Favourites")
    rows: Buttons = [[{"text": card.name, "data": f"factory:{card.id}:show"}] for card in cards]
    nothing = "" if rows else "\n" + escaped(t("No favourites yet"))
    return f"<b>{escaped(title)}</b>{nothing}", [*rows, *_ways_on(reply)]


def side_by_side(reply: Reply) -> Answer:
    """Read the factories that were put into the comparison, answer by answer, the best marked where there is one."""
    t, buyer = reply.t, _buyer(reply)
    chosen = relations.compared(reply.uow, buyer.id) if catalogue.has_access(buyer, reply.uow) else []
    found = catalogue.several(reply.uow, chosen)
    cards = [showcase.card(reply.uow, company, entry, t.language) for company, entry in found]
    title = t("⚖️ Comparison")
    lines = [f"<b>{escaped(title)}</b>", *(f"{place}. {escaped(card.name)}" for place, card in enumerate(cards, 1))]
    for label, values, best in showcase.side_by_side(reply.uow, found, t.language):
        lines.append(f"\n<b>{escaped(label)}</b>")
        lines += [
            f"{place}. {escaped(value or '—')}{' ✅' if place - 1 == best else ''}"
            for place, value in enumerate(values, 1)
        ]
    if not cards:
        lines.append(escaped(t("Nothing to compare yet")))
    out: Buttons = [[{"text": f"✖️ {card.name}", "data": f"factory:{card.id}:uncompare"}] for card in cards]
    return "\n".join(lines), [*out, *_ways_on(reply)]


def _ways_on(reply: Reply) -> Buttons:
    return [[{"text": reply.t("🔎 Factories"), "data": "menu:catalogue"}], back(reply.t)]


def _buyer(reply: Reply) -> Company:
    company = company_of(reply.uow, reply.person, "buyer")
    if company is None or reply.person.active_role != "buyer":
        raise NotFound
    return company
