"""The offers for a lot side by side, and a factory's figures beside the median, as plain messages of the chat.

Called by the handlers of commands and of pressed buttons. Tables do not fit a phone's message: each row is a paragraph of its own.
"""

from __future__ import annotations

from b24app.errors import NotFound
from b24app.services import lots, offers, people, statistics
from b24app.services.notices import escaped
from telegram_bridge.menus import back
from telegram_bridge.reply import Buttons, Reply

Answer = tuple[str, Buttons]


def offers_side_by_side(reply: Reply, lot_id: int) -> Answer:
    """Read each term of the offers for one's own lot, the best marked. NotFound for somebody else's lot."""
    t = reply.t
    lot = lots.own(reply.uow, reply.person, lot_id)
    table = offers.compare(reply.uow, reply.person, lot_id, t.language)
    lines = [f"<b>{escaped(t('Lot No. {number}', number=lot.number))}</b>"]
    lines += [f"{place}. {escaped(column.factory)}" for place, column in enumerate(table.columns, 1)]
    for label, values, best in table.rows:
        if any(values):
            lines.append(f"\n<b>{escaped(label)}</b>")
            lines += [
                f"{place}. {escaped(value or '—')}{' ✅' if place - 1 == best else ''}"
                for place, value in enumerate(values, 1)
            ]
    if table.rates:
        lines.append(f"\n<i>{escaped(table.rates)}</i>")
    return "\n".join(lines), [[{"text": t("⬅️ To the offers"), "data": f"lot:{lot_id}:offers"}], back(t)]


def figures(reply: Reply) -> Answer:
    """Read a factory its statistics. NotFound for whoever speaks for none."""
    t = reply.t
    company = people.company_of(reply.uow, reply.person, "factory")
    if company is None:
        raise NotFound
    found = statistics.of_factory(reply.uow, company)
    title = t("📊 Statistics")
    under = t("The last {days} days, beside the median of your segment.", days=statistics.PERIOD_DAYS)
    lines = [f"<b>{escaped(title)}</b>", escaped(under), ""]
    for row in statistics.rows_of(found, t):
        mark = {"good": "🟢 ", "late": "🟠 "}.get(row.tone, "")
        median = t("median {value}", value=row.median)
        lines.append(f"{mark}{escaped(row.label)}: <b>{escaped(row.own)}</b> ({escaped(median)})")
    kept = t("In buyers' favourites")
    lines.append(f"{escaped(kept)}: <b>{t.number(found.favourites)}</b>")
    return "\n".join(lines), [[{"text": t("📋 Lots here in the chat"), "data": "menu:lots"}], back(t)]
