"""Who may see what of the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from b24app.services import colleagues, companies, messages, people, profile_cards
from b24app.services.industries import pack
from b24app.services.spoken import SpokenByManager
from storage.models import Audit, Company, Employee, Person
from storage.unit_of_work import Transactions
from tests import factories
from tests.contract.miniapp.conftest import Visitor
from tests.integration.services.outgoing import sent

Visit = Callable[[Person], Visitor]
PLANTED = ["90 123-45-67", "abc-textiles.uz", "@abc_sales", "Karimov", "Chilonzor"]


def buyer_with_access(transactions: Transactions) -> Person:
    """Ivan, who may use the catalogue for a month."""
    with transactions() as uow:
        ivan, company = factories.buyer(uow)
        until = uow.now.date() + timedelta(days=30)
        companies.grant(uow, company.id, "catalogue_access", until, reason="paid", actor="user/1")
        return ivan


@pytest.mark.parametrize(
    "path", ["/app/catalogue", "/app/catalogue/more", "/app/catalogue/1", "/app/favourites", "/app/compare"]
)
def test_a_factory_has_no_catalogue(path: str, transactions: Transactions, visitor: Visit) -> None:
    """Screens of the catalogue are refused to a factory, and its statistics to a buyer."""
    with transactions() as uow:
        abc, _ = factories.factory(uow)
        ivan, _ = factories.buyer(uow)
    assert visitor(abc).get(path).status_code == 403
    assert visitor(ivan).get("/app/statistics").status_code == 403


def test_no_screen_tells_how_to_reach_a_factory(transactions: Transactions, visitor: Visit) -> None:
    """Neither card, profile nor comparison holds a factory's phone, site, user name, person or address, wherever they were planted."""
    ivan = buyer_with_access(transactions)
    spoken = "Call +998 90 123-45-67, abc-textiles.uz or @abc_sales"
    with transactions() as uow:
        _, abc = factories.factory(
            uow, offer_text=f"Paxta futbolkalar tikamiz. {spoken}", specialisation=spoken, quality_how=spoken
        )
    there = visitor(ivan)
    assert there.act("compare_factory", factory_id=abc.id, on="true").status_code == 200
    for path in ("/app/catalogue", f"/app/catalogue/{abc.id}", "/app/compare"):
        text = there.get(path).text
        assert "ABC Textiles" in text
        assert [word for word in PLANTED if word.lower() in text.lower()] == [], path


def test_without_access_actions_do_nothing(transactions: Transactions, visitor: Visit) -> None:
    """A buyer without access is told so by every action on a factory and opens no conversation; asking for access works."""
    with transactions() as uow:
        ivan, _ = factories.buyer(uow)
        _, abc = factories.factory(uow)
    there = visitor(ivan)
    for action in ("favourite", "compare_factory", "talk_to_factory", "not_interested"):
        form = {"on": "true"} if action in {"favourite", "compare_factory"} else {}
        refused = there.act(action, factory_id=abc.id, **form)
        assert (refused.status_code, "доступ" in refused.get_json()["message"].lower()) == (403, True), action
    assert "ABC Textiles" not in there.get(f"/app/catalogue/{abc.id}").text
    assert there.act("ask_access").get_json()["go"].startswith("/app/chats/")


def test_what_is_not_a_factory_is_not_found(transactions: Transactions, visitor: Visit) -> None:
    """A hidden factory, a buyer's company and an unknown number answer alike, as does a cursor nobody was given."""
    ivan = buyer_with_access(transactions)
    with transactions() as uow:
        _, hidden = factories.factory(uow, subscribed=False)
    there = visitor(ivan)
    for number in (hidden.id, 1, 999):
        assert there.get(f"/app/catalogue/{number}").status_code == 404
        assert there.act("talk_to_factory", factory_id=number).status_code == 404
    assert there.get("/app/catalogue/more?after=1;drop").status_code == 422


def test_the_contact_of_a_factory_is_the_platforms_manager(transactions: Transactions, visitor: Visit) -> None:
    """The profile names the employee who answers for the factory, and nobody of the factory's own."""
    ivan = buyer_with_access(transactions)
    with transactions() as uow:
        _, abc = factories.factory(uow)
        abc.responsible_id = "7"
        uow.session.add(Employee(user_id="7", name="Ольга Смирнова"))
    text = visitor(ivan).get(f"/app/catalogue/{abc.id}").text
    assert ("Ольга Смирнова" in text, "Aziz Karimov" in text) == (True, False)


def test_the_audit_behind_a_badge_is_summed_up(transactions: Transactions, visitor: Visit) -> None:
    """Day, total and points by line are shown; what the auditor noted is not, and without a badge nothing is."""
    ivan = buyer_with_access(transactions)
    with transactions() as uow:
        _, abc = factories.factory(uow)
        scores = {line.code: {"points": 4, "note": "secret note"} for line in pack().audit.checklist}
        audit = Audit(company_id=abc.id, state="passed", requested_by="user/1", verdict="pass", score=80, scores=scores)
        audit.decided_at = uow.now
        uow.session.add(audit)
    text = visitor(ivan).get(f"/app/catalogue/{abc.id}").text
    assert ("80 из 100" in text, text.count("4 / 5") >= 8, "secret note" in text) == (True, True, False)
    with transactions() as uow:
        uow.session.get_one(Company, abc.id).verified_until = uow.now - timedelta(days=1)
    assert "80 из 100" not in visitor(ivan).get(f"/app/catalogue/{abc.id}").text


def test_a_factory_is_shown_to_colleagues(transactions: Transactions, visitor: Visit) -> None:
    """Everybody else of the company gets it with a way in; somebody alone is told to invite first."""
    ivan = buyer_with_access(transactions)
    with transactions() as uow:
        _, abc = factories.factory(uow)
    there = visitor(ivan)
    assert there.act("share_factory", factory_id=abc.id).status_code == 409
    with transactions() as uow:
        owner = uow.session.get_one(Person, ivan.id)
        company = people.company_of(uow, owner, "buyer")
        assert company is not None
        anna = people.meet(uow, telegram_id="3001", chat_id="3001", first_name="Anna")
        colleagues.join(uow, anna, colleagues.invite(uow, owner, company, "sales").id)
    assert "1" in there.act("share_factory", factory_id=abc.id).get_json()["toast"]
    with transactions() as uow:
        (shown,) = sent(uow, "SendChatMessage", chat_id="3001")[-1:]
        assert "ABC Textiles" in shown.text
        assert shown.buttons[0][0]["web_app"] == f"/app/catalogue/{abc.id}"


def test_a_card_from_the_manager_opens_the_profile(transactions: Transactions, visitor: Visit) -> None:
    """A buyer without access reads the very profile whose card a manager sent, from the card's link; nothing else of the catalogue."""
    with transactions() as uow:
        conversation, ivan, _, _ = factories.conversation(uow)
        (card,) = profile_cards.named(uow, conversation, "factory")
        other_id = factories.factory(uow, "2003", company="Other Textiles")[1].id
    there = visitor(ivan)
    path = f"/app/catalogue/{card.subject.removeprefix('company/')}"
    assert "ABC Textiles" not in there.get(path).text
    with transactions() as uow:
        messages.say_as_manager(
            uow,
            SpokenByManager(
                user_id="1", user_name="", text=card.text, source_key="desk:card", side=card.side, card=card.subject
            ),
            conversation_id=conversation.id,
        )
    assert f'href="{path}"' in there.get(f"/app/chats/{conversation.id}").text
    page = there.get(path).text
    assert "ABC Textiles" in page
    assert "/app/act/favourite" not in page
    assert "Other Textiles" not in there.get(f"/app/catalogue/{other_id}").text
