"""The rules of this marketplace on the page of settings: which lots wait for nobody, how many offers a buyer sees, what verification costs.

Called by `desk_settings` and the table of actions.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from b24app.i18n import LANGUAGE_NAMES, texts
from b24app.services import comparison, lot_checks, settings, verification
from b24app.services.industries import pack
from placements.calls import Call
from placements.market_forms import MOST_OFFERS, SEGMENT_PREFIX, WORDS_PREFIX
from placements.subjects import Subject
from storage.unit_of_work import UnitOfWork


def shown(uow: UnitOfWork, call: Call) -> dict[str, Any]:
    """Give the rules in force, ready for the form."""
    off, price, language = lot_checks.unmoderated(uow), verification.price(uow), call.language
    return {
        "market": {
            "segments": [
                (SEGMENT_PREFIX + one.code, one.label(language), one.code in off)
                for one in sorted(pack().segments, key=lambda one: one.label(language))
            ],
            "unmoderated": len(off),
            "offers_shown": comparison.shown_at_most(uow),
            "most_offers": MOST_OFFERS,
            "price": f"{Decimal(price.amount_minor).scaleb(-pack().digits(price.currency)):f}",
            "currency": price.currency,
            "words": [
                (WORDS_PREFIX + code, name, code, verification.own_words(uow, code), verification.standing(texts(code)))
                for code, name in LANGUAGE_NAMES.items()
            ],
            "longest": verification.LONGEST_TEXT,
        }
    }


def save(uow: UnitOfWork, call: Call, _subject: Subject, form: dict[str, Any]) -> str:
    """Keep other rules. InvalidInput by field."""
    t = texts(call.language)
    price, currency = form["verification_price"], form["verification_currency"]
    verification.keep_price(uow, price, currency, call.actor, t)
    verification.keep_words(uow, form["words"], call.actor)
    lot_checks.keep_unmoderated(uow, form["unmoderated"], call.actor)
    settings.put(uow, comparison.SHOWN, str(form["offers_shown"]), call.actor)
    return t("Saved.")
