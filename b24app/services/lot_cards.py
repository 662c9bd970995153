"""What the CRM and its employees are shown of a lot: the deal, the moderation card, notices. Called by `lots` and `offers`.

Sends SaveItem, ShowCard, NotifyUser.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from b24app.domain.deliveries import SaveItem
from b24app.domain.lots import last_moment, title_of
from b24app.domain.shortening import shortened
from b24app.services import decision_cards, portals, staff
from b24app.services.company_cards import assigned
from b24app.services.crm_fields import amount, answered
from b24app.services.forms import shown
from b24app.services.industries import pack
from b24app.services.lot_checks import findings
from b24app.services.lot_views import hidden_names, public_view
from storage.models import Company, Lot, Offer
from storage.unit_of_work import UnitOfWork

PIPELINE = "orders"


def buyer_links(company: Company, person_id: int) -> dict[str, str]:
    """Give the deal's client: company and contact of an accepted buyer, the lead before that."""
    if company.decided_at is None:
        return {"leadId": f"lead/{company.id}"}
    return {"companyId": f"company/{company.id}", "contactId": f"contact/{person_id}"}


def save_deal(uow: UnitOfWork, lot: Lot, company: Company, *, stage: str = "") -> None:
    """Bring the lot's deal up to date with every answer; `stage` moves it."""
    t = portals.speech(uow)
    offers = select(func.count()).where(Offer.lot_id == lot.id, Offer.state.not_in(("declined", "withdrawn")))
    fields: dict[str, Any] = {
        **answered(pack().forms["lot"], lot.fields, t),
        **_worth(lot),
        **assigned(company),
        "title": f"{t('Lot No. {number}', number=lot.number)}: {title_of(lot.fields)}",
        "deal_kind": "lot",
        "lot_number": lot.number,
        "lot_state": "cancelled" if lot.outcome == "cancelled" else lot.state,
        "offers_count": uow.session.scalar(offers),
        "sourceDescription": "Telegram",
    }
    if lot.published_at:
        fields["published_at"] = lot.published_at.isoformat()
    wished = lot.fields.get("respond_by")
    deadline = lot.respond_by or (last_moment(wished, staff.zone(uow)) if wished else None)
    fields["respond_by"] = deadline.isoformat() if deadline else ""
    links = buyer_links(company, lot.person_id)
    uow.send(SaveItem(ref=f"lot/{lot.id}", fields=fields, links=links, stage=stage, pipeline=PIPELINE))


def save_offers_count(uow: UnitOfWork, lot: Lot, count: int, *, stage: str = "") -> None:
    """Tell the deal how many offers its lot has."""
    uow.send(SaveItem(ref=f"lot/{lot.id}", fields={"offers_count": count}, stage=stage, pipeline=PIPELINE))


def _worth(lot: Lot) -> dict[str, str]:
    budget, target = lot.fields.get("budget"), lot.fields.get("target_price")
    if budget:
        return {"opportunity": amount(budget["amount_minor"], budget["currency"]), "currencyId": budget["currency"]}
    if target:
        total = target["amount_minor"] * lot.quantity
        return {"opportunity": amount(total, target["currency"]), "currencyId": target["currency"]}
    return {}


def ask_for_decision(uow: UnitOfWork, lot: Lot, company: Company) -> None:
    """Put the moderation card on the deal and notify the responsible employee."""
    t = portals.speech(uow)
    form = pack().forms["lot"]
    view = public_view(lot, t.language, hidden_names(uow, lot))
    rows = [[t("Buyer"), company.name], [form.question("product").label(t.language), shortened(view.product, 200)]]
    rows += [
        [form.question(code).label(t.language), shown(form, lot.fields, code, t.language)]
        for code in ("segment", "quantity", "produce_by", "incoterms", "place")
    ]
    rows += [[t("Attention"), finding] for finding in findings(uow, lot, t)]
    heading = t("Lot No. {number} waits for moderation", number=lot.number)
    text, name = f"{heading}: {title_of(lot.fields)}", f"lot/{lot.id}"
    choices = (("approve", t("Publish")), ("return", t("Return")))
    decision_cards.ask(uow, name, name, heading, rows=rows, choices=choices, responsible_id=company.responsible_id)
    staff.notify(uow, company.responsible_id, text, tag=name, ref=name)


def tell_of_unmoderated(uow: UnitOfWork, lot: Lot, company: Company) -> None:
    """Notify the responsible employee of a lot that nobody was asked about."""
    t = portals.speech(uow)
    words = t("Lot No. {number} is published without moderation", number=lot.number)
    ref = f"lot/{lot.id}"
    staff.notify(uow, company.responsible_id, f"{words}: {title_of(lot.fields)}", tag=ref, ref=ref)


def close_card(uow: UnitOfWork, lot: Lot, outcome: str) -> None:
    """Complete the moderation card with a sentence about how it ended."""
    title, name = portals.speech(uow)("Lot No. {number}", number=lot.number), f"lot/{lot.id}"
    decision_cards.close(uow, name, name, title, outcome)


def close_offer_card(uow: UnitOfWork, lot: Lot, offer_id: int, outcome: str) -> None:
    """Complete an offer's card with a sentence about how it ended."""
    title = portals.speech(uow)("Offer for lot No. {number}", number=lot.number)
    decision_cards.close(uow, f"offer/{offer_id}", f"lot/{lot.id}", title, outcome)
