"""The catalogue of factories as plain messages with buttons, for whoever cannot open the Mini App.

Called by the handlers of commands and of pressed buttons. Shows a buyer with access page by page what fits, one factory at a time, and
begins conversations; the filters are in `sifting`, favourites and the comparison in `kept_factories`.
"""

from __future__ import annotations

from b24app.domain.catalogue import read_cursor
from b24app.errors import NotFound
from b24app.services import catalogue, enquiries, relations, showcase
from b24app.services.industries import pack
from b24app.services.notices import escaped
from b24app.services.people import company_of
from b24app.services.screens import CATALOGUE, factory_path
from storage.models import Company
from telegram_bridge.chats import announce
from telegram_bridge.handlers import kept_factories, sifting
from telegram_bridge.menus import back
from telegram_bridge.reply import Buttons, Reply, out_of_date

SHOWN = 8
ANY = sifting.ANY
Answer = tuple[str, Buttons]


def shelf(reply: Reply, segment: str = "", after: str = "") -> Answer:
    """List factories that pass the chosen filters, from a cursor on; a `segment` (`-`: any) is chosen first.

    NotFound for whoever is no buyer.
    """
    t, buyer = reply.t, _buyer(reply)
    segments = {choice.code: choice.label(t.language) for choice in pack().segments}
    if segment not in {"", ANY, *segments}:
        raise out_of_date()
    chosen = sifting.keep(reply, "segment", segment.removeprefix(ANY)) if segment else sifting.kept(reply)
    wish = sifting.wish_of(chosen)
    segment = chosen.get("segment", ANY)
    found = catalogue.find(reply.uow, buyer, wish, read_cursor(after), limit=SHOWN)
    title = t("🔎 Factories")
    head = f"<b>{escaped(title)}</b>"
    if not catalogue.has_access(buyer, reply.uow):
        return f"{head}\n{_closed(reply, found.count)}", [*_asking(reply), back(t)]
    count = t.tn("{count} factory suits you.", "{count} factories suit you.", found.count) if not after else ""
    names = "\n".join([head, escaped(segments.get(segment, t("All segments"))), *([escaped(count)] if count else [])])
    cards = [showcase.card(reply.uow, company, entry, t.language) for company, entry in found.companies]
    rows: Buttons = [
        [{"text": f"{'✅ ' if card.verified else ''}{card.name}", "data": f"factory:{card.id}:show"}] for card in cards
    ]
    if found.next_cursor:
        rows.append([{"text": t("More factories"), "data": f"shelf:{segment}:{found.next_cursor}"}])
    others = len(set(chosen) - {"segment"})
    filters = t("🎛 Filters ({count})", count=others) if others else t("🎛 Filters")
    rows.append([{"text": t("Choose a segment"), "data": "menu:segments"}, {"text": filters, "data": "menu:filters"}])
    kept = [
        {"text": t("⭐ Favourites"), "data": "menu:favourites"},
        {"text": t("⚖️ Comparison"), "data": "menu:compared"},
    ]
    rows.append(kept)
    rows.append([{"text": t("🔎 Search and filters"), "web_app": CATALOGUE}])
    nothing = t("No factory passes these filters.")
    return (names if cards else f"{names}\n{escaped(nothing)}"), [*rows, back(t)]


def segments(reply: Reply) -> Answer:
    """Ask for the segment of the factories to be listed."""
    t = reply.t
    _buyer(reply)
    choices = [(t("All segments"), ANY), *((one.label(t.language), one.code) for one in pack().segments)]
    rows: Buttons = [[{"text": words, "data": f"shelf:{code}:"}] for words, code in choices]
    question = t("Choose a segment")
    return f"<b>{escaped(question)}</b>", [*rows, back(t)]


def _closed(reply: Reply, count: int) -> str:
    t = reply.t
    suit = t.tn("{count} factory suits you.", "{count} factories suit you.", count)
    closed = t("The catalogue is open to buyers with access. Ask the manager for it.")
    return escaped(f"{suit} {closed}")


def _asking(reply: Reply) -> Buttons:
    return [[{"text": reply.t("🔑 Ask for access"), "data": "factory:0:access"}]]


def factory(reply: Reply, number: str, action: str) -> Answer | str:
    """Show a factory, keep it among the favourites or take it out, begin a conversation, or ask for access to the catalogue."""
    t, buyer, uow = reply.t, _buyer(reply), reply.uow
    if action == "access":
        uow.session.flush()
        conversation = enquiries.ask_for_access(uow, reply.person, buyer)
        uow.session.flush()
        text, buttons = announce(reply, conversation)
        said = t("The manager has your request and will write to you here.")
        return f"{escaped(said)}\n\n{text}", buttons
    company, entry = catalogue.profile(uow, buyer, int(number))
    if action == "talk":
        return announce(reply, enquiries.begin(uow, reply.person, buyer, company.id))
    if action in {"keep", "drop"}:
        relations.set_favourite(uow, buyer, company, action == "keep")
        return t("Added to the favourites") if action == "keep" else t("Taken out of the favourites")
    if action in {"compare", "uncompare"}:
        relations.set_compared(uow, buyer, company, action == "compare")
        uow.session.flush()
        return kept_factories.side_by_side(reply)
    if action != "show":
        raise out_of_date()
    relations.viewed(uow, buyer, company, reply.person)
    kept = company.id in relations.favourites(uow, buyer.id)
    star = (t("✖️ Out of the favourites"), "drop") if kept else (t("⭐ To the favourites"), "keep")
    return _said(showcase.profile(uow, company, entry, t.language), reply), [
        [{"text": t("💬 Start a conversation"), "data": f"factory:{company.id}:talk"}],
        [{"text": star[0], "data": f"factory:{company.id}:{star[1]}"}, _compare(reply, buyer, company)],
        [{"text": t("🏭 Look at the factory"), "web_app": factory_path(company.id)}],
        [{"text": t("🔎 Factories"), "data": "menu:catalogue"}],
        back(t),
    ]


def _compare(reply: Reply, buyer: Company, company: Company) -> dict[str, str]:
    inside = company.id in relations.compared(reply.uow, buyer.id)
    words = (reply.t("✖️ Out of the comparison"), "uncompare") if inside else (reply.t("⚖️ Compare"), "compare")
    return {"text": words[0], "data": f"factory:{company.id}:{words[1]}"}


def _said(profile: showcase.FactoryProfile, reply: Reply) -> str:
    """Put a profile into one message: name, badge and rating, figures, certificates that hold, what it offers."""
    t, card = reply.t, profile.card
    badge = t("Verified until {date}", date=t.date(profile.verified_until)) if profile.verified_until else ""
    rating = f"★ {card.rating} ({card.rating_count})" if card.rating else ""
    held = ", ".join(dict.fromkeys(one.name for one in profile.certificates if one.valid))
    lines = [" · ".join(part for part in (card.region, badge, rating) if part), card.segments]
    lines += [f"{label}: {words}" for label, words in card.facts]
    certificates = t("Certificates")
    lines += [f"{certificates}: {held}" if held else "", profile.offer_text]
    if profile.manager:
        lines.append(t("Contact: {manager}, manager of the platform", manager=profile.manager))
    return "\n".join([f"<b>{escaped(card.name)}</b>", *(escaped(line) for line in lines if line)])


def _buyer(reply: Reply) -> Company:
    company = company_of(reply.uow, reply.person, "buyer")
    if company is None or reply.person.active_role != "buyer":
        raise NotFound
    return company
