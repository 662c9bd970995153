"""A published lot in its buyer's hands: changing it, taking offers longer, sharing it out; the factory's word that its offer stands."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from flask import Response, request
from marshmallow import fields

from b24app.errors import InvalidInput
from b24app.form_parts import Form, WholeNumber
from b24app.services import awards, lot_changes, lot_revisions, lots, offers
from b24app.services.industries import pack
from storage.models import Lot
from telegram_bridge.miniapp import fields as typed
from telegram_bridge.miniapp import wizard
from telegram_bridge.miniapp.door import Door, GoTo, Visit, answer
from telegram_bridge.miniapp.orders import LOT_FORM

LARGEST_SHARE = 10**9


class ChangeForm(Form):
    """The changed lot; its answers (`q.…`) are read by their questions, shares (`share.<offer>`) by their offers."""

    lot_id = WholeNumber(required=True)


class DeadlineForm(Form):
    """A later last day for offers."""

    lot_id = WholeNumber(required=True)
    until = fields.Date(required=True)


class ConfirmForm(Form):
    """An offer that stands."""

    offer_id = WholeNumber(required=True)


def add_to(door: Door) -> None:
    """Offer these screens and actions."""
    _add_change(door)
    _add_deadline(door)
    _add_shares(door)

    @door.action("confirm_offer", ConfirmForm(), who="factory")
    def confirm_offer(visit: Visit, offer_id: int) -> Response:
        lot_changes.confirm(visit.uow, visit.person, offer_id)
        return answer(again=True, done=True, toast=visit.t("Thank you: your offer stands for the changed lot."))


def _published(visit: Visit, lot_id: int) -> Lot:
    lot = lots.own(visit.uow, visit.person, lot_id)
    if lot.state != "published":
        raise GoTo(f"/app/lots/{lot_id}")
    return lot


def _add_change(door: Door) -> None:
    @door.screen("/lots/<int:lot_id>/edit", who="buyer")
    def lot_edit(visit: Visit, lot_id: int) -> str:
        lot = _published(visit, lot_id)
        form = wizard.form_of(LOT_FORM)
        waits = visit.t("Your change is being checked") if lot_revisions.waits(lot) else ""
        return visit.render(
            "edit",
            title=visit.t("Change the lot"),
            note=waits or visit.t("Factories that answered are told and confirm their offers."),
            returned=[(form.question(c["field"]), c["reason"]) for c in lot.corrections if form.asks(c["field"])],
            form=form,
            answers=lot_revisions.wished(lot),
            action="revise_lot",
            hidden={"lot_id": lot.id},
            back=f"/app/lots/{lot.id}",
            wizard=wizard,
            pack=pack(),
        )

    @door.action("revise_lot", ChangeForm(), who="buyer")
    def revise_lot(visit: Visit, lot_id: int) -> Response:
        questions = list(wizard.form_of(LOT_FORM).questions)
        given = wizard.own_files_only(visit, questions, typed.read(questions, request.form))
        lot = lot_changes.revise(visit.uow, visit.person, lot_id, given, wizard.touched())
        said = visit.t("The lot is changed.")
        if lot_revisions.waits(lot):
            said = visit.t("The manager checks your change. Until then factories see the lot as it was.")
        return answer(go=f"/app/lots/{lot_id}", replace=True, done=True, toast=said)


def _add_deadline(door: Door) -> None:
    @door.screen("/lots/<int:lot_id>/deadline", who="buyer")
    def lot_deadline(visit: Visit, lot_id: int) -> str:
        return visit.render("deadline", lot=_published(visit, lot_id))

    @door.action("extend_lot", DeadlineForm(), who="buyer")
    def extend_lot(visit: Visit, lot_id: int, until: date) -> Response:
        lot_changes.extend(visit.uow, visit.person, lot_id, until)
        said = visit.t("Offers are taken until {date}.", date=visit.t.date(until))
        return answer(go=f"/app/lots/{lot_id}", replace=True, done=True, toast=said)


def _add_shares(door: Door) -> None:
    @door.screen("/lots/<int:lot_id>/shares", who="buyer")
    def lot_shares(visit: Visit, lot_id: int) -> str:
        lot = _published(visit, lot_id)
        table = offers.compare(visit.uow, visit.person, lot_id, visit.language)
        standing = {offer.id for offer in offers.of_lot(visit.uow, lot_id) if offer.lot_version == lot.version}
        return visit.render(
            "shares",
            lot=lot,
            columns=[one for one in table.columns if one.state == "allowed" and one.offer_id in standing],
            left=awards.left(visit.uow, lot),
            unit=pack().named("units", lot.unit, visit.language),
        )

    @door.action("award_shares", ChangeForm(), who="buyer")
    def award_shares(visit: Visit, lot_id: int) -> Response:
        awards.split(visit.uow, visit.person, lot_id, _shares(visit, request.form.to_dict()))
        said = visit.t("The factories are chosen. The manager prepares the contracts.")
        return answer(go=f"/app/lots/{lot_id}", replace=True, done=True, toast=said)


def _shares(visit: Visit, form: dict[str, Any]) -> dict[int, int]:
    shares = {}
    for name, value in form.items():
        found = re.fullmatch(r"share\.(\d{1,18})", name)
        digits = re.sub(r"\s", "", value)
        if not found or not digits:
            continue
        if not digits.isascii() or not digits.isdigit() or int(digits) > LARGEST_SHARE:
            raise InvalidInput(fields={name: [visit.t("Please enter a whole number.")]})
        shares[int(found[1])] = int(digits)
    return shares
