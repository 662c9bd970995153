"""A report as a workbook: a sheet and a chart for each table.

Called by `report_files`, and loaded by it only when somebody wants such a file. Knows how a workbook looks, not where figures come from.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from b24app.services.report_sheets import Cell, Sheet

_FORMATS = {"number": "#,##0", "percent": '0.0"%"', "hours": "#,##0.0", "text": "@"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_ROWS_DRAWN = 16


def workbook(sheets: Sequence[Sheet], heading: str) -> bytes:
    """Write the sheets as an XLSX file; numbers stay numbers. Texts that begin like a formula stay texts, without what XML cannot hold."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title = heading
    for sheet in sheets:
        _fill(book.create_sheet(_tab_name(sheet.title)), sheet, heading)
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def _tab_name(title: str) -> str:
    return "".join(" " if letter in "[]:*?/\\" else letter for letter in title)[:31]


def _fill(page: Worksheet, sheet: Sheet, heading: str) -> None:
    page.append([sheet.title])
    page.append([heading])
    page.append([column.title for column in sheet.columns])
    page["A1"].font = Font(bold=True, size=14)
    for cell in page[3]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="F1F4F6")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for row in sheet.rows:
        page.append([_safe(value) for value in row])
    for number, column in enumerate(sheet.columns, start=1):
        letter = get_column_letter(number)
        page.column_dimensions[letter].width = 34 if number == 1 else 16
        for cell in page[letter][3:]:
            cell.number_format = _FORMATS[column.kind]
    page.freeze_panes = "B4"
    if sheet.drawn and sheet.rows and not sheet.is_empty:
        _chart(page, sheet)


def _safe(value: Cell) -> Cell:
    if not isinstance(value, str):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub(" ", value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _chart(page: Worksheet, sheet: Sheet) -> None:
    chart, last = BarChart(), 3 + min(len(sheet.rows), _ROWS_DRAWN)
    chart.type = "col" if sheet.over_time else "bar"
    chart.title = sheet.title
    for column in sheet.drawn:
        chart.add_data(Reference(page, min_col=column + 1, min_row=3, max_row=last), titles_from_data=True)
    chart.set_categories(Reference(page, min_col=1, min_row=4, max_row=last))
    chart.height, chart.width = 8, 18
    page.add_chart(chart, f"{get_column_letter(len(sheet.columns) + 2)}3")
