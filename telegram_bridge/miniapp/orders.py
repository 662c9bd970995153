"""The buyer's lots: the list, one lot with its offers side by side, shortlist, award, correction round, cancelling."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import fields, validate

from b24app.domain.lots import title_of
from b24app.form_parts import Form, WholeNumber
from b24app.services import corrections, lot_history, lot_news, lot_revisions, lots, offers, people
from b24app.services import orders as made
from telegram_bridge.miniapp import wizard
from telegram_bridge.miniapp.door import Door, GoTo, Visit, answer
from telegram_bridge.miniapp.paging import PAGE, read_before
from telegram_bridge.miniapp.questionnaires import show_corrections, take_corrections

LOT_FORM = "lot"


class LotForm(Form):
    """An action on a lot."""

    lot_id = WholeNumber(required=True)


class OfferForm(Form):
    """An action on an offer; `quantity` is left out when the whole lot is meant."""

    offer_id = WholeNumber(required=True)
    quantity = WholeNumber(load_default=None, validate=validate.Range(min=1))


class ShortlistForm(OfferForm):
    """Putting an offer on the shortlist or taking it off."""

    on = fields.Boolean(load_default=False)


def add_to(door: Door) -> None:
    """Offer these screens and actions."""
    _add_screens(door)
    _add_lot_actions(door)
    _add_offer_actions(door)


def _is_theirs(visit: Visit, lot_id: int) -> bool:
    """Tell whether a lot is to be shown as the person's own: it is, or they are nothing but a buyer."""
    bought, made = (people.company_of(visit.uow, visit.person, kind) for kind in ("buyer", "factory"))
    if bought is None or made is None:
        return made is None
    return lots.get(visit.uow, lot_id).company_id == bought.id


def _page(visit: Visit) -> dict[str, Any]:
    found = lots.of_company(visit.uow, visit.own_company.id, before_id=read_before(), limit=PAGE + 1)
    counts = offers.shown_counts(visit.uow, [lot.id for lot in found])
    return {
        "lots": [(lot, title_of(lot.fields), counts.get(lot.id, 0)) for lot in found[:PAGE]],
        "before": found[PAGE - 1].id if len(found) > PAGE else 0,
    }


def _add_screens(door: Door) -> None:
    @door.screen("/lots", who="buyer")
    def lots_list(visit: Visit) -> str:
        return visit.render("lots", **_page(visit))

    @door.screen("/lots/more", who="buyer")
    def lots_more(visit: Visit) -> str:
        return visit.render("lots_rows", **_page(visit))

    @door.screen("/lots/<int:lot_id>")
    def lot(visit: Visit, lot_id: int) -> str:
        if not _is_theirs(visit, lot_id):
            raise GoTo(f"/app/tenders/{lot_id}")
        if visit.person.active_role != "buyer":
            visit.act_as("buyer")
        found = lots.own(visit.uow, visit.person, lot_id)
        form = wizard.form_of(LOT_FORM)
        return visit.render(
            "lot",
            lot=found,
            title=title_of(found.fields),
            sections=wizard.said_answers(visit, form, found.fields),
            files=wizard.attached(visit, found.fields.get("files")),
            wizard=wizard,
            orders=made.of_lot(visit.uow, lot_id),
            unconfirmed={offer.id for offer in offers.of_lot(visit.uow, lot_id) if offer.lot_version != found.version},
            table=offers.compare(visit.uow, visit.person, lot_id, visit.language),
            history=lot_history.of_lot(visit.uow, found, visit.language),
            change_waits=lot_revisions.waits(found),
            returned=[(form.question(c["field"]), c["reason"]) for c in found.corrections if form.asks(c["field"])],
        )

    @door.screen("/lots/<int:lot_id>/corrections", who="buyer")
    def lot_corrections(visit: Visit, lot_id: int) -> str:
        found = corrections.of_lot(visit.uow, visit.person, lot_id)
        return show_corrections(visit, found, "correct_lot", f"/app/lots/{lot_id}", lot_id=lot_id)


def _add_lot_actions(door: Door) -> None:
    @door.action("correct_lot", LotForm(), who="buyer")
    def correct_lot(visit: Visit, lot_id: int) -> Response:
        found = lots.own(visit.uow, visit.person, lot_id)
        take_corrections(visit, corrections.of_lot(visit.uow, visit.person, lot_id), f"/app/lots/{lot_id}")
        said = lot_news.handed_in(found, visit.t)
        return answer(go=f"/app/lots/{lot_id}", replace=True, done=True, toast=said)

    @door.action("cancel_lot", LotForm(), who="buyer")
    def cancel_lot(visit: Visit, lot_id: int) -> Response:
        lots.cancel(visit.uow, visit.person, lot_id)
        return answer(again=True, done=True, toast=visit.t("The lot is cancelled."))


def _add_offer_actions(door: Door) -> None:
    @door.action("shortlist", ShortlistForm(), who="buyer")
    def shortlist(visit: Visit, offer_id: int, on: bool, quantity: int | None) -> Response:
        offers.shortlist(visit.uow, visit.person, offer_id, on)
        return answer(again=True)

    @door.action("award", OfferForm(), who="buyer")
    def award(visit: Visit, offer_id: int, quantity: int | None) -> Response:
        offers.award(visit.uow, visit.person, offer_id, quantity)
        return answer(again=True, done=True, toast=visit.t("The factory is chosen. The manager prepares the contract."))
