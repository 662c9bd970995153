"""Charts as shapes in percent of their frame, so that the server draws them and they fit every width.

Called by the reports. The numbers stand in a table beside each chart: the drawing is for the eye and hidden from screen readers.
"""

from __future__ import annotations

from dataclasses import dataclass

from b24app.i18n import Texts
from b24app.services.report_sheets import Sheet, written

BARS_AT_MOST = 12
LABELS_AT_MOST = 8
HEIGHT = 150
GAP = 0.2


@dataclass(frozen=True)
class Bar:
    """One bar: where it begins and how wide it is in percent, how high in pixels from the top, what it says, whose it is."""

    x: float
    width: float
    top: float
    height: float
    words: str
    series: int


@dataclass(frozen=True)
class Chart:
    """`kind` is columns or bars; `labels` are (middle in percent, words); `legend` names the series when there are several."""

    kind: str
    bars: tuple[Bar, ...]
    labels: tuple[tuple[float, str], ...]
    legend: tuple[str, ...]
    height: int = HEIGHT


def of(sheet: Sheet, t: Texts) -> Chart | None:
    """Draw the columns of a sheet that are for drawing; None when there is nothing to draw."""
    if not sheet.drawn or sheet.is_empty:
        return None
    return _columns(sheet, t) if sheet.over_time else _bars(sheet, t)


def _value(cell: object) -> float:
    return float(cell) if isinstance(cell, int | float) else 0.0


def _columns(sheet: Sheet, t: Texts) -> Chart:
    count, series = len(sheet.rows), len(sheet.drawn)
    most = max(_value(row[column]) for row in sheet.rows for column in sheet.drawn) or 1.0
    room = 100 / max(1, count)
    width = room * (1 - GAP) / series
    bars = []
    for place, row in enumerate(sheet.rows):
        for number, column in enumerate(sheet.drawn):
            height = HEIGHT * _value(row[column]) / most
            left = place * room + room * GAP / 2 + number * width
            words = f"{row[0]}: {written(row[column], sheet.columns[column].kind, t)}"
            bars.append(
                Bar(round(left, 3), round(width, 3), round(HEIGHT - height, 1), round(height, 1), words, number)
            )
    every = -(-count // LABELS_AT_MOST)
    labels = tuple(
        (round((place + 0.5) * room, 3), str(row[0])) for place, row in enumerate(sheet.rows) if place % every == 0
    )
    legend = tuple(sheet.columns[column].title for column in sheet.drawn)
    return Chart("columns", tuple(bars), labels, legend)


def _bars(sheet: Sheet, t: Texts) -> Chart:
    column = sheet.drawn[0]
    rows = list(sheet.rows)[:BARS_AT_MOST]
    most = max(_value(row[column]) for row in rows) or 1.0
    bars = [
        Bar(
            0, round(100 * _value(row[column]) / most, 3), 0, 14, written(row[column], sheet.columns[column].kind, t), 0
        )
        for row in rows
    ]
    return Chart("bars", tuple(bars), tuple((0.0, str(row[0])) for row in rows), (sheet.columns[column].title,), 14)
