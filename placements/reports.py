"""The reports: lots, factories, conversations in a period, as tables with their charts.

Built for `registry` as views of the overview and as a page of its own in the CRM's analytics. What to show comes from the visitor's
filter; `exports` writes the same sheets into files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from marshmallow import ValidationError

from b24app.errors import InvalidInput
from b24app.i18n import Texts, texts
from b24app.services import report_conversations, report_factories, report_lots, staff
from b24app.services.industries import pack
from b24app.services.report_factories import EXPORTED, PAGE, League, Wanted
from b24app.services.report_sheets import Sheet, Span, span, written
from placements import charts, subjects
from placements.calls import Call
from placements.forms import ReportForm
from placements.subjects import Subject
from storage.unit_of_work import UnitOfWork

PRESETS = (30, 90, 365)


@dataclass(frozen=True)
class Asked:
    """A visitor's filter: the period and segment, and which part of the league."""

    span: Span
    wanted: Wanted

    def query(self, **changes: Any) -> str:
        """Give the filter as a query string, with changes."""
        fields = {
            "since": self.span.since,
            "until": self.span.until,
            "segment": self.span.segment,
            "factory": self.wanted.name,
            "sort": self.wanted.sort,
            "page": self.wanted.page,
            **changes,
        }
        return urlencode({name: value for name, value in fields.items() if value not in ("", None)})


def asked_of(given: Mapping[str, str], today: date, t: Texts) -> Asked:
    """Read a filter. InvalidInput when a field cannot be read or the period is empty or too long."""
    try:
        form = ReportForm().load(given)
    except ValidationError as error:
        raise InvalidInput(fields=_faults(error)) from error
    known = {choice.code for choice in pack().segments}
    segment = form["segment"] if form["segment"] in known else ""
    period = span(form["since"], form["until"], segment, today, t)
    return Asked(period, Wanted(name=form["factory"], sort=form["sort"], page=form["page"]))


def _faults(error: ValidationError) -> dict[str, list[str]]:
    found = error.messages if isinstance(error.messages, dict) else {"filter": error.messages}
    return {str(name): [str(words) for words in said] for name, said in found.items()}


def lots(uow: UnitOfWork, call: Call, _subject: Subject) -> dict[str, Any]:
    """Show the figures of lots."""
    asked = asked_of(call.asked, staff.today(uow), staff.voice(uow, call.language))
    return _shown("report_lots", asked, report_lots.sheets(uow, asked.span, call.language), uow, call)


def conversations(uow: UnitOfWork, call: Call, _subject: Subject) -> dict[str, Any]:
    """Show the figures of conversations."""
    asked = asked_of(call.asked, staff.today(uow), staff.voice(uow, call.language))
    found = report_conversations.sheets(uow, asked.span, call.language)
    return _shown("report_conversations", asked, found, uow, call)


def factories(uow: UnitOfWork, call: Call, _subject: Subject) -> dict[str, Any]:
    """Show one page of the league, which can be searched, sorted and turned over, and how audits ended."""
    asked = asked_of(call.asked, staff.today(uow), staff.voice(uow, call.language))
    league = report_factories.league(uow, asked.span, call.language, asked.wanted)
    found = [report_factories.audits(uow, asked.span, call.language)]
    shown = _shown("report_factories", asked, found, uow, call)
    return {**shown, **_league(uow, asked, league, texts(call.language))}


def _league(uow: UnitOfWork, asked: Asked, league: League, t: Texts) -> dict[str, Any]:
    sheet, page = league.sheet, asked.wanted.page
    sorts = ("", "invited", "answered", "rate", "let", "won", "hours", "late")
    heads = [
        (column, sort, asked.query(sort=sort, page=0), sort == asked.wanted.sort)
        for column, sort in zip(sheet.columns, sorts, strict=True)
    ]
    in_crm = subjects.refs_in_crm(uow, [f"company/{number}" for number in league.ids])
    return {
        "league": sheet,
        "heads": heads,
        "league_rows": [
            (page * PAGE + place, in_crm.get(f"company/{number}"), _words(sheet, row, t))
            for place, (number, row) in enumerate(zip(league.ids, sheet.rows, strict=True), start=1)
        ],
        "total": league.total,
        "earlier": asked.query(page=page - 1) if page else "",
        "later": asked.query(page=page + 1) if (page + 1) * PAGE < league.total else "",
    }


def _words(sheet: Sheet, row: tuple[Any, ...], t: Texts) -> list[tuple[str, str]]:
    return [(written(value, column.kind, t), column.kind) for value, column in zip(row, sheet.columns, strict=True)]


def _shown(view: str, asked: Asked, sheets: list[Sheet], uow: UnitOfWork, call: Call) -> dict[str, Any]:
    t, today = texts(call.language), staff.today(uow)
    return {
        "view": "report_lots",
        "report": view,
        "asked": asked,
        "today": today,
        "presets": [
            (days, asked.query(since=today - timedelta(days=days - 1), until=today, page=0)) for days in PRESETS
        ],
        "segments": [(choice.code, choice.label(call.language)) for choice in pack().segments],
        "sheets": [(sheet, charts.of(sheet, t), [_words(sheet, row, t) for row in sheet.rows]) for sheet in sheets],
    }


def whole(uow: UnitOfWork, asked: Asked, language: str) -> list[Sheet]:
    """Give every sheet of the reports, the league as far as files go."""
    wanted = Wanted(name=asked.wanted.name, sort=asked.wanted.sort, size=EXPORTED)
    return [
        *report_lots.sheets(uow, asked.span, language),
        report_factories.league(uow, asked.span, language, wanted).sheet,
        report_factories.audits(uow, asked.span, language),
        *report_conversations.sheets(uow, asked.span, language),
    ]
