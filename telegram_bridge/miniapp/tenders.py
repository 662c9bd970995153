"""The factory's side of lots: those that suit it and why, one lot without its buyer, the factory's own profile."""

from __future__ import annotations

from typing import Any

from flask import request

from b24app.domain.catalogue import completeness, unanswered
from b24app.domain.lots import takes_offers
from b24app.services import clean_copies, companies, lots, matching, offers, verification
from b24app.services.industries import pack
from b24app.services.lot_views import LotView
from storage.models import Lot, Offer
from telegram_bridge.miniapp import wizard
from telegram_bridge.miniapp.door import Door, GoTo, Visit
from telegram_bridge.miniapp.paging import PAGE, read_skip


def add_to(door: Door) -> None:
    """Offer these screens."""

    @door.screen("/tenders", who="factory")
    def tenders(visit: Visit) -> str:
        company = visit.own_company
        return visit.render(
            "tenders",
            segments=[choice for choice in pack().segments if choice.code in company.segments],
            standing=companies.standing(company, visit.uow.now),
            **_page(visit),
        )

    @door.screen("/tenders/more", who="factory")
    def tenders_more(visit: Visit) -> str:
        return visit.render("tenders_rows", **_page(visit))

    @door.screen("/tenders/<int:lot_id>", who="factory")
    def tender(visit: Visit, lot_id: int) -> str:
        company = visit.own_company
        lot = open_lot(visit, lot_id)
        mine = live_offer(visit, lot_id)
        standing = companies.standing(company, visit.uow.now)
        return visit.render(
            "tender",
            lot=lot,
            view=anonymous(visit, lot),
            match=matching.score_of(visit.uow, lot, company, visit.language),
            mine=mine,
            open_lot=lot.state == "published",
            standing=standing,
            verification=None if standing.verified else verification.terms(visit.uow, visit.t),
            files=clean_copies.shown(visit.uow, lot.fields.get("files") or ()),
            wizard=wizard,
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
            share=round(100 * completeness(form, company.answers)),
            missing=unanswered(form, company.answers),
            sections=wizard.said_answers(visit, form, company.answers, private=False),
        )


def _page(visit: Visit) -> dict[str, Any]:
    company, skip = visit.own_company, read_skip()
    segment = request.args.get("segment", "")
    segment = segment if segment in company.segments else ""
    found = matching.lots_for(visit.uow, company.id, visit.language, PAGE + 1, skip=skip, segment=segment)
    views = lots.brief_views(visit.uow, [match.lot for match in found], visit.language)
    answered = offers.answered(visit.uow, company.id, [match.lot_id for match in found])
    return {
        "matches": [(match, views[match.lot_id], match.lot_id in answered) for match in found[:PAGE]],
        "skip": skip + PAGE if len(found) > PAGE else 0,
        "segment": segment,
    }


def open_lot(visit: Visit, lot_id: int) -> Lot:
    """Give a lot that factories may see. Raises NotFound for any other, as if there were none."""
    return lots.published(visit.uow, lot_id)


def live_offer(visit: Visit, lot_id: int) -> Offer | None:
    """Give the offer of the person's factory that stands for a lot, or None."""
    return offers.live(visit.uow, lot_id, visit.own_company.id)


def anonymous(visit: Visit, lot: Lot) -> LotView:
    """Give a lot without anything that tells of its buyer."""
    return lots.anonymous_view(visit.uow, lot, visit.language)
