"""What a report looks like as a file, as far as a machine can tell."""

from __future__ import annotations

from collections import Counter
from io import BytesIO

from openpyxl import load_workbook
from pypdf import PdfReader
from pypdf.generic import ContentStream

from b24app.i18n import texts
from b24app.services.report_documents import document
from b24app.services.report_sheets import Column, Sheet
from b24app.services.report_workbooks import workbook


def filled(content: bytes) -> Counter[tuple[float, ...]]:
    """Give how many areas of a PDF file are filled with each colour."""
    found: Counter[tuple[float, ...]] = Counter()
    for page in PdfReader(BytesIO(content)).pages:
        stream = page.get_contents()
        colour: tuple[float, ...] = ()
        for operands, operator in ContentStream(stream, page.pdf).operations:
            if operator in {b"rg", b"g"}:
                colour = tuple(round(float(value), 1) for value in operands)
            elif operator in {b"f", b"F", b"f*", b"B"}:
                found[colour] += 1
    return found


def test_figures_stand_on_paper_and_bars_alone_are_blue() -> None:
    """The rows of a table are not painted in the colour of the bars above it, nor is the table after the next bars."""
    columns = (Column("Этап", "text"), Column("Лоты"))
    sheet = Sheet(code="a", title="Воронка", columns=columns, rows=[("Размещено", 2), ("Доставлено", 0)], drawn=(1,))
    painted = filled(document([sheet, sheet], "Отчёты", "Ноябрь", texts("ru")))
    assert painted[(0.0, 0.4, 0.9)] == 2


def test_a_workbook_takes_whatever_a_company_is_called() -> None:
    """A name that begins like a formula stays words, and one with characters that no workbook may hold does not cost the report."""
    names = ["=1+1", "@SUM(A1)", "ABC\x0bTextiles", "\x0b=1+1", "Ткани"]
    sheet = Sheet(code="a", title="League", columns=(Column("Factory", "text"),), rows=[(name,) for name in names])
    book = load_workbook(BytesIO(workbook([sheet], "November")))
    assert [row[0].value for row in book["League"].iter_rows(min_row=4)] == [
        "'=1+1",
        "'@SUM(A1)",
        "ABC Textiles",
        " =1+1",
        "Ткани",
    ]
    assert {row[0].data_type for row in book["League"].iter_rows(min_row=4)} == {"s"}
