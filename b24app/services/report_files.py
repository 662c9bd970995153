"""A report as a file to keep: a workbook, or a document to print.

Called by the desk's exports. The libraries that write them take longer to load than all pages together and are wanted a few times a
month, so each is loaded with the first file of its kind.
"""

from __future__ import annotations

from collections.abc import Sequence

from b24app.i18n import Texts
from b24app.services.report_sheets import Sheet

MIME = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


def workbook(sheets: Sequence[Sheet], heading: str) -> bytes:
    """Write the sheets as an XLSX file; numbers stay numbers. Texts that begin like a formula stay texts."""
    from b24app.services import report_workbooks

    return report_workbooks.workbook(sheets, heading)


def document(sheets: Sequence[Sheet], title: str, heading: str, t: Texts) -> bytes:
    """Write the sheets as a PDF file in the reader's own letters."""
    from b24app.services import report_documents

    return report_documents.document(sheets, title, heading, t)
