"""Saying in words and numbers why a factory suits a lot. Called by `matching`."""

from __future__ import annotations

from typing import Any, NamedTuple

from b24app.domain import matching as rules
from b24app.i18n import Texts
from b24app.services.industries import pack
from storage.models import Lot


class Why(NamedTuple):
    """A reason as a sentence, and whether it is good, plain or bad for the match."""

    words: str
    tone: str


def in_words(score: rules.Score, lot: Lot, t: Texts) -> list[Why]:
    """Give the reasons of a score as sentences, in its order."""
    return [Why(_reason(reason, lot, t), reason.tone) for reason in score.reasons]


def _reason(reason: rules.Reason, lot: Lot, t: Texts) -> str:
    params = dict(reason.params)
    unit = pack().named("units", lot.unit, t.language)
    segment = pack().named("segments", lot.segment, t.language)
    match reason.code:
        case "specialised" | "among_segments":
            said = t("Specialises in: {segment}") if reason.code == "specialised" else t("Also makes: {segment}")
            return said.format(segment=segment)
        case "capacity_fits" | "capacity_tight" | "capacity_unknown":
            return _capacity_words(reason.code, params, unit, t)
        case "lead_time":
            return _lead_time_words(params, t)
        case _:
            return _standing_words(reason.code, params, t)


def _capacity_words(code: str, params: dict[str, Any], unit: str, t: Texts) -> str:
    if code == "capacity_unknown":
        return t("Counts its capacity in another unit")
    capacity = t.number(params["capacity"])
    if code == "capacity_tight":
        return t("Capacity of {capacity} {unit} a month is just enough", capacity=capacity, unit=unit)
    return t("Capacity of {capacity} {unit} a month", capacity=capacity, unit=unit)


def _lead_time_words(params: dict[str, Any], t: Texts) -> str:
    usual = t.tn("usually {count} day", "usually {count} days", params["lead"])
    left = t.tn("{count} day to spare", "{count} days to spare", params["spare"])
    return f"{t('Lead time')}: {usual}, {left}"


def _standing_words(code: str, params: dict[str, Any], t: Texts) -> str:
    match code:
        case "orders":
            return t.tn("{count} open order now", "{count} open orders now", params["open"])
        case "answered_none":
            return t.tn(
                "Has not answered {count} lot it was sent", "Has not answered {count} lots it was sent", params["count"]
            )
        case "on_time":
            return t.tn(
                "{on_time} of {count} order on time",
                "{on_time} of {count} orders on time",
                params["count"],
                on_time=params["on_time"],
            )
    said = {
        "verified": t("Verified by the platform"),
        "unverified": t("Not verified yet"),
        "no_rating": t("No reviews yet"),
        "rating": t("Rating {rating} out of 5"),
        "no_finished_orders": t("No finished orders yet"),
        "price_below": t("Its usual price is {percent}% below the target"),
        "price_above": t("Its usual price is {percent}% above the target"),
        "price_unknown": t("No earlier prices to compare"),
        "answers_in": t("Usually answers within {hours} h"),
        "answers_unknown": t("No earlier answers"),
        "no_orders": t("No open orders now"),
    }
    return said[code].format(**params)
