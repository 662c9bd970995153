"""A factory as buyers see it: the card in a list, the profile, several side by side; every text masked, nothing private.

Called by the screens of the catalogue. Built from the questionnaire as the pack asks it; knows no industry. Sends nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from b24app.domain.catalogue import SORTS
from b24app.domain.industries import Kind, Question
from b24app.domain.masking import mask
from b24app.i18n import Texts, texts
from b24app.services import matching, review_news, review_replies, reviews, staff
from b24app.services.forms import shown
from b24app.services.industries import pack
from storage.models import Audit, CatalogueEntry, Company, File
from storage.unit_of_work import UnitOfWork

FORM = "factory"
_FREE = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.LIST})
_NOT_WORDS = frozenset({Kind.FILE, Kind.FILES, Kind.POINT, Kind.URL, Kind.GROUP})
_OWN_PLACE = frozenset({"company", "offer_text"})


@dataclass(frozen=True, kw_only=True)
class FactoryCard:
    """One factory in a list; texts in words of the reader's language."""

    id: int
    name: str
    region: str
    segments: str
    specialisation: str
    facts: list[tuple[str, str]]
    verified: bool
    completed_orders: int
    logo: int | None
    rating: str
    rating_count: int


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """A certificate with the day it holds until; `scan` is the file's id, if there is one."""

    name: str
    number: str
    expires_on: date
    valid: bool
    scan: int | None


@dataclass(frozen=True, kw_only=True)
class AuditSummary:
    """What buyers learn of the audit behind a badge: when it was decided, its total (0–100), the points (0–5) by line of the checklist."""

    decided_at: datetime
    score: int
    lines: list[tuple[str, int]]


@dataclass(frozen=True, kw_only=True)
class FactoryProfile:
    """Everything of a factory that buyers may see. `photos` are ids of pictures, `offer_file` that of a presentation.

    `manager` is the platform's, who answers for the factory: the only contact there is; empty while we do not know a name.
    """

    card: FactoryCard
    offer_text: str
    offer_file: File | None
    photos: list[int]
    video_link: str
    certificates: list[Certificate]
    sections: list[tuple[str, list[tuple[str, str]]]]
    verified_until: datetime | None
    audit: AuditSummary | None
    discloses_credit: bool
    manager: str


def card(uow: UnitOfWork, company: Company, entry: CatalogueEntry, language: str) -> FactoryCard:
    """Give a factory's card."""
    return FactoryCard(
        id=company.id,
        name=mask(company.name, introductions_too=False).text,
        region=_words(company, "region", language),
        segments=_words(company, "segments", language),
        specialisation=_words(company, "specialisation", language),
        facts=_facts(company, entry, language),
        verified=entry.verified_until is not None and entry.verified_until > uow.now,
        completed_orders=entry.completed_orders,
        logo=_number(company.answers.get("logo")),
        rating=rating_words(entry, language),
        rating_count=entry.rating_count,
    )


@dataclass(frozen=True, kw_only=True)
class Said:
    """A published review as others read it, contacts hidden; `marks` are (what for, 1–5), `reply` is empty without one."""

    stars: int
    at: datetime
    words: str
    marks: list[tuple[str, int]]
    reply: str


def said_of(uow: UnitOfWork, company_id: int, language: str) -> list[Said]:
    """Give the newest published reviews of a factory with the replies to them."""
    given, t = reviews.of_company(uow, company_id), texts(language)
    replies = review_replies.of_reviews(uow, [one.id for one in given])
    public = {number: mask(reply.text).text for number, reply in replies.items() if reply.state == "published"}
    return [
        Said(
            stars=one.stars,
            at=one.given_at,
            words=mask(one.text).text,
            marks=review_news.marked(one, t),
            reply=public.get(one.id, ""),
        )
        for one in given
    ]


def rating_words(entry: CatalogueEntry, language: str) -> str:
    """Write a factory's rating with one decimal place; nothing before its first review."""
    return texts(language).number(round(matching.rating_of(entry), 1)) if entry.rating_count else ""


def _number(value: Any) -> int | None:
    return int(value) if str(value or "").isdigit() else None


def _facts(company: Company, entry: CatalogueEntry, language: str) -> list[tuple[str, str]]:
    t = texts(language)
    unit = pack().named("units", str(company.answers.get("volume_unit", "")), language)
    low, high = company.answers.get("capacity_min"), company.answers.get("capacity_max")
    capacity = f"{t.number(low)} – {t.number(high)} {unit}" if low and high else ""
    found = [
        (t("Capacity a month"), capacity),
        (t("Minimum order"), f"{t.number(company.moq)} {unit}" if company.moq else ""),
        (t("Lead time"), t.tn("{count} day", "{count} days", company.lead_time_days) if company.lead_time_days else ""),
        (t("Usually answers in"), minutes_words(entry.answer_minutes, language)),
    ]
    return [(label, words) for label, words in found if words]


def sort_words(t: Texts) -> dict[str, str]:
    """Name the orders of the list."""
    return dict(zip(SORTS, (t("Best match"), t("New first"), t("Quick to answer"), t("Best rated")), strict=True))


def minutes_words(minutes: int | None, language: str) -> str:
    """Say a length of time in minutes, hours or days; nothing for None."""
    t = texts(language)
    if minutes is None:
        return ""
    if minutes < 60:
        return t.tn("{count} minute", "{count} minutes", max(1, minutes))
    if minutes < 48 * 60:
        return t.tn("{count} hour", "{count} hours", round(minutes / 60))
    return t.tn("{count} day", "{count} days", round(minutes / 1440))


def profile(uow: UnitOfWork, company: Company, entry: CatalogueEntry, language: str) -> FactoryProfile:
    """Give a factory's whole profile."""
    answers = company.answers
    pictures = _files(uow, answers.get("photos") or [])
    verified = company.verified_until is not None and company.verified_until > uow.now
    offer_file = _files(uow, [answers["offer_file"]]) if answers.get("offer_file") else []
    return FactoryProfile(
        card=card(uow, company, entry, language),
        offer_text=mask(str(answers.get("offer_text") or ""), introductions_too=False).text,
        offer_file=offer_file[0] if offer_file else None,
        photos=[file.id for file in pictures if file.mime.startswith("image/")],
        video_link=str(answers.get("video_link") or ""),
        certificates=_certificates(company, uow.now.date(), language),
        sections=_sections(company, language),
        verified_until=company.verified_until if verified else None,
        audit=_audit(uow, company, language) if verified else None,
        discloses_credit=bool(answers.get("credit_load")),
        manager=staff.names_of(uow, [company.responsible_id]).get(company.responsible_id, ""),
    )


def _audit(uow: UnitOfWork, company: Company, language: str) -> AuditSummary | None:
    """Give the summary of the audit passed last; the auditor's notes stay with the platform."""
    passed = uow.session.scalars(
        select(Audit).where(Audit.company_id == company.id, Audit.verdict == "pass").order_by(Audit.id.desc()).limit(1)
    ).first()
    if passed is None or passed.decided_at is None:
        return None
    lines = [
        (line.labels[language], int(passed.scores[line.code]["points"]))
        for line in pack().audit.checklist
        if line.code in passed.scores
    ]
    return AuditSummary(decided_at=passed.decided_at, score=passed.score or 0, lines=lines)


def _files(uow: UnitOfWork, value: Sequence[Any]) -> list[File]:
    ids = [int(item) for item in value if str(item).isdigit()]
    rows = uow.session.scalars(select(File).where(File.id.in_(ids))).all() if ids else ()
    known = {file.id: file for file in rows}
    return [known[number] for number in ids if number in known]


def _certificates(company: Company, today: date, language: str) -> list[Certificate]:
    found = []
    for entry in company.answers.get("certificates") or []:
        expires_on = date.fromisoformat(entry["expires_on"])
        found.append(
            Certificate(
                name=pack().named("certificates", entry["certificate"], language),
                number=str(entry.get("number", "")),
                expires_on=expires_on,
                valid=expires_on >= today,
                scan=_number(entry.get("scan")),
            )
        )
    return found


def _sections(company: Company, language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    form = pack().questionnaires[FORM]
    units = {question.unit for question in form.questions}
    found = []
    for section in form.sections:
        rows = [
            (question.label(language), _words(company, question.code, language))
            for question in section.questions
            if _told(question) and question.code not in units
        ]
        rows = [(label, words) for label, words in rows if words]
        if rows:
            found.append((section.label(language), rows))
    return found


def _told(question: Question) -> bool:
    return not question.private and question.kind not in _NOT_WORDS and question.code not in _OWN_PLACE


def _words(company: Company, code: str, language: str) -> str:
    """Say a public answer in words, masked; nothing when the pack does not ask it or nothing was answered."""
    form = pack().questionnaires[FORM]
    if not form.asks(code):
        return ""
    question = form.question(code)
    words = shown(form, company.answers, code, language)
    return mask(words, introductions_too=False).text if question.kind in _FREE else words


def side_by_side(
    uow: UnitOfWork, found: Sequence[tuple[Company, CatalogueEntry]], language: str
) -> list[tuple[str, list[str], int]]:
    """Give the rows of a comparison: label, one value per factory, the index of the best or -1. Rows without values are left out."""
    t = texts(language)
    form = pack().questionnaires[FORM]
    units = {question.unit for question in form.questions}
    verified = [entry.verified_until is not None and entry.verified_until > uow.now for _, entry in found]
    certificates = [
        ", ".join(held.name for held in _certificates(company, uow.now.date(), language) if held.valid)
        for company, _ in found
    ]
    rows = [
        (t("Verified"), [t("yes") if one else t("no") for one in verified], -1),
        (t("Certificates"), certificates, -1),
        (t("Completed orders"), [t.number(entry.completed_orders) for _, entry in found], -1),
        (t("Usually answers in"), [minutes_words(entry.answer_minutes, language) for _, entry in found], -1),
    ]
    smallest = {
        "moq": [company.moq or 0 for company, _ in found],
        "lead_time_days": [e.lead_time_days for _, e in found],
    }
    for question in form.questions:
        if _told(question) and question.code not in units and question.kind is not Kind.LONG_TEXT:
            values = [_words(company, question.code, language) for company, _ in found]
            rows.append((question.label(language), values, _least(smallest.get(question.code, []))))
    return [row for row in rows if any(row[1])]


def _least(values: list[int]) -> int:
    """Give where the smallest value stands, or -1 when they are all the same."""
    return values.index(min(values)) if len(set(values)) > 1 else -1
