"""Amounts of one currency in another, by rates that say what one unit is worth. Pure; money stays in whole minor units."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

Rates = Mapping[str, Decimal]
"""Currency → what one unit is worth, all in the same measure."""


def read_rates(text: str) -> dict[str, Decimal]:
    """Read `USD=1 EUR=1.08 UZS=0.00008`. ValueError names the first part that is not a currency and a number above zero."""
    rates = {}
    for part in text.split():
        currency, _, worth = part.partition("=")
        try:
            rate = Decimal(worth)
        except InvalidOperation as error:
            raise ValueError(part) from error
        if len(currency) != 3 or not currency.isupper() or not rate.is_finite() or rate <= 0:
            raise ValueError(part)
        rates[currency] = rate
    return rates


def converted(amount_minor: int, digits: int, into_digits: int, worth: Decimal, into_worth: Decimal) -> int:
    """Give an amount in minor units of another currency, rounded to the nearest: `digits` of each after the point."""
    whole = Decimal(amount_minor).scaleb(-digits) * worth / into_worth
    return int(whole.scaleb(into_digits).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
