"""Changing the profile of an accepted company."""

from __future__ import annotations

from flask import Response, request

from b24app.form_parts import Form
from b24app.services import profile_changes
from b24app.services.industries import pack
from telegram_bridge.miniapp import fields as typed
from telegram_bridge.miniapp import wizard
from telegram_bridge.miniapp.door import Door, GoTo, Visit, answer


class ProfileForm(Form):
    """The whole profile; its answers (`q.…`) are read by their questions."""


def add_to(door: Door) -> None:
    """Offer the screen and the action."""

    @door.screen("/profile/edit")
    def profile_edit(visit: Visit) -> str:
        company = visit.own_company
        if company.state != "accepted":
            raise GoTo("/app/")
        change = profile_changes.waiting(visit.uow, company.id)
        note = visit.t("Name and certificates are checked by a manager before they change.")
        return visit.render(
            "edit",
            title=visit.t("Company profile"),
            note=visit.t("A change is with the manager already.") if change else note,
            form=wizard.form_of(company.kind),
            answers={**company.answers, **(change.answers if change else {})},
            action="edit_profile",
            hidden={},
            back="/app/settings",
            wizard=wizard,
            pack=pack(),
        )

    @door.action("edit_profile", ProfileForm())
    def edit_profile(visit: Visit) -> Response:
        questions = list(wizard.form_of(visit.own_company.kind).questions)
        given = wizard.own_files_only(visit, questions, typed.read(questions, request.form))
        waits = profile_changes.edit(visit.uow, visit.person, given, wizard.touched())
        said = visit.t("Saved. Name and certificates change once the manager approves.") if waits else visit.t("Saved")
        return answer(go="/app/settings", replace=True, done=True, toast=said)
