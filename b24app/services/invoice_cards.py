"""What the card of an invoice says: to a reader in the bot and the Mini App, and to employees with its address.

Called by `sent_cards` and `invoice_links`. Sends nothing.
"""

from __future__ import annotations

from b24app.domain.markup import escape_codes
from b24app.i18n import Texts
from storage.models import InvoiceLink
from storage.unit_of_work import UnitOfWork


def words(uow: UnitOfWork, invoice_id: int, t: Texts) -> str:
    """Give an invoice as BB codes in the reader's language: number, sum, last day, what for."""
    return _lines(uow.session.get_one(InvoiceLink, invoice_id), t)


def buttons(uow: UnitOfWork, invoice_id: int, t: Texts) -> list[list[dict[str, str]]]:
    """Give the button that opens the invoice where it is kept."""
    invoice = uow.session.get_one(InvoiceLink, invoice_id)
    return [[{"text": t("Open the invoice"), "url": invoice.address}]]


def for_employees(invoice: InvoiceLink, t: Texts) -> str:
    """Give an invoice as the record of the conversation keeps it: with its address, where there are no buttons."""
    return f"{_lines(invoice, t)}\n[url={invoice.address}]{t('Open the invoice')}[/url]"


def name_of(invoice: InvoiceLink, t: Texts) -> str:
    """Name an invoice in one line."""
    number, total = invoice.number, t.money(invoice.amount_minor, invoice.currency)
    return t("Invoice No. {number}, {sum}", number=number, sum=total)


def _lines(invoice: InvoiceLink, t: Texts) -> str:
    heading = t("Invoice No. {number}", number=invoice.number)
    rows = [
        (t("Sum"), t.money(invoice.amount_minor, invoice.currency)),
        # A last day is a day of the calendar, the same in every zone.
        (t("Pay by"), t.date(invoice.due_on)),
        (t("For"), invoice.purpose),
    ]
    told = "\n".join(f"{escape_codes(label)}: {escape_codes(value)}" for label, value in rows)
    return f"[b]{escape_codes(heading)}[/b]\n{told}"
