"""Leads, contacts and companies: questionnaires are checked, factories published, rights granted by hand."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from b24app.services import companies, people
from storage.models import Company, Grant, OutboxRow
from tests.contract.placements.conftest import Desk
from tests.contract.placements.world import buyer_answers, day


def test_a_buyers_answers_are_shown_in_words(desk: Desk) -> None:
    """Codes never reach the manager: segments, terms and units come in his language."""
    company = desk.market.buyer(accepted=False)
    page = desk.open("lead_tab", desk.market.in_crm[f"lead/{company}"]).text
    for text in ("Футболки и поло", "50\xa0000 шт.", "FOB — свободно на борту", "Иван Петров", "На связи", "русский"):
        assert text in page, text
    assert "нет ответа" in page


def test_a_correction_round(desk: Desk) -> None:
    """Marked answers go back with reasons; what was not marked stays; then nothing more can be pressed."""
    company = desk.market.buyer(accepted=False)
    desk.open("lead_tab", desk.market.in_crm[f"lead/{company}"], AUTH_ID="token-of-manager")
    answer = desk.press("return_company", **{"reason.website": "Сайт не открывается", "reason.position": ""})
    assert answer.status_code == 200
    found = desk.market.get(Company, company)
    assert (found.state, found.corrections) == (
        "changes_requested",
        [{"field": "website", "reason": "Сайт не открывается"}],
    )
    assert "do-approve_company" not in answer.text
    assert "Возвращён 1 ответ" in answer.text


def test_a_question_the_form_does_not_ask_cannot_be_returned(desk: Desk) -> None:
    """A made-up field is refused and nothing changes."""
    company = desk.market.buyer(accepted=False)
    desk.open("lead_tab", desk.market.in_crm[f"lead/{company}"])
    assert desk.press("return_company", **{"reason.password": "?"}).status_code == 422
    assert desk.market.get(Company, company).state == "submitted"


def test_acceptance(desk: Desk) -> None:
    """One press accepts; the next is told it was decided."""
    company = desk.market.buyer(accepted=False)
    desk.open("lead_tab", desk.market.in_crm[f"lead/{company}"])
    assert [desk.press("approve_company").status_code for _ in range(2)] == [200, 409]
    assert desk.market.get(Company, company).state == "accepted"


def test_a_contact_shows_the_person(desk: Desk) -> None:
    """The contact's tab tells Telegram state, consents, companies and lots of the person."""
    desk.market.buyer()
    desk.market.lot()
    contact = next(entity for ref, entity in desk.market.in_crm.items() if ref.startswith("contact/"))
    page = desk.open("contact_tab", contact).text
    for text in ("На связи", "Обработка данных", "ООО «Северный стиль»", "Лот №"):
        assert text in page, text


def test_a_contact_checks_the_questionnaire_of_its_company(desk: Desk) -> None:
    """What waits is shown answer by answer on the contact; returned there, corrected and accepted there, it is decided everywhere."""
    market = desk.market
    factory = market.factory(published=False)
    page = desk.open("contact_tab", market.contact(factory), AUTH_ID="token-of-moderator").text
    assert ("Aziza Karimova" in page, f'id="do-approve_company-{factory}"' in page) == (True, True)
    returned = desk.press("return_company", company_id=factory, **{"reason.website": "Sayt ochilmaydi"})
    assert "Возвращён 1 ответ" in returned.text
    assert market.get(Company, factory).corrections == [{"field": "website", "reason": "Sayt ochilmaydi"}]
    with desk.transactions() as uow:
        person = people.members_of(uow, factory)[0]
        companies.submit(uow, person, "factory", {"website": "https://abc.example"})
    assert "https://abc.example" in desk.part("questionnaire").text
    assert [desk.press("approve_company", company_id=factory).status_code for _ in range(2)] == [200, 409]
    assert market.get(Company, factory).state == "accepted"
    assert "ничего не ждёт проверки" in desk.part("questionnaire").text


@pytest.mark.parametrize("code", ["contact_tab", "company_tab"])
@pytest.mark.parametrize(("approve", "name"), [("true", "ABC Global"), ("false", "ABC Textiles")])
def test_a_change_of_the_profile_is_decided_on_a_card(desk: Desk, code: str, approve: str, name: str) -> None:
    """Old and new stand side by side; one press decides, the timeline's card closes, a second press is told so."""
    market = desk.market
    factory = market.factory()
    market.change(factory, company="ABC Global")
    entity = market.contact(factory) if code == "contact_tab" else market.in_crm[f"company/{factory}"]
    page = desk.open(code, entity, AUTH_ID="token-of-moderator").text
    assert ("Изменение профиля" in page, "ABC Global" in page) == (True, True)
    seen_at = _seen(page)
    form: dict[str, Any] = {"company_id": factory} if code == "contact_tab" else {}
    answers = [desk.press("decide_change", approve=approve, seen_at=seen_at, **form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 409]
    assert "do-decide_change" not in answers[1].text
    assert market.get(Company, factory).name == name
    with desk.transactions() as uow:
        shown = uow.session.scalars(select(OutboxRow).where(OutboxRow.kind == "ShowCard").order_by(OutboxRow.id))
        last = [row.payload for row in shown if row.payload["card"] == f"profile/{factory}"][-1]
        assert last["closed"]


def test_nobody_decides_on_a_change_not_seen(desk: Desk) -> None:
    """A page that shows an earlier change than the one that waits decides nothing, and shows the one that waits."""
    market = desk.market
    factory = market.factory()
    market.change(factory, company="ABC Global")
    seen_at = _seen(desk.open("contact_tab", market.contact(factory)).text)
    market.change(factory, company="ABC Universal")
    answer = desk.press("decide_change", company_id=factory, approve="true", seen_at=seen_at)
    assert (answer.status_code, "ABC Universal" in answer.text, "запрос изменили" in answer.text) == (409, True, True)
    assert market.get(Company, factory).name == "ABC Textiles"


def test_a_change_belongs_to_one_of_a_persons_two_companies(desk: Desk) -> None:
    """Who buys and produces asks for another name of the factory: the buyer's company has nothing that waits."""
    market = desk.market
    factory = market.factory()
    with desk.transactions() as uow:
        person = people.members_of(uow, factory)[0]
        people.choose_role(uow, person, "buyer")
        buyer = companies.submit(uow, person, "buyer", buyer_answers()).id
        companies.accept(uow, buyer, "user/1")
        people.choose_role(uow, person, "factory")
    market.change(factory, company="ABC Global")
    page = desk.open("contact_tab", market.contact(factory)).text
    assert (f'id="answers-{factory}"' in page, f'id="answers-{buyer}"' in page) == (True, False)
    refused = desk.press("decide_change", company_id=buyer, approve="true", seen_at=_seen(page))
    assert (refused.status_code, market.get(Company, buyer).name) == (409, "ООО «Северный стиль»")


def _seen(page: str) -> str:
    found = re.search(r'"seen_at": "([^"]+)"', page)
    assert found
    return found[1]


def test_a_factory_is_granted_its_rights_and_published(desk: Desk) -> None:
    """Accepted, verified and subscribed by hand, each with date and reason, a factory becomes visible to buyers."""
    factory = desk.market.factory(published=False)
    page = desk.open("company_tab", desk.market.in_crm[f"company/{factory}"]).text
    assert "Нет действующей подписки." in page
    assert desk.press("approve_company").status_code == 200
    for service in ("verification", "subscription_6m"):
        granted = desk.press("grant", service=service, until=day(180), reason="Оплачено переводом")
        assert granted.status_code == 200, granted.text
    found = desk.market.get(Company, factory)
    assert (found.state, found.publication) == ("accepted", "published")
    with desk.transactions() as uow:
        assert {grant.actor for grant in uow.session.query(Grant)} == {"user/1"}


@pytest.mark.parametrize(
    "form",
    [
        {"service": "subscription_6m", "until": "", "reason": "Оплачено"},
        {"service": "subscription_6m", "until": "не дата", "reason": "Оплачено"},
        {"service": "subscription_6m", "until": day(-2), "reason": "Оплачено"},
        {"service": "subscription_6m", "until": day(30), "reason": ""},
        {"service": "catalogue_access", "until": day(30), "reason": "Оплачено"},
        {"service": "everything", "until": day(30), "reason": "Оплачено"},
    ],
)
def test_a_grant_needs_a_day_to_come_and_a_reason(desk: Desk, form: dict[str, str]) -> None:
    """Whatever is missing is said in Russian and nothing is granted."""
    factory = desk.market.factory(published=False)
    desk.open("company_tab", desk.market.in_crm[f"company/{factory}"])
    answer = desk.press("grant", element="do-grant", **form)
    assert answer.status_code == 422
    assert not any(word in answer.text for word in ("Missing", "Not a valid", "Shorter"))
    with desk.transactions() as uow:
        assert uow.session.query(Grant).count() == 0


def test_a_factory_is_suspended_with_a_reason_and_published_again(desk: Desk) -> None:
    """Suspension asks why; publishing lifts it."""
    factory = desk.market.factory()
    desk.open("company_tab", desk.market.in_crm[f"company/{factory}"])
    assert desk.press("suspend_company", reason="").status_code == 422
    assert desk.press("suspend_company", reason="Жалоба на качество").status_code == 200
    assert desk.market.get(Company, factory).publication == "suspended"
    assert desk.press("publish_company").status_code == 200
    assert desk.market.get(Company, factory).publication == "published"


def test_buyers_never_see_private_answers(desk: Desk) -> None:
    """The profile as buyers see it leaves the representative's name out; the questionnaire above shows it to the manager."""
    factory = desk.market.factory()
    page = desk.open("company_tab", desk.market.in_crm[f"company/{factory}"]).text
    profile = page.split('id="section-profile"')[1].split("</section>")[0]
    assert "Paxta trikotajdan" in profile
    assert "Aziza Karimova" not in profile
    assert "Aziza Karimova" in page
