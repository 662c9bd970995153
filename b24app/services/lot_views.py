"""A lot as others may see it: built from an allow-list of answers, every text masked, nothing of the buyer.

Called by `lots`, by the pages that show lots, and for the channel. Reads nothing but the lot and the names to hide.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from b24app.domain.industries import Kind
from b24app.domain.lots import PUBLIC_FIELDS, title_of
from b24app.domain.masking import mask
from b24app.domain.masking.names import identifying
from b24app.domain.shortening import shortened
from b24app.i18n import Texts
from b24app.services.forms import shown
from b24app.services.industries import pack
from b24app.services.notices import escaped
from storage.models import Company, Lot, Person
from storage.unit_of_work import UnitOfWork

_TEXT_KINDS = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.LIST})
CHANNEL_LENGTH = 3500
BRIEF_FIELDS = ("product", "segment", "quantity", "unit")


@dataclass(frozen=True, kw_only=True)
class LotView:
    """A lot without its buyer. `rows` are (question code, label, value in words); `masked` tells that contacts were hidden."""

    id: int
    number: int
    version: int
    state: str
    title: str
    product: str
    segment: str
    quantity: str
    rows: tuple[tuple[str, str, str], ...]
    respond_by: datetime | None
    published_at: datetime | None
    masked: bool


def public_view(
    lot: Lot, language: str, hidden_names: Collection[str] = (), *, codes: Sequence[str] = PUBLIC_FIELDS
) -> LotView:
    """Give what a factory may see of a lot, in a language. `hidden_names` are masked wherever they occur; `codes` can only leave out."""
    form = pack().forms["lot"]
    rows: list[tuple[str, str, str]] = []
    any_masked = False
    for code in (code for code in PUBLIC_FIELDS if code in codes):
        question = form.question(code)
        value = shown(form, lot.fields, code, language)
        if not value or code == "unit":
            continue
        if question.kind in _TEXT_KINDS:
            masked = mask(value, hidden_names)
            value, any_masked = masked.text, any_masked or masked.hidden
        rows.append((code, question.label(language), value))
    said = {code: value for code, _, value in rows}
    return LotView(
        id=lot.id,
        number=lot.number,
        version=lot.version,
        state=lot.state,
        title=title_of({"product": said.get("product", "")}),
        product=said.get("product", ""),
        segment=said.get("segment", ""),
        quantity=said.get("quantity", ""),
        rows=tuple(rows),
        respond_by=lot.respond_by,
        published_at=lot.published_at,
        masked=any_masked,
    )


def brief_views(uow: UnitOfWork, found: Sequence[Lot], language: str) -> dict[int, LotView]:
    """Give the short view of each lot, by its id; companies and persons are read at once for all of them."""
    # What is read here stays known to the session, so that each lot's names cost no query of their own.
    known = [
        *uow.session.scalars(select(Company).where(Company.id.in_({lot.company_id for lot in found}))),
        *uow.session.scalars(select(Person).where(Person.id.in_({lot.person_id for lot in found}))),
    ]
    views = {lot.id: public_view(lot, language, hidden_names(uow, lot), codes=BRIEF_FIELDS) for lot in found}
    known.clear()
    return views


def hidden_names(uow: UnitOfWork, lot: Lot) -> frozenset[str]:
    """Give the names by which the buyer of a lot could be known: company, persons, site."""
    return telling_names(uow.known(Company, lot.company_id), uow.known(Person, lot.person_id))


def telling_names(company: Company, person: Person) -> frozenset[str]:
    """Give the names by which a buyer could be known: company, person, site, the former ones too."""
    return names_in(company.name, company.answers, person.username) | frozenset(company.former_names)


def names_in(company: str, answers: Mapping[str, Any], user_name: str = "") -> frozenset[str]:
    """Give the names by which a buyer with these answers could be known."""
    return identifying(
        company=company,
        full_name=str(answers.get("full_name", "")),
        user_name=user_name,
        website=str(answers.get("website", "")),
    )


def announcement(view: LotView, t: Texts, *, mark: str = "") -> str:
    """Write a lot as Telegram HTML: number, title, every public answer, deadline; `mark` is a line on top, such as “closed”."""
    head = f"<b>{escaped(t('Lot No. {number}', number=view.number))}</b>"
    lines = [f"{escaped(label)}: <b>{escaped(value)}</b>" for code, label, value in view.rows if code != "product"]
    if view.respond_by and view.state == "published":
        lines.append(f"{escaped(t('Offers until'))}: <b>{t.date(view.respond_by)}</b>")
    body = escaped(shortened(view.product, CHANNEL_LENGTH - sum(map(len, lines)) - 200))
    return "\n".join(part for part in (f"<b>{escaped(mark)}</b>" if mark else "", head, body, "", *lines) if part != "")
