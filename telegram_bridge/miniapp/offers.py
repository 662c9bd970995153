"""The factory's offers: the list, the form for one lot, sending."""

from __future__ import annotations

from typing import Any

from flask import Response

from b24app.form_parts import Form, WholeNumber
from b24app.services import companies, forms, lots, offers
from b24app.services.industries import pack
from storage.models import Offer
from telegram_bridge.miniapp import wizard
from telegram_bridge.miniapp.door import Door, GoTo, Visit, answer
from telegram_bridge.miniapp.paging import PAGE, read_before
from telegram_bridge.miniapp.questionnaires import read_step
from telegram_bridge.miniapp.tenders import anonymous, live_offer, open_lot


class OfferForm(Form):
    """The end of an offer; its answers (`q.…`) are read by their questions."""

    lot_id = WholeNumber(required=True)


class OneOfferForm(Form):
    """An action on one's own offer."""

    offer_id = WholeNumber(required=True)


def _page(visit: Visit) -> dict[str, Any]:
    made = offers.of_company(visit.uow, visit.own_company.id, before_id=read_before(), limit=PAGE + 1)
    of_lots = lots.several(visit.uow, [offer.lot_id for offer in made])
    views = lots.brief_views(visit.uow, of_lots, visit.language)
    return {
        "offers": [(offer, views[offer.lot_id]) for offer in made[:PAGE]],
        "before": made[PAGE - 1].id if len(made) > PAGE else 0,
        "pack": pack(),
    }


def _begun(visit: Visit, name: str, mine: Offer | None) -> dict[str, Any]:
    """Give what the form of an offer begins with: what was typed into it before, else the offer that stands."""
    filled = wizard.filling(visit, name)
    return dict(filled.answers if filled.started or mine is None else mine.terms)


def add_to(door: Door) -> None:
    """Offer these screens and the action."""

    @door.screen("/offers", who="factory")
    def offers_list(visit: Visit) -> str:
        return visit.render("offers", **_page(visit))

    @door.screen("/offers/more", who="factory")
    def offers_more(visit: Visit) -> str:
        return visit.render("offers_rows", **_page(visit))

    @door.screen("/tenders/<int:lot_id>/offer", who="factory")
    def offer(visit: Visit, lot_id: int) -> str:
        lot = open_lot(visit, lot_id)
        name = f"offer:{lot_id}"
        filled = wizard.filling(visit, name)
        mine = live_offer(visit, lot_id)
        if mine is None and not companies.standing(visit.own_company, visit.uow.now).verified:
            raise GoTo(f"/app/tenders/{lot_id}")
        return visit.render(
            "offer",
            lot=lot,
            view=anonymous(visit, lot),
            mine=mine,
            filled=filled,
            answers=_begun(visit, name, mine),
            section=filled.form.sections[0],
            wizard=wizard,
            pack=pack(),
        )

    @door.action("withdraw_offer", OneOfferForm(), who="factory")
    def withdraw_offer(visit: Visit, offer_id: int) -> Response:
        offers.withdraw(visit.uow, visit.person, offer_id)
        return answer(again=True, done=True, toast=visit.t("Your offer is withdrawn."))

    @door.action("submit_offer", OfferForm(), who="factory")
    def submit_offer(visit: Visit, lot_id: int) -> Response:
        name = f"offer:{lot_id}"
        given, _ = read_step(name, wizard.form_of(name).sections[0].code)
        if (touched := wizard.touched()) is not None:
            given = forms.laid_over(_begun(visit, name, live_offer(visit, lot_id)), given, touched)
        own = wizard.own_files_only(visit, wizard.form_of(name).questions, given)
        offers.submit(visit.uow, visit.person, lot_id, own)
        said = visit.t("Your offer is sent for checking.")
        return answer(go=f"/app/tenders/{lot_id}", replace=True, done=True, toast=said)
