"""A person's own settings: which notices come and when, a copy of everything kept, deleting the account."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import fields, validate
from sqlalchemy import select

from b24app.domain.quiet import NOTICE_KINDS, ZONES
from b24app.form_parts import Form, WholeNumber
from b24app.services import people, personal_data
from b24app.services.notices import kind_name
from storage.models import File
from telegram_bridge import data_copies
from telegram_bridge.miniapp.door import Door, GoTo, Visit, answer
from telegram_bridge.miniapp.home import NothingForm
from telegram_bridge.miniapp.session import JUST_OPENED


class NoticesForm(Form):
    """The kinds of notices that are wanted, and the quiet hours."""

    lots = fields.Boolean(load_default=False)
    offers = fields.Boolean(load_default=False)
    orders = fields.Boolean(load_default=False)
    reminders = fields.Boolean(load_default=False)
    team = fields.Boolean(load_default=False)
    quiet = fields.Boolean(load_default=False)
    quiet_from = WholeNumber(load_default=22, validate=validate.Range(min=0, max=23))
    quiet_until = WholeNumber(load_default=8, validate=validate.Range(min=0, max=23))
    zone = fields.String(load_default="", validate=validate.OneOf(("", *ZONES)))


def add_to(door: Door) -> None:
    """Offer these screens and actions."""
    _add_notices(door)
    _add_data(door)


def _add_notices(door: Door) -> None:
    @door.screen("/notices", who="anyone")
    def notices(visit: Visit) -> str:
        if visit.stage in {"language", "role"}:
            raise GoTo("/app/")
        return visit.render(
            "notices",
            kinds=[(kind, kind_name(kind, visit.t), kind not in visit.person.muted) for kind in NOTICE_KINDS],
            zones=[(zone, visit.t.place(zone)) for zone in dict.fromkeys((visit.person.zone, *ZONES))],
        )

    @door.action("choose_notices", NoticesForm(), who="anyone")
    def choose_notices(visit: Visit, quiet: bool, zone: str, **chosen: Any) -> Response:
        hours = (chosen.pop("quiet_from"), chosen.pop("quiet_until"))
        wanted = [kind for kind, on in chosen.items() if on]
        people.choose_notices(visit.uow, visit.person, wanted, hours if quiet else None, zone)
        return answer(again=True, toast=visit.t("Saved"))


def _add_data(door: Door) -> None:
    @door.screen("/data", who="anyone")
    def data(visit: Visit) -> str:
        made = visit.uow.session.scalars(
            select(File).where(File.owner == data_copies.owner_of(visit.person.id), File.person_id == visit.person.id)
        ).first()
        return visit.render("data", made=made)

    @door.action("export_data", NothingForm(), who="anyone", opened_within=JUST_OPENED)
    def export_data(visit: Visit) -> Response:
        data_copies.pack(visit.uow, visit.person, door.settings.files_dir)
        return answer(again=True, done=True, toast=visit.t("Your copy is ready."))

    @door.action("delete_account", NothingForm(), who="anyone", opened_within=JUST_OPENED)
    def delete_account(visit: Visit) -> Response:
        personal_data.erase(visit.uow, visit.person)
        return answer(done=True, close=True, toast=visit.t("Your account is deleted."))
