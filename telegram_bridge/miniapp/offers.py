"""The factory's offers: the list, the form for one lot, sending."""

from __future__ import annotations

from flask import Response
from marshmallow import EXCLUDE, Schema, fields

from b24app.services import lots, offers
from b24app.services.industries import pack
from telegram_bridge.miniapp import wizard
from telegram_bridge.miniapp.door import Door, Visit, answer
from telegram_bridge.miniapp.questionnaires import read_step
from telegram_bridge.miniapp.tenders import anonymous, live_offer, open_lot


class OfferForm(Schema):
    """The end of an offer; its answers (`q.…`) are read by their questions."""

    class Meta:
        unknown = EXCLUDE

    lot_id = fields.Integer(required=True)


def add_to(door: Door) -> None:
    """Offer these screens and the action."""

    @door.screen("/offers", who="factory")
    def offers_list(visit: Visit) -> str:
        made = offers.of_company(visit.uow, visit.own_company.id)
        rows = [(offer, anonymous(visit, lots.get(visit.uow, offer.lot_id))) for offer in made]
        return visit.render("offers", offers=rows, pack=pack())

    @door.screen("/tenders/<int:lot_id>/offer", who="factory")
    def offer(visit: Visit, lot_id: int) -> str:
        lot = open_lot(visit, lot_id)
        filled = wizard.filling(visit, f"offer:{lot_id}")
        mine = live_offer(visit, lot_id)
        return visit.render(
            "offer",
            lot=lot,
            view=anonymous(visit, lot),
            mine=mine,
            filled=filled,
            answers=filled.answers if filled.started or mine is None else mine.terms,
            section=filled.form.sections[0],
            wizard=wizard,
            pack=pack(),
        )

    @door.action("submit_offer", OfferForm(), who="factory")
    def submit_offer(visit: Visit, lot_id: int) -> Response:
        name = f"offer:{lot_id}"
        given, _ = read_step(name, wizard.form_of(name).sections[0].code)
        own = wizard.own_files_only(visit, wizard.form_of(name).questions, given)
        offers.submit(visit.uow, visit.person, lot_id, own)
        said = visit.t("Your offer is sent for checking.")
        return answer(go=f"/app/tenders/{lot_id}", replace=True, done=True, toast=said)
