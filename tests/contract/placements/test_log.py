"""The log and the parts of tabs that tell what was done and how companies deal with each other."""

from __future__ import annotations

import re

from marshmallow.validate import OneOf

from b24app.i18n import texts
from b24app.services import audit, audits, people, relations, review_replies, reviews
from b24app.services import settings as stored
from placements import setting_words
from placements.bridge_forms import RhythmForm
from placements.forms import PeopleForm
from storage.models import AuditEntry, Company, File, Order
from tests.contract.placements.conftest import Desk


def test_the_log_names_who_did_what_with_the_way_to_the_card(desk: Desk) -> None:
    """Employees are named, things lead to their cards, texts of people stay texts, and a setting shows its value."""
    market = desk.market
    market.buyer()
    factory = market.factory(name="<b>Silk</b>")
    lot = market.lot()
    desk.open("deal_tab", market.in_crm[f"lot/{lot}"], AUTH_ID="token-of-manager")
    desk.press("approve_lot")
    desk.open("company_tab", market.in_crm[f"company/{factory}"], AUTH_ID="token-of-manager")
    desk.press("suspend_company", reason="Жалоба <i>покупателя</i>")
    desk.open("overview")
    page = desk.part("log").text
    assert re.search(rf'/crm/deal/details/{market.in_crm[f"lot/{lot}"]}/"[^>]*>Лот № 1</a></strong>: публикация', page)
    assert "&lt;b&gt;Silk&lt;/b&gt;</a></strong>: приостановка" in page
    assert "Жалоба &lt;i&gt;покупателя" in page
    assert "Пётр ·" in page


def test_the_log_is_narrowed_and_turned_over(desk: Desk) -> None:
    """A kind of thing and a kind of actor leave out the others; older lines come page by page, none twice."""
    with desk.transactions() as uow:
        uow.session.query(AuditEntry).delete()
        for number in range(35):
            audit.record(uow, "user/7", "setting_changed", f"setting/n{number}")
        audit.record(uow, "person/1", "lot_submitted", "lot/1")
    desk.open("overview")
    settings, by_people = desk.part("log", kind="setting").text, desk.part("log", who="person").text
    assert (settings.count("настройка изменена"), "отправлено" in settings) == (30, False)
    assert (by_people.count("настройка изменена"), "отправлено на проверку" in by_people) == (0, True)
    older = re.search(r'"before": (\d+)', settings)
    assert older
    rest = desk.part("log", kind="setting", before=older[1]).text
    assert (rest.count("настройка изменена"), "n4<" in rest, "n5<" in rest) == (5, True, False)
    assert "Такого в журнале нет" in desk.part("log", kind="audit").text


def test_every_setting_of_the_pages_has_its_words() -> None:
    """The log calls each setting, and each choice of one, by the words of the page where it is made."""
    offered = {**RhythmForm().fields, **PeopleForm().fields}
    stored_by_name = {"line_id", "bot_token", "tender_channel_id", "test_mode", "exchange_rates", "translation_url"}
    for language in ("ru", "uz", "en"):
        t = texts(language)
        for name in {*offered, *stored_by_name}:
            assert name not in setting_words.name(name, t)
        for name, field in offered.items():
            for code in next((rule.choices for rule in field.validators if isinstance(rule, OneOf)), ()):
                assert setting_words.value(name, str(code), t) != code, (name, code)


def test_what_was_and_stays_empty_is_no_deed(desk: Desk) -> None:
    """Saving a form whose field was never filled in writes no line about it."""
    with desk.transactions() as uow:
        stored.put(uow, "work_holidays", "", "user/1")
        assert not uow.session.query(AuditEntry).filter_by(subject="setting/work_holidays").count()


def test_tabs_tell_the_history_of_their_company(desk: Desk) -> None:
    """A lead, a contact and a company show what was decided about them, and nothing of others."""
    market = desk.market
    buyer, factory = market.buyer(), market.factory()
    with desk.transactions() as uow:
        stored.put(uow, "distribution", "load", "user/1")
    contact = next(entity for ref, entity in market.in_crm.items() if ref.startswith("contact/"))
    for code, entity in (("lead_tab", market.in_crm[f"lead/{buyer}"]), ("contact_tab", contact)):
        desk.open(code, entity)
        page = desk.part("history").text
        assert ("анкета принята" in page, "право выдано" in page, "настройка" in page) == (True, False, False)
    desk.open("company_tab", market.in_crm[f"company/{factory}"])
    assert desk.part("history").text.count("право выдано вручную") == 2


def test_a_factory_s_dealings_show_figures_reviews_and_buyers(desk: Desk) -> None:
    """Its figures stand beside the median, with published reviews, their marks, and its buyers; a reply waits under Today."""
    market = desk.market
    buyer, factory = market.buyer(), market.factory()
    offer = market.offer(market.lot(published=True), factory)
    market.talk(offer)
    order = market.award(offer)
    with desk.transactions() as uow:
        made = uow.session.get_one(Order, order)
        made.state = "shipped"
        person = people.members_of(uow, buyer)[0]
        given = reviews.give(uow, person, order, 4, "Ровные швы", marks={"time": 2})
        reviews.decide(uow, given.id, "user/1", publish=True)
        relations.advance(uow, uow.session.get_one(Company, buyer), uow.session.get_one(Company, factory), "contract")
    with desk.transactions() as uow:
        review_replies.give(uow, people.members_of(uow, factory)[0], given.id, "Спасибо")
    assert "Ответ: ABC Textiles" in desk.open("overview").text
    desk.open("company_tab", market.in_crm[f"company/{factory}"])
    part = desk.part("dealings").text
    won = re.search(r'<th scope="row">Получено заказов</th><td class="number">(\d+)</td>', part)
    assert won
    assert won[1] == "1"
    assert ("Ровные швы" in part, "Соблюдение сроков: 2/5" in part, "Северный стиль" in part) == (True, True, True)
    desk.open("company_tab", market.in_crm[f"company/{buyer}"])
    assert "ABC Textiles" in desk.part("dealings").text


def test_a_factory_s_history_tells_of_its_audits(desk: Desk) -> None:
    """What was done in the audits of a factory stands on its tab by document, and nothing of another factory's audits."""
    market = desk.market
    factory, other = market.factory(), market.factory(3, "Silk")
    with desk.transactions() as uow:
        audit = audits.request(uow, factory, "Плановый аудит", "user/1")
        file = File(
            owner="upload", person_id=people.members_of(uow, factory)[0].id, name="a.pdf", mime="application/pdf"
        )
        file.size, file.sha256 = 9, "a" * 64
        uow.session.add(file)
        uow.session.flush()
        audits.send_document(uow, people.members_of(uow, factory)[0], audit.id, "registration", [file.id])
        audits.request(uow, other, "Жалоба", "user/1")
    desk.open("company_tab", market.in_crm[f"company/{factory}"])
    page = desk.part("history").text
    assert page.count("начало аудита") == 1
    assert "Свидетельство о регистрации" in page
    assert ("Плановый аудит" in page, "Жалоба" in page) == (True, False)
