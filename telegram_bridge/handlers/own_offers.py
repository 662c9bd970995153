"""A factory's own offers as plain messages with buttons, for whoever cannot open the Mini App.

Called by the handlers of commands and of pressed buttons. Shows what the factory sent and what one press can still do with it.
"""

from __future__ import annotations

from b24app.domain.people import may
from b24app.errors import NotFound
from b24app.i18n import Texts
from b24app.services import conversations, lots, offers, people
from b24app.services.industries import pack
from b24app.services.notices import escaped
from b24app.services.screens import tender_path
from storage.models import Lot, Offer
from telegram_bridge.menus import back
from telegram_bridge.reply import Buttons, Reply

SHOWN = 8
Answer = tuple[str, Buttons]


def board(reply: Reply) -> Answer:
    """List a factory's latest offers. NotFound for whoever speaks for none."""
    t = reply.t
    company = people.company_of(reply.uow, reply.person, "factory")
    if company is None:
        raise NotFound
    made = offers.of_company(reply.uow, company.id, limit=SHOWN)
    numbers = {lot.id: lot.number for lot in lots.several(reply.uow, [offer.lot_id for offer in made])}
    rows: Buttons = [
        [
            {
                "text": f"{t('Lot No. {number}', number=numbers[offer.lot_id])} · {_state(offer, t)}",
                "data": f"offer:{offer.id}:show",
            }
        ]
        for offer in made
    ]
    head = f"<b>{escaped(t('My offers'))}</b>"
    more = [[{"text": t("📋 Lots here in the chat"), "data": "menu:lots"}], back(t)]
    return (head if rows else f"{head}\n{escaped(t('No offers yet'))}"), [*rows, *more]


def shown(reply: Reply, offer_id: int) -> Answer:
    """Show one of a factory's offers with what can be done with it now. NotFound for another's."""
    t = reply.t
    company = people.company_of(reply.uow, reply.person, "factory")
    offer = offers.get(reply.uow, offer_id)
    if company is None or offer.company_id != company.id:
        raise NotFound(code="offer")
    lot = lots.get(reply.uow, offer.lot_id)
    lines = [f"<b>{t('Lot No. {number}', number=lot.number)}</b>", escaped(_state(offer, t)), escaped(_facts(offer, t))]
    if offer.state == "declined" and offer.decline_reason:
        lines.append(escaped(pack().named("decline_reasons", offer.decline_reason, t.language)))
    trades = may(people.member_role(reply.uow, reply.person, company.id), "trade")
    buttons = [*_talk(reply, offer), *(_deeds(lot, offer, t) if trades else [])]
    path = [{"text": t("👀 Open the lot"), "web_app": tender_path(lot.id)}]
    return "\n".join(lines), [
        *buttons,
        path,
        [{"text": t("📄 Offers here in the chat"), "data": "menu:offers"}],
        back(t),
    ]


def _talk(reply: Reply, offer: Offer) -> Buttons:
    found = conversations.of_offer(reply.uow, offer.id)
    return [[{"text": reply.t("💬 Talk about it"), "data": f"conv:{found.id}"}]] if found else []


def _deeds(lot: Lot, offer: Offer, t: Texts) -> Buttons:
    """Give what can be done: a changed lot is confirmed, what was not decided is changed, what was not chosen is taken back."""
    if lot.state != "published" or offer.state not in {"submitted", "allowed"}:
        return []
    rows: Buttons = []
    if offer.lot_version != lot.version:
        rows.append([{"text": t("My offer stands"), "data": f"offer:{offer.id}:confirm"}])
    if offer.state == "submitted":
        rows.append([{"text": t("💬 Change the offer here in the chat"), "data": f"fill:offer:{lot.id}"}])
    rows.append([{"text": t("🚫 Withdraw the offer"), "data": f"offer:{offer.id}:withdraw"}])
    return rows


def _facts(offer: Offer, t: Texts) -> str:
    price = t.money(offer.price_minor, offer.currency)
    return f"{price} · {t.tn('{count} day', '{count} days', offer.lead_time_days)}"


def _state(offer: Offer, t: Texts) -> str:
    return {
        "submitted": t("Offer is being checked"),
        "allowed": t("Shown to the buyer"),
        "awarded": t("You are chosen"),
        "declined": t("Declined"),
        "withdrawn": t("Withdrawn"),
    }.get(offer.state, t("Not chosen"))
