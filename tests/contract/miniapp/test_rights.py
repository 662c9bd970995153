"""Who may see and do what."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from storage.models import Person
from storage.unit_of_work import Transactions
from tests import factories
from tests.contract.miniapp.conftest import Visitor

Visit = Callable[[Person], Visitor]
BUYER_ONLY = ["/app/lots", "/app/form/lot"]
FACTORY_ONLY = ["/app/tenders", "/app/offers", "/app/profile"]
REGISTERED = [*BUYER_ONLY, *FACTORY_ONLY, "/app/chats", "/app/corrections", "/app/numbers/1"]
PLANTED = ["Northern Style", "northern-style", "123-45-67", "1234567", "Petrov", "Tverskaya"]


@pytest.mark.parametrize("path", REGISTERED)
def test_nothing_but_registration_before_the_questionnaire(
    path: str, transactions: Transactions, visitor: Visit
) -> None:
    """Somebody without a questionnaire is led to the start from everywhere."""
    with transactions() as uow:
        newcomer = factories.person(uow, "1")
    assert visitor(newcomer).get(path).headers.get("X-Go") == "/app/"


@pytest.mark.parametrize("action", ["award", "shortlist", "cancel_lot", "submit_offer", "say", "ask_manager"])
def test_no_action_before_the_questionnaire(action: str, transactions: Transactions, visitor: Visit) -> None:
    """Actions of registered people lead a newcomer to the start, in words, and do nothing."""
    with transactions() as uow:
        newcomer = factories.person(uow, "1")
    form = {"lot_id": 1, "offer_id": 1, "conversation_id": 1, "text": "x", "key": "12345678"}
    wanted = {
        "award": ["offer_id"],
        "shortlist": ["offer_id"],
        "cancel_lot": ["lot_id"],
        "submit_offer": ["lot_id"],
        "say": ["conversation_id", "text", "key"],
    }.get(action, [])
    answer = visitor(newcomer).act(action, **{name: form[name] for name in wanted})
    assert answer.get_json() == {"go": "/app/", "replace": True, "toast": "Сейчас это вам недоступно."}


@pytest.mark.parametrize("path", FACTORY_ONLY)
def test_a_buyer_has_no_factory_screens(path: str, transactions: Transactions, visitor: Visit) -> None:
    """Screens of factories are refused to a buyer."""
    with transactions() as uow:
        ivan, _ = factories.buyer(uow)
    assert visitor(ivan).get(path).status_code == 403


@pytest.mark.parametrize("path", BUYER_ONLY)
def test_a_factory_has_no_buyer_screens(path: str, transactions: Transactions, visitor: Visit) -> None:
    """Screens of buyers are refused to a factory."""
    with transactions() as uow:
        abc, _ = factories.factory(uow)
    assert visitor(abc).get(path).status_code == 403


def test_anothers_things_do_not_exist(transactions: Transactions, visitor: Visit) -> None:
    """Another company's lot, offer and conversation answer exactly as if there were none."""
    with transactions() as uow:
        conversation, _, _, lot = factories.conversation(uow)
        stranger, _ = factories.buyer(uow, "1002", company="Other", full_name="Anna Smirnova")
        other_factory, _ = factories.factory(uow, "2002", company="Other factory")
    for person in (stranger, other_factory):
        there = visitor(person)
        for path in (f"/app/chats/{conversation.id}", f"/app/chats/{conversation.id}/log", "/app/chats/999"):
            assert there.get(path).status_code == 404, path
        said = there.act("say", conversation_id=conversation.id, text="hi", key="12345678")
        assert said.status_code == 404
    there = visitor(stranger)
    assert there.get(f"/app/lots/{lot.id}").status_code == 404
    assert there.get(f"/app/lots/{lot.id}/corrections").status_code == 404
    assert there.act("cancel_lot", lot_id=lot.id).status_code == 404
    assert there.act("award", offer_id=conversation.offer_id).status_code == 404
    assert there.act("shortlist", offer_id=conversation.offer_id, on="true").status_code == 404


def test_an_unpublished_lot_is_hidden_from_factories(transactions: Transactions, visitor: Visit) -> None:
    """A lot that no manager approved cannot be opened by guessing its number."""
    with transactions() as uow:
        ivan, _ = factories.buyer(uow)
        abc, _ = factories.factory(uow)
        lot = factories.lot(uow, ivan, published=False)
    there = visitor(abc)
    assert there.get(f"/app/tenders/{lot.id}").status_code == 404
    assert there.get(f"/app/tenders/{lot.id}/offer").status_code == 404
    assert there.act("submit_offer", lot_id=lot.id).status_code in {404, 409}


def test_no_screen_tells_a_factory_who_buys(transactions: Transactions, visitor: Visit) -> None:
    """No screen that a factory can open holds the buyer's name, company, site, phone or address, wherever they were planted."""
    with transactions() as uow:
        ivan, _ = factories.buyer(uow)
        abc, _ = factories.factory(uow)
        spoken = "Northern Style, call +7 900 123-45-67 or northern-style.ru, ask for Petrov"
        lot = factories.lot(uow, ivan, packaging=spoken, requirements_note=spoken)
        factories.offer(uow, abc, lot)
    there = visitor(abc)
    for path in ("/app/", "/app/tenders", f"/app/tenders/{lot.id}", f"/app/tenders/{lot.id}/offer", "/app/offers"):
        text = there.get(path).text
        assert [word for word in PLANTED if word.lower() in text.lower()] == [], path


def test_an_unverified_factory_is_told_what_to_do(transactions: Transactions, visitor: Visit) -> None:
    """An unverified factory reads the lot, what verification is and costs, and asks for it; the form of an offer stays shut."""
    with transactions() as uow:
        ivan, _ = factories.buyer(uow)
        abc, _ = factories.factory(uow, verified=False)
        lot = factories.lot(uow, ivan)
    there = visitor(abc)
    page = there.get(f"/app/tenders/{lot.id}").text
    told = ("Lotlarga faqat tekshirilgan fabrikalar javob beradi", "300", "/app/act/ask_verification")
    assert [words for words in told if words not in page] == []
    assert there.get(f"/app/tenders/{lot.id}/offer").headers["X-Go"] == f"/app/tenders/{lot.id}"
    assert "/app/act/ask_verification" in there.get("/app/audit").text
    assert there.act("ask_verification").get_json()["go"].startswith("/app/chats/")
    refused = there.act("submit_offer", lot_id=lot.id)
    assert (refused.status_code, "Avval tekshiruvni soʻrang" in refused.get_json()["message"]) == (403, True)
