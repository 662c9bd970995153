"""Offers side by side for the buyer: the columns, the best value of each row, in the reader's language. Called by `offers`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from b24app.domain.masking import mask
from b24app.domain.offers import SHOWN_AT_MOST
from b24app.i18n import Texts
from b24app.services import catalogue_entries, clean_copies, conversations, exchange, matching, settings
from b24app.services.company_cards import standing_at
from b24app.services.forms import shown
from b24app.services.industries import pack
from storage.models import CatalogueEntry, Company, Lot, Offer
from storage.unit_of_work import UnitOfWork

SHOWN = "offers_shown"
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, kw_only=True)
class OfferColumn:
    """One offer as the buyer sees it; every text in words, contacts masked."""

    offer_id: int
    factory: str
    verified: bool
    state: str
    shortlisted: bool
    score: int
    price: str
    total: str
    lead_time: str
    moq: str
    incoterms: str
    certificates: str
    rating: str
    valid_until: str
    message: str
    conversation_id: int | None
    files: clean_copies.Shown


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """`columns` best-matched first; `rows` are (label, one value per column, index of the best column or -1).

    `rates` says by which rates prices of different currencies were compared, or why they were not.
    """

    columns: list[OfferColumn]
    rows: list[tuple[str, list[str], int]]
    rates: str = ""


def of_offers(uow: UnitOfWork, lot: Lot, seen: Sequence[Offer], t: Texts) -> Comparison:
    """Put offers for a lot side by side, at most `shown_at_most` of them, in the voice of their reader."""
    ids = [offer.company_id for offer in seen]
    companies = {company.id: company for company in uow.session.scalars(select(Company).where(Company.id.in_(ids)))}
    scores = matching.scores_of(uow, lot, list(companies.values()), t.language)
    threads = conversations.ids_of_offers(uow, [offer.id for offer in seen])
    files = clean_copies.shown_of_each(uow, [offer.terms.get("files") or () for offer in seen])
    entries = catalogue_entries.of_companies(uow, list(companies.values()))
    ratings = {number: _rating(entry, t) for number, entry in entries.items()}
    made = []
    for offer, shown_files in zip(seen, files, strict=True):
        number = offer.company_id
        known = companies[number], scores[number], threads.get(offer.id), shown_files, ratings[number]
        made.append((offer, _column(uow, lot, offer, known, t)))
    # What the buyer has chosen or marked stays in sight, however many suit better.
    made.sort(key=lambda pair: (pair[1].state != "awarded", not pair[1].shortlisted, *_rank(pair[1])))
    made = sorted(made[: shown_at_most(uow)], key=lambda pair: _rank(pair[1]))
    columns = [column for _, column in made]
    prices = _in_one_currency(uow, lot, [offer for offer, _ in made])
    rows = _rows(lot, [offer for offer, _ in made], columns, prices, t)
    return Comparison(columns=columns, rows=rows, rates=_rates_words(uow, prices, t))


def shown_at_most(uow: UnitOfWork) -> int:
    """Give how many offers for a lot its buyer sees at most."""
    return int(settings.get(uow, SHOWN, str(SHOWN_AT_MOST)))


def _rank(column: OfferColumn) -> tuple[int, int]:
    return -column.score, column.offer_id


def _rates_words(uow: UnitOfWork, prices: _Prices, t: Texts) -> str:
    if not prices.differ:
        return ""
    kept = exchange.kept(uow)
    if kept is None or not prices.minor:
        return t("The prices are in different currencies, and one of them has no exchange rate here yet.")
    return t("In one currency by the platform's exchange rates of {date}.", date=t.date(kept.at))


@dataclass(frozen=True)
class _Prices:
    """The prices per unit in the currency of the lot's target, else of the first offer; empty when a rate is missing."""

    currency: str
    minor: list[int]
    differ: bool


def _in_one_currency(uow: UnitOfWork, lot: Lot, seen: Sequence[Offer]) -> _Prices:
    target = lot.fields.get("target_price")
    currency = target["currency"] if target else seen[0].currency if seen else ""
    found = [exchange.into(uow, offer.price_minor, offer.currency, currency) for offer in seen]
    known = [price for price in found if price is not None]
    differ = any(offer.currency != currency for offer in seen)
    return _Prices(currency, known if len(known) == len(found) else [], differ)


def _column(
    uow: UnitOfWork,
    lot: Lot,
    offer: Offer,
    known: tuple[Company, matching.Match, int | None, clean_copies.Shown, str],
    t: Texts,
) -> OfferColumn:
    company, match, conversation_id, files, rating = known
    form, language = pack().forms["offer"], t.language
    unit = pack().named("units", lot.unit, language)
    held = [pack().named("certificates", c["certificate"], language) for c in company.answers.get("certificates", [])]
    place = mask(str(offer.terms.get("place", ""))).text
    return OfferColumn(
        offer_id=offer.id,
        factory=company.name,
        verified=standing_at(company, uow.now).verified,
        state=offer.state,
        shortlisted=offer.shortlisted,
        score=match.score,
        price=f"{t.money(offer.price_minor, offer.currency)} / {unit}",
        total=t.money(offer.price_minor * lot.quantity, offer.currency),
        lead_time=t.tn("{count} day", "{count} days", offer.lead_time_days),
        moq=f"{shown(form, offer.terms, 'moq', language)} {unit}",
        incoterms=" · ".join(part for part in (str(offer.terms.get("incoterms", "")), place) if part),
        certificates=", ".join(dict.fromkeys(held)),
        rating=rating,
        valid_until=shown(form, offer.terms, "valid_until", language),
        message=mask(str(offer.terms.get("message", ""))).text,
        conversation_id=conversation_id,
        files=files,
    )


def _rating(entry: CatalogueEntry, t: Texts) -> str:
    """Write a factory's rating and by how many reviews it came; nothing before the first."""
    if not entry.rating_count:
        return ""
    return f"★ {t.number(round(matching.rating_of(entry), 1))} ({t.number(entry.rating_count)})"


def _against_target(lot: Lot, prices: _Prices, seen: Sequence[Offer]) -> list[str]:
    """Tell by how much each price differs from the wish, where one was named and can be compared with."""
    target = lot.fields.get("target_price")
    if not target:
        return []
    # Where a rate is missing, prices in the wish's own currency can be compared all the same.
    own = [offer.price_minor if offer.currency == target["currency"] else None for offer in seen]
    return [_percent(price, target["amount_minor"]) for price in prices.minor or own]


def _percent(price_minor: int | None, target_minor: int) -> str:
    if price_minor is None:
        return ""
    return f"{round((price_minor - target_minor) * 100 / target_minor):+d}%".replace("-", MINUS)


def _rows(
    lot: Lot, seen: list[Offer], columns: list[OfferColumn], prices: _Prices, t: Texts
) -> list[tuple[str, list[str], int]]:
    cheapest = _best(prices.minor)
    alike = [f"≈ {t.money(price, prices.currency)}" for price in prices.minor] if prices.differ else []
    return [
        (t("Price"), [column.price for column in columns], cheapest),
        (t("In one currency"), alike, cheapest),
        (t("Whole lot"), [column.total for column in columns], cheapest),
        (t("Against your target"), _against_target(lot, prices, seen), -1),
        (t("Lead time"), [column.lead_time for column in columns], _best([offer.lead_time_days for offer in seen])),
        (t("Minimum order"), [column.moq for column in columns], -1),
        (t("Delivery"), [column.incoterms for column in columns], -1),
        (t("Certificates"), [column.certificates for column in columns], -1),
        (t("Rating"), [column.rating for column in columns], -1),
        (t("Verified"), [t("yes") if column.verified else t("no") for column in columns], -1),
        (t("Match"), [f"{column.score}/100" for column in columns], _best([-column.score for column in columns])),
        (t("Offer valid until"), [column.valid_until for column in columns], -1),
    ]


def _best(values: list[int]) -> int:
    return values.index(min(values)) if len(set(values)) > 1 else -1
