"""What a report is made of: sheets of rows under named columns, in a reader's language, for a period.

Built by `report_lots`, `report_factories` and `report_conversations`; shown by the desk, written to files by `report_files`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, true

from b24app.errors import InvalidInput
from b24app.i18n import Texts

WEEKS_UP_TO_DAYS = 92
LONGEST_DAYS = 366 * 5
USUAL_DAYS = 90

Cell = str | int | float | None


@dataclass(frozen=True, kw_only=True)
class Span:
    """The period of a report, both days included, by the clock of a zone, and the segment it is about; an empty one means all."""

    since: date
    until: date
    zone: str
    segment: str = ""

    @property
    def starts_at(self) -> datetime:
        """The first moment of the period."""
        return datetime.combine(self.since, time(), ZoneInfo(self.zone)).astimezone(UTC)

    @property
    def ends_at(self) -> datetime:
        """The first moment after the period."""
        return datetime.combine(self.until + timedelta(days=1), time(), ZoneInfo(self.zone)).astimezone(UTC)

    @property
    def step(self) -> str:
        """Whether figures over time go by `week` or by `month`."""
        return "week" if (self.until - self.since).days <= WEEKS_UP_TO_DAYS else "month"

    def steps(self) -> list[date]:
        """Give the first day of every week or month of the period."""
        week, month = self.since - timedelta(days=self.since.weekday()), self.since.replace(day=1)
        found = [week if self.step == "week" else month]
        while (following := _after(found[-1], self.step)) <= self.until:
            found.append(following)
        return found

    def holds(self, moment: Any) -> ColumnElement[bool]:
        """Give the condition that a moment lies in the period."""
        return and_(moment >= self.starts_at, moment < self.ends_at)

    def about(self, segment: Any) -> ColumnElement[bool]:
        """Give the condition that a segment is the one the report is about; always true when it is about all."""
        return and_(segment == self.segment) if self.segment else true()

    def step_of(self, moment: Any) -> ColumnElement[Any]:
        """Give the first day of the week or month that a moment lies in, as people here count days."""
        return func.date_trunc(self.step, func.timezone(self.zone, moment))

    def words(self, step: date, t: Texts) -> str:
        """Name a week by its first day, a month by its name."""
        return t.day_and_month(step) if self.step == "week" else t.month(step)


def _after(day: date, step: str) -> date:
    return day + timedelta(days=7) if step == "week" else (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def span(since: date | None, until: date | None, segment: str, today: date, t: Texts) -> Span:
    """Give the period asked for by the clock of the reader's voice, the last USUAL_DAYS when nothing was.

    InvalidInput when it is empty or too long.
    """
    last = until or today
    first = since or last - timedelta(days=USUAL_DAYS - 1)
    if first > last:
        raise InvalidInput(fields={"since": [t("The period ends before it begins.")]})
    if (last - first).days > LONGEST_DAYS:
        raise InvalidInput(fields={"since": [t("A report covers five years at most.")]})
    return Span(since=first, until=last, zone=t.zone, segment=segment)


@dataclass(frozen=True)
class Column:
    """A column's heading and what stands in it: text, number, percent (0–100) or hours."""

    title: str
    kind: str = "number"


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One table. `drawn` are the columns that its chart shows; `over_time` tells that the rows follow each other in time."""

    code: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[Cell, ...]]
    drawn: tuple[int, ...] = ()
    over_time: bool = False
    note: str = ""
    is_empty: bool = False
    links: Sequence[str] = field(default_factory=tuple)


def written(value: Cell, kind: str, t: Texts) -> str:
    """Write a cell as people read it; nothing known is a dash."""
    if value is None:
        return "—"
    if isinstance(value, str):
        return value
    return f"{t.number(round(value))}%" if kind == "percent" else t.number(round(value, 1))


def share(part: int, whole: int) -> float | None:
    """Give a part in percent; None of nothing."""
    return 100 * part / whole if whole else None
