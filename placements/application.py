"""The application itself on this portal: whose rights it uses, bringing it up to date, preparing its removal.

Called by `desk_settings` and by the table of actions. What it sets going is done by the worker.
"""

from __future__ import annotations

from typing import Any

from b24app.i18n import texts
from b24app.services import audit, portals, staff
from placements.calls import Call
from placements.outside import Outside
from placements.subjects import Subject
from storage.unit_of_work import UnitOfWork


def shown(uow: UnitOfWork, call: Call) -> dict[str, Any]:
    """Give whose rights the background work uses, and whether the application is being left."""
    portal = portals.current(uow)
    owner = portal.owner_user_id if portal else ""
    return {
        "owner": staff.name_of(uow, owner) if owner else "",
        "owner_is_visitor": owner == call.user_id,
        "leaving": portal is not None and portal.state == "leaving",
    }


def take_over(outside: Outside, call: Call, form: dict[str, Any]) -> None:
    """Hand the background work to the visitor. NotAllowed when the portal does not confirm him as an administrator."""
    outside.take_over(form["refresh_token"], call.user_id)


def taken_over(_uow: UnitOfWork, call: Call, _subject: Subject, _form: dict[str, Any]) -> str:
    """Say that the visitor's rights are used now; `take_over` has kept it."""
    return texts(call.language)("The application works with your rights now.")


def begin(uow: UnitOfWork, call: Call, _subject: Subject, _form: dict[str, Any]) -> str:
    """Note who asked for an update."""
    audit.record(uow, call.actor, "installation_started", "portal/1")
    return texts(call.language)("Bitrix24 is being brought up to date; what is there already stays.")


def start_apply(outside: Outside) -> None:
    """Let the worker apply the manifest."""
    outside.start("apply_installation")


def leave(uow: UnitOfWork, call: Call, _subject: Subject, _form: dict[str, Any]) -> str:
    """Note who prepared the removal."""
    audit.record(uow, call.actor, "removal_prepared", "portal/1")
    t = texts(call.language)
    return t("Open cards and triggers are being cleared. In a minute you can delete the application in Bitrix24.")


def start_removal(outside: Outside) -> None:
    """Let the worker clear the portal."""
    outside.start("prepare_removal")
