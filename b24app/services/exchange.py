"""The exchange rates that offers are compared by: kept by an operator, asked for by the comparison. Sends nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from b24app.domain import exchange as rules
from b24app.errors import InvalidInput
from b24app.services import settings
from b24app.services.industries import pack
from storage.models import Setting
from storage.unit_of_work import UnitOfWork

SETTING = "exchange_rates"


@dataclass(frozen=True)
class Kept:
    """The rates in force as they were written, who wrote them (`user/1`, `operator`) and when."""

    text: str
    by: str
    at: datetime


def kept(uow: UnitOfWork) -> Kept | None:
    """Give the rates in force, or None before the first."""
    row = uow.session.get(Setting, SETTING)
    return Kept(row.value, row.changed_by, row.changed_at) if row is not None and row.value else None


def keep(uow: UnitOfWork, text: str, actor: str) -> None:
    """Keep rates written as `USD=1 EUR=1.08`. InvalidInput names what cannot be read, or a currency nobody trades in."""
    try:
        rates = rules.read_rates(text)
    except ValueError as error:
        raise InvalidInput(fields={"rates": [str(error)]}) from error
    unknown = set(rates) - {currency.code for currency in pack().currencies}
    if unknown:
        raise InvalidInput(fields={"rates": sorted(unknown)})
    settings.put(uow, SETTING, text, actor)


def into(uow: UnitOfWork, amount_minor: int, currency: str, wanted: str) -> int | None:
    """Give an amount in another currency, in minor units; None while one of the two has no rate."""
    if currency == wanted:
        return amount_minor
    rates = rules.read_rates(settings.get(uow, SETTING))
    if currency not in rates or wanted not in rates:
        return None
    digits = pack().digits
    return rules.converted(amount_minor, digits(currency), digits(wanted), rates[currency], rates[wanted])
