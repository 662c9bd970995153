"""A report as a document to print: a table and bars for each sheet, in the reader's own letters.

Called by `report_files`, and loaded by it only when somebody wants such a file. Knows how a page looks, not where figures come from.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

from fpdf import FPDF
from fpdf.fonts import FontFace

from b24app.i18n import Texts
from b24app.services.report_sheets import Sheet, written

_ACCENT, _HEAD, _PAPER, _LINE = (0, 106, 230), (241, 244, 246), (255, 255, 255), (201, 204, 208)
_BAR_MM = 60.0
_ROWS_DRAWN = 16


class _Document(FPDF):
    """An upright A4 page with the page's number below."""

    def footer(self) -> None:
        """Write the number of the page."""
        self.set_y(-12)
        self.set_font("Roboto", size=8)
        self.set_text_color(95, 104, 116)
        self.cell(0, 8, f"{self.page_no()}", align="R")


def document(sheets: Sequence[Sheet], title: str, heading: str, t: Texts) -> bytes:
    """Write the sheets as a PDF file in the reader's own letters."""
    pdf = _Document(format="A4")
    fonts = files("font_roboto") / "files"
    pdf.add_font("Roboto", fname=str(fonts / "Roboto-Regular.ttf"))
    pdf.add_font("Roboto", "B", str(fonts / "Roboto-Bold.ttf"))
    pdf.set_title(title)
    pdf.set_lang(t.language)
    pdf.add_page()
    pdf.set_font("Roboto", "B", 18)
    pdf.multi_cell(0, 9, title, new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("Roboto", size=10)
    pdf.multi_cell(0, 6, heading, new_x="LMARGIN", new_y="NEXT")
    for sheet in sheets:
        _print(pdf, sheet, t)
    return bytes(pdf.output())


def _print(pdf: FPDF, sheet: Sheet, t: Texts) -> None:
    if pdf.will_page_break(50):
        pdf.add_page()
    pdf.ln(6)
    pdf.set_text_color(51, 51, 51)
    pdf.set_font("Roboto", "B", 13)
    pdf.multi_cell(0, 7, sheet.title, new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("Roboto", size=9)
    if sheet.note:
        pdf.multi_cell(0, 5, sheet.note, new_x="LMARGIN", new_y="NEXT")
    if sheet.is_empty:
        pdf.multi_cell(0, 6, t("Nothing in this period."), new_x="LMARGIN", new_y="NEXT")
        return
    if sheet.drawn:
        _draw(pdf, sheet, t)
    wide = [3 if column.kind == "text" else 1 for column in sheet.columns]
    head = FontFace(emphasis="BOLD", fill_color=_HEAD)
    # A table fills its cells with the colour that was used last, which is that of the bars.
    pdf.set_fill_color(*_PAPER)
    pdf.set_draw_color(*_LINE)
    with pdf.table(
        col_widths=tuple(wide),
        headings_style=head,
        line_height=5.5,
        borders_layout="HORIZONTAL_LINES",
        first_row_as_headings=True,
    ) as table:
        titles = table.row()
        for column in sheet.columns:
            titles.cell(column.title, align="L" if column.kind == "text" else "R")
        for row in sheet.rows:
            cells = table.row()
            for value, column in zip(row, sheet.columns, strict=True):
                cells.cell(written(value, column.kind, t), align="L" if column.kind == "text" else "R")


def _draw(pdf: FPDF, sheet: Sheet, t: Texts) -> None:
    """Draw the first of the columns as bars, a row each; long tables are drawn as far as they fit."""
    column = sheet.drawn[0]
    rows = list(sheet.rows)[:_ROWS_DRAWN]
    values = [float(value) if isinstance(value := row[column], int | float) else 0.0 for row in rows]
    most = max(values, default=0.0) or 1.0
    pdf.ln(1)
    for row, value in zip(rows, values, strict=True):
        if pdf.will_page_break(6):
            pdf.add_page()
        pdf.cell(70, 5, str(row[0])[:44])
        pdf.set_fill_color(*_ACCENT)
        left, top = pdf.get_x(), pdf.get_y()
        if value:
            pdf.rect(left, top + 1, max(0.5, _BAR_MM * value / most), 3, style="F")
        pdf.set_x(left + _BAR_MM + 3)
        pdf.cell(0, 5, written(row[column], sheet.columns[column].kind, t), new_x="LMARGIN", new_y="NEXT")
    pdf.ln(2)
