"""The exchange rates that offers are compared by: kept by an operator, asked for by the comparison. Sends nothing."""

from __future__ import annotations

from b24app.domain import exchange as rules
from b24app.errors import InvalidInput
from b24app.services import settings
from b24app.services.industries import pack
from storage.unit_of_work import UnitOfWork

SETTING = "exchange_rates"


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
