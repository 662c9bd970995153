"""Lots, offers and orders as plain messages with buttons, for whoever cannot open the Mini App.

Called by the handlers of commands and of pressed buttons. Shows what the person's role may see and does what one press can do;
what needs a form is asked question by question, see `filling`.
"""

from __future__ import annotations

from b24app.domain.lots import title_of
from b24app.domain.people import may
from b24app.errors import NotFound
from b24app.i18n import Texts
from b24app.services import clean_copies, lot_revisions, lots, matching, offers, order_news, orders, people
from b24app.services.lot_news import outcome_words
from b24app.services.lot_views import announcement
from b24app.services.notices import escaped
from b24app.services.screens import lot_path, order_path, tender_path
from storage.models import Lot, Order
from telegram_bridge.handlers import verifying
from telegram_bridge.menus import back
from telegram_bridge.reply import Buttons, Reply

SHOWN = 8
Answer = tuple[str, Buttons]


def lots_board(reply: Reply) -> Answer:
    """List a buyer's latest lots, or the lots that suit a factory best."""
    t = reply.t
    company = people.company_of(reply.uow, reply.person)
    if company is None:
        return t("No lots yet"), [back(t)]
    if company.kind == "factory":
        found = matching.lots_for(reply.uow, company.id, t.language, SHOWN)
        rows = [(match.lot_id, match.number, f"{match.score}%") for match in found]
        buttons: Buttons = [[{"text": t("📥 Lots for me"), "web_app": "/app/tenders"}]]
        return _listed(t, t("Lots for me"), rows, "read", buttons)
    own = lots.of_company(reply.uow, company.id, limit=SHOWN)
    counts = offers.shown_counts(reply.uow, [lot.id for lot in own])
    rows = [(lot.id, lot.number, _state(lot, counts.get(lot.id, 0), t)) for lot in own]
    more: Buttons = [
        [{"text": t("📦 My lots"), "web_app": "/app/lots"}],
        [{"text": t("➕ Place an order here in the chat"), "data": "fill:lot:0"}],
    ]
    return _listed(t, t("My lots"), rows, "offers", more)


def _listed(t: Texts, title: str, rows: list[tuple[int, int, str]], action: str, more: Buttons) -> Answer:
    head = f"<b>{escaped(title)}</b>"
    if not rows:
        return f"{head}\n{escaped(t('Nothing suitable right now'))}", [*more, back(t)]
    buttons = [
        [{"text": f"{t('Lot No. {number}', number=number)} · {words}", "data": f"lot:{lot_id}:{action}"}]
        for lot_id, number, words in rows
    ]
    return head, [*buttons, *more, back(t)]


def _state(lot: Lot, count: int, t: Texts) -> str:
    if lot.state == "closed":
        return outcome_words(lot.outcome, t)
    words = {
        "submitted": t("Being checked"),
        "changes_requested": t("Needs correction"),
        "published": t("Published"),
    }.get(lot.state, "")
    return f"{words}, {t.tn('{count} offer', '{count} offers', count)}" if count else words


def lot_for_factory(reply: Reply, lot_id: int) -> Answer:
    """Read a published lot to a factory, without its buyer. NotFound for any other."""
    t = reply.t
    lot = lots.published(reply.uow, lot_id)
    view = lots.anonymous_view(reply.uow, lot, t.language)
    help_row = [{"text": t("💬 Talk to a manager"), "data": "menu:help"}]
    count = len(clean_copies.shown(reply.uow, lot.fields.get("files") or ()).files)
    files: Buttons = [[{"text": t("📎 Files ({count})", count=count), "data": f"lot:{lot.id}:files"}]] if count else []
    respond: Buttons = [
        *files,
        [{"text": t("Respond"), "web_app": tender_path(lot.id)}],
        [{"text": t("💬 Respond here in the chat"), "data": f"fill:offer:{lot.id}"}],
    ]
    if verifying.is_needed(reply):
        why = escaped(t("Only verified factories answer lots"))
        needed: Buttons = [[{"text": t("✅ Get verified"), "data": "menu:verification"}]]
        return f"{announcement(view, t)}\n\n<b>{why}</b>", [*files, *needed, help_row]
    return announcement(view, t), [*respond, help_row]


def files_of_lot(reply: Reply, lot_id: int) -> str:
    """Send a factory the cleaned copies of a published lot's files, as files of the chat; says what is not among them.

    NotFound for any other lot, and for whoever is no factory.
    """
    t = reply.t
    if people.company_of(reply.uow, reply.person, "factory") is None:
        raise NotFound
    lot = lots.published(reply.uow, lot_id)
    shown = clean_copies.shown(reply.uow, lot.fields.get("files") or ())
    for file in shown.files:
        reply.send_file(file.id, caption=escaped(t("Lot No. {number}", number=lot.number)))
    if shown.waiting or shown.held:
        return t("Other files are still being checked, or stay with the manager.")
    return "" if shown.files else t("There are no files to show.")


def offers_of_lot(reply: Reply, lot_id: int) -> Answer:
    """Read the offers for one's own lot with what can be pressed for each. NotFound for somebody else's lot."""
    t = reply.t
    lot = lots.own(reply.uow, reply.person, lot_id)
    table = offers.compare(reply.uow, reply.person, lot_id, t.language)
    lines = [f"<b>{t('Lot No. {number}', number=lot.number)}</b> {escaped(title_of(lot.fields))}"]
    buttons: Buttons = []
    for place, column in enumerate(table.columns, 1):
        facts = " · ".join((column.price, column.lead_time, t("{score} of 100", score=column.score)))
        lines.append(f"\n{place}. <b>{escaped(column.factory)}</b>\n{escaped(facts)}")
        row = [{"text": f"💬 {place}", "data": f"conv:{column.conversation_id}"}] if column.conversation_id else []
        if column.state == "allowed" and lot.state == "published":
            star, mark = ("⭐", "shortlist") if not column.shortlisted else ("✖️ ⭐", "unshortlist")
            row.append({"text": f"{star} {place}", "data": f"offer:{column.offer_id}:{mark}"})
            row.append({"text": f"✅ {place}", "data": f"offer:{column.offer_id}:award"})
        buttons.append(row)
    if lot.state == "changes_requested":
        lines.append(escaped(t("The manager asks you to correct this lot.")))
        buttons.append([{"text": t("💬 Answer here in the chat"), "data": f"fill:mend:{lot.id}"}])
    elif lot_revisions.waits(lot):
        lines.append(escaped(t("Your change is being checked. Until then factories see the lot as it was.")))
    elif not table.columns:
        lines.append(escaped(t("A manager checks each offer first; then you see it here.")))
    else:
        lines.append("\n" + escaped(t("💬 talk · ⭐ short list · ✅ choose")))
    if len(table.columns) > 1:
        buttons.append([{"text": t("📊 Compare the offers"), "data": f"lot:{lot.id}:compare"}])
    if lot.state == "published":
        buttons.append([{"text": t("✏️ Change the lot"), "data": f"change:{lot.id}"}])
        buttons.append([{"text": t("⏳ Take offers longer"), "data": f"lot:{lot.id}:later"}])
    if lot.state != "closed":
        buttons.append([{"text": t("🚫 Cancel the lot"), "data": f"lot:{lot.id}:cancel"}])
    return "\n".join(lines), [*buttons, [{"text": t("👀 Open the lot"), "web_app": lot_path(lot.id)}], back(t)]


def orders_board(reply: Reply) -> Answer:
    """List the orders that a company gives or makes, those under way first."""
    t = reply.t
    company = people.company_of(reply.uow, reply.person)
    found = orders.of_company(reply.uow, company, limit=SHOWN) if company else []
    known = {lot.id: lot for lot in lots.several(reply.uow, [order.lot_id for order in found])}
    head = f"<b>{escaped(t('My orders'))}</b>"
    rows: Buttons = [
        [
            {
                "text": f"{t('Lot No. {number}', number=known[order.lot_id].number)} · {_reached(order, t)}",
                "data": f"order:{order.id}:show",
            }
        ]
        for order in found
    ]
    return (head if rows else f"{head}\n{escaped(t('No orders yet'))}"), [*rows, back(t)]


def _reached(order: Order, t: Texts) -> str:
    return order_news.step_words(order.progress, order.percent, t) if order.progress else t("Being prepared")


def order(reply: Reply, number: str, action: str) -> Answer:
    """Show an order; let the factory report the next steps, each after being asked once more."""
    t, order_id = reply.t, int(number)
    found, side = orders.get_for(reply.uow, reply.person, order_id)
    steps = orders.steps()
    place, sure = action.removesuffix("_yes"), action.endswith("_yes")
    if place.isascii() and place.isdigit() and int(place) < len(steps):
        step = steps[int(place)]
        words = order_news.step_words(step, 100, t)
        if not sure:
            question = t("Report “{step}” as done? The buyer sees it at once.", step=words)
            return escaped(question), [
                [{"text": t("Yes, report"), "data": f"order:{order_id}:{place}_yes"}],
                [{"text": t("📷 With percent, words or a photo"), "data": f"fill:report{place}:{order_id}"}],
            ]
        orders.report(reply.uow, reply.person, order_id, step=step)
    lot = lots.get(reply.uow, found.lot_id)
    text = f"<b>{t('Order for lot No. {number}', number=lot.number)}</b>\n{escaped(_reached(found, t))}"
    reports = side == "factory" and may(people.member_role(reply.uow, reply.person, found.company_id), "make")
    buttons = _next_steps(found, t) if reports and found.state != "done" else []
    return text, [*buttons, [{"text": t("Open the order"), "web_app": order_path(order_id)}], back(t)]


def _next_steps(found: Order, t: Texts) -> Buttons:
    steps = orders.steps()
    at = steps.index(found.progress) if found.progress in steps else -1
    start = at if at >= 0 and found.percent < 100 else at + 1
    return [
        [{"text": f"☑️ {order_news.step_words(step, 100, t)}", "data": f"order:{found.id}:{place}"}]
        for place, step in enumerate(steps)
        if place >= start
    ]
