"""The exchange rates that offers are compared by, on the page of settings: shown with who set them and when, changed by administrators.

Called by `desk_settings` and the table of actions.
"""

from __future__ import annotations

from typing import Any

from b24app.errors import InvalidInput
from b24app.i18n import texts
from b24app.services import exchange, staff
from b24app.services.industries import pack
from placements.calls import Call
from placements.subjects import Subject
from storage.unit_of_work import UnitOfWork


def shown(uow: UnitOfWork, call: Call) -> dict[str, Any]:
    """Give the rates in force line by line, and who set them when."""
    t, kept = staff.voice(uow, call.language), exchange.kept(uow)
    currencies = [currency.code for currency in pack().currencies]
    if kept is None:
        return {"rates": "", "rates_set": t("No rates are set yet."), "currencies": currencies}
    kind, _, user_id = kept.by.partition("/")
    name = staff.name_of(uow, user_id) if kind == "user" else t("the server's operator")
    said = t("Set by {name}, {moment}.", name=name, moment=t.moment(kept.at))
    return {"rates": kept.text.replace(" ", "\n"), "rates_set": said, "currencies": currencies}


def save(uow: UnitOfWork, call: Call, _subject: Subject, form: dict[str, Any]) -> str:
    """Keep other rates. InvalidInput in words."""
    t = texts(call.language)
    try:
        exchange.keep(uow, " ".join(form["rates"].split()), call.actor)
    except InvalidInput as error:
        wrong = ", ".join(error.fields["rates"])
        raise InvalidInput(fields={"rates": [t("This cannot be read: {part}", part=wrong)]}) from error
    return t("Saved.")
