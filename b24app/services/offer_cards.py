"""What the CRM and its employees are shown of offers and orders: the card with two buttons, the child deal. Called by `offers`.

Sends SaveItem, ShowCard, NotifyUser.
"""

from __future__ import annotations

from b24app.domain.deliveries import AddLogMessage, SaveItem
from b24app.domain.lots import title_of
from b24app.domain.masking import mask
from b24app.domain.offers import total_minor
from b24app.domain.shortening import shortened
from b24app.i18n import Texts
from b24app.services import decision_cards, matching, portals, staff
from b24app.services.company_cards import assigned, standing_at
from b24app.services.crm_fields import amount, money
from b24app.services.forms import shown
from b24app.services.industries import pack
from b24app.services.lot_cards import PIPELINE, buyer_links
from storage.models import Company, Lot, Offer, Order
from storage.unit_of_work import UnitOfWork


def ask_for_decision(uow: UnitOfWork, lot: Lot, offer: Offer, company: Company) -> None:
    """Put the offer with the factory's standing on the deal's timeline, with Allow contact and Decline; notify the manager."""
    t = portals.speech(uow)
    form = pack().forms["offer"]
    buyer = uow.session.get_one(Company, lot.company_id)
    unit = pack().named("units", lot.unit, t.language)
    match = matching.score_of(uow, lot, company, t.language)
    message = str(offer.terms.get("message", ""))
    rows = [
        [t("Factory"), company.name],
        [t("Standing"), _standing_words(uow, company, t)],
        [t("Match"), t("{score} of 100", score=match.score)],
        [form.question("price").label(t.language), f"{t.money(offer.price_minor, offer.currency)} / {unit}"],
        [form.question("moq").label(t.language), shown(form, offer.terms, "moq", t.language)],
        [form.question("lead_time_days").label(t.language), t.number(offer.lead_time_days)],
        [form.question("incoterms").label(t.language), shown(form, offer.terms, "incoterms", t.language)],
        [form.question("valid_until").label(t.language), shown(form, offer.terms, "valid_until", t.language)],
    ]
    if message:
        rows.append([form.question("message").label(t.language), shortened(message, 200)])
    if mask(message).hidden:
        rows.append([t("Attention"), t("Contacts or names were found and hidden")])
    heading = t("Offer for lot No. {number}", number=lot.number)
    if offer.version > 1:
        heading += f" ({t('version {number}', number=offer.version)})"
    text, tag = f"{heading}: {company.name}", f"offer/{offer.id}"
    choices = (("allow", t("Allow contact")), ("decline", t("Decline")))
    decision_cards.ask(
        uow, tag, f"lot/{lot.id}", heading, rows=rows, choices=choices, responsible_id=buyer.responsible_id
    )
    staff.notify(uow, buyer.responsible_id, text, tag=tag, ref=f"lot/{lot.id}")


def _standing_words(uow: UnitOfWork, company: Company, t: Texts) -> str:
    standing = standing_at(company, uow.now)
    badge = t("Verified") if standing.verified else t("Not verified")
    subscription = t("subscription active") if standing.subscribed else t("no subscription")
    return f"{badge}, {subscription}"


def save_order(uow: UnitOfWork, lot: Lot, order: Order) -> None:
    """Create or update the child deal of an award: the factory, the quantity, the sum, at stage Contract."""
    t = portals.speech(uow)
    buyer = uow.session.get_one(Company, lot.company_id)
    factory = uow.session.get_one(Company, order.company_id)
    total = total_minor(order.price_minor, order.quantity)
    title = t("Order for lot No. {number}", number=lot.number)
    uow.send(
        SaveItem(
            ref=f"order/{order.id}",
            fields={
                **assigned(buyer),
                "title": f"{title}: {title_of(lot.fields)}",
                "deal_kind": "order",
                "lot_number": lot.number,
                "awarded_quantity": order.quantity,
                "award_sum": money(total, order.currency),
                "opportunity": amount(total, order.currency),
                "currencyId": order.currency,
            },
            links={
                **buyer_links(buyer, lot.person_id),
                "factory_company": f"company/{factory.id}",
                "lot_deal": f"lot/{lot.id}",
            },
            stage="contract",
            pipeline=PIPELINE,
        )
    )
    chosen = t("A factory was chosen: {factory}", factory=factory.name)
    price, sum_words = t.money(order.price_minor, order.currency), t.money(total, order.currency)
    note = AddLogMessage(ref=f"lot/{lot.id}", title=chosen, text=f"{t.number(order.quantity)} × {price} = {sum_words}")
    uow.send(note, key=f"order/{order.id}:log")
    uow.send(
        SaveItem(ref=f"lot/{lot.id}", fields={"award_sum": money(_awarded_total(uow, lot, order), order.currency)})
    )


def _awarded_total(uow: UnitOfWork, lot: Lot, order: Order) -> int:
    orders = uow.session.query(Order).filter(Order.lot_id == lot.id, Order.currency == order.currency)
    return sum(total_minor(one.price_minor, one.quantity) for one in orders)
