"""Cards of managers on the screen of a conversation: what each reader sees and can press."""

from __future__ import annotations

from collections.abc import Callable

from b24app.services import invoice_links
from storage.models import Person
from storage.unit_of_work import Transactions
from tests import factories
from tests.contract.miniapp.conftest import Visitor

Visit = Callable[[Person], Visitor]
INVOICE = {
    "number": "INV-7",
    "amount": "100",
    "currency": "EUR",
    "due_on": "2099-04-15",
    "purpose": "<b>Namunalar</b>",
    "address": "https://docs.example/i/7?a=1&b=2",
}


def test_an_invoice_is_read_in_ones_own_language(transactions: Transactions, visitor: Visit) -> None:
    """Both sides open the invoice from the chat, each in its language; what was typed as a tag stays words."""
    with transactions() as uow:
        talk, ivan, abc, _ = factories.conversation(uow)
        invoice_links.give(uow, talk, INVOICE, side="both", user_id="7", key="k", language="en")
    shown = [visitor(person).get(f"/app/chats/{talk.id}").text for person in (ivan, abc)]
    for page, words in zip(shown, ("Открыть счёт", "Invoysni ochish"), strict=True):
        assert words in page
        assert 'href="https://docs.example/i/7?a=1&amp;b=2"' in page
        assert "&lt;b&gt;Namunalar" in page


def test_an_invoice_for_the_other_side_is_not_shown(transactions: Transactions, visitor: Visit) -> None:
    """What a manager billed one side the other sees nothing of."""
    with transactions() as uow:
        talk, _, abc, _ = factories.conversation(uow)
        invoice_links.give(uow, talk, INVOICE, side="buyer", user_id="7", key="k", language="en")
    assert "INV-7" not in visitor(abc).get(f"/app/chats/{talk.id}").text
