"""The factory's side of lots: those that suit it and why, one lot without its buyer, the factory's own profile."""

from __future__ import annotations

from b24app.domain.lots import takes_offers
from b24app.domain.offers import LIVE
from b24app.errors import NotFound
from b24app.services import companies, lots, matching, offers
from b24app.services.lot_views import LotView
from storage.models import Lot, Offer
from telegram_bridge.miniapp import wizard
from telegram_bridge.miniapp.door import Door, GoTo, Visit

OPEN_STATES = frozenset({"published", "closed"})


def add_to(door: Door) -> None:
    """Offer these screens."""

    @door.screen("/tenders", who="factory")
    def tenders(visit: Visit) -> str:
        company = visit.own_company
        found = matching.lots_for(visit.uow, company.id, visit.language)
        answered = {offer.lot_id for offer in offers.of_company(visit.uow, company.id)}
        return visit.render(
            "tenders",
            matches=[(match, anonymous(visit, match.lot), match.lot_id in answered) for match in found],
            company=company,
            standing=companies.standing(company, visit.uow.now),
        )

    @door.screen("/tenders/<int:lot_id>", who="factory")
    def tender(visit: Visit, lot_id: int) -> str:
        company = visit.own_company
        lot = open_lot(visit, lot_id)
        mine = live_offer(visit, lot_id)
        return visit.render(
            "tender",
            lot=lot,
            view=anonymous(visit, lot),
            match=matching.score_of(visit.uow, lot, company, visit.language),
            mine=mine,
            open_lot=lot.state == "published",
            standing=companies.standing(company, visit.uow.now),
            open_now=takes_offers(lot.state, lot.respond_by, visit.uow.now),
        )

    @door.screen("/numbers/<int:number>")
    def numbered(visit: Visit, number: int) -> str:
        raise GoTo(f"/app/lots/{lots.by_number(visit.uow, number).id}")

    @door.screen("/profile", who="factory")
    def profile(visit: Visit) -> str:
        company = visit.own_company
        form = wizard.form_of(company.kind)
        return visit.render(
            "profile",
            company=company,
            standing=companies.standing(company, visit.uow.now),
            sections=wizard.said_answers(visit, form, company.answers, private=False),
        )


def open_lot(visit: Visit, lot_id: int) -> Lot:
    """Give a lot that factories may see. Raises NotFound for any other, as if there were none."""
    lot = lots.get(visit.uow, lot_id)
    if lot.state not in OPEN_STATES or lot.published_at is None:
        raise NotFound
    return lot


def live_offer(visit: Visit, lot_id: int) -> Offer | None:
    """Give the offer of the person's factory that stands for a lot, or None."""
    made = offers.of_company(visit.uow, visit.own_company.id)
    return next((offer for offer in made if offer.lot_id == lot_id and offer.state in LIVE), None)


def anonymous(visit: Visit, lot: Lot) -> LotView:
    """Give a lot without anything that tells of its buyer."""
    return lots.anonymous_view(visit.uow, lot, visit.language)
